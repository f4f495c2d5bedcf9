"""What stands in nbgrader's gradebook and graded notebooks already."""

import json
from pathlib import Path

from coursekit.rules.late import percents

MARK = "coursekit"  # the key of ours in an autograded notebook's metadata


def recorded(course, assignment, student, notebook):
    """Return which score record stands in an autograded notebook, and on what terms.

    (None, None) where none does. Before there were rules there were no terms.
    """
    try:
        path = autograded(course, assignment, student) / f"{notebook}.ipynb"
        text = path.read_text(encoding="utf-8")
        kept = json.loads(text)["metadata"][MARK]
        return kept["record"], kept.get("terms", "")
    except (OSError, ValueError, KeyError):
        return None, None


def questions(course, assignment, student):
    """Return the answers to questions for a person, as they were graded last.

    Read them before nbgrader grades again, which removes them.

    Returns
    -------
    dict of str to str
        Empty where nothing was graded, or its notebook cannot be read.
    """
    try:
        path = autograded(course, assignment, student) / f"{assignment}.ipynb"
        found = json.loads(path.read_text(encoding="utf-8"))
        if MARK not in found["metadata"]:
            return {}  # killed before this answer's points were saved
        cells = found["cells"]
        labels = [cell["metadata"].get("nbgrader", {}) for cell in cells]
        return {
            label["grade_id"]: "".join(cell["source"])
            for label, cell in zip(labels, cells, strict=True)
            if label.get("solution") and label.get("grade")
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def autograded(course, assignment, student):
    """Return where nbgrader puts a student's graded notebooks."""
    step = course.coursedir.autograded_directory
    return Path(course.coursedir.format_path(step, student, assignment))


def in_gradebook(course, assignment):
    """Return of whom the gradebook has a submission, and what late ones lose.

    Returns
    -------
    tuple of (set of str, dict of str to float)
        Students, and per cent by student.
    """
    from nbgrader.api import Gradebook, MissingEntry

    with Gradebook(course.db_url, course.coursedir.course_id) as gradebook:
        try:
            submissions = gradebook.assignment_submissions(assignment)
        except MissingEntry:
            return set(), {}
        students = {each.student_id for each in submissions}
        return students, percents(gradebook, assignment, course.rules)
