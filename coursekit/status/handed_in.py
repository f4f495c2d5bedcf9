"""What lies in ``submitted/``: when it came, how late, and whether it was looked at."""

import glob
import re
from datetime import UTC, datetime, timedelta

from coursekit.autograde.door import has_files, read_receipt, received_before
from coursekit.autograde.logs import log_of

LINE = re.compile(r"(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d+\+00:00) (\w+) +([^\s:]+)(.*)")
CLOCK = timedelta(milliseconds=1)  # to which a log tells the time


def late_by(received, due, extension=None):
    """Return by how much something came late; None where that cannot be known.

    Parameters
    ----------
    received, due : datetime or None
        In UTC.
    extension : timedelta, optional

    Examples
    --------
    >>> due = datetime(2026, 3, 1, 23, 59)
    >>> late_by(datetime(2026, 3, 2, 1, 59), due)
    datetime.timedelta(seconds=7200)
    >>> late_by(datetime(2026, 3, 1), due), late_by(None, due)
    (datetime.timedelta(0), None)
    """
    if received is None or due is None:
        return None
    return max(timedelta(0), received - due - (extension or timedelta(0)))


def received(course, assignment, student):
    """Return when what is there was received, in UTC; None where nothing says so."""
    moment = received_before(course, assignment, student)
    if moment is None or moment.tzinfo is None:
        return moment
    return moment.astimezone(UTC).replace(tzinfo=None)


def refusal(course, assignment, student):
    """Return why the collector took nothing, or ""."""
    receipt = read_receipt(course, assignment, student)
    is_refused = receipt is not None and receipt.status != "ok"
    if is_refused and not has_files(course.submission(assignment, student)):
        return f"{receipt.status}: {receipt.reason}"
    return ""


def n_handed_in(course, assignment, student):
    """Return how often a student handed in, as far as this course knows.

    That is what is there, and what it replaced when it was collected.
    """
    away = course.private("quarantine") / student
    old = glob.glob(f"{glob.escape(str(away / assignment))}.replaced*")
    there = has_files(course.submission(assignment, student))
    return there + len(old)


def last_steps(course, assignment, student):
    """Return what the log of a submission says last of each step.

    Returns
    -------
    dict of str to tuple of (datetime, str, str)
        Step -> when (UTC), status, and what else was said.
    """
    path = log_of(course, assignment, student)
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return {}
    return steps_in(text)


def steps_in(text):
    """Return what a log says last of each step.

    Examples
    --------
    >>> steps_in("2026-11-27 08:35:30.172+00:00 run    timeout: after 60 s")
    {'run': (datetime.datetime(2026, 11, 27, 8, 35, 30, 172000), 'timeout', \
'after 60 s')}
    """
    found = {}
    for line in text.splitlines():
        if parts := LINE.fullmatch(line):
            when = datetime.fromisoformat(parts[1]).replace(tzinfo=None)
            found[parts[2]] = when, parts[3], parts[4].removeprefix(": ")
    return found


def newest_change(course, assignment, student):
    """Return when what is there was last changed, by this machine's clock, in UTC.

    Of a file's two times the earlier counts: one a student can set, the other changes
    when a course is moved or restored.
    """
    folder = course.submission(assignment, student)
    try:
        states = [path.lstat() for path in folder.iterdir() if path.is_file()]
    except OSError:
        return None
    times = (min(state.st_ctime, state.st_mtime) for state in states)
    newest = max(times, default=None)
    return newest and datetime.fromtimestamp(newest, UTC).replace(tzinfo=None)


def is_newer(course, assignment, student, steps, mark):
    """Return True if something was handed in that has not been looked at.

    Parameters
    ----------
    steps : dict
        From `last_steps`.
    mark : Mark or None
    """
    changed = newest_change(course, assignment, student)
    if changed and "intake" in steps and changed - steps["intake"][0] > CLOCK:
        return True
    stamp = received(course, assignment, student)
    return mark is not None and stamp is not None and stamp != mark.timestamp
