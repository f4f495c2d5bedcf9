"""Read a download of submissions, a zip or a folder, as if it were meant to do harm.

Nothing is unpacked by the names in it: a member is read into memory, up to a limit of
bytes that really come out, and written elsewhere under a name of ours. Members that
are links, encrypted, or packed in a way that cannot be read bit by bit are not opened,
nor is a zip within the zip.
"""

import os
import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PureWindowsPath

from coursekit.autograde.copying import fits
from coursekit.autograde.door import shown
from coursekit.autograde.lms_names import is_junk
from coursekit.autograde.reading import IntakeLimits, read_regular
from coursekit.errors import BadData, SubmissionFailed

METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED, IS_UTF8 = 0x1, 0x800  # flags of a member
END = struct.Struct("<4s4H2LH")  # of a zip: its directory's size is the sixth
END_64 = struct.Struct("<4sQ2H2L4Q")
LOCATOR = struct.Struct("<4sLQL")
SMALL = 1_000_000  # bytes that may be packed however tightly


@dataclass(frozen=True)
class ZipLimits:
    """How much of a download is read."""

    members: int = 20_000
    directory_mb: float = 16  # the zip's list of its members
    file_mb: float = IntakeLimits.file_mb
    student_mb: float = 100  # of one student, unpacked
    total_mb: float = 4_000  # of all, unpacked
    ratio: float = 200  # unpacked to packed size
    name: int = 500  # characters of a member's path


@dataclass(frozen=True)
class Member:
    """One file of a download."""

    path: str
    size: int  # bytes, unpacked, as the zip says
    made: float  # when the system wrote it: only to tell which is newer
    read: object  # a function that returns its bytes, or raises SubmissionFailed


@contextmanager
def opened(source, limits=None):
    """Open a download and hold it open.

    Parameters
    ----------
    source : path
        A zip, or a folder with what was in it.
    limits : ZipLimits, optional

    Yields
    ------
    list of Member

    Raises
    ------
    BadData
        If it is neither, or over a limit as a whole.
    """
    source, limits = Path(source), limits or ZipLimits()
    if source.is_dir():
        yield within(source, limits)
        return
    with open(source, "rb") as file:
        check_directory(source, file, limits)
        try:
            zipped = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise BadData(f"{source} is not a zip that can be read: {error}.") from None
        with zipped:
            yield zip_members(source, zipped, limits)


def check_directory(source, file, limits):
    """Refuse a zip whose list of members alone would fill the memory.

    Raises
    ------
    BadData
    """
    size = directory_size(file)
    if size is None:
        raise BadData(f"{source} is not a zip, or was cut off. Download it again.")
    if size > limits.directory_mb * 1e6:
        raise too_many(source, limits)


def directory_size(file):
    """Return the bytes that a zip's list of members takes, or None if it has none."""
    length = file.seek(0, os.SEEK_END)
    file.seek(max(0, length - END.size - 0xFFFF))
    tail = file.read()
    place = tail.rfind(b"PK\5\6")
    if place < 0 or len(tail) - place < END.size:
        return None
    size = END.unpack_from(tail, place)[5]
    before, locator = tail[: place - LOCATOR.size], tail[:place][-LOCATOR.size :]
    if not locator.startswith(b"PK\6\7"):
        return size
    file.seek(min(LOCATOR.unpack(locator)[2], length))
    large = before[-END_64.size :], file.read(END_64.size)
    sizes = [END_64.unpack(each)[8] for each in large if is_end_64(each)]
    return max([size % 0xFFFFFFFF, *sizes])


def is_end_64(content):
    """Return True for the end of a large zip."""
    return len(content) == END_64.size and content.startswith(b"PK\6\6")


def too_many(source, limits):
    """Return the refusal of a download with too many members."""
    return BadData(
        f"{source} has more than {limits.members} files: that is no download of one "
        "assignment's submissions. Nothing was taken from it."
    )


