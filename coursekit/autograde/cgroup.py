"""A control group for each run: the kernel counts its memory and its processes.

Whatever a process of the sandbox holds is counted there: heap, files in ``/tmp`` and
``/dev/shm``, memory files that nobody has mapped, swap. A process that is put into a
group before it runs anything of the student's cannot leave it, nor can its children.
Groups are found by `coursekit.autograde.cgroup_place`, and tried before use.
"""

import functools
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import psutil

from coursekit.autograde.cgroup_place import NO_PLACE, places
from coursekit.autograde.limits import Limits

MIB = 1 << 20
NAME = re.compile(r"coursekit-(\d+)-(\d+)-(\d+)-[0-9a-f]{16}")
TRIAL_MB = 32
TRIAL_SECONDS = 60  # far more than it takes, for a busy machine
TRIAL = f"""
import os
input()
os.write(os.memfd_create("trial"), bytes({2 * TRIAL_MB * MIB}))
"""


class Group:
    """The control group of one run.

    Parameters
    ----------
    limits : Limits
    place : Place
        Where groups can be made.
    """

    def __init__(self, limits, place):
        name = own_name()
        self.files = place.files
        self.folder = place.memory / name
        self.folders = [self.folder]
        self.counts_processes = False
        self.folder.mkdir()
        try:
            self.limit_memory(limits.memory_mb * MIB)
            self.share_processor(place.processor, name)
            self.limit_processes(place.processes, name, limits.processes)
        except OSError:
            self.close()
            raise

    def limit_memory(self, most):
        """Limit memory, and swap with it where the kernel counts swap."""
        files = self.files
        (self.folder / files.limit).write_text(str(most))
        swap = self.folder / files.swap
        if swap.exists():
            swap.write_text(str(files.swap_limit(most)))
        elif (self.folder / "memory.swappiness").exists():
            (self.folder / "memory.swappiness").write_text("0")
        if (self.folder / "memory.oom.group").exists():
            (self.folder / "memory.oom.group").write_text("1")

    def limit_processes(self, parent, name, most):
        """Limit processes and threads, where that controller is ours too."""
        if parent is None:
            return
        with suppress(OSError):
            folder = parent / name
            folder.mkdir(exist_ok=True)
            if folder not in self.folders:
                self.folders.append(folder)
            (folder / "pids.max").write_text(str(most))
            self.counts_processes = True

    def share_processor(self, parent, name):
        """Let the run have one share of the processors, however many processes it has.

        Else a run of fifty busy processes would leave little to those beside it. In
        version 2 the same folder does this, where the controller is on.
        """
        if parent is None:
            return
        with suppress(OSError):
            folder = parent / name
            folder.mkdir(exist_ok=True)
            if folder not in self.folders:
                self.folders.append(folder)

    @property
    def mechanism(self):
        """What this group limits, in words."""
        what = "memory and processes" if self.counts_processes else "memory"
        return f"{self.files.name}: {what} of the whole sandbox"

    def put(self, pid):
        """Put a process and all its children into the group."""
        inside = set()
        while left := family(pid) - inside:
            for member in left:
                with suppress(ProcessLookupError):
                    self.put_one(member)
            inside |= left

    def put_one(self, pid):
        """Put one process, with all its threads, into the group."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(pid))

    def kills(self):
        """Return how many processes of the group the kernel has killed for memory."""
        return self.count(self.files.kills, "oom_kill")

    def was_full(self):
        """Return True if the group's own limit was reached, not the machine's end."""
        if self.files.full:
            return self.count(self.files.kills, self.files.full) > 0
        return self.peak_mb() > 0.95 * self.number(self.files.limit) / MIB

    def peak_mb(self):
        """Return the most memory that the group has held, in MB."""
        most = self.folder / self.files.peak
        return self.number(most.name if most.exists() else self.files.used) / MIB

    def number(self, name):
        """Return the number in one of the group's files."""
        return int((self.folder / name).read_text())

    def count(self, name, key):
        """Return the number behind a key in one of the group's files."""
        lines = (self.folder / name).read_text().splitlines()
        counts = dict(line.split() for line in lines)
        return int(counts.get(key, 0))

    def close(self):
        """End what is left in the group, and remove it."""
        for folder in self.folders:
            remove(folder)


def family(pid):
    """Return the ids of a process and all below it; nothing if it is gone."""
    try:
        below = psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return set()
    return {pid, *(each.pid for each in below)}


def remove(folder):
    """Kill what is left in a group and remove it, waiting a few seconds at most."""
    for _ in range(150):
        try:
            folder.rmdir()
        except FileNotFoundError:
            return
        except OSError:
            kill_all(folder)
            time.sleep(0.02)


def kill_all(folder):
    """Kill every process of a group; those of other pid namespaces show as 0."""
    with suppress(OSError):
        listed = (folder / "cgroup.procs").read_text().split()
        for pid in set(map(int, listed)) - {0}:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def own_name():
    """Return a new name for a group, which says whose it is."""
    pid = os.getpid()
    return f"coursekit-{namespace()}-{pid}-{begun(pid)}-{secrets.token_hex(8)}"


def namespace():
    """Return the number of this process's pid namespace."""
    return os.stat("/proc/self/ns/pid").st_ino


def begun(pid):
    """Return when a process began, in ticks since boot, or None if it is gone."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    return int(stat.rpartition(")")[2].split()[19])


def is_left_behind(name):
    """Return True for the name of a group whose grader is gone.

    Examples
    --------
    >>> is_left_behind(own_name()), is_left_behind("user.slice")
    (False, False)
    """
    match = NAME.fullmatch(name)
    if match is None:
        return False
    where, pid, when = map(int, match.groups())
    return where == namespace() and begun(pid) != when


def sweep(place):
    """Remove the groups that killed graders left behind; those of others stay."""
    for parent in {place.memory, place.processes, place.processor} - {None}:
        for folder in parent.glob("coursekit-*"):
            if is_left_behind(folder.name):
                remove(folder)


def new_group(limits):
    """Return a new group for a run, or None where there is no place for one."""
    place, _ = usable_place()
    try:
        return None if place is None else Group(limits, place)
    except OSError:
        return None


@functools.cache
def usable_place():
    """Return the first place where groups hold, or None, and what is wrong.

    Found once in a process; what killed graders have left behind is swept then.
    """
    why = NO_PLACE
    for place in places():
        try:
            sweep(place)
            why = complaint(place)
        except OSError as error:
            why = f"{place.files.name}: {error.strerror} ({error.filename})"
        if not why:
            return place, ""
    return None, why


def complaint(place):
    """Return what is wrong with groups at a place: a process that hoards must die."""
    group = Group(Limits(memory_mb=TRIAL_MB), place)
    try:
        command = [sys.executable, "-I", "-S", "-c", TRIAL]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen(command, stdin=subprocess.PIPE, **quiet) as hoarder:
            try:
                group.put(hoarder.pid)
                hoarder.communicate(b"\n", timeout=TRIAL_SECONDS)
            except subprocess.TimeoutExpired:
                return f"{place.files.name}: its limit stops nothing."
            finally:
                hoarder.kill()
        held = hoarder.returncode == -signal.SIGKILL and group.kills() > 0
        return "" if held else f"{place.files.name}: its limit does not hold."
    finally:
        group.close()
