"""Step 1, intake: find what a student handed in and make a clean notebook of it."""

import functools
import hashlib
import os
from dataclasses import dataclass

import nbformat

from coursekit.autograde.course import state
from coursekit.autograde.door import notes_of, refuse_missing
from coursekit.autograde.frames import words
from coursekit.autograde.intake import blank, is_solution, label, rebuild
from coursekit.autograde.quarantine import set_aside, tidy_submission, was_irregular
from coursekit.autograde.reading import (
    IntakeLimits,
    irregular,
    read_cells,
    read_regular,
)
from coursekit.errors import SubmissionFailed

MOST_NAMES = 10  # of files that a note lists


@dataclass(frozen=True)
class Submission:
    """One student's submission of one assignment, taken in.

    `status` is ``"ok"``, or one of intake's failures; the notebook is then the
    released one, with nothing of the student's in it.
    """

    assignment: str
    student: str
    notebook: nbformat.NotebookNode
    notes: tuple[str, ...] = ()
    status: str = "ok"
    reason: str = ""

    @property
    def text(self):
        """The notebook as text, byte for byte the same each time."""
        return nbformat.writes(self.notebook)

    @property
    def digest(self):
        """The SHA-256 of what was taken in."""
        content = f"{self.status}\n{self.reason}\n{self.text}"
        return hashlib.sha256(content.encode()).hexdigest()


def take_in(course, assignment, student):
    """Take a submission in; whatever is wrong with it ends in a status.

    Parameters
    ----------
    course : Course
    assignment, student : str

    Returns
    -------
    Submission
    """
    path = course.released(assignment) / f"{assignment}.ipynb"
    released = nbformat.read(path, as_version=4)
    tests = hidden_tests(course, assignment, released)
    try:
        tidy_submission(course, assignment, student)
        refuse_missing(course, assignment, student)
        path, notes = find_notebook(course, assignment, student, released)
        intake = rebuild(released, path, hidden_tests=tests)
    except OSError as error:
        reason = f"What was handed in cannot be read: {error.strerror}."
        return failed(assignment, student, released, "unreadable", reason)
    except SubmissionFailed as failure:
        return failed(assignment, student, released, failure.status, failure.reason)
    notes = *notes, *intake.notes, *aside(course, assignment, student)
    notes = *notes, *notes_of(course, assignment, student)
    return Submission(assignment, student, intake.notebook, notes)


def aside(course, assignment, student):
    """Return the note about what was set aside, if anything was."""
    names = set_aside(course, assignment, student)
    listed = [readable(name) for name in names[:MOST_NAMES]]
    if len(names) > MOST_NAMES:
        listed.append(f"and {len(names) - MOST_NAMES} more")
    return (f"Set aside and not used: {', '.join(listed)}.",) if names else ()


def readable(name):
    r"""Return a file's name as text that any terminal can show, whatever its bytes.

    Examples
    --------
    >>> readable(os.fsdecode(b"notes\xff \x1b[2J.txt"))
    'notes� [2J.txt'
    """
    return words(os.fsencode(name).decode("utf-8", "replace"))


def failed(assignment, student, released, status, reason):
    """Return a submission from which nothing could be taken."""
    return Submission(assignment, student, blank(released), (), status, reason)


def find_notebook(course, assignment, student, released):
    """Return the path of the notebook that was handed in, and notes about it.

    One notebook under another name is taken if it is the only one that has cells of
    this assignment.
    """
    folder = course.submission(assignment, student)
    path = folder / f"{assignment}.ipynb"
    if path.exists():
        return path, ()
    if was_irregular(course, assignment, student, path.name):
        raise irregular(path)
    if was_irregular(course, assignment, student, "."):
        raise irregular(folder)
    names = {label(cell) for cell in released.cells if is_solution(cell)}
    found = [each for each in sorted(folder.glob("*.ipynb")) if answers(each, names)]
    if not found:
        reason = f"There is no {path.name} among what was handed in."
        raise SubmissionFailed("missing-notebook", reason)
    if len(found) > 1:
        listed = " and ".join(readable(each.name) for each in found)
        reason = f"There is no {path.name}, and {listed} could both be meant."
        raise SubmissionFailed("missing-notebook", reason)
    return found[0], (f"The notebook was handed in as {readable(found[0].name)}.",)


def answers(path, names):
    """Return True if a notebook has a cell with one of these labels."""
    limits = IntakeLimits()
    try:
        cells = read_cells(read_regular(path, limits.file_mb), limits)
    except SubmissionFailed:
        return False
    return any(cell.label in names for cell in cells)


def hidden_tests(course, assignment, released):
    """Return the text of ordinary test cells as the gradebook has it: name -> text.

    Cells of the rubric's kinds hold no tests and are left out; most assignments have
    no others, and then the gradebook is not opened.
    """
    wanted = {label(cell) for cell in released.cells if is_test(cell)}
    wanted -= set(course.lock(assignment).kinds)
    if not wanted:
        return {}
    path = course.released(assignment) / f"{assignment}.ipynb"
    tests = tests_in_gradebook(course.db_url, assignment, state(path))
    return {name: text for name, text in tests.items() if name in wanted}


@functools.lru_cache(maxsize=8)
def tests_in_gradebook(db_url, assignment, generated):
    """Return the text of an assignment's cells: name -> text, read once for a class.

    Parameters
    ----------
    db_url, assignment : str
    generated : tuple
        The `coursekit.autograde.course.state` of the released notebook, which tells
        that the assignment was generated anew.
    """
    from nbgrader.api import Gradebook

    with Gradebook(db_url) as gradebook:
        cells = gradebook.find_notebook(assignment, assignment).source_cells
        return {cell.name: cell.source for cell in cells}


def is_test(cell):
    """Return True for a released cell that nbgrader grades by its outputs."""
    return bool(cell.metadata.get("nbgrader", {}).get("grade")) and not is_solution(
        cell
    )
