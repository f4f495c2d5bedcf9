"""Temporary folders of runs, and the sweeping of those whose process was killed.

Each is locked as long as its process lives; a folder that can be locked by another is
left over.
"""

import fcntl
import os
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "coursekit-run-"
YOUNG_SECONDS = 10.0  # a folder this young may not have been locked yet


@contextmanager
def scratch():
    """Make a temporary folder of a run; it is removed when the block ends.

    Yields
    ------
    Path

    Examples
    --------
    >>> with scratch() as folder:
    ...     folder.is_dir()
    True
    >>> folder.is_dir()
    False
    """
    with tempfile.TemporaryDirectory(
        prefix=PREFIX, ignore_cleanup_errors=True
    ) as folder:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield Path(folder)
        finally:
            os.close(descriptor)


def left_over():
    """Return the temporary folders of runs whose process is gone.

    Returns
    -------
    list of Path
        Only of the user who asks.
    """
    found = sorted(Path(tempfile.gettempdir()).glob(f"{PREFIX}*"))
    return [folder for folder in found if is_left_over(folder)]


def is_left_over(folder):
    """Return True for a folder of ours that no living process holds."""
    try:
        state = folder.lstat()
        ours = state.st_uid == os.geteuid()
        if not ours or time.time() - state.st_ctime < YOUNG_SECONDS:
            return False
        descriptor = os.open(folder, os.O_RDONLY | os.O_NOFOLLOW | os.O_DIRECTORY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def sweep():
    """Remove the temporary folders that killed runs left behind."""
    for folder in left_over():
        remove(folder)


def remove(path):
    """Remove a file, or a folder with all in it, as far as that is allowed."""
    if path.is_dir() and not path.is_symlink():
        for where, _, _ in os.walk(path):
            with suppress(OSError):
                os.chmod(where, 0o700)
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(FileNotFoundError):
            path.unlink()
