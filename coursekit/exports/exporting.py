"""One export from beginning to end: marks, template, matching, file."""

from pathlib import Path

from coursekit.autograde.course import open_course
from coursekit.errors import BadCourse, BadInput
from coursekit.exports.canvas import fill_canvas
from coursekit.exports.filling import Wish
from coursekit.exports.gradescope import gradescope_files
from coursekit.exports.long_csv import long_csv
from coursekit.exports.moodle import fill_moodle
from coursekit.exports.moodle_gradebook import (
    fill_moodle_gradebook,
    new_moodle_gradebook,
)
from coursekit.exports.nbgrader_csv import nbgrader_csv
from coursekit.exports.outcome import put, put_folder
from coursekit.exports.people import known_people
from coursekit.exports.results import results
from coursekit.exports.sheet import read_sheet

TARGETS = ("canvas", "moodle", "moodle-gradebook", "gradescope", "nbgrader", "csv")
FILLED = {
    "canvas": fill_canvas,
    "moodle": fill_moodle,
    "moodle-gradebook": fill_moodle_gradebook,
}
NEEDED = {
    "canvas": "In Canvas: Grades, Export, Export Entire Gradebook.",
    "moodle": "In Moodle: the assignment, Submissions, Download grading worksheet.",
}


def export(
    course,
    assignment,
    to,
    *,
    template=None,
    output=None,
    scale=False,
    partial=False,
    column=None,
    id_column=None,
    roster=None,
):
    """Write the marks of an assignment in the form of another system.

    Parameters
    ----------
    course : path or Course
    assignment : str
    to : one of TARGETS
    template : path, optional
        The system's own file, which is filled in; a must for Canvas and Moodle.
    output : path, optional
        By default ``ASSIGNMENT-TARGET.csv``, or a folder, where you are.
    scale : bool
        Multiply marks where the template has another maximum.
    partial : bool
        Export automatic points where a question for a person is open.
    column, id_column : str, optional
        The template's column of the grade, and of the student ids.
    roster : Roster, optional
        Who is who, from `coursekit.autograde.roster.read_roster`.

    Returns
    -------
    Exported

    Raises
    ------
    BadInput
        If nothing can be exported as it was asked for.
    """
    course = open_course(course)
    refuse_useless(to, template, scale, column)
    if to not in ("canvas", "moodle", "moodle-gradebook") and id_column:
        raise BadInput("--id names a column of a template: only for Canvas and Moodle.")
    found, book = results(course, assignment, partial)
    if book.max_points is None:
        raise BadCourse(
            f"{assignment} is not in the gradebook. First: nbgrader "
            f"generate_assignment {assignment}; `coursekit status` lists what there is."
        )
    wish = Wish(assignment, scale, column, id_column)
    output = Path(output or default_output(assignment, to))
    if to == "gradescope":
        lock = course.lock(assignment) if course.has_rubric(assignment) else None
        content, exported = gradescope_files(found, lock)
    elif to == "nbgrader":
        content, exported = nbgrader_csv(found, book, assignment)
    elif to == "csv":
        content, exported = long_csv(course, assignment, found)
    else:
        students = [each.student for each in found]
        people = known_people(course, assignment, students, book.students, roster)
        content, exported = filled(to, template, found, people, book.max_points, wish)
    return written(output, content, exported, template, to)


def filled(to, template, found, people, max_points, wish):
    """Return a filled template as bytes, and what was exported."""
    if template is None:
        return new_moodle_gradebook(found, people, max_points, wish)
    sheet = read_sheet(template)
    exported = FILLED[to](sheet, found, people, max_points, wish)
    if sheet.is_guessed:
        exported.remarks.append(
            "The template is not UTF-8. It was kept byte for byte, but names with "
            "accents may not have been matched."
        )
    return sheet.to_bytes(), exported


def written(output, content, exported, template, to):
    """Put what was made on disk, unless nobody is in it."""
    if not exported.written and to != "csv":
        return exported
    if isinstance(content, dict):
        put_folder(output, content)
    else:
        put(output, content, template)
    exported.path = output
    return exported


def default_output(assignment, to):
    """Return where an export goes.

    Examples
    --------
    >>> default_output("a1", "canvas"), default_output("a1", "gradescope")
    ('a1-canvas.csv', 'a1-gradescope')
    """
    return f"{assignment}-{to}" + ("" if to == "gradescope" else ".csv")


def refuse_useless(to, template, scale, column):
    """Refuse what a target does not take, before anything is read."""
    if to not in TARGETS:
        raise BadInput(f"There is no target {to!r}, only {', '.join(TARGETS)}.")
    if to in NEEDED and template is None:
        raise BadInput(
            f"{to} takes its own file filled in: give it with --template. {NEEDED[to]}"
        )
    if template is not None and to not in FILLED:
        raise BadInput(f"{to} has no template. Leave out --template.")
    if template is None and (scale or column):
        raise BadInput("--scale and --column are about a template: give --template.")
    if to == "moodle-gradebook" and scale:
        raise BadInput("Moodle's gradebook file does not say its maximum: no --scale.")
