"""What stands in nbgrader's gradebook about one assignment, read in a few queries.

A mark that is not set is None here, never 0; nbgrader's own sums count it as 0.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from coursekit.rules.late import percents


@dataclass(frozen=True)
class Cell:
    """One grade cell of one submission."""

    notebook: str
    name: str
    max_points: float
    automatic: float | None
    by_hand: float | None
    extra: float
    needs_person: bool
    is_question: bool  # marked by a person from the start, as an essay is

    @property
    def points(self):
        """The points it has; None while it has none."""
        given = self.automatic if self.by_hand is None else self.by_hand
        return None if given is None else given + self.extra

    @property
    def is_open(self):
        """True while a person has to look at it."""
        return self.needs_person or self.points is None


@dataclass(frozen=True)
class Mark:
    """One submission as the gradebook has it."""

    student: str
    timestamp: datetime | None  # UTC
    late: timedelta
    penalties: dict  # notebook -> points taken off for being late
    cells: tuple[Cell, ...]
    extension: timedelta | None = None

    @property
    def penalty(self):
        """All points taken off for being late."""
        return sum(self.penalties.values())

    @property
    def raw(self):
        """All points that are set, without the penalty."""
        return sum(cell.points or 0.0 for cell in self.cells)

    @property
    def score(self):
        """All points that are set, less the late penalty; at least 0.

        Examples
        --------
        >>> cell = Cell("a1", "fit", 10, 4.0, None, 0.0, False, False)
        >>> Mark("ann", None, timedelta(0), {"a1": 1.0}, (cell,)).score
        3.0
        """
        return max(0.0, self.raw - self.penalty)

    @property
    def open_questions(self):
        """Cells for a person from the start that have no mark yet."""
        return [cell for cell in self.cells if cell.is_open and cell.is_question]

    @property
    def open_tests(self):
        """Cells that should have been marked automatically, and were not."""
        return [cell for cell in self.cells if cell.is_open and not cell.is_question]


@dataclass(frozen=True)
class Listed:
    """One student of the gradebook."""

    id: str
    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""

    @property
    def name(self):
        """First and last name, or "" where one is missing."""
        names = self.first_name, self.last_name
        return " ".join(names) if all(names) else ""


@dataclass(frozen=True)
class Book:
    """One assignment in the gradebook; empty where it is not there yet."""

    due: datetime | None = None  # UTC
    max_points: float | None = None
    students: dict = field(default_factory=dict)  # id -> Listed
    marks: dict = field(default_factory=dict)  # id -> Mark
    lost: dict = field(default_factory=dict)  # id -> per cent, by the rules now


def read_book(course, assignment):
    """Return what the gradebook has of an assignment.

    Parameters
    ----------
    course : Course
    assignment : str

    Returns
    -------
    Book
        Without marks, and `max_points` None, where nbgrader does not know it yet.
    """
    from nbgrader.api import Assignment, Gradebook

    if not is_there(course.db_url):
        return Book()
    with Gradebook(course.db_url, course.coursedir.course_id) as gradebook:
        session = gradebook.db
        students = {each.id: listed(each) for each in gradebook.students}
        found = session.query(Assignment).filter_by(name=assignment).one_or_none()
        if found is None:
            return Book(students=students)
        cells = cells_of(session, found.id)
        marks = {each.student_id: mark(each, cells) for each in found.submissions}
        lost = percents(gradebook, assignment, course.rules)
        return Book(found.duedate, float(found.max_score), students, marks, lost)


def assignments_in_gradebook(course):
    """Return the names of all assignments that nbgrader knows."""
    from nbgrader.api import Gradebook

    if not is_there(course.db_url):
        return []
    with Gradebook(course.db_url, course.coursedir.course_id) as gradebook:
        return [each.name for each in gradebook.assignments]


def read_students(course):
    """Return the ids of all students that nbgrader knows."""
    from nbgrader.api import Gradebook

    if not is_there(course.db_url):
        return []
    with Gradebook(course.db_url, course.coursedir.course_id) as gradebook:
        return [each.id for each in gradebook.students]


def is_there(db_url):
    """Return False for a file that would only be made by looking into it."""
    if not db_url.startswith("sqlite:///"):
        return True
    return Path(db_url.removeprefix("sqlite:///").partition("?")[0]).is_file()


def listed(student):
    """Return one student of the gradebook, without gaps."""
    names = student.first_name, student.last_name, student.email, student.lms_user_id
    return Listed(student.id, *(name or "" for name in names))


def mark(submission, cells):
    """Return the mark of one submission."""
    notebooks = submission.notebooks
    return Mark(
        student=submission.student_id,
        timestamp=submission.timestamp,
        late=timedelta(seconds=seconds_late(submission)),
        penalties={n.name: n.late_submission_penalty or 0.0 for n in notebooks},
        cells=tuple(cell for each in notebooks for cell in cells.get(each.id, ())),
        extension=submission.extension,
    )


def seconds_late(submission):
    """Return how late a submission is; 0 where nothing is due."""
    if submission.assignment.duedate is None:
        return 0
    return submission.total_seconds_late


def cells_of(session, assignment_id):
    """Return the grade cells of all submissions: id of a notebook -> list of Cell."""
    from nbgrader import api

    questions = set()
    for kind in (api.SolutionCell, api.TaskCell):
        questions.update(session.query(kind.notebook_id, kind.name))
    most = {}
    for kind in (api.GradeCell, api.TaskCell):
        most.update(session.query(kind.id, kind.max_score))
    rows = (
        session.query(
            *(api.Grade.notebook_id, api.Grade.cell_id, api.Notebook.name),
            *(api.BaseCell.name, api.BaseCell.notebook_id),
            *(api.Grade.auto_score, api.Grade.manual_score, api.Grade.extra_credit),
            api.Grade.needs_manual_grade,
        )
        .join(api.BaseCell, api.Grade.cell_id == api.BaseCell.id)
        .join(api.Notebook, api.BaseCell.notebook_id == api.Notebook.id)
        .filter(api.Notebook.assignment_id == assignment_id)
        .order_by(api.Notebook.name, api.BaseCell.name)
    )
    found = {}
    for submitted, cell, notebook, name, home, auto, manual, extra, person in rows:
        is_question = (home, name) in questions
        made = Cell(
            *(notebook, name, float(most[cell] or 0)),
            *(auto, manual, extra or 0.0, bool(person), is_question),
        )
        found.setdefault(submitted, []).append(made)
    return found
