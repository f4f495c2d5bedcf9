"""The class table: who got what, how surely, and what was wrong in words."""

from dataclasses import dataclass

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coursekit.autograde import ordinary_table
from coursekit.autograde.course import open_course
from coursekit.autograde.reruns import in_words
from coursekit.autograde.scorebook import read_score
from coursekit.grading.feedback import in_short
from coursekit.grading.scorer import unscored

BRACKETS = (
    "In brackets: the points at the two ends of the 90 % intervals. The end that is "
    "better for the student counts."
)
LEAST_WIDTH = 120  # of a table that is not shown in a terminal


@dataclass(frozen=True)
class Row:
    """One student of a class table."""

    student: str
    status: str
    kinds: dict  # kind -> {"points", "max_points", "points_range"}
    words: str  # what was wrong
    sandbox: str | None
    reruns: str = ""  # what running it again changed

    @property
    def points(self):
        """All automatic points together, or None where some are withheld."""
        points = [kind["points"] for kind in self.kinds.values()]
        return None if None in points or not points else round(sum(points), 2)


def class_table(course, assignment):
    """Return the rows of a class table, one for everyone who handed in.

    Parameters
    ----------
    course : path or Course
    assignment : str

    Returns
    -------
    list of Row or list of OrdinaryRow
        In the order of the student ids; the status is ``"not graded yet"`` where
        there is no score record.
    """
    course = open_course(course)
    if not course.has_rubric(assignment):
        return ordinary_table.ordinary_table(course, assignment)
    lock = course.lock(assignment)
    students = course.students(assignment)
    return [
        row(student, read_score(course, assignment, student), lock)
        for student in students
    ]


def row(student, score, lock):
    """Return the row of one student."""
    if score is None:
        score = unscored(lock, "not graded yet", "")
        return Row(student, score["status"], score["kinds"], "", None)
    parts = [in_short(score), *score.get("notes", ())]
    words = "; ".join(part for part in parts if part)
    kinds = {kind: score["kinds"][kind] for kind in lock.kinds}
    reruns = "; ".join(in_words(score))
    return Row(student, score["status"], kinds, words, score.get("sandbox"), reruns)


def print_class_table(course, assignment, console=None):
    """Print the class table of an assignment.

    Parameters
    ----------
    course : path or Course
    assignment : str
    console : rich.console.Console, optional
    """
    console = console or Console()
    if not console.is_terminal:
        console.width = max(console.width, LEAST_WIDTH)
    course = open_course(course)
    rows = class_table(course, assignment)
    if course.has_rubric(assignment):
        console.print(render(rows, assignment))
        console.print(BRACKETS)
    else:
        console.print(ordinary_table.render(rows, assignment))
    print_words(console, "What was wrong", {r.student: r.words for r in rows})
    print_words(console, "Run again", {r.student: r.reruns for r in rows})
    if any(each.sandbox == "none" for each in rows):
        console.print("Some ran with sandbox none: that is not a security boundary.")


def render(rows, assignment):
    """Return the table of points for rich to print."""
    kinds = rows[0].kinds if rows else {}
    table = Table(title=assignment, box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", no_wrap=True)
    table.add_column("status", no_wrap=True)
    for kind, each in kinds.items():
        heading = f"{kind} /{each['max_points']:g}"
        table.add_column(heading, justify="right", no_wrap=True)
    measured = sum(each["max_points"] for each in kinds.values())
    table.add_column(f"measured /{measured:g}", justify="right", no_wrap=True)
    for each in rows:
        cells = [in_points(kind) for kind in each.kinds.values()]
        total = "a person" if each.points is None else f"{each.points:g}"
        table.add_row(Text(each.student), Text(each.status), *cells, total)
    return table


def in_points(kind):
    """Return one kind of points in a cell, with what the interval leaves open.

    Examples
    --------
    >>> in_points({"points": 24.0, "points_range": [20.5, 24.0]})
    '24 (20.5-24)'
    >>> in_points({"points": None, "points_range": None})
    '?'
    """
    if kind["points"] is None:
        return "?"
    low, high = kind["points_range"]
    open_ = f" ({low:.3g}-{high:.3g})" if high - low >= 0.05 else ""
    return f"{kind['points']:.3g}{open_}"


def print_words(console, heading, words):
    """Print what there is to say, student by student, under a heading."""
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column()
    for student, text in words.items():
        if text:
            grid.add_row(Text(student), Text(text))
    if grid.row_count:
        console.print(f"\n{heading}", style="bold")
        console.print(grid)
