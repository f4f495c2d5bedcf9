"""Which sandbox works here and, where none does, why not and what to do.

That it works is tried. Why it does not is read from what the kernel and the
distribution say about themselves.
"""

import os
import platform
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from coursekit.autograde.doctor import FAILING, OK, WARNING, Finding
from coursekit.autograde.sandbox import complaint
from coursekit.errors import SandboxUnavailable

LEAST = (0, 8)  # of bubblewrap
INSTALL = {
    "debian": "apt install bubblewrap",
    "ubuntu": "apt install bubblewrap",
    "fedora": "dnf install bubblewrap",
    "rhel": "dnf install bubblewrap",
    "suse": "zypper install bubblewrap",
    "arch": "pacman -S bubblewrap",
    "alpine": "apk add bubblewrap",
}
CLONE = "kernel/unprivileged_userns_clone"
APPARMOR = "kernel/apparmor_restrict_unprivileged_userns"
MOST = "user/max_user_namespaces"
SETTINGS = {  # name -> what forbids, and what allows
    CLONE: ("0", 1),
    APPARMOR: ("1", 0),
    MOST: ("0", 15000),
}


@dataclass(frozen=True)
class System:
    """What a machine says about itself."""

    kind: str  # as platform.system() has it
    release: dict  # of /etc/os-release
    version: str  # of the kernel, as /proc/version has it
    settings: dict  # of /proc/sys: name -> text
    container: bool
    bwrap: str  # what bubblewrap says its version is; empty: not installed

    @property
    def family(self):
        """The distribution and those it is like."""
        return [self.release.get("ID", ""), *self.release.get("ID_LIKE", "").split()]


def read_system(root="/", bwrap=None):
    """Return what the machine says about itself.

    Parameters
    ----------
    root : path
        Where its file system begins.
    bwrap : str, optional
        What ``bwrap --version`` says; asked by default.
    """
    root = Path(root)
    settings = {name: text(root / "proc/sys" / name) for name in SETTINGS}
    marks = (root / ".dockerenv", root / "run/.containerenv")
    return System(
        platform.system(),
        os_release(text(root / "etc/os-release")),
        text(root / "proc/version"),
        settings,
        any(path.exists() for path in marks),
        bwrap_version() if bwrap is None else bwrap,
    )


def text(path):
    """Return the text of a small file, empty where there is none."""
    try:
        return path.read_text(encoding="utf-8").strip()
    except OSError:
        return ""


def os_release(lines):
    r"""Return the entries of ``/etc/os-release``.

    Examples
    --------
    >>> os_release('ID=ubuntu\nVERSION_ID="24.04"')
    {'ID': 'ubuntu', 'VERSION_ID': '24.04'}
    """
    entries = re.findall(r"^(\w+)=(.*)$", lines, re.MULTILINE)
    return {name: value.strip("\"'") for name, value in entries}


def bwrap_version():
    """Return what bubblewrap says its version is, or nothing."""
    if shutil.which("bwrap") is None:
        return ""
    asked = subprocess.run(
        ["bwrap", "--version"], capture_output=True, text=True, check=False
    )
    return asked.stdout.strip() or "bubblewrap"


def sandbox(why=None, system=None):
    """Return which sandbox works here, or how to get one.

    Parameters
    ----------
    why : str, optional
        What is wrong with bubblewrap; tried by default.
    system : System, optional
    """
    why = complaint() if why is None else why
    system = system or read_system()
    if not why:
        return Finding("sandbox", OK, f"{system.bwrap} shuts submissions in.")
    meaning, remedy = cause(system, why)
    return Finding("sandbox", FAILING, f"No submission can be run: {meaning}", remedy)


def cause(system, why):
    """Return why bubblewrap does not work on a system, and what mends it."""
    for look in (not_linux, not_installed, too_old, forbidden, in_a_container):
        if found := look(system):
            return found
    return f"bubblewrap says: {why}", "bwrap --unshare-all --ro-bind / / true"


def not_linux(system):
    """Tell a system without namespaces."""
    if system.kind != "Linux":
        where = (
            "in WSL2: wsl --install"
            if system.kind == "Windows"
            else "in a Linux virtual machine."
        )
        return "bubblewrap exists for Linux only.", f"Grade on Linux, or {where}"
    if "Microsoft" in system.version:
        return "this is WSL1, which has no namespaces.", "wsl --set-version DISTRO 2"
    return None


def not_installed(system):
    """Tell a system without bubblewrap."""
    if system.bwrap:
        return None
    known = [INSTALL[name] for name in system.family if name in INSTALL]
    remedy = known[0] if known else "Install bubblewrap 0.8 or newer."
    return "bubblewrap is not installed.", remedy


def too_old(system):
    """Tell a bubblewrap that lacks what is needed."""
    numbers = tuple(map(int, re.findall(r"\d+", system.bwrap)))
    if not numbers or numbers >= LEAST:
        return None
    meaning = f"{system.bwrap} is too old; 0.8 is needed."
    return (
        meaning,
        "Upgrade the distribution, or install bubblewrap from its backports.",
    )


def forbidden(system):
    """Tell a system whose settings forbid user namespaces to ordinary users."""
    for name, (bad, good) in SETTINGS.items():
        if system.settings[name] == bad:
            setting = name.replace("/", ".")
            whose = "AppArmor forbids" if name == APPARMOR else "the kernel forbids"
            return (
                f"{whose} user namespaces to ordinary users ({setting} = {bad}).",
                f"echo {setting}={good} | sudo tee /etc/sysctl.d/90-coursekit.conf && "
                "sudo sysctl --system",
            )
    return None


def in_a_container(system):
    """Tell a container, whose own rules forbid namespaces."""
    if not system.container:
        return None
    return (
        "this container may not make namespaces.",
        "docker run --privileged ...   (podman: also --security-opt label=disable)",
    )


def kernels():
    """Return whether runs can be forked from a preloaded process here: it is tried."""
    from nbformat.v4 import new_notebook

    from coursekit.autograde.job import Job
    from coursekit.autograde.pool import warm_kernels

    if complaint():
        return Finding("kernels", WARNING, "Without a sandbox there are none.")
    try:
        with warm_kernels(Job(new_notebook())):
            pass
    except SandboxUnavailable as error:
        meaning = f"cold: each run imports its libraries anew, in seconds. {error}"
        return Finding("kernels", WARNING, meaning, more_namespaces())
    return Finding(
        "kernels", OK, "warm: each run is forked where libraries are loaded."
    )


def more_namespaces():
    """Return what lets user namespaces nest."""
    if os.path.exists("/.dockerenv"):
        return "docker run --privileged ..."
    return "sudo sysctl -w user.max_user_namespaces=15000"
