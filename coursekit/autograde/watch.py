"""Keep time and memory of a running sandbox."""

import time

import psutil

from coursekit.autograde.link import Stopped

MIB = 1 << 20


class Watch:
    """Called again and again while a run goes on; raises `Stopped` at a limit.

    Memory is that of all processes of the run together: resident memory first,
    which is cheap to read, and where that is too much, the proportional share.
    """

    mechanism = "RLIMIT_DATA and RLIMIT_AS for each process, PSS for their sum"

    def __init__(self, pid, limits):
        self.limits = limits
        self.process = psutil.Process(pid)
        self.started = self.looked = time.monotonic()
        self.peak_mb = 0.0

    @property
    def seconds(self):
        """Wall clock since the start."""
        return time.monotonic() - self.started

    def __call__(self):
        """Look at clock and memory."""
        if self.seconds > self.limits.seconds:
            most = self.limits.seconds
            raise Stopped(
                "timeout", f"The notebook took longer than {most:g} s in all."
            )
        if time.monotonic() - self.looked > 0.2:
            self.looked = time.monotonic()
            self.check_memory()

    def check_memory(self):
        """Raise Stopped if the processes hold more memory than they may."""
        most = self.limits.memory_mb
        held = self.held(resident)
        if held > most:
            held = self.held(proportional)
        self.peak_mb = max(self.peak_mb, held)
        if held > most:
            raise Stopped("out-of-memory", f"The notebook used more than {most} MB.")

    def held(self, share):
        """Return the memory of all processes of the run, in MB."""
        try:
            family = [self.process, *self.process.children(recursive=True)]
        except psutil.Error:
            return 0.0
        return sum(share(member) for member in family) / MIB

    def nearly_full(self):
        """Return True if the run came close to its memory limit."""
        return self.peak_mb > 0.8 * self.limits.memory_mb


def resident(process):
    """Return the resident memory of a process in bytes, 0 if it is gone."""
    try:
        return process.memory_info().rss
    except psutil.Error:
        return 0


def proportional(process):
    """Return the proportional share of a process in bytes, 0 if it is gone."""
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return resident(process)
