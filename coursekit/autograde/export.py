"""`nbgrader export`: grades as CSV, in which what is not graded yet is not 0."""

import csv

from nbgrader.api import MissingEntry
from nbgrader.plugins import ExportPlugin

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name"),
    *("email", "raw_score", "late_submission_penalty", "score", "max_score", "status"),
)
ACTIVE = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet's formula starts


class GradesWithStatus(ExportPlugin):
    """Writes one row per student and assignment, with a column that tells its status.

    ``graded``: all is marked. ``needs manual grade``: something has no mark yet; the
    scores stay empty. ``not handed in``: there is no submission; they stay empty too.
    """

    def export(self, gradebook):
        """Write the grades to ``--to``, or to grades.csv."""
        path = self.to or "grades.csv"
        self.log.info("Exporting grades to %s", path)
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            for row in self.rows(gradebook):
                writer.writerow({key: harmless(value) for key, value in row.items()})

    def rows(self, gradebook):
        """Yield one row per assignment and student that was asked for."""
        students = {str(student) for student in self.student}
        for assignment in gradebook.assignments:
            for student in gradebook.students:
                asked = not self.assignment or assignment.name in self.assignment
                if asked and (not students or student.id in students):
                    yield row(gradebook, assignment, student)


def row(gradebook, assignment, student):
    """Return the row of one student and assignment."""
    known = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "max_score": assignment.max_score,
    }
    try:
        submission = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return known | {"status": "not handed in"}
    known["timestamp"] = submission.timestamp
    if is_open(submission):
        return known | {"status": "needs manual grade"}
    penalty = submission.late_submission_penalty
    return known | {
        "raw_score": submission.score,
        "late_submission_penalty": penalty,
        "score": max(0.0, submission.score - penalty),
        "status": "graded",
    }


def is_open(submission):
    """Return True while some cell of a submission has no mark, or needs a person."""
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    unmarked = any(grade.auto_score is grade.manual_score is None for grade in grades)
    return unmarked or submission.needs_manual_grade


def harmless(value):
    """Return a value for a CSV cell that no spreadsheet takes for a formula.

    Examples
    --------
    >>> harmless("=HYPERLINK(1)"), harmless(-1.5), harmless(None)
    ("'=HYPERLINK(1)", -1.5, '')
    """
    if value is None:
        return ""
    if isinstance(value, str) and value.startswith(ACTIVE):
        return f"'{value}"
    return value
