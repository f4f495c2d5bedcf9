"""The class table: who got what, how surely, and what was wrong in words."""

from dataclasses import dataclass

from rich.console import Console
from rich.table import Table
from rich.text import Text

from coursekit.autograde.course import open_course
from coursekit.autograde.scorebook import read_score
from coursekit.grading.feedback import in_short

LEAST_WIDTH = 120  # of a table that is not shown in a terminal


@dataclass(frozen=True)
class Row:
    """One student of a class table."""

    student: str
    status: str
    kinds: dict  # kind -> {"points", "max_points", "measures": list of str}
    words: str  # what was wrong
    sandbox: str | None

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
    list of Row
        In the order of the student ids; the status is ``"not graded yet"`` where
        there is no score record.
    """
    course = open_course(course)
    lock = course.lock(assignment)
    students = course.students(assignment)
    return [
        row(student, read_score(course, assignment, student), lock)
        for student in students
    ]


def row(student, score, lock):
    """Return the row of one student."""
    if score is None:
        nothing = {"points": None, "measures": []}
        kinds = {kind: nothing | {"max_points": p} for kind, p in lock.kinds.items()}
        return Row(student, "not graded yet", kinds, "", None)
    kinds = {
        kind: total | {"measures": measures(score, kind)}
        for kind, total in score["kinds"].items()
    }
    words = "; ".join(
        part for part in (in_short(score), *score.get("notes", ())) if part
    )
    return Row(student, score["status"], kinds, words, score.get("sandbox"))


def measures(score, kind):
    """Return what was measured for a kind, with intervals where there are any.

    Examples
    --------
    >>> criterion = {"id": "auroc", "kind": "accuracy", "value": 0.741, "low": 0.735,
    ...     "high": 0.747}
    >>> measures({"criteria": [criterion]}, "accuracy")
    ['auroc 0.741 (0.735-0.747)']
    """
    return [
        f"{each['id']} {each['value']:.3f} ({each['low']:.3f}-{each['high']:.3f})"
        for each in score["criteria"]
        if each["kind"] == kind
        and None not in (each["value"], each["low"], each["high"])
        and each["low"] < each["high"]
    ]


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
    rows = class_table(course, assignment)
    console.print(render(rows, assignment))
    if any(each.sandbox == "none" for each in rows):
        console.print("Some ran with sandbox none: that is not a security boundary.")


def render(rows, assignment):
    """Return the class table for rich to print."""
    kinds = list(rows[0].kinds) if rows else []
    table = Table(title=assignment, show_lines=any(each.words for each in rows))
    table.add_column("student", no_wrap=True)
    table.add_column("status")
    for kind in kinds:
        table.add_column(kind, no_wrap=True)
    table.add_column("total", justify="right", no_wrap=True)
    table.add_column("what was wrong", ratio=1)
    for each in rows:
        cells = [in_points(each.kinds[kind]) for kind in kinds]
        total = "a person" if each.points is None else f"{each.points:g}"
        words = Text(each.words)
        table.add_row(Text(each.student), each.status, *cells, total, words)
    return table


def in_points(kind):
    """Return one kind of points as a cell: the points, and what was measured."""
    points = "?" if kind["points"] is None else f"{kind['points']:g}"
    first = f"{points} of {kind['max_points']:g}"
    return Text("\n".join([first, *kind["measures"]]))
