"""What the processes of a run hold, counted by hand where no control group can be had.

Their proportional share misses what no process has mapped, so that is added: files in
the run's own ``/tmp`` and ``/dev/shm``, with a little for each file's name, and memory
files. It can be evaded by those who try (System V segments, memory files on their way
through a socket); a control group cannot.
"""

import os
import re
from contextlib import suppress

import psutil

OWN_FOLDERS = ("/tmp", "/dev/shm")
INODE = 1024  # bytes that the kernel needs for an empty file in memory
MAPPING = re.compile(rb"[0-9a-f]+-[0-9a-f]+ \S+ \S+ ([0-9a-f]+):([0-9a-f]+) (\d+)")


def held(processes, most):
    """Return the bytes that processes hold, roughly where it is clear from that.

    Parameters
    ----------
    processes : list of psutil.Process
    most : int
        What they may hold; only where the rough sum, which counts shared memory again
        and again, is above it, each page is counted once.

    Returns
    -------
    int

    Examples
    --------
    >>> held([psutil.Process()], most=0) > 1_000_000
    True
    """
    volumes, files = own_volumes(processes), memory_files(processes)
    unmapped = sum(volumes.values()) + sum(files.values())
    rough = unmapped + sum(resident(each) for each in processes)
    if rough <= most:
        return rough
    return unmapped + sum(share(each, volumes, files) for each in processes)


def first_of(pid):
    """Return the first process of a run: that of its namespace, if it has its own.

    A process that has lost its parent is the child of that one. None: it is gone.
    """
    where = namespace_of(pid)
    try:
        process = psutil.Process(pid)
        above = process.parents() if where != namespace_of(os.getpid()) else []
    except psutil.Error:
        return None
    within = [each for each in above if namespace_of(each.pid) == where]
    return [process, *within][-1]


def namespace_of(pid):
    """Return which pid namespace a process is in, or None if that cannot be seen."""
    try:
        return os.readlink(f"/proc/{pid}/ns/pid")
    except OSError:
        return None


def processes_of(first):
    """Return a process and all below it; nothing if it is gone."""
    try:
        return [first, *first.children(recursive=True)] if first else []
    except psutil.Error:
        return []


def own_volumes(processes):
    """Return the file systems in memory that the run alone has: device -> bytes."""
    found = {}
    shared = {os.stat(folder).st_dev for folder in OWN_FOLDERS if os.path.isdir(folder)}
    for process in processes:
        for folder in OWN_FOLDERS:
            with suppress(OSError):
                path = f"/proc/{process.pid}/root{folder}"
                device = os.stat(path).st_dev
                if device not in shared:
                    found[device] = used(os.statvfs(path))
    return found


def used(volume):
    """Return the bytes in use on a file system in memory."""
    blocks = (volume.f_blocks - volume.f_bfree) * volume.f_frsize
    return blocks + (volume.f_files - volume.f_ffree) * INODE


def memory_files(processes):
    """Return the memory files that processes have open: device, inode -> bytes."""
    found = {}
    for process in processes:
        folder = f"/proc/{process.pid}/fd"
        with suppress(OSError):
            for name in os.listdir(folder):
                with suppress(OSError):
                    if os.readlink(f"{folder}/{name}").startswith("/memfd:"):
                        seen = os.stat(f"{folder}/{name}")
                        found[seen.st_dev, seen.st_ino] = seen.st_blocks * 512
    return found


def resident(process):
    """Return the resident memory of a process in bytes, 0 if it is gone."""
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def share(process, volumes, files):
    """Return the proportional share of a process, without what is counted already."""
    total, counts = 0, True
    try:
        with open(f"/proc/{process.pid}/smaps", "rb") as lines:
            for line in lines:
                if match := MAPPING.match(line):
                    device, inode = identity(*match.groups())
                    counts = device not in volumes and (device, inode) not in files
                elif counts and line.startswith(b"Pss:"):
                    total += int(line.split()[1]) << 10
    except OSError:
        return resident(process)
    return total


def identity(major, minor, inode):
    """Return device and inode of a mapping, as `os.stat` has them.

    Examples
    --------
    >>> identity(b"00", b"2a", b"7")
    (42, 7)
    """
    return os.makedev(int(major, 16), int(minor, 16)), int(inode)
