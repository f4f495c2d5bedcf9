"""Step down from root before bubblewrap starts: run as root, with trusted arguments.

    python -I -m coursekit.autograde.stage UID {"/tmp/0": SOURCE, ...} BWRAP ARGUMENT...

``bwrap --uid`` only renames root: inside, it still reads root's files. So the grader
who is root becomes an ordinary user first. That user cannot reach what the sandbox
needs where it lies below a folder of root's (``/root/.pyenv``), hence the sources
are bound to ``/tmp/N`` in a mount namespace of this process alone.
"""

import json
import os
import sys

from coursekit.autograde.namespaces import (
    CLONE_NEWNS,
    MS_PRIVATE,
    MS_REC,
    call,
    show_in_empty,
)

STAGE = "/tmp"


def main(arguments):
    """Bind the sources, become the user, and turn into bubblewrap."""
    user, sources, command = int(arguments[0]), json.loads(arguments[1]), arguments[2:]
    call("unshare", CLONE_NEWNS)
    call("mount", None, b"/", None, MS_REC | MS_PRIVATE, None)
    show_in_empty(STAGE, sources, "0755", 1)
    os.setgroups([])
    os.setresgid(user, user, user)
    os.setresuid(user, user, user)
    os.chdir("/")
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
