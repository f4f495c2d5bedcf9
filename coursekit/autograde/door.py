"""What was let in: one receipt a submission, and the way into ``submitted/``.

A receipt says when a submission was received, by the collector's own reckoning, what
the student's side claimed, and why it was refused, if it was. It lies in
``quarantine/<student>/<assignment>.received.json``, where no file name of a student's
can reach. A submission comes in whole or not at all; what it replaces is kept.
"""

import dataclasses
import json
import os
import re
import secrets
import shutil
from datetime import UTC, datetime

from nbgrader.utils import parse_utc

from coursekit.autograde.quarantine import TIMESTAMP, move, usable
from coursekit.errors import SubmissionFailed

STAMP = "%Y-%m-%d %H:%M:%S.%f UTC"
SOUND = re.compile(r"\w[\w.@+' ,()=-]{0,99}", re.ASCII)
LONGEST_SHOWN = 80  # characters of a name or claim that are printed


@dataclasses.dataclass(frozen=True)
class Receipt:
    """What the collector knows about one submission.

    Times are text in UTC, as in nbgrader's ``timestamp.txt``.
    """

    assignment: str
    student: str
    received: str  # what counts for lateness
    source: str  # "exchange", "Canvas" or "Moodle"
    collected: str = ""  # the moment of collection
    came_as: tuple[str, ...] = ()  # the folder or files it came from
    claimed: tuple[str, ...] = ()  # when, by the student's side: never used
    owner: str = ""
    status: str = "ok"
    reason: str = ""
    notes: tuple[str, ...] = ()
    order: float = 0.0  # of two from the same source the higher is the newer
    digest: str = ""  # of what was taken


def stamp(moment):
    """Return a moment as nbgrader writes it.

    Parameters
    ----------
    moment : datetime
        In UTC, with or without saying so.

    Examples
    --------
    >>> stamp(datetime(2026, 1, 2, 3, 4, 5))
    '2026-01-02 03:04:05.000000 UTC'
    """
    return moment.strftime(STAMP)


def now():
    """Return this moment in UTC, as nbgrader's gradebook holds times: without zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def at(seconds):
    """Return a file system's time as a moment in UTC, but never one yet to come.

    Examples
    --------
    >>> at(0)
    datetime.datetime(1970, 1, 1, 0, 0)
    """
    return min(datetime.fromtimestamp(seconds, UTC).replace(tzinfo=None), now())


def is_sound(student):
    r"""Return True for what may name a student's folder.

    Letters of any alphabet, digits, and what e-mail addresses and names have; a letter
    or digit first.

    Examples
    --------
    >>> [is_sound(name) for name in ("ann", "ann@uni.edu", "Zoë O'Neil", "340934")]
    [True, True, True, True]
    >>> [is_sound(name) for name in ("..", "", "a/b", "ann\n", "*", "~root", "a" * 200)]
    [False, False, False, False, False, False, False]
    """
    plain = "".join(char if char.isascii() else "x" for char in student)
    sound = SOUND.fullmatch(plain) and student.isprintable()
    return bool(sound) and student == student.strip()


def shown(name):
    r"""Return a name or claim of a student's as text that can be printed in a line.

    Examples
    --------
    >>> shown("notes\x1b[2J\n.txt")
    'notes�[2J�.txt'
    """
    text = os.fsencode(name).decode("utf-8", "replace")
    text = "".join(char if char.isprintable() else "�" for char in text)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"


def receipt_path(course, assignment, student):
    """Return where the receipt of a submission lies."""
    return course.private("quarantine") / student / f"{assignment}.received.json"


def read_receipt(course, assignment, student):
    """Return the receipt of a submission, or None where none was written."""
    path = receipt_path(course, assignment, student)
    try:
        return Receipt(**json.loads(path.read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def write_receipt(course, receipt):
    """Write a receipt beside its place and rename it."""
    path = receipt_path(course, receipt.assignment, receipt.student)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = path.with_name(f".{secrets.token_hex(8)}.new")
    text = json.dumps(dataclasses.asdict(receipt), indent=1, ensure_ascii=False)
    beside.write_text(text + "\n", encoding="utf-8")
    os.replace(beside, path)


def refuse_missing(course, assignment, student):
    """Say why nothing is there, where the collector has refused what was handed in.

    Raises
    ------
    SubmissionFailed
        With the collector's status and reason.
    """
    receipt = read_receipt(course, assignment, student)
    is_refused = receipt is not None and receipt.status != "ok"
    if is_refused and not has_files(course.submission(assignment, student)):
        raise SubmissionFailed(receipt.status, receipt.reason)


def notes_of(course, assignment, student):
    """Return what the collector has to say about a submission."""
    receipt = read_receipt(course, assignment, student)
    return tuple(receipt.notes) if receipt is not None else ()


def received_before(course, assignment, student):
    """Return when the submission that is there was received, or None."""
    path = course.submission(assignment, student) / TIMESTAMP
    if not path.is_file() or not usable(path):
        return None
    text = path.read_text().strip()
    return parse_utc(text) if text else None


class Arriving:
    """A submission on its way in: it takes its place when it is whole.

    Parameters
    ----------
    course : Course
    assignment, student : str
    """

    def __init__(self, course, assignment, student):
        self.course = course
        self.place = course.submission(assignment, student)
        self.away = course.private("quarantine") / student
        self.folder = self.place.with_name(f".{assignment}.arriving")

    def __enter__(self):
        self.clear()
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def clear(self):
        """Begin again with an empty folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def put(self, receipt):
        """Take the place in ``submitted/``; what was there moves to quarantine."""
        (self.folder / TIMESTAMP).write_text(receipt.received)
        if self.course.coursedir.groupshared:
            share(self.folder)
        self.keep_old()
        self.folder.rename(self.place)
        write_receipt(self.course, receipt)

    def keep_old(self):
        """Move what this submission replaces to quarantine; a bare trace just goes."""
        if not has_files(self.place):
            shutil.rmtree(self.place, ignore_errors=True)
        name = self.place.name
        for old in (self.place, self.away / name, self.away / f"{name}.folder"):
            if os.path.lexists(old):
                move(old, self.away / f"{old.name}.replaced")

    def refuse(self, receipt):
        """Leave a trace of a refused submission; one that is there stays."""
        if not has_files(self.place):
            self.clear()
            # Without any notebook nbgrader would pass the folder over.
            (self.folder / f"{receipt.assignment}.ipynb").touch()
            self.put(receipt)
            return
        earlier = read_receipt(self.course, receipt.assignment, receipt.student)
        new = {"status": "ok", "reason": "", "notes": (), "order": 0.0}
        kept = earlier or dataclasses.replace(receipt, **new)
        word = f"A later submission was refused: {receipt.reason}"
        notes = dict.fromkeys((*kept.notes, word))
        write_receipt(self.course, dataclasses.replace(kept, notes=tuple(notes)))


def has_files(folder):
    """Return True if a submission's folder has more in it than a trace of a refusal."""
    return folder.is_dir() and not all(is_trace(path) for path in folder.iterdir())


def is_trace(path):
    """Return True for what also lies in the folder of a refused submission."""
    if path.name == TIMESTAMP:
        return True
    return path.suffix == ".ipynb" and path.is_file() and path.stat().st_size == 0


def share(folder):
    """Let the course's group read and write a folder (nbgrader's groupshared)."""
    for where, _, files in os.walk(folder):
        os.chmod(where, 0o2770)
        for name in files:
            os.chmod(os.path.join(where, name), 0o660)
