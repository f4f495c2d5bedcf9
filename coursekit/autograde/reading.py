"""Read what a student handed in: regular files only, and only so much of them."""

import json
import os
import stat
import warnings
from dataclasses import dataclass

import nbformat

from coursekit.autograde.frames import words
from coursekit.errors import SubmissionFailed

CELL_TYPES = ("code", "markdown", "raw")


@dataclass(frozen=True)
class IntakeLimits:
    """How large a submission may be before a person has to look at it."""

    file_mb: float = 50  # the file, outputs included
    text_mb: float = 2  # the text of all cells
    cells: int = 2000


@dataclass(frozen=True)
class HandedInCell:
    """What is taken from a cell that a student handed in."""

    cell_type: str
    source: str
    label: str | None  # its grade_id
    id: str | None
    has_attachments: bool = False


def read_regular(path, most_mb):
    """Return the bytes of a regular file, without following links.

    Raises
    ------
    SubmissionFailed
        ``"missing-notebook"``, ``"not-a-regular-file"``, ``"too-large"``, or
        ``"unreadable"`` where the system refuses it.
    """
    try:
        kind = os.lstat(path)
        if not stat.S_ISREG(kind.st_mode):
            raise irregular(path)
        if kind.st_size > most_mb * 1e6:
            raise too_large(path, kind.st_size / 1e6, most_mb)
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            return file.read(int(most_mb * 1e6) + 1)
    except FileNotFoundError:
        reason = f"There is no {path.name} among what was handed in."
        raise SubmissionFailed("missing-notebook", reason) from None
    except OSError as error:
        reason = f"{path.name} cannot be read: {error.strerror}."
        raise SubmissionFailed("unreadable", reason) from None


def irregular(path):
    """Return the failure of something that is no regular file."""
    reason = f"{path.name} is a link, a folder or a device, not a regular file."
    return SubmissionFailed("not-a-regular-file", reason)


def too_large(path, size, most):
    """Return the failure of a file that is too large."""
    reason = f"{path.name} has {size:,.0f} MB; at most {most:g} MB are read."
    return SubmissionFailed("too-large", reason)


def read_cells(content, limits):
    r"""Return the cells of a notebook's bytes, taking its text and labels only.

    Parameters
    ----------
    content : bytes
        Notebook format 3 or 4.
    limits : IntakeLimits

    Returns
    -------
    list of HandedInCell

    Raises
    ------
    SubmissionFailed
        ``"unreadable"`` or ``"too-large"``.

    Examples
    --------
    >>> read_cells(b"no notebook", IntakeLimits())
    Traceback (most recent call last):
        ...
    coursekit.errors.SubmissionFailed: The notebook is not JSON.
    """
    cells = raw_cells(parse(content))
    if len(cells) > limits.cells:
        reason = (
            f"The notebook has {len(cells)} cells; at most {limits.cells} are read."
        )
        raise SubmissionFailed("too-large", reason)
    found = [taken_from(cell) for cell in cells]
    n_characters = sum(len(cell.source) for cell in found)
    if n_characters > limits.text_mb * 1e6:
        reason = (
            f"The notebook's cells have {n_characters / 1e6:.1f} MB of text; at most "
            f"{limits.text_mb:g} MB are read."
        )
        raise SubmissionFailed("too-large", reason)
    return found


def parse(content):
    """Return the JSON object that a notebook is."""
    if not content.strip():
        raise SubmissionFailed("unreadable", "The notebook is empty.")
    try:
        notebook = json.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        reason = "The notebook is not UTF-8 text."
        raise SubmissionFailed("unreadable", reason) from None
    except RecursionError:
        reason = "The notebook is nested too deeply."
        raise SubmissionFailed("unreadable", reason) from None
    except ValueError:
        raise SubmissionFailed("unreadable", "The notebook is not JSON.") from None
    if not isinstance(notebook, dict):
        reason = "The notebook is JSON, but not a notebook."
        raise SubmissionFailed("unreadable", reason)
    return notebook


def raw_cells(notebook):
    """Return the cells of a notebook object as they are, of format 3 or 4."""
    version = notebook.get("nbformat")
    if version == 3:
        notebook = upgraded(notebook)
    elif version != 4:
        shown = words(version)[:20]
        reason = f"The notebook has format {shown}; 3 and 4 can be read."
        raise SubmissionFailed("unreadable", reason)
    cells = notebook.get("cells")
    if not isinstance(cells, list):
        raise SubmissionFailed("unreadable", "The notebook has no list of cells.")
    return cells


def upgraded(notebook):
    """Return a notebook of format 3 as one of format 4."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.convert(nbformat.from_dict(notebook), 4)
    except Exception:
        reason = "The notebook has the old format 3 and cannot be converted."
        raise SubmissionFailed("unreadable", reason) from None


def taken_from(cell):
    """Return what is taken from one cell, or say that it is malformed."""
    cell = cell if isinstance(cell, dict) else {}
    source, kind = cell.get("source"), cell.get("cell_type")
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str) or kind not in CELL_TYPES:
        reason = "The notebook has a cell without text or without a known type."
        raise SubmissionFailed("unreadable", reason)
    return HandedInCell(
        cell_type=kind,
        source=source,
        label=label_of(cell),
        id=cell["id"] if isinstance(cell.get("id"), str) else None,
        has_attachments=bool(cell.get("attachments")),
    )


def label_of(cell):
    """Return the grade_id of a cell, or None where it has none that is text."""
    metadata = cell.get("metadata")
    own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    label = own.get("grade_id") if isinstance(own, dict) else None
    return label if isinstance(label, str) else None
