"""A lesson is written once, as a percent file; here it is read into cells.

The line that opens a cell may carry one label::

    # %% answer="worst_group"            the student's code; the solution stands in it
    # %% check="worst_group" points=2    tests it, and cannot be edited
    # %% locked="setup"                  cannot be edited
    # %% [markdown] manual="why" points=10    marked by a person; code or markdown
    # %% tags=["solution-only"]          stands in the solved lab only

A cell without a label is the student's to edit and is never graded. Nothing else
may stand on the line, so a misspelt label is an error and not a lost question.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import jupytext

from coursekit.authoring.rules import (
    check_keys,
    check_labels,
    check_points,
    check_regions,
    role_and_label,
)
from coursekit.errors import BadLesson

JUPYTEXT_KEYS = {"lines_to_next_cell", "lines_to_end_of_cell_marker", "cell_marker"}


@dataclass(frozen=True)
class Cell:
    """One cell of a lesson.

    Parameters
    ----------
    kind : str
        ``"code"`` or ``"markdown"``.
    role : str
        ``"plain"``, ``"answer"``, ``"check"``, ``"locked"``, ``"manual"`` or
        ``"solution-only"``.
    label : str
        The name of the question; empty for plain and solution-only cells.
    points : float or None
        For check and manual cells.
    source : str
        The text, solutions included.
    tags : tuple of str
        Jupyter's cell tags, ``solution-only`` left out.
    number : int
        The place in the source, counted from 1.
    """

    kind: str
    role: str
    label: str
    points: float | None
    source: str
    tags: tuple[str, ...] = ()
    number: int = 0

    @property
    def where(self):
        """Name the cell as an error message does.

        Examples
        --------
        >>> Cell("code", "answer", "worst_group", None, "", number=4).where
        'cell 4 (answer="worst_group")'
        """
        name = f'{self.role}="{self.label}"' if self.label else self.role
        return f"cell {self.number} ({name})"


def read_cells(path):
    r"""Read a percent source, or an archetype, into its cells.

    Parameters
    ----------
    path : path
        A ``.py`` file in jupytext's percent format.

    Returns
    -------
    list of Cell
        In the order of the file; empty cells are left out.

    Raises
    ------
    BadLesson
        If the file is missing, a label is unknown, doubled or not a name, points
        are not a positive number, or a region is open or in the wrong cell.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> source = folder / "01_gaps.py"
    >>> _ = source.write_text('# %% check="gap" points=2\nassert gap > 0\n')
    >>> read_cells(source)[0].where, read_cells(source)[0].points
    ('cell 1 (check="gap")', 2)
    """
    path = Path(path)
    cells = []
    for number, raw in enumerate(parse(path), start=1):
        with located(f"{path}, cell {number}"):
            cells.append(cell_from(raw, number))
    with located(path):
        check_labels(cells)
    return [cell for cell in cells if cell.source.strip()]


def parse(path):
    """Return the cells of a percent file as jupytext reads them."""
    if not path.is_file():
        raise BadLesson(f"{path} does not exist. A lesson needs its percent source.")
    try:
        return jupytext.reads(path.read_text("utf-8"), fmt="py:percent").cells
    except UnicodeDecodeError as error:
        raise BadLesson(
            f"{path} is not UTF-8 text: {error}. Save it as UTF-8."
        ) from None


@contextmanager
def located(place):
    """Put file and cell in front of what a check says about them."""
    try:
        yield
    except BadLesson as error:
        raise BadLesson(f"{place}: {error}") from None


def cell_from(raw, number):
    """Turn one of jupytext's cells into ours, or say what is wrong with it."""
    if raw.cell_type not in ("code", "markdown"):
        raise BadLesson(f"it is a {raw.cell_type} cell. Use code or [markdown].")
    written = {k: v for k, v in raw.metadata.items() if k not in JUPYTEXT_KEYS}
    check_keys(written)
    tags = tuple(written.get("tags", ()))
    role, label = role_and_label(written)
    cell = Cell(
        kind=raw.cell_type,
        role=role,
        label=label,
        points=written.get("points"),
        source=raw.source,
        tags=tuple(tag for tag in tags if tag != "solution-only"),
        number=number,
    )
    check_points(cell)
    check_regions(cell)
    return cell
