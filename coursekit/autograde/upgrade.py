"""Bring a course that an older coursekit made up to date, and lose nothing."""

import os
import re
import shutil
import sqlite3
import tomllib
from contextlib import closing

from coursekit import __version__
from coursekit.autograde.course import open_course
from coursekit.autograde.frame import late_text
from coursekit.errors import BadCourse
from coursekit.rules import Late
from coursekit.rules.reading import FORMAT

HEAD = re.compile(r"^[ \t]*(format|made_by)[ \t]*=.*\n?", re.MULTILINE)


def upgrade(folder):
    """Write a course's rules in the present format; they change no mark.

    What was there is kept beside it: ``course.toml.format-1`` and, where the gradebook
    is in SQLite, ``gradebook.db.format-1``.

    Parameters
    ----------
    folder : path

    Returns
    -------
    list of Path
        The copies; none where the course is up to date.

    Raises
    ------
    BadCourse
        If it is no course, a newer coursekit made it, or a copy is there already.
    """
    course = open_course(folder)
    if course.rules.format == FORMAT:
        return []
    kept = [keep(course, "course.toml", course.rules.format)]
    if course.db_url.startswith("sqlite") and (course.folder / "gradebook.db").exists():
        kept.append(keep(course, "gradebook.db", course.rules.format))
    path = course.folder / "course.toml"
    beside = path.with_name(".course.toml.new")
    beside.write_text(upgraded(path.read_text(encoding="utf-8")), encoding="utf-8")
    os.replace(beside, path)
    return kept


def keep(course, name, found):
    """Copy a file of the course beside itself; return the copy."""
    path = course.folder / name
    copy = path.with_name(f"{name}.format-{found}")
    if copy.exists():
        raise BadCourse(f"{copy} is there already. Move it away, then upgrade again.")
    if name.endswith(".db"):
        with (
            closing(sqlite3.connect(path)) as old,
            closing(sqlite3.connect(copy)) as new,
        ):
            old.backup(new)
    else:
        shutil.copy2(path, copy)
    return copy


def upgraded(text):
    r"""Return a ``course.toml`` of the first format in the present one.

    Examples
    --------
    >>> print(upgraded('format = 1\nsandbox = "auto"\n').splitlines()[0])
    format = 2
    """
    head = f'format = {FORMAT}\nmade_by = "coursekit {__version__}"\n'
    top, table, rest = HEAD.sub("", text).partition("\n[")
    own = f"{top.rstrip()}\n\n"
    late = "" if "late" in tomllib.loads(text) else late_text(Late())
    return f"{head}{own}{late}{table}{rest}"
