"""A log file a submission: which steps it went through, when, and how they ended.

``runs/ASSIGNMENT/logs/STUDENT.log`` has a line a step. It holds nothing that the
hidden patients' outcomes could be told from, and no more than `CAP` bytes.
"""

import os
import secrets
from contextlib import suppress
from datetime import UTC, datetime

from coursekit.autograde.frames import words

CAP = 64 << 10  # bytes of one submission's log
CLASS_CAP = 4 << 20  # bytes of a log of the whole class
LINE = 1000  # characters
LIMIT_STATUSES = ("timeout", "out-of-memory", "disk-full", "too-many-processes")


def log_of(course, assignment, student):
    """Return where the log of a submission lies."""
    return course.private("runs") / assignment / "logs" / f"{student}.log"


def note(course, assignment, student, step, status, *said):
    """Write one line into the log of a submission; a log that fails stops nothing.

    Parameters
    ----------
    course : Course
    assignment, student, step, status : str
    *said : str
        What else there is to say; empty words are left out.
    """
    now = datetime.now(UTC).isoformat(" ", "milliseconds")
    text = "; ".join(words(each) for each in said if each)
    line = f"{now} {step:6} {status}{': ' if text else ''}{text}"[:LINE] + "\n"
    with suppress(OSError):
        course.place("runs", assignment, "logs")
        path = log_of(course, assignment, student)
        with open(path, "a", encoding="utf-8", errors="replace") as file:
            file.write(line)
        course.share(path)
        trim(path, CAP)


def trim(path, cap):
    """Cut a log that is too long to its newer half, from the start of a line."""
    with suppress(FileNotFoundError):
        if path.stat().st_size <= cap:
            return
        kept = path.read_bytes()[-cap // 2 :].partition(b"\n")[2]
        beside = path.with_name(f".{secrets.token_hex(8)}.new")
        beside.write_bytes(kept)
        os.replace(beside, path)


def about_run(run):
    """Return what is logged of a run: why it ended, limits hit, how long it took.

    Parameters
    ----------
    run : Run

    Returns
    -------
    tuple of str
    """
    servings = [
        f"{name} {state.get('status')}, {state.get('answered', '?')} of "
        f"{state.get('rows', '?')} answered"
        for name, state in run.servings.items()
    ]
    limits = ", ".join(f"{name} {most:g}" for name, most in run.limits.items())
    hit = run.limits_hit or run.status in LIMIT_STATUSES
    return (
        run.reason,
        f"last words: {run.last_words}" if run.last_words else "",
        *notes_of(run.limits_hit),
        f"limits {limits}" if hit else "",
        f"{run.seconds:g} s, sandbox {run.sandbox}",
        *servings,
        f"run {run.digest[:16]}" if run.folder else "",
    )


def notes_of(hits):
    """Return what is said about limits that were hit, also where that is forged.

    Examples
    --------
    >>> notes_of([{"limit": "timeout", "note": "Cell 2 took long."}, 7])
    ['Cell 2 took long.']
    >>> notes_of(None)
    []
    """
    listed = hits if isinstance(hits, list | tuple) else ()
    return [str(each.get("note", "")) for each in listed if isinstance(each, dict)]
