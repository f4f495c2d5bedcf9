"""The class table of an assignment without a rubric: its points are the gradebook's."""

from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from coursekit.autograde.replay import why_no_marks
from coursekit.autograde.scorebook import read_score


@dataclass(frozen=True)
class OrdinaryRow:
    """One student of a class table."""

    student: str
    status: str
    words: str  # what was wrong
    sandbox: str | None
    marked: float  # points in the gradebook up to now
    max_points: float
    by_hand: int  # cells that wait for a person
    reruns: str = ""

    @property
    def points(self):
        """The points, or None where the notebooks did not run to their end."""
        return self.marked if self.status == "scored" else None


def ordinary_table(course, assignment):
    """Return the rows of a class table, one for everyone who handed in.

    Parameters
    ----------
    course : Course
    assignment : str

    Returns
    -------
    list of OrdinaryRow
        In the order of the student ids; the status is ``"not graded yet"`` where
        nothing has run.
    """
    marks = marks_of(course, assignment)
    return [
        row(student, read_score(course, assignment, student), marks)
        for student in course.students(assignment)
    ]


def row(student, record, marks):
    """Return the row of one student."""
    found = marks.get(student, (0.0, 0.0, 0))
    if record is None:
        return OrdinaryRow(student, "not graded yet", "", None, *found)
    said = "; ".join([*why_no_marks(record), *record["notes"]])
    return OrdinaryRow(student, record["status"], said, record["sandbox"], *found)


def marks_of(course, assignment):
    """Return what the gradebook has: student -> points, most points, cells by hand."""
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(course.db_url, course.coursedir.course_id) as gradebook:
        try:
            submissions = gradebook.assignment_submissions(assignment)
        except MissingEntry:
            return {}
        return {
            each.student_id: (each.score, each.max_score, waiting(each))
            for each in submissions
        }


def waiting(submission):
    """Return how many cells of a submission wait for a person."""
    return sum(
        grade.needs_manual_grade
        for notebook in submission.notebooks
        for grade in notebook.grades
    )


def render(rows, assignment):
    """Return the table of points for rich to print."""
    most = max((each.max_points for each in rows), default=0)
    table = Table(title=assignment, box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", no_wrap=True)
    table.add_column("status", no_wrap=True)
    table.add_column(f"points /{most:g}", justify="right", no_wrap=True)
    table.add_column("cells for a person", justify="right", no_wrap=True)
    for each in rows:
        points = "a person" if each.points is None else f"{each.points:g}"
        by_hand = f"{each.by_hand}" if each.by_hand else ""
        table.add_row(Text(each.student), Text(each.status), points, by_hand)
    return table
