"""Gradescope: one ``results.json`` for each student, in a folder of the student's.

The form is that of gradescope-autograders.readthedocs.io/specs. The score at the top
counts, late penalty and all; the tests beside it explain it.
"""

import json

from coursekit.autograde.door import is_sound
from coursekit.exports.outcome import Exported

VISIBLE = "after_due_date"  # no feedback on hidden patients before that
FILE = "results.json"


def gradescope_files(results, lock=None):
    """Return the files of a folder for Gradescope, and what was exported.

    Parameters
    ----------
    results : list of Result
    lock : Rubric, optional
        None for an assignment without a rubric.

    Returns
    -------
    tuple of (dict of str to bytes, Exported)
        ``STUDENT/results.json`` -> content.
    """
    exported, files = Exported(), {}
    for each in results:
        if each.score is None:
            exported.pass_over(each)
        elif not is_sound(each.student):
            exported.skipped[each.student] = "the id cannot be the name of a folder"
        else:
            made = results_json(each, lock)
            text = json.dumps(made, indent=1, ensure_ascii=False, allow_nan=False)
            content = text.encode("utf-8", errors="replace")
            files[f"{each.student}/{FILE}"] = content + b"\n"
            exported.take(each, made["score"])
    return files, exported


def results_json(result, lock=None):
    """Return what Gradescope is told about one student."""
    record = result.standing.record or {"criteria": [], "kinds": {}}
    mark = result.standing.mark
    kinds = {row["kind"] for row in record["criteria"]}
    tests = [criterion_test(row, cell_of(mark, row)) for row in record["criteria"]]
    tests += [cell_test(cell) for cell in mark.cells if cell.name not in kinds]
    for number, test in enumerate(tests, 1):
        test["number"] = str(number)
    return {
        "score": round(result.score, 2),
        "output": said(result),
        "output_format": "text",
        "visibility": VISIBLE,
        "tests": tests,
        "leaderboard": leaderboard(record, lock),
        "extra_data": {"run": record.get("run"), "sandbox": record.get("sandbox")},
    }


def said(result):
    """Return what stands above the tests."""
    mark = result.standing.mark
    lines = [f"{result.score:g} of {result.max_points:g} points."]
    if mark.penalty:
        lines.append(f"Handed in late: {mark.raw:g} less {mark.penalty:g}.")
    if result.is_partial:
        lines.append("A person has not marked all of it yet.")
    return " ".join(lines)


def cell_of(mark, row):
    """Return the grade cell of a criterion's kind of points, or None."""
    return next((cell for cell in mark.cells if cell.name == row["kind"]), None)


def criterion_test(row, cell):
    """Return a criterion as a test.

    Where a person has changed the points of its kind, those of a criterion are not
    known, and it only says what was seen.
    """
    by_hand = cell is not None and cell.by_hand is not None
    output = row["sentence"]
    if by_hand:
        output += (
            f" A person gave {cell.points:g} of {cell.max_points:g} for {cell.name}."
        )
    test = test_of(row["label"], output, [row["kind"]])
    if not by_hand and row["points"] is not None:
        test |= points_of(row["points"], row["max_points"])
    return test


def cell_test(cell):
    """Return a grade cell as a test; without a score where it is still open."""
    test = test_of(cell.name, "Not marked yet." if cell.is_open else "", [])
    return test if cell.is_open else test | points_of(cell.points, cell.max_points)


def test_of(name, output, tags):
    """Return a test without points."""
    texts = {"name_format": "text", "output_format": "text"}
    return {"name": name, "output": output, "tags": tags, "visibility": VISIBLE} | texts


def points_of(points, most):
    """Return score and status of a test."""
    status = "passed" if points >= most - 0.005 else "failed"
    return {"score": round(points, 2), "max_score": most, "status": status}


def leaderboard(record, lock):
    """Return what was measured of accuracy and fairness, the better first."""
    if lock is None:
        return []
    rises = {each.id: each.rises for each in lock.criteria}
    rows = [
        {"name": row["label"], "value": round(row["value"], 4)}
        | ({} if rises.get(row["id"], True) else {"order": "asc"})
        for row in record["criteria"]
        if row["kind"] in ("accuracy", "fairness") and row["value"] is not None
    ]
    return rows
