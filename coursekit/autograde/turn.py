"""Whose turn it is: one process at a time works on an assignment of a course.

The lock is the operating system's, and goes when the last process that holds it ends:
the one that took it, and a child that it was handed to. So a recorder that outlives
its killed parent for a moment keeps the next call out until it has ended.
"""

import fcntl
import json
import os
import socket
import time
from contextlib import contextmanager
from datetime import datetime

import psutil

from coursekit.errors import BadCourse

GRACE_SECONDS = 30.0  # for what a killed process left behind to end
LEAST_SECONDS = 1.0  # for a process that is just ending
TICK = 0.1


@contextmanager
def turn(path, assignment, doing, wait=0.0):
    """Hold the lock of an assignment; whoever comes second is told who holds it.

    Parameters
    ----------
    path : Path
        The lock's file; it says who holds it.
    assignment : str
    doing : str
        What is being done to the assignment: ``"graded"``.
    wait : float
        Seconds to wait for another process that is at work.

    Yields
    ------
    int
        The file descriptor that holds the lock; a child that inherits it holds it too.

    Raises
    ------
    BadCourse
        If another process still holds it.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        take(descriptor, path, assignment, wait)
        write_holder(descriptor, doing)
        yield descriptor
    finally:
        os.close(descriptor)


def take(descriptor, path, assignment, wait):
    """Take the lock, waiting a little for what a killed process left behind."""
    began = time.monotonic()
    while True:
        try:
            return fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = read_holder(path)
        patience = max(wait, GRACE_SECONDS if is_gone(holder) else LEAST_SECONDS)
        if time.monotonic() - began >= patience:
            raise BadCourse(held_by(assignment, holder))
        time.sleep(TICK)


def write_holder(descriptor, doing):
    """Write into the lock who holds it."""
    holder = {
        "host": socket.gethostname(),
        "process": os.getpid(),
        "doing": doing,
        "since": datetime.now().astimezone().isoformat(" ", "seconds"),
    }
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def read_holder(path):
    """Return who holds a lock, or an empty dict where that cannot be read."""
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return holder if isinstance(holder, dict) else {}


def is_gone(holder):
    """Return True if the process that took a lock on this machine has ended."""
    number = holder.get("process")
    if holder.get("host") != socket.gethostname() or not isinstance(number, int):
        return False
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def held_by(assignment, holder):
    """Say which process is at work on an assignment, and since when.

    Examples
    --------
    >>> held_by("readmission", {})
    'readmission is being worked on by another process. Wait until it has finished.'
    """
    doing, who, since = holder.get("doing", "worked on"), "another process", ""
    if "process" in holder:
        who = f"process {holder['process']} on {holder.get('host')}"
    if "since" in holder:
        since = f" since {holder['since']}"
    return f"{assignment} is being {doing} by {who}{since}. Wait until it has finished."
