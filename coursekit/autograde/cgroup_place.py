"""Where this process may make control groups, read from ``/proc`` and tried later.

The one rule: a group is made below the nearest group that limits the grader itself,
so that no run escapes a limit that somebody has set for the grader.
"""

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

NO_LIMIT = 1 << 60  # version 1 spells "no limit" as a number above this one
GRADERS = "coursekit-graders"
NO_PLACE = "This user may make no control group with a memory controller here."


@dataclass(frozen=True)
class Files:
    """What the files of a version of control groups are called."""

    name: str
    limit: str
    swap: str
    used: str
    peak: str
    kills: str
    full: str  # the key of `kills` that counts how often the limit was reached

    def swap_limit(self, most):
        """Return what to write as the limit of swap: version 1 limits the sum."""
        return 0 if self.full else most


V1 = Files(
    "cgroup v1",
    *("memory.limit_in_bytes", "memory.memsw.limit_in_bytes"),
    *("memory.usage_in_bytes", "memory.max_usage_in_bytes", "memory.oom_control", ""),
)
V2 = Files(
    "cgroup v2",
    *("memory.max", "memory.swap.max"),
    *("memory.current", "memory.peak", "memory.events", "oom"),
)


@dataclass(frozen=True)
class Place:
    """A group below which the groups of runs are made."""

    files: Files
    memory: Path
    processes: Path | None  # the same folder in version 2; None: not limited
    processor: Path | None = None  # in version 1, where time is shared between runs


def places():
    """Yield where groups may be made, best first.

    Yields
    ------
    Place
    """
    mount, own = find_v2("memory")
    if mount:
        for folder in places_v2(mount, own):
            yield Place(V2, folder, folder if has(folder, "pids") else None)
    mount, own = find_v1("memory")
    if mount:
        processes = next(iter(places_v1(*find_v1("pids"))), None)
        processor = next(iter(places_v1(*find_v1("cpu"))), None)
        for folder in places_v1(mount, own):
            yield Place(V1, folder, processes, processor)


def mounts():
    """Yield the mounts of this process: root, folder, type, and options of each."""
    for line in read("/proc/self/mountinfo").splitlines():
        left, _, right = line.partition(" - ")
        root, folder = left.split()[3:5]
        kind, _, options = right.split(maxsplit=2)
        yield root, Path(folder), kind, options.split(",")


def find_v1(controller):
    """Return where a controller of version 1 is mounted, and this process's group."""
    for root, folder, kind, options in mounts():
        if kind == "cgroup" and controller in options:
            return folder, below(folder, root, membership(controller))
    return None, None


def find_v2(controller):
    """Return where version 2 with a controller is mounted, and this process's group."""
    for root, folder, kind, _ in mounts():
        offered = read(folder / "cgroup.controllers").split()
        if kind == "cgroup2" and controller in offered:
            return folder, below(folder, root, membership(""))
    return None, None


def membership(controller):
    """Return the path of this process's group; version 2's has no controller's name."""
    for line in read("/proc/self/cgroup").splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return path
    return "/"


def below(mount, root, path):
    """Return the folder of a group, of which a container may see the lower part only.

    Examples
    --------
    >>> str(below(Path("/usr"), "/docker/7", "/docker/7/bin"))
    '/usr/bin'
    """
    folder = mount / os.path.relpath(path, root)
    folder = Path(os.path.normpath(folder))
    return folder if folder.is_dir() and mount in (folder, *folder.parents) else mount


def chain(mount, own):
    """Return a group and all above it, the nearest first."""
    return [own, *(each for each in own.parents if mount in (each, *each.parents))]


def places_v1(mount, own):
    """Return groups from the nearest that limits this process down to its own."""
    if mount is None:
        return []
    groups = chain(mount, own)
    anchor = next((n for n, group in enumerate(groups) if limits(group)), len(groups))
    return [each for each in reversed(groups[: anchor + 1]) if is_ours(each)]


def limits(group):
    """Return True if a group of version 1 limits memory or processes."""
    memory = read(group / V1.limit).strip()
    processes = read(group / "pids.max").strip()
    return 0 < int(memory or 0) < NO_LIMIT or processes not in ("", "max")


def places_v2(mount, own):
    """Yield groups that hand the memory controller on to groups made below them."""
    groups = chain(mount, own)
    yield from (each for each in groups if has(each, "memory") and is_ours(each))
    if is_ours(own) and not has(own, "memory"):
        with suppress(OSError):
            hand_on(own)
            yield own


def is_ours(group):
    """Return True if this process may make groups below a group, and fill them."""
    return os.access(group, os.W_OK) and os.access(group / "cgroup.procs", os.W_OK)


def has(group, controller):
    """Return True if a group of version 2 hands a controller on."""
    return controller in read(group / "cgroup.subtree_control").split()


def hand_on(own):
    """Make a group of version 2 hand its controllers on to groups below it.

    Only a group without processes of its own can do so. Where all its processes are
    this grader's, as in a scope made for it, they step aside into a group below.
    """
    offered = read(own / "cgroup.controllers").split()
    wanted = " ".join(f"+{each}" for each in ("memory", "pids") if each in offered)
    if all_are_ours(own):
        aside = own / GRADERS
        aside.mkdir(exist_ok=True)
        for pid in pids(own):
            with suppress(ProcessLookupError):
                (aside / "cgroup.procs").write_text(str(pid))
    (own / "cgroup.subtree_control").write_text(wanted)


def pids(group):
    """Return the processes of a group."""
    return {int(pid) for pid in read(group / "cgroup.procs").split()}


def all_are_ours(group):
    """Return True if a group holds this process, those that started it, and theirs."""
    members = pids(group)
    above = [each for each in psutil.Process().parents() if each.pid in members]
    first = above[-1] if above else psutil.Process()
    started = {each.pid for each in first.children(recursive=True)}
    return members <= {first.pid} | started


def read(path):
    """Return the text of a small file, empty where it cannot be read."""
    try:
        return Path(path).read_text()
    except OSError:
        return ""
