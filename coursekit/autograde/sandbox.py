"""Where a submission runs: in bubblewrap, or, asked for by name, in none.

A sandbox turns a program into the command that runs it shut in. What it may see and
use is the same for every submission: the system and Python read-only, the folder
``in``, a fresh ``box`` of limited size, no network, no process but its own.
"""

import functools
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from coursekit.autograde.limits import Limits
from coursekit.autograde.visible import hidden_paths, python_paths, system_paths
from coursekit.errors import BadInput, SandboxUnavailable

NOBODY = 65534
BOX = "/tmp/box"  # below /tmp, so that one size bounds all that is written
MIB = 1 << 20
REMEDY = """\
No sandbox works here, so no submission was run: {why}
Submissions need bubblewrap 0.8 or newer on Linux:
  Debian, Ubuntu  apt install bubblewrap
  Fedora          dnf install bubblewrap
  Windows         use WSL2 (`wsl --install`), then as on Ubuntu
  macOS           use a Linux machine or a Linux virtual machine
If it is installed, the kernel may forbid user namespaces to ordinary users; root can
allow them:
  Debian          sysctl -w kernel.unprivileged_userns_clone=1
  Ubuntu 24.04    sysctl -w kernel.apparmor_restrict_unprivileged_userns=0
  any             sysctl -w user.max_user_namespaces=15000
  Docker          run the container with --privileged
To run without protection, for notebooks that you wrote yourself, ask for the sandbox
by its name: none."""


@dataclass(frozen=True)
class Plain:
    """No sandbox: a child process in a temporary folder. Not a security boundary."""

    name: str = "none"
    counts_processes: bool = False
    cgroups: bool = True  # False: memory is counted by hand, wherever it is

    def places(self, folder):
        """Return where the program finds ``in`` and ``box`` of a job's folder."""
        return str(folder / "in"), str(folder / "box")

    def command(self, folder, limits, program, nesting=False):
        """Return the command that runs a program in a job's folder."""
        (folder / "box").mkdir(mode=0o700)
        return list(program)


@dataclass(frozen=True)
class Bubblewrap:
    """bubblewrap: namespaces of its own for files, processes, network and users."""

    name: str = "bubblewrap"
    counts_processes: bool = True
    cgroups: bool = True

    def places(self, folder):
        """Return where the program finds ``in`` and ``box`` of a job's folder."""
        return "/in", BOX

    def command(self, folder, limits, program, nesting=False):
        """Return the command that runs a program in a job's folder, shut in.

        Where the grader is root, it steps down to nobody first. With `nesting` the
        program, which is then ours, may make namespaces within.
        """
        shown = {str(path): path for path in shown_paths()}
        shown |= {"/in": folder / "in", "/etc/passwd": folder / "in" / "passwd"}
        if os.geteuid() != 0:
            return ["bwrap", *options(shown, limits, nesting), "--", *program]
        staged = {inside: f"/tmp/{n}" for n, inside in enumerate(shown)}
        sources = {staged[inside]: str(path) for inside, path in shown.items()}
        stage = [sys.executable, "-I", "-m", "coursekit.autograde.stage"]
        bwrap = ["bwrap", *options(staged, limits, nesting), "--", *program]
        return [*stage, str(NOBODY), json.dumps(sources), *bwrap]


def shown_paths():
    """Return all that every submission may read."""
    return system_paths() + python_paths()


def options(shown, limits, nesting=False):
    """Return bubblewrap's options: `shown` maps a path inside to its source."""
    disk = str(limits.disk_mb * MIB)
    binds = [word for at, path in shown.items() for word in show(at, str(path))]
    covered = [str(path) for path in hidden_paths()]
    covers = [word for path in covered for word in ("--size", "4096", "--tmpfs", path)]
    remounts = [word for path in (*covered, "/") for word in ("--remount-ro", path)]
    return [
        *("--unshare-all", "--unshare-user"),
        *(() if nesting else ("--disable-userns",)),
        *("--uid", str(NOBODY), "--gid", str(NOBODY), "--hostname", "coursekit"),
        *("--die-with-parent", "--new-session", "--proc", "/proc", "--dev", "/dev"),
        *("--size", disk, "--perms", "1777", "--tmpfs", "/dev/shm"),
        *("--remount-ro", "/dev", "--size", disk, "--perms", "1777", "--tmpfs", "/tmp"),
        *binds,
        *covers,
        *("--perms", "0700", "--dir", BOX, "--chdir", BOX),
        *remounts,
    ]


def show(inside, source):
    """Return the option that shows a source inside, links of the system as links."""
    if Path(inside).is_symlink() and inside.count("/") == 1:
        return "--symlink", os.readlink(inside), inside
    return "--ro-bind", source, inside


def choose(name="auto"):
    """Return the sandbox of this name, if it works here.

    Parameters
    ----------
    name : {"auto", "bubblewrap", "none"}
        ``auto`` is bubblewrap or an error; it never falls back to ``none``.

    Returns
    -------
    Plain or Bubblewrap

    Raises
    ------
    SandboxUnavailable
        If bubblewrap does not work on this machine; the message has the remedy.

    Examples
    --------
    >>> choose("none").name
    'none'
    """
    if name == "none":
        return Plain()
    if name not in ("auto", "bubblewrap"):
        raise BadInput(f"There is no sandbox {name!r}, only auto, bubblewrap and none.")
    why = complaint()
    if why:
        raise SandboxUnavailable(REMEDY.format(why=why))
    return Bubblewrap()


def name_of(sandbox):
    """Return the name of the sandbox that is meant, whether or not it works here.

    Examples
    --------
    >>> name_of("auto")
    'bubblewrap'
    """
    return "bubblewrap" if sandbox == "auto" else sandbox


@functools.cache
def complaint():
    """Return what is wrong with bubblewrap here, or an empty string: it is tried."""
    if sys.platform != "linux":
        return f"bubblewrap exists for Linux only, and this is {sys.platform}."
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed."
    program = [sys.executable, "-I", "-c", "import coursekit.autograde"]
    with tempfile.TemporaryDirectory(prefix="coursekit-") as folder:
        given = make_given(Path(folder))
        given.joinpath("files").mkdir()
        command = Bubblewrap().command(Path(folder), Limits(), program)
        tried = subprocess.run(command, capture_output=True, text=True, check=False)
    return tried.stderr.strip()[-500:] if tried.returncode else ""


def make_given(folder):
    """Make the folder ``in`` of a job, readable for whoever runs it."""
    given = folder / "in"
    given.mkdir()
    passwd = f"student:x:{NOBODY}:{NOBODY}:student:{BOX}/home:/bin/sh\n"
    (given / "passwd").write_text(passwd)
    return given
