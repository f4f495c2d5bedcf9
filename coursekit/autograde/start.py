"""The page on which a course opens in JupyterLab, its labs, and its due dates."""

import datetime
import shutil

import nbformat
from nbformat.v4 import new_markdown_cell, new_notebook

from coursekit.autograde.config import find_alembic
from coursekit.content import content
from coursekit.rules.reading import zone_named

START = "start.ipynb"
DAY = """## An assignment, from release to feedback

In a terminal, in this folder, or by the buttons of Formgrader (menu *Nbgrader*):

1. **Release**: `nbgrader generate_assignment NAME`; hand `release/NAME` to the class,
   or `nbgrader release_assignment NAME` where you have an exchange.
2. **Collect**: `nbgrader collect NAME`, or `coursekit collect ZIP --assignment NAME`
   with what Canvas or Moodle let you download.
3. **Grade**: `coursekit autograde NAME`.
4. **Read** what a person marks: Formgrader, *Manual Grading*.
5. **Feedback**: `nbgrader generate_feedback NAME`, `nbgrader release_feedback NAME`.

Something does not work? `coursekit doctor` says what, and the command that mends it.
The rules of the course, such as what being late costs: [course.toml](course.toml).
"""


def write_start(course, plan, rules):
    """Write labs, start page and due dates into a new course folder.

    Parameters
    ----------
    course : Path
    plan : Plan
    rules : Rules
    """
    write_labs(course, plan.labs)
    page = new_notebook(
        cells=[new_markdown_cell(text) for text in (overview(plan, rules), DAY)],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    for number, cell in enumerate(page.cells):
        cell.id = f"start-{number}"
    nbformat.write(page, course / START)
    if plan.due:
        url = f"sqlite:///{course.absolute() / 'gradebook.db'}"
        write_due(url, plan.due)


def write_labs(course, labs):
    """Copy each lab: what the class gets, and beside it what is for the teacher."""
    teacher = course / "labs" / "for-the-teacher"
    teacher.mkdir(parents=True)
    notebooks = content("notebooks")
    for lab in labs:
        exercise = notebooks / f"{lab}.exercise.ipynb"
        shutil.copy2(exercise, course / "labs" / f"{lab}.ipynb")
        shutil.copy2(notebooks / f"{lab}.ipynb", teacher / f"{lab}.ipynb")
        shutil.copy2(notebooks / f"{lab}.instructor.md", teacher / f"{lab}.md")


def overview(plan, rules):
    """Return the table of a course: week by week, labs, assignments, due dates."""
    weights = any(w for each in plan.sessions for w in each.assignments.values())
    head = [plan.unit or "", "", "lab", "assignment", *(["weight"] if weights else [])]
    lines = [f"# {rules.name}", "", f"{plan.title}.", ""]
    lines += [f"| {' | '.join(head)} | due |", f"|{'---|' * (len(head) + 1)}"]
    for each in plan.sessions:
        lines += rows(each, plan.unit, weights)
    if plan.due:
        lines += ["", f"Times are those of {rules.timezone}."]
    if plan.left_out:
        left_out = "; ".join(plan.left_out)
        lines += ["", f"In the syllabus, but not in this coursekit: {left_out}."]
    return "\n".join(lines)


def rows(session, unit, weights):
    """Return the lines of one week or day in the table."""
    labs = ", ".join(f"[{lab}](labs/{lab}.ipynb)" for lab in session.labs)
    first = [f"{session.number}" if unit else "", session.title, labs]
    due = f"{session.due:%Y-%m-%d %H:%M}" if session.due else ""
    lines = []
    for name, weight in (session.assignments or {"": None}).items():
        link = f"[{name}](source/{name}/{name}.ipynb)" if name else ""
        shown = [f"{weight:g} %" if weight else ""] if weights else []
        cells = [*first, link, *shown, due if name else ""]
        lines.append(f"| {' | '.join(cells)} |")
        first = ["", "", ""]
    return lines


def write_due_here(course, assignment, due):
    """Write one due date, meant in the course's time zone; None: there is none."""
    if due is not None:
        zone = zone_named(course.rules.timezone, "course.toml: timezone")
        moments = {assignment: due.replace(tzinfo=zone)}
        write_due(course.db_url, moments, course.coursedir.course_id)


def write_due(db_url, due, course_id=""):
    """Write due dates into nbgrader's gradebook, which keeps them in UTC."""
    from nbgrader.api import Gradebook

    find_alembic()
    with Gradebook(db_url, course_id) as gradebook:
        for name, when in due.items():
            when = when.astimezone(datetime.UTC).replace(tzinfo=None)
            gradebook.update_or_create_assignment(name, duedate=when)
