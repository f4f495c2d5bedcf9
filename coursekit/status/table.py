"""What `coursekit status` prints: counts for a course, a line for each student."""

from collections import Counter
from datetime import timedelta

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from coursekit.autograde.course import open_course
from coursekit.autograde.door import shown
from coursekit.autograde.frames import words
from coursekit.autograde.table import LEAST_WIDTH
from coursekit.errors import BadCourse
from coursekit.status.misspelt import misspelt
from coursekit.status.standing import NOTHING, STAGES, standings
from coursekit.status.steps import all_assignments, next_steps

NUMBER = {"justify": "right", "no_wrap": True}
STYLES = {"points": NUMBER, "late": NUMBER, "why": {"overflow": "fold"}}


def print_status(course, assignment=None, student=None, console=None):
    """Print who is where.

    Parameters
    ----------
    course : path or Course
    assignment : str, optional
        All by default; then one line each.
    student : str, optional
        Only this one, in each of the assignments.
    console : rich.console.Console, optional

    Raises
    ------
    BadCourse
        If there is no such assignment or student.
    """
    console, course = console or Console(), open_course(course)
    if not console.is_terminal:
        console.width = max(console.width, LEAST_WIDTH)
    known = all_assignments(course)
    if assignment is not None and assignment not in known:
        listed = ", ".join(known) or "none yet"
        raise BadCourse(
            f"There is no assignment {assignment!r} in this course; it has: {listed}."
        )
    names = known if assignment is None else [assignment]
    found = {name: standings(course, name) for name in names}
    if student is not None:
        print_student(found, student, console)
    elif assignment is None:
        console.print(summary(found))
    else:
        console.print(class_table(assignment, found[assignment]))
        console.print(in_counts(found[assignment]), markup=False)
    for line in misspelt(course):
        console.print(line, markup=False)
    print_next(course, found, student, console)


def print_student(found, student, console):
    """Print where one student is with each assignment."""
    mine = {
        name: each
        for name, all_of_them in found.items()
        for each in all_of_them
        if each.student == student
    }
    if not mine:
        raise BadCourse(
            f"There is no student {student!r} in the gradebook, nor among those who "
            "handed in. `coursekit status ASSIGNMENT` lists them."
        )
    console.print(table_of(shown(student), "assignment", list(mine.items())))


def class_table(assignment, found):
    """Return the table of one assignment for rich to print."""
    rows = [(shown(each.student), each) for each in found]
    return table_of(assignment, "student", rows)


def table_of(title, first, rows):
    """Return a table of standings; columns in which nothing stands are left out.

    Parameters
    ----------
    title, first : str
        Of the table, and of its first column.
    rows : list of tuple of (str, Standing)
    """
    columns = {
        first: [name for name, _ in rows],
        "is at": [each.stage for _, each in rows],
        "points": [in_points(each) for _, each in rows],
        "late": [in_time(each.late) for _, each in rows],
        "handed in": [in_times(each.n_handed_in) for _, each in rows],
        "why": [words(each.why) for _, each in rows],
    }
    shown_ones = {name: cells for name, cells in columns.items() if any(cells)}
    table = Table(title=Text(title), box=SIMPLE_HEAD, pad_edge=False)
    for name in shown_ones:
        table.add_column(name, **STYLES.get(name, {"no_wrap": True}))
    for cells in zip(*shown_ones.values(), strict=True):
        table.add_row(*map(Text, cells))
    return table


def in_times(number):
    """Return how often something was handed in, where that is more than once."""
    return f"{number} times" if number > 1 else ""


def in_points(each):
    """Return the points that are set; what is open is not 0."""
    if each.mark is None:
        return ""
    most = sum(cell.max_points for cell in each.mark.cells)
    unset = [cell for cell in each.mark.cells if cell.points is None]
    if unset and len(unset) == len(each.mark.cells):
        return f"? of {most:g}"
    more = " so far" if any(cell.is_open for cell in each.mark.cells) else ""
    return f"{each.mark.score:g} of {most:g}{more}"


def in_time(late):
    """Return by how much something is late, in words; "" if not at all.

    Examples
    --------
    >>> in_time(timedelta(days=2, hours=3)), in_time(timedelta(minutes=61))
    ('2 d 3 h', '1 h 1 min')
    >>> in_time(timedelta(seconds=20)), in_time(timedelta(0)), in_time(None)
    ('1 min', '', '')
    """
    if not late:
        return ""
    minutes = max(1, round(late / timedelta(minutes=1)))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours)
    return " ".join((parts + [f"{minutes} min"] * bool(minutes))[:2])


def summary(found):
    """Return the table of a course: how many students are where."""
    stages = [stage for stage in STAGES if any(count(found[n])[stage] for n in found)]
    table = Table(title="Students", box=SIMPLE_HEAD, pad_edge=False)
    table.add_column("assignment", no_wrap=True)
    for stage in stages:
        table.add_column(stage, justify="right")
    n_late = {name: sum(bool(e.late) for e in found[name]) for name in found}
    if any(n_late.values()):
        table.add_column("late", justify="right")
    for name, all_of_them in found.items():
        counts = count(all_of_them)
        cells = [str(counts[stage] or "") for stage in stages]
        late = [str(n_late[name] or "")] if any(n_late.values()) else []
        table.add_row(Text(shown(name)), *cells, *late)
    return table


def count(found):
    """Return how many students are at each stage."""
    return Counter(each.stage for each in found)


def in_counts(found):
    """Return how many students are where, in one line."""
    counts, came = count(found), [each for each in found if each.stage != NOTHING]
    said = [f"{counts[stage]} {stage}" for stage in STAGES if counts[stage]]
    n_late = sum(bool(each.late) for each in found)
    late = f"; {n_late} late" if n_late else ""
    return f"{len(came)} of {len(found)} handed in: {', '.join(said)}{late}."


def print_next(course, found, student, console):
    """Print the commands that come next."""
    lines = []
    for name, all_of_them in found.items():
        asked = [e for e in all_of_them if student is None or e.student == student]
        lines += [
            f"  {step.command}   ({name}: {step.why})"
            for step in next_steps(course, name, asked)
        ]
    if not found:
        lines = ["  coursekit init DIR   (this course has no assignment)"]
    console.print("Next:", style="bold")
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
