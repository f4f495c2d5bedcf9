"""nbgrader's own CSV, without the rows that it would fill with 0."""

from coursekit.exports.cells import to_csv
from coursekit.exports.outcome import Exported

COLUMNS = (
    *("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name"),
    *("email", "raw_score", "late_submission_penalty", "score", "max_score"),
)


def nbgrader_csv(results, book, assignment):
    """Return nbgrader's CSV as bytes, and what was exported.

    Parameters
    ----------
    results : list of Result
    book : Book
    assignment : str
    """
    exported, rows = Exported(), []
    for each in results:
        if each.score is None:
            exported.pass_over(each)
            continue
        rows.append(row(each, book, assignment))
        exported.take(each, each.score)
    return to_csv(COLUMNS, rows), exported


def row(result, book, assignment):
    """Return one student's row."""
    mark, listed = result.standing.mark, book.students.get(result.student)
    return {
        "assignment": assignment,
        "duedate": in_text(book.due),
        "timestamp": in_text(mark.timestamp),
        "student_id": result.student,
        "last_name": listed and listed.last_name,
        "first_name": listed and listed.first_name,
        "email": listed and listed.email,
        "raw_score": mark.raw,
        "late_submission_penalty": mark.penalty,
        "score": result.score,
        "max_score": result.max_points,
    }


def in_text(moment):
    """Return a moment as nbgrader's CSV has it, or None."""
    return None if moment is None else str(moment)
