"""What is taken out of a submission before anything opens it.

nbgrader copies a submission's files before any preprocessor runs: links are followed
as the instructor, an unusable timestamp ends the submission, a module beside the
notebook comes along. What does not belong is moved, never deleted, to
``quarantine/<student>/``.
"""

import hashlib
import os
import shutil
import stat
from pathlib import Path

from nbgrader.utils import is_ignored, parse_utc

TIMESTAMP = "timestamp.txt"
SECRET = "submission_secret.txt"  # nbgrader's, for handing feedback back
MAX_TIMESTAMP_BYTES = 1024

LONGEST_NAME = 200  # bytes; file systems end at 255


def tidy_submission(course, assignment, student):
    """Move what may not be read or copied out of a submission's folder.

    Everywhere these go: links, devices, pipes and an unusable timestamp. Where the
    assignment has a rubric, so do files that were not released with it.

    Parameters
    ----------
    course : Course
    assignment, student : str
    """
    folder = course.submission(assignment, student)
    away = course.private("quarantine") / student
    try:
        unwanted = find_unwanted(course, assignment, folder)
    except (OSError, RecursionError):
        unwanted = [folder]
    for path in unwanted:
        move(path, away / kept_as(assignment, path.relative_to(folder)))
    if folder in unwanted:
        folder.mkdir()
    if unwanted:
        course.share(away, files=False)


def find_unwanted(course, assignment, folder):
    """Return what has to leave a submission's folder."""
    if not is_folder(folder):
        return [folder] if os.path.lexists(folder) else []
    released = course.released(assignment) if course.has_rubric(assignment) else None
    return [
        path
        for path in entries(folder, course.coursedir.ignore)
        if not belongs(path, folder, released)
    ]


def entries(folder, ignore):
    """Return all that is not a plain folder, and is not ignored by nbgrader."""
    found = []
    for where, folders, files in os.walk(folder, onerror=raise_error):
        links = [name for name in folders if not is_folder(Path(where, name))]
        kept = [
            name for name in files if not is_ignored(str(Path(where, name)), ignore)
        ]
        found += [Path(where, name) for name in (*links, *kept)]
    return sorted(found)


def raise_error(error):
    """Raise what `os.walk` would pass over: a folder that cannot be listed."""
    raise error


def is_folder(path):
    """Return True for a folder that is not a link."""
    return path.is_dir() and not path.is_symlink()


def is_file(path):
    """Return True for a regular file that is not a link."""
    return stat.S_ISREG(path.lstat().st_mode)


def belongs(path, folder, released):
    """Return True for what may stay in a submission's folder.

    Parameters
    ----------
    path : Path
        A file, link or device; a link is never followed.
    folder : Path
    released : Path or None
        The released files, where no others may come along.
    """
    if not is_file(path):
        return False
    within = path.relative_to(folder)
    if within == Path(TIMESTAMP):
        return usable(path)
    if within == Path(SECRET):
        return path.stat().st_size <= MAX_TIMESTAMP_BYTES
    if released is None or path.suffix == ".ipynb":
        return True
    return os.path.lexists(released / within) and is_file(released / within)


def usable(path):
    """Return True if nbgrader can read a timestamp, or it is empty."""
    if path.stat().st_size > MAX_TIMESTAMP_BYTES:
        return False
    try:
        text = path.read_text().strip()
        return not text or parse_utc(text) is not None
    except Exception:
        return False


def kept_as(assignment, path):
    """Return where something of a submission is kept, in the student's quarantine.

    The names are flat, so that nothing is ever written through a link kept there, and
    a name too long for one file is cut and told apart by its digest.

    Examples
    --------
    >>> str(kept_as("readmission", Path("src/sklearn.py")))
    'readmission/src__sklearn.py'
    >>> str(kept_as("readmission", Path(".")))
    'readmission.folder'
    """
    if path == Path("."):
        return Path(f"{assignment}.folder")
    flat = str(path).replace(os.sep, "__")
    if len(os.fsencode(flat)) > LONGEST_NAME:
        flat = f"{flat[:40]}~{hashlib.sha256(os.fsencode(flat)).hexdigest()}"
    return Path(assignment, flat)


def move(path, target):
    """Move a file, link or folder; what was moved there before stays beside."""
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    free, number = target, 0
    while os.path.lexists(free):
        number += 1
        free = target.with_name(f"{target.name}~{number}")
    shutil.move(path, free)


def set_aside(course, assignment, student):
    """Return the names of what lies in quarantine from a submission, now or before."""
    folder = course.private("quarantine") / student / assignment
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def was_irregular(course, assignment, student, name):
    """Return True if what was handed in under a name was no regular file."""
    path = course.private("quarantine") / student / kept_as(assignment, Path(name))
    return os.path.lexists(path) and not is_file(path)