def zip_members(source, zipped, limits):
    """Return the files in a zip."""
    infos = [info for info in zipped.infolist() if not info.is_dir()]
    if len(infos) > limits.members:
        raise too_many(source, limits)
    named = [(readable_name(info), info) for info in infos]
    return [
        Member(
            path=path,
            size=info.file_size,
            made=made(info),
            read=lambda path=path, info=info: inflate(zipped, path, info, limits),
        )
        for path, info in named
        if not is_junk(path)
    ]


def readable_name(info):
    """Return the name of a member; many programs write UTF-8 and do not say so."""
    if info.flag_bits & IS_UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def made(info):
    """Return a member's time as a number; it has no zone, so it only sorts."""
    try:
        return datetime(*info.date_time).timestamp()
    except (ValueError, OverflowError):
        return 0.0


def refuse(path, info, limits):
    """Refuse a member that may not be opened.

    Raises
    ------
    SubmissionFailed
    """
    kind = stat.S_IFMT(info.external_attr >> 16)
    most = limits.ratio * max(info.compress_size, 1)
    if unsafe(path, limits):
        raise SubmissionFailed("unreadable", "Its name in the zip leads out of it.")
    if kind not in (0, stat.S_IFREG):
        raise SubmissionFailed("not-a-regular-file", "It is a link or a device.")
    if info.flag_bits & ENCRYPTED:
        raise SubmissionFailed("unreadable", "It is encrypted.")
    if info.compress_type not in METHODS:
        raise SubmissionFailed("unreadable", "It is packed in an unusual way.")
    if info.file_size > limits.file_mb * 1e6:
        raise too_large(info.file_size, limits)
    if info.file_size > max(SMALL, most):
        reason = f"It grows more than {limits.ratio:g}-fold when unpacked."
        raise SubmissionFailed("too-large", reason)


def too_large(size, limits):
    """Return the failure of a member that is too large."""
    reason = f"It has {size / 1e6:,.0f} MB; at most {limits.file_mb:g} MB are read."
    return SubmissionFailed("too-large", reason)


def unsafe(path, limits):
    r"""Return True for a name that leads elsewhere, or that no system would give.

    Examples
    --------
    >>> names = "a/b.ipynb", "../b", "/b", "C:/b", "a\\b", "a/./b", "a\0", "a" * 501
    >>> [unsafe(name, ZipLimits()) for name in names]
    [False, True, True, True, True, True, True, True]
    """
    parts = path.split("/")
    odd = "\\" in path or "\0" in path or bool(PureWindowsPath(path).anchor)
    return odd or len(path) > limits.name or bool({"", ".", ".."} & set(parts))


def inflate(zipped, path, info, limits):
    """Return the bytes of a member, and stop where there are too many.

    Raises
    ------
    SubmissionFailed
    """
    refuse(path, info, limits)
    most = int(limits.file_mb * 1e6)
    try:
        with zipped.open(info) as file:
            content = file.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError) as error:
        reason = f"It cannot be unpacked: {shown(str(error))}."
        raise SubmissionFailed("unreadable", reason) from None
    if len(content) > most:
        raise too_large(len(content), limits)
    return content


def within(folder, limits):
    """Return the files in a folder; links are named, and not followed."""
    found = []
    for where, folders, files in os.walk(folder):
        links = [name for name in folders if Path(where, name).is_symlink()]
        found += [Path(where, name) for name in (*links, *files)]
        if len(found) > limits.members:
            raise too_many(folder, limits)
    named = [(path.relative_to(folder).as_posix(), path) for path in sorted(found)]
    return [unpacked(name, path, limits) for name, path in named if not is_junk(name)]


def unpacked(name, path, limits):
    """Return one file of a folder as a member."""
    kind = path.lstat()
    return Member(
        path=os.fsencode(name).decode("utf-8", "replace"),
        size=kind.st_size,
        made=kind.st_mtime,
        read=lambda: read_regular(path, limits.file_mb),
    )


def is_zip(path):
    """Return True for an archive within the download, which is not opened.

    Examples
    --------
    >>> is_zip("doeann_34_568_all.ZIP"), is_zip("doeann_34_568_a1.ipynb")
    (True, False)
    """
    return fits(path.lower(), ("*.zip", "*.tar", "*.gz", "*.7z", "*.rar"))
