"""Score records on disk: one a student, and which of them still hold.

A record is the scorer's, with what it was made from: the submission, the run, the
hidden patients. It is written beside its place and renamed; the same submission,
run and patients always give the same bytes.
"""

import hashlib
import json
import math
import os
import secrets

from coursekit.autograde.ordinary import names_of
from coursekit.grading.score import to_bytes
from coursekit.grading.scorer import unscored

NEW = ".new"  # how a record is called until it is whole
TRY_AGAIN = {"sandbox-unavailable", "not-run", "not-scored"}


def path_of(course, assignment, student):
    """Return where a student's score record lies."""
    return course.private("scores") / assignment / f"{student}.json"


def read_score(course, assignment, student):
    """Return a student's score record, or None where there is none to be read."""
    path = path_of(course, assignment, student)
    try:
        return with_sound_points(json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError):
        return None


def with_sound_points(record):
    """Return a record whose points are numbers in range, or None.

    Examples
    --------
    >>> kinds = {"accuracy": {"points": float("nan"), "max_points": 40}}
    >>> with_sound_points({"kinds": kinds})["kinds"]["accuracy"]["points"] is None
    True
    """
    for total in record["kinds"].values():
        points = total["points"]
        if not is_number(points) or not 0 <= points <= total["max_points"] + 1e-6:
            total["points"] = None
    return record


def is_number(value):
    """Return True for a finite number.

    Examples
    --------
    >>> [is_number(value) for value in (7.5, 0, float("nan"), "7.5", True, None)]
    [True, True, False, False, False, False]
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value)


def digest_of(record):
    """Return the SHA-256 of a record as it is written."""
    return hashlib.sha256(to_bytes(record)).hexdigest()


def holds(record, submission, holdout, rules):
    """Return True if a record is of this submission, scored on these patients.

    Parameters
    ----------
    record : dict or None
    submission : Submission
    holdout : str
        From ``Course.holdout_digest``.
    rules : Rules
        Of the course: whoever is given more time since then runs again.
    """
    if record is None or record.get("status") in TRY_AGAIN:
        return False
    same_work = record.get("submission") == submission.digest
    same_time = record.get("time", 1.0) == rules.time_of(submission.student)
    return same_work and same_time and record.get("holdout") == holdout


def write_score(course, submission, record, *, run, holdout, reruns=()):
    """Write a score record and return it as it was written.

    Parameters
    ----------
    course : Course
    submission : Submission
    record : dict
        From the scorer, or from `unscored`.
    run : Run or None
        The run of record.
    holdout : str
    reruns : sequence of dict
        From `coursekit.autograde.reruns.comparison`.
    """
    record = record | {
        "student": submission.student,
        "submission": submission.digest,
        "notes": [*submission.notes, *record.get("notes", ())],
        "holdout": holdout,
        "run": run_name(run),
        "sandbox": run.sandbox if run else None,
        "reruns": list(reruns),
    }
    time = course.rules.time_of(submission.student)
    if time != 1:
        record["time"] = time
    course.place("scores", submission.assignment)
    path = path_of(course, submission.assignment, submission.student)
    beside = path.with_name(f".{secrets.token_hex(8)}{NEW}")
    beside.write_bytes(to_bytes(record))
    course.share(beside)
    os.replace(beside, path)
    return record


def run_name(run):
    """Return the name of a run's folder, and its digest where it has none."""
    if run is None:
        return None
    return run.folder.name if run.folder else run.digest


def run_of(record, notebook):
    """Return the name of the run that a notebook's marks are made of, or None.

    Only an assignment without a rubric may have several notebooks.
    """
    if "notebooks" in record:
        return record["notebooks"].get(notebook, {}).get("run")
    return record.get("run")


def write_failure(course, submission, holdout):
    """Write and return the record of a submission of which nothing could be taken."""
    names = submission.assignment, submission.status, submission.reason
    record = without_points(course, *names)
    return write_score(course, submission, record, run=None, holdout=holdout)


def without_points(course, assignment, status, reason):
    """Return the record of a submission that has no valid score, of any assignment."""
    if course.has_rubric(assignment):
        return unscored(course.lock(assignment), status, reason)
    names = names_of(course, assignment)
    notebooks = {name: {"run": None, "status": status} for name in names}
    return ordinary_record(assignment, status, reason, notebooks)


def ordinary_record(assignment, status, reason, notebooks, notes=()):
    """Return the record of a submission whose marks nbgrader makes from its outputs.

    Parameters
    ----------
    assignment, status, reason : str
    notebooks : dict of str to dict
        Name -> run and status of each notebook.
    notes : sequence of str
    """
    return {
        "format": 1,
        "assignment": assignment,
        "status": status,
        "reason": reason,
        "criteria": [],
        "kinds": {},
        "codes": [],
        "notes": list(notes),
        "notebooks": notebooks,
    }
