"""Copy a folder that belongs to somebody who may wish us ill.

Regular files only. Every folder and file is opened relative to the one above it and
never through a link, so nothing can be put in its place between a look and the copy.
What is too much ends in a `SubmissionFailed`, before it is written.
"""

import fnmatch
import os
import stat
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath

from coursekit.autograde.door import LONGEST_SHOWN, at, shown
from coursekit.autograde.quarantine import TIMESTAMP
from coursekit.errors import SubmissionFailed

AS_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_NONBLOCK
AS_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY
AS_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
CHUNK = 1 << 20
MOST_NAMED = 20  # of what was left out
KINDS = {
    stat.S_IFLNK: "a link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}


@dataclass(frozen=True)
class FolderLimits:
    """How much of a folder is copied before a person has to look at it."""

    total_mb: float = 100
    file_mb: float = 100
    files: int = 10_000  # folders and what is not copied count too
    depth: int = 10
    ignore: tuple[str, ...] = ()  # patterns of names that are passed over
    include: tuple[str, ...] = ("*",)  # patterns of file names, of which one must fit


class Walk:
    """One walk through a folder, which copies what it finds or only looks.

    Parameters
    ----------
    limits : FolderLimits
    target : path, optional
        An empty folder to copy into.
    """

    def __init__(self, limits, target=None):
        self.limits = limits
        self.target = None if target is None else Path(target)
        self.owner = None  # uid of whoever owns the folder
        self.claim = ""  # what stands in timestamp.txt
        self.changed = 0.0  # the last change of anything, as the file system recorded
        self.seen = 0
        self.n_bytes = 0
        self.left_out = {}  # path -> what it is instead of a regular file

    @property
    def received(self):
        """The moment after which nothing in the folder was changed, in UTC."""
        return at(self.changed)

    def through(self, path):
        """Walk through a folder.

        Raises
        ------
        SubmissionFailed
            ``"not-a-regular-file"``, ``"too-large"`` or ``"unreadable"``.
        """
        try:
            kind = os.lstat(path)
            self.owner, self.changed = kind.st_uid, kind.st_ctime
            if not stat.S_ISDIR(kind.st_mode):
                reason = "What was handed in is a link or a file, not a folder."
                raise SubmissionFailed("not-a-regular-file", reason)
            with opened(path, AS_FOLDER) as top:
                self.owner = os.fstat(top).st_uid
                self.folder(top, PurePath())
        except OSError as error:
            raise unreadable(error) from None

    def folder(self, here, within):
        """Walk through an opened folder."""
        for name in self.names(here):
            self.entry(here, name, within / name)
        self.note_change(here)

    def names(self, here):
        """Return the names in a folder, in order; stop where there are too many."""
        found = []
        with os.scandir(here) as entries:
            for entry in entries:
                self.seen += 1
                if self.seen > self.limits.files:
                    raise too_much(f"There are more than {self.limits.files} files.")
                if not fits(entry.name, self.limits.ignore):
                    found.append(entry.name)
        return sorted(found)

    def entry(self, here, name, path):
        """Copy a file, walk through a folder, leave out what is neither."""
        kind = os.stat(name, dir_fd=here, follow_symlinks=False)
        if stat.S_ISDIR(kind.st_mode):
            self.subfolder(here, name, path)
        elif not stat.S_ISREG(kind.st_mode):
            self.leave_out(path, KINDS.get(stat.S_IFMT(kind.st_mode), "no file"))
        elif kind.st_uid != self.owner:
            self.leave_out(path, "somebody else's")
        elif fits(name, self.limits.include):
            with opened(name, AS_FILE, here) as file:
                self.file(file, path)

    def subfolder(self, here, name, path):
        """Walk through a folder within."""
        if len(path.parts) > self.limits.depth:
            depth = self.limits.depth
            raise too_much(f"Folders lie more than {depth} deep in one another.")
        with opened(name, AS_FOLDER, here) as below:
            if self.target is not None:
                (self.target / path).mkdir()
            self.folder(below, path)

    def file(self, file, path):
        """Copy an opened file; the student's timestamp is a claim, and only read."""
        kind = os.fstat(file)
        if not stat.S_ISREG(kind.st_mode) or kind.st_uid != self.owner:
            self.leave_out(path, "no regular file")
        elif path == PurePath(TIMESTAMP):
            claim = os.read(file, LONGEST_SHOWN).decode("utf-8", "replace")
            self.claim = shown(claim.strip())
            self.note_change(file)
        else:
            self.weigh(path, kind.st_size)
            if self.target is not None:
                copy(file, self.target / path, kind.st_size)
            self.note_change(file)

    def weigh(self, path, size):
        """Refuse a file that is too much, alone or with the others."""
        most, most_in_all = self.limits.file_mb, self.limits.total_mb
        if size > most * 1e6:
            raise too_much(
                f"{shown(path.name)} has {size / 1e6:,.0f} MB; at most {most:g} MB "
                "are taken."
            )
        self.n_bytes += size
        if self.n_bytes > most_in_all * 1e6:
            raise too_much(f"The files have more than {most_in_all:g} MB in all.")

    def note_change(self, opened_one):
        """Remember when a file or folder was last changed."""
        self.changed = max(self.changed, os.fstat(opened_one).st_ctime)

    def leave_out(self, path, kind):
        """Remember what was not copied."""
        self.left_out[str(path)] = kind

    @property
    def left_out_words(self):
        """What was not copied, to be printed; "" for nothing."""
        named = list(self.left_out.items())[:MOST_NAMED]
        words = ", ".join(f"{shown(path)} ({kind})" for path, kind in named)
        more = len(self.left_out) - len(named)
        return f"{words} and {more} more" if more else words


@contextmanager
def opened(name, flags, folder=None):
    """Hold a file or folder open, by its number."""
    number = os.open(name, flags, dir_fd=folder)
    try:
        yield number
    finally:
        os.close(number)


def fits(name, patterns):
    """Return True if a name fits one of these patterns.

    Examples
    --------
    >>> fits("model.pyc", ("*.pyc", "__pycache__"))
    True
    """
    return any(fnmatch.fnmatch(name, pattern) for pattern in patterns)


def copy(file, target, size):
    """Copy an opened file of a known size; one that grows meanwhile is refused."""
    left = size
    with open(os.open(target, AS_NEW, 0o666), "wb") as new:
        while chunk := os.read(file, CHUNK):
            left -= len(chunk)
            if left < 0:
                reason = f"{shown(target.name)} was changed while it was read."
                raise SubmissionFailed("unreadable", reason)
            new.write(chunk)


def too_much(reason):
    """Return the failure of a folder that is over a limit."""
    return SubmissionFailed("too-large", f"It was not collected whole. {reason}")


def unreadable(error):
    """Return the failure of a folder that the system refuses to read."""
    name = shown(os.path.basename(os.fsdecode(error.filename or "it")))
    reason = f"{name} cannot be read: {error.strerror}."
    return SubmissionFailed("unreadable", reason)
