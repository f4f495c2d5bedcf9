"""Rebuild a student's notebook from the released one.

Only text comes from the submission:

- that of the solution cells, by ``grade_id``; where there are two, the first counts;
- that of cells which the student added, kept as plain cells after the labelled cell
  that they follow;
- that of released cells without a label, which a student may edit, move and delete:
  one that was deleted stays deleted.

All else comes from the release: metadata, locked cells, their order, the kernel.
Outputs, attachments and every other key of the submission are left behind.
"""

import copy
import itertools
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from coursekit.autograde.reading import IntakeLimits, read_cells, read_regular

NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
START = None  # the place before the first labelled cell


@dataclass(frozen=True)
class Intake:
    """A notebook that can be run, and what had to be changed to get it."""

    notebook: nbformat.NotebookNode
    notes: tuple[str, ...] = ()


def rebuild(released, submission, *, hidden_tests=None, limits=None):
    """Rebuild a submission from the released notebook.

    Parameters
    ----------
    released : NotebookNode
        Of format 4.
    submission : bytes or path
        What was handed in.
    hidden_tests : dict of str to str, optional
        Text by grade_id, put in the place of the released text of locked cells.
    limits : IntakeLimits, optional

    Returns
    -------
    Intake
        The same bytes always give the same notebook, ids included.

    Raises
    ------
    SubmissionFailed
        ``"missing-notebook"``, ``"not-a-regular-file"``, ``"too-large"`` or
        ``"unreadable"``, with a reason in one sentence.

    Examples
    --------
    >>> from nbformat.v4 import new_notebook
    >>> label = {"grade_id": "risk", "solution": True, "grade": False}
    >>> cell = new_code_cell("risk = ...", id="risk", metadata={"nbgrader": label})
    >>> released = new_notebook(cells=[cell])
    >>> mine = copy.deepcopy(released)
    >>> mine.cells[0].source = "risk = 0.5"
    >>> mine.cells.append(new_code_cell("risk / 2"))
    >>> intake = rebuild(released, nbformat.writes(mine).encode())
    >>> [cell.source for cell in intake.notebook.cells]
    ['risk = 0.5', 'risk / 2']
    """
    limits = limits or IntakeLimits()
    if not isinstance(submission, bytes):
        submission = read_regular(Path(submission), limits.file_mb)
    handed_in = read_cells(submission, limits)
    return Rebuilding(released, hidden_tests or {}).of(handed_in)


def blank(released, hidden_tests=None):
    """Return the released notebook as if nothing had been written into it."""
    return Rebuilding(released, hidden_tests or {}).blank()


class Rebuilding:
    """One notebook on its way from what was handed in to what is run."""

    def __init__(self, released, hidden_tests):
        self.released = with_ids(released)
        self.hidden_tests = hidden_tests
        self.labelled = {
            label(cell): cell for cell in self.released.cells if label(cell) is not None
        }
        self.plain = {
            cell.id: cell for cell in self.released.cells if label(cell) is None
        }
        self.taken = {cell.id for cell in self.released.cells}
        self.numbered = (f"own-{number}" for number in itertools.count(1))
        self.texts = {}  # label -> the first cell handed in under it
        self.following = defaultdict(list)  # label or START -> the student's cells
        self.notes = []

    def of(self, handed_in):
        """Return the rebuilt notebook of these cells."""
        place = START
        for cell in handed_in:
            if cell.label in self.labelled and cell.label not in self.texts:
                place = cell.label
                self.texts[place] = cell
            else:
                self.following[place].append(cell)
        notebook = copy.deepcopy(self.released)
        notebook.cells = self.own(START)
        for name, cell in self.labelled.items():
            notebook.cells += [self.known(name, cell), *self.own(name)]
        return Intake(notebook, tuple(dict.fromkeys(self.notes)))

    def blank(self):
        """Return the released notebook with nothing of a student's in it."""
        notebook = copy.deepcopy(self.released)
        notebook.cells = [self.known(label(cell), cell) for cell in notebook.cells]
        return notebook

    def known(self, name, cell):
        """Return a labelled cell of the release, with the student's text if it may."""
        cell = copy.deepcopy(cell)
        mine = self.texts.get(name)
        if mine is not None and is_solution(cell):
            cell.source = self.clean(mine)
            if mine.cell_type != cell.cell_type:
                self.notes.append(f"The type of the cell {name!r} was changed back.")
        elif mine is not None and mine.source != cell.source:
            self.notes.append(f"The locked cell {name!r} was edited: it was put back.")
        elif mine is None and self.texts:
            self.notes.append(f"The cell {name!r} was missing: it was put back.")
        if not is_solution(cell):
            cell.source = self.hidden_tests.get(name, cell.source)
        return cell

    def own(self, place):
        """Return the student's cells that follow a labelled cell, as plain cells."""
        return [self.own_cell(cell) for cell in self.following[place]]

    def own_cell(self, mine):
        """Return one cell as the student's own; edited plain cells keep their tags."""
        if mine.label in self.labelled:
            self.notes.append(
                f"The cell {mine.label!r} was there more than once: the first counts, "
                "the others are kept as cells of your own."
            )
        same = self.plain.pop(mine.id, None) if mine.label is None else None
        return NEW_CELL[mine.cell_type](
            self.clean(mine),
            id=self.new_id() if same is None else same.id,
            metadata={} if same is None else copy.deepcopy(same.metadata),
        )

    def new_id(self):
        """Return an id that depends on the cell's place only."""
        return next(name for name in self.numbered if name not in self.taken)

    def clean(self, mine):
        """Return the text of a cell without what no kernel can read."""
        text = mine.source.replace("\0", "")
        readable = text.encode("utf-8", "replace").decode("utf-8")
        if readable != mine.source:
            self.notes.append("Characters that no program can read were removed.")
        if mine.has_attachments:
            self.notes.append("Attached files were left out: only text is taken.")
        return readable


def label(cell):
    """Return the grade_id of a released cell, or None."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def is_solution(cell):
    """Return True for a cell whose text is the student's."""
    return bool(cell.metadata.get("nbgrader", {}).get("solution"))


def with_ids(released):
    """Return a copy of the release in format 4.5, whose cells all have an id."""
    notebook = copy.deepcopy(released)
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.setdefault("id", f"released-{number}")
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return notebook
