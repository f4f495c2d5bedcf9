"""Who may read a course's private folders: its owner, or the group of instructors.

Where nbgrader's ``groupshared`` is set, what one instructor wrote can be read and
replaced by the others of the course folder's group, and by nobody else.
"""

import os
import stat
from contextlib import suppress
from pathlib import Path

FOLDER, FILE = 0o2770, 0o660


def open_to_group(path, group, files=True):
    """Give a file, or a folder and all in it, to a group of instructors.

    What belongs to somebody else is left as it is, and links are never followed.

    Parameters
    ----------
    path : Path
    group : int
        Number of the group.
    files : bool, default=True
        False for folders only, where the files are a student's.
    """
    give(path, group, files)
    for where, folders, names in os.walk(path):
        for name in (*folders, *names):
            give(Path(where, name), group, files)


def give(path, group, files):
    """Give one file or folder to a group."""
    state = path.lstat()
    is_folder = stat.S_ISDIR(state.st_mode)
    if not is_folder and not (files and stat.S_ISREG(state.st_mode)):
        return
    mode = FOLDER if is_folder else FILE
    with suppress(PermissionError):
        if state.st_gid != group:
            os.chown(path, -1, group)
        if stat.S_IMODE(state.st_mode) != mode:
            path.chmod(mode)
