"""The long form: one row for each thing that was measured or marked, of everybody.

Nothing is left out here, so that a file says who has no mark and why. What has no mark
has empty points.
"""

import json

from coursekit import __version__
from coursekit.autograde.door import stamp
from coursekit.autograde.scorebook import run_of
from coursekit.exports.cells import to_csv
from coursekit.exports.outcome import Exported

COLUMNS = (
    *("course", "assignment", "student_id", "submission_sha256", "received_utc"),
    *("status", "reason", "metric", "group", "value", "ci_low", "ci_high", "n"),
    *("points", "max_points", "run_id", "sandbox", "coursekit_version"),
)
TOTAL, PENALTY = "total", "late penalty"


def long_csv(course, assignment, results):
    """Return the long form as bytes, and what was exported.

    Parameters
    ----------
    course : Course
    assignment : str
    results : list of Result
    """
    lock = course.lock(assignment) if course.has_rubric(assignment) else None
    rows, exported = [], Exported()
    for each in results:
        common = in_common(course, each)
        rows += [common | row for row in rows_of(each, lock)]
        if each.score is None:
            exported.pass_over(each)
        else:
            exported.take(each, each.score)
    return to_csv(COLUMNS, rows), exported


def in_common(course, result):
    """Return what stands in each of a student's rows."""
    record, mark = result.standing.record or {}, result.standing.mark
    moment = mark.timestamp if mark else None
    return {
        "course": course.rules.name or course.folder.name,
        "assignment": result.assignment,
        "student_id": result.student,
        "submission_sha256": record.get("submission"),
        "received_utc": stamp(moment) if moment else None,
        "status": result.standing.stage,
        "reason": result.standing.why,
        "run_id": record.get("run"),
        "sandbox": record.get("sandbox"),
        "coursekit_version": version_of(course, result.assignment, record.get("run")),
    }


def rows_of(result, lock):
    """Return a student's own part of each row: criteria, cells, penalty, total."""
    record, mark = result.standing.record, result.standing.mark
    criteria = record["criteria"] if record else []
    rows = [criterion_row(each, lock) for each in criteria]
    kinds = {each["kind"] for each in criteria}
    for cell in mark.cells if mark else ():
        by_hand = cell.by_hand is not None
        if cell.name not in kinds or by_hand:
            rows.append(cell_row(cell, record))
    if mark is not None and mark.penalty:
        rows.append(points_row(PENALTY, -mark.penalty, None))
    return [*rows, points_row(TOTAL, result.score, result.max_points)]


def cell_row(cell, record):
    """Return a grade cell; where an assignment has several notebooks, it names its."""
    several = record is not None and len(record.get("notebooks", ())) > 1
    name = f"{cell.notebook}/{cell.name}" if several else cell.name
    run = {"run_id": run_of(record, cell.notebook)} if record else {}
    return points_row(name, cell.points, cell.max_points) | run


def points_row(metric, points, most):
    """Return a row of points alone."""
    return {"metric": metric, "points": points, "max_points": most}


def criterion_row(row, lock):
    """Return a criterion: value, interval, points, and which patients."""
    known = {each.id: each for each in lock.criteria} if lock else {}
    criterion = known.get(row["id"])
    return {
        "metric": row["id"],
        "group": criterion and criterion.attribute,
        "value": row["value"],
        "ci_low": row["low"],
        "ci_high": row["high"],
        "n": n_asked(criterion, lock),
        "points": row["points"],
        "max_points": row["max_points"],
    }


def n_asked(criterion, lock):
    """Return of how many patients or inputs a criterion is made; None if unknown."""
    if criterion is None:
        return None
    answer = lock.answer(criterion.answer)
    if answer.contract == "function":
        return answer.n_inputs
    return answer.rows or lock.cohorts.get(answer.cohort)


def version_of(course, assignment, run):
    """Return the coursekit that made a run; else the one that is at work now."""
    path = course.private("runs") / assignment / (run or "-") / "run.json"
    try:
        return json.loads(path.read_text(encoding="utf-8"))["versions"]["coursekit"]
    except (OSError, ValueError, KeyError):
        return __version__
