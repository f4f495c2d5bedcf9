"""What nbgrader's gradebook knows of an assignment: marks, questions, lateness.

It is read with a few queries for the whole class, because a query for each student
takes seconds in a class of 500; and not through nbgrader's own class, which writes to
a gradebook that it opens.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from nbgrader.api import (
    Assignment,
    BaseCell,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import create_engine, func
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from coursekit.errors import BadCourse


@dataclass(frozen=True)
class Cell:
    """One cell that earns points, of one student.

    `by_hand` is True for a question that a person marks, `points` None where there is
    no mark yet, `was_marked` True where a person marked it at some time.
    """

    notebook: str
    name: str
    points: float | None
    max_points: float
    by_hand: bool
    needs_person: bool
    was_marked: bool

    @property
    def is_open(self):
        """True while there is no mark, or a person has to look at it."""
        return self.points is None or self.needs_person


@dataclass(frozen=True)
class Mark:
    """What the gradebook has of one student's submission."""

    cells: tuple[Cell, ...] = ()
    seconds_late: float = 0.0  # an extension counted
    penalty: float = 0.0  # points
    extension_seconds: float = 0.0

    @property
    def points(self):
        """The points up to now, before any penalty."""
        return sum(cell.points or 0.0 for cell in self.cells)

    @property
    def max_points(self):
        """The most that can be earned."""
        return sum(cell.max_points for cell in self.cells)

    @property
    def final(self):
        """The mark, penalty taken off; None while something is open.

        Examples
        --------
        >>> done = Cell("nb", "q", 7.0, 10.0, True, False, True)
        >>> Mark((done,), seconds_late=60.0, penalty=2.0).final
        5.0
        """
        if not self.cells or any(cell.is_open for cell in self.cells):
            return None
        return max(0.0, self.points - self.penalty)


@dataclass(frozen=True)
class Marks:
    """What the gradebook has of one assignment."""

    names: dict  # student -> first and last name, of everyone in the gradebook
    by_student: dict  # student -> Mark, of those who handed in
    due: datetime | None = None  # in UTC
    is_known: bool = False  # the gradebook has this assignment


def read_marks(course, assignment):
    """Read what the gradebook has of an assignment.

    Parameters
    ----------
    course : Course
    assignment : str

    Returns
    -------
    Marks
        Without students where there is no gradebook yet; none is made.

    Raises
    ------
    BadCourse
        If there is a gradebook that cannot be read.
    """
    if is_missing(course.db_url):
        return Marks({}, {})
    engine = create_engine(course.db_url)
    try:
        with Session(engine) as db:
            return marks_in(db, assignment)
    except SQLAlchemyError as error:
        why = str(error).splitlines()[0]
        raise BadCourse(
            f"The gradebook cannot be read ({why}). If another nbgrader made it, try "
            "`nbgrader db upgrade` in the course folder."
        ) from None
    finally:
        engine.dispose()


def marks_in(db, assignment):
    """Return what an open gradebook has of an assignment."""
    people = db.query(Student.id, Student.first_name, Student.last_name)
    names = {
        student: " ".join(part for part in (first, last) if part)
        for student, first, last in people
    }
    found = (
        db.query(Assignment.id, Assignment.duedate)
        .filter(Assignment.name == assignment)
        .one_or_none()
    )
    if found is None:
        return Marks(names, {})
    return Marks(names, marks_of(db, found), found.duedate, is_known=True)


def is_missing(url):
    """Return True for an SQLite file that is not there.

    Examples
    --------
    >>> is_missing("sqlite:////nowhere/gradebook.db?timeout=60")
    True
    >>> is_missing("postgresql+psycopg://user@host/gradebook")
    False
    """
    scheme, _, path = url.partition(":///")
    return scheme == "sqlite" and not Path(path.partition("?")[0]).is_file()


def marks_of(db, assignment):
    """Return the marks of everyone who handed in: student -> Mark."""
    cells, penalties = cells_of(db, assignment), penalties_of(db, assignment)
    submissions = db.query(
        SubmittedAssignment.student_id,
        SubmittedAssignment.timestamp,
        SubmittedAssignment.extension,
    ).filter(SubmittedAssignment.assignment_id == assignment.id)
    return {
        student: Mark(
            tuple(cells[student]),
            lateness(received, assignment.duedate, extension),
            penalties.get(student, 0.0),
            extension.total_seconds() if extension else 0.0,
        )
        for student, received, extension in submissions
    }


def lateness(received, due, extension):
    """Return by how many seconds a submission is late, as nbgrader counts it."""
    if received is None or due is None:
        return 0.0
    due = due + extension if extension else due
    return max(0.0, (received - due).total_seconds())


def penalties_of(db, assignment):
    """Return the points taken off for lateness: student -> points."""
    penalty = func.coalesce(func.sum(SubmittedNotebook.late_submission_penalty), 0.0)
    found = (
        db.query(SubmittedAssignment.student_id, penalty)
        .join(
            SubmittedNotebook,
            SubmittedNotebook.assignment_id == SubmittedAssignment.id,
        )
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .group_by(SubmittedAssignment.student_id)
    )
    return dict(map(tuple, found))


def cells_of(db, assignment):
    """Return the cells that earn points: student -> list of Cell."""
    worth = {
        cell: most
        for kind in (GradeCell, TaskCell)
        for cell, most in db.query(kind.id, kind.max_score)
    }
    by_hand = {
        tuple(found)
        for kind in (SolutionCell, TaskCell)
        for found in db.query(kind.notebook_id, kind.name)
    }
    cells = defaultdict(list)
    for student, notebook_id, notebook, cell_id, name, *marks in grades(db, assignment):
        is_question = (notebook_id, name) in by_hand
        made = cell(notebook, name, worth.get(cell_id, 0.0), is_question, *marks)
        cells[student].append(made)
    return cells


def cell(notebook, name, most, by_hand, automatic, manual, extra, needs_person):
    """Return a cell with its points, as nbgrader adds them up."""
    marks = [each for each in (manual, automatic) if each is not None]
    points = marks[0] + (extra or 0.0) if marks else None
    was_marked = manual is not None
    return Cell(notebook, name, points, most, by_hand, bool(needs_person), was_marked)


def grades(db, assignment):
    """Return the gradebook's rows of one assignment, in the order of the notebook."""
    return (
        db.query(
            *(SubmittedAssignment.student_id, Notebook.id, Notebook.name),
            *(BaseCell.id, BaseCell.name, Grade.auto_score, Grade.manual_score),
            *(Grade.extra_credit, Grade.needs_manual_grade),
        )
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .join(
            SubmittedAssignment,
            SubmittedNotebook.assignment_id == SubmittedAssignment.id,
        )
        .join(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .join(BaseCell, Grade.cell_id == BaseCell.id)
        .filter(SubmittedAssignment.assignment_id == assignment.id)
        .order_by(Notebook.name, BaseCell.name)
    )
