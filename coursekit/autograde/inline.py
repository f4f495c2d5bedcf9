"""The score of one submission, for nbgrader's own commands and the formgrader.

Where there is a record it is a look-up. Else the first three steps run in a child
process: the formgrader grades inside the Jupyter server, whose event loop, folder and
environment are not ours to use.
"""

import os
import subprocess
import sys

from coursekit.autograde.limits import from_mapping
from coursekit.autograde.scorebook import (
    holds,
    read_score,
    without_points,
    write_failure,
)

MARGIN_SECONDS = 120  # for reading patients, starting and scoring, beside the run
CHANGED = "It was handed in again, or its patients changed, while the class was graded."


def score_of(course, submission, log, run=True):
    """Return the score record of a submission, after grading it if need be.

    Parameters
    ----------
    course : Course
    submission : Submission
    log : logging.Logger
    run : bool, default=True
        False where the caller's parent is grading this assignment already.

    Returns
    -------
    dict
        Without points, and with the reason, where it could not be graded.
    """
    names = submission.assignment, submission.student
    holdout = course.holdout_digest(submission.assignment)
    score = read_score(course, *names)
    if holds(score, submission, holdout, course.rules):
        return score
    if submission.status != "ok":
        return write_failure(course, submission, holdout)
    if not run:
        return without_points(course, names[0], "not-run", CHANGED)
    log.info("No score of %s by %s yet: running the notebook", *names)
    reason = run_steps(course, *names)
    score = read_score(course, *names)
    if holds(score, submission, holdout, course.rules):
        return score
    reason = reason or (score or {}).get("reason", "")
    log.error("%s by %s has no score: %s", *names, reason)
    return without_points(course, names[0], "not-run", reason)


def run_steps(course, assignment, student):
    """Do intake, run and score in a child process; return why it failed, or ""."""
    command = [sys.executable, "-I", "-m", "coursekit.autograde.pipeline"]
    asked = {"course": course.folder, "assignment": assignment, "student": student}
    command += [f"--{name}={value}" for name, value in asked.items()]
    environment = {k: v for k, v in os.environ.items() if k != "NBGRADER_EXECUTION"}
    limits = from_mapping(course.lock(assignment).limits)
    seconds = limits.seconds * course.rules.time_of(student) + MARGIN_SECONDS
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"Grading took longer than {seconds:.0f} s."
    said = done.stderr.strip().splitlines() or ["Grading failed."]
    return "" if done.returncode == 0 else said[0]
