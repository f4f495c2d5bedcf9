"""Step down from root before bubblewrap starts: run as root, with trusted arguments.

    python -I -m coursekit.autograde.stage UID {"/tmp/0": SOURCE, ...} BWRAP ARGUMENT...

``bwrap --uid`` only renames root: inside, it still reads root's files. So the grader
who is root becomes an ordinary user first. That user cannot reach what the sandbox
needs where it lies below a folder of root's (``/root/.pyenv``), hence the sources
are bound to ``/tmp/N`` in a mount namespace of this process alone.
"""

import ctypes
import json
import os
import stat
import sys
from pathlib import Path

CLONE_NEWNS = 0x00020000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000
STAGE = "/tmp"


def main(arguments):
    """Bind the sources, become the user, and turn into bubblewrap."""
    user, sources, command = int(arguments[0]), json.loads(arguments[1]), arguments[2:]
    bind_all(sources)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    os.chdir("/")
    os.execvp(command[0], command)


def bind_all(sources):
    """Show each source at its place below an empty `STAGE`, to this process only."""
    call("unshare", CLONE_NEWNS)
    call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    opened = {place: os.open(path, os.O_PATH) for place, path in sources.items()}
    call("mount", b"coursekit", STAGE.encode(), b"tmpfs", 0, b"mode=0755,size=1m")
    for place, descriptor in opened.items():
        make_place(Path(place), descriptor)
        source = f"/proc/self/fd/{descriptor}".encode()
        call("mount", source, place.encode(), None, MS_BIND | MS_REC, None)


def make_place(place, descriptor):
    """Make the empty folder or file on which an opened source is bound."""
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        place.mkdir()
    else:
        place.touch()


def call(name, *arguments):
    """Call a function of the C library, and raise what it complains about."""
    library = ctypes.CDLL(None, use_errno=True)
    flags = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in arguments]
    if getattr(library, name)(*flags) != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{name}: {os.strerror(number)}")


if __name__ == "__main__":
    main(sys.argv[1:])
