"""Whose file it is, by the name that Canvas or Moodle gave it in a download.

Canvas: ``lastnamefirstname[_LATE]_USERID_FILEID_original.ipynb``, all in one folder;
``anon_CODE`` in the place of name and user where grading is anonymous.

Moodle: ``Full Name_NUMBER_assignsubmission_file_/original.ipynb``, or the same with no
folder. The number is the participant's, another one in each assignment.

What the student chose, the original name, comes last: the first match from the left
is the system's own.
"""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

CANVAS = re.compile(
    r"(?:(?P<name>.+?)_(?P<late>LATE_)?(?P<user>\d+)"
    r"|(?P<anonymous_late>LATE_)?(?P<code>anon_[A-Za-z0-9]+))"
    r"_(?P<file>\d+)_(?P<original>.+)"
)
MOODLE = re.compile(
    r"(?P<name>[^_]+)(?:_(?P<user>\d+))?_assignsubmission_[a-z]+_?(?P<original>.*)"
)
JUNK = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
AGAIN = re.compile(r"(?:-\d+| ?\(\d+\))$")  # what a second file of a name gets


@dataclass(frozen=True)
class Sender:
    """Who handed a file in, as the learning management system has it."""

    lms: str  # "Canvas" or "Moodle"
    number: str  # Canvas: the user; Moodle: the participant, may be ""
    name: str  # Canvas: letters only, may be ""

    def __str__(self):
        """Return name and number, as in a list."""
        return f"{self.name} ({self.number})" if self.name and self.number else self.id

    @property
    def id(self):
        """What stands for the student where no roster says more."""
        by_number = self.number if self.lms == "Canvas" else ""
        return by_number or self.name or self.number


@dataclass(frozen=True)
class SentFile:
    """What the name of a file in a download says."""

    sender: Sender
    original: str  # the student's own name of the file
    is_late: bool = False
    number: int = 0  # Canvas numbers files as they come

    @property
    def is_notebook(self):
        """True for a notebook, by its name."""
        return self.original.lower().endswith(".ipynb")

    @property
    def stem(self):
        """The student's own name, without ending and the number of a second file."""
        return AGAIN.sub("", PurePosixPath(self.original).stem)


def read_name(path):
    """Return what the name of a file in a download says, or None.

    Parameters
    ----------
    path : str
        Its path in the zip, with ``/``.

    Examples
    --------
    >>> sent = read_name("doeann_LATE_34_568_a1-2.ipynb")
    >>> sent.sender.number, sent.is_late, sent.stem
    ('34', True, 'a1')
    >>> read_name("Ann Doe_12_assignsubmission_file_/a1.ipynb").sender
    Sender(lms='Moodle', number='12', name='Ann Doe')
    >>> read_name("a1.ipynb") is None
    True
    """
    parts = PurePosixPath(normal(path)).parts
    for place, part in enumerate(parts):
        if found := MOODLE.fullmatch(part):
            return from_moodle(found, parts[place + 1 :])
    found = CANVAS.fullmatch(parts[-1]) if parts else None
    return from_canvas(found) if found else None


def from_moodle(found, below):
    """Return what a name of Moodle's says."""
    sender = Sender("Moodle", found["user"] or "", found["name"].strip())
    return SentFile(sender, below[-1] if below else found["original"])


def from_canvas(found):
    """Return what a name of Canvas's says."""
    sender = Sender("Canvas", found["user"] or found["code"], found["name"] or "")
    late = bool(found["late"] or found["anonymous_late"])
    return SentFile(sender, found["original"], late, int(found["file"]))


def is_junk(path):
    """Return True for what operating systems put into zips.

    Examples
    --------
    >>> is_junk("__MACOSX/._doeann_34_568_a1.ipynb"), is_junk("doeann_34_568_a1.ipynb")
    (True, False)
    """
    parts = PurePosixPath(path).parts
    return bool(JUNK & set(parts)) or (bool(parts) and parts[-1].startswith("._"))


def normal(text):
    """Return text with each accented letter as one character, which not all write.

    Examples
    --------
    >>> len("Zoe\u0308"), len(normal("Zoe\u0308"))
    (4, 3)
    """
    return unicodedata.normalize("NFC", text)


def same_letters(one, other):
    """Return True if two names have the same letters, in whatever order.

    Canvas writes family name first and leaves out all but letters and digits.

    Examples
    --------
    >>> same_letters("oneilzoë", "Zoë O'Neil"), same_letters("doeann", "Bob Roe")
    (True, False)
    """
    return letters(one) == letters(other)


def letters(name):
    """Return the letters and digits of a name, sorted."""
    return sorted(char for char in normal(name).casefold() if char.isalnum())
