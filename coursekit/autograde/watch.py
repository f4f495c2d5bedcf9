"""Keep time and memory of a running sandbox."""

import time
from contextlib import suppress

from coursekit.autograde.cgroup import new_group
from coursekit.autograde.link import Stopped
from coursekit.autograde.memory import first_of, held, processes_of

MIB = 1 << 20
BY_HAND = "by hand: resident memory, /tmp, /dev/shm and memory files, 5 times a second"


class Watch:
    """Called again and again while a run goes on; raises `Stopped` at a limit.

    Memory is that of the whole sandbox. Where a control group can be had, the kernel
    counts it, and ends a process as soon as the limit is reached; then the run is over
    as ``"out-of-memory"``, whichever process it was: what the others would still do
    depends on that choice, and a mark must not. Elsewhere memory is counted by hand,
    and the run is over when there is too much.

    Parameters
    ----------
    pid : int
        The first process of the run. Neither it nor its children may have run anything
        of the student's yet: all of them are put into the group.
    limits : Limits
    cgroups : bool
        False counts by hand, wherever it is.
    """

    def __init__(self, pid, limits, cgroups=True):
        self.first = first_of(pid)
        self.limits = limits
        self.started = self.looked = time.monotonic()
        self.peak_mb = 0.0
        self.group = new_group(limits) if cgroups else None
        self.counted_by_kernel = self.group is not None
        if self.counted_by_kernel:
            self.ask_group(lambda: self.group.put(pid))

    @property
    def mechanism(self):
        """How the memory of this run is limited, in words."""
        return self.group.mechanism if self.counted_by_kernel else BY_HAND

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
        """Raise Stopped if the run has had more memory than it may."""
        most = self.limits.memory_mb
        if self.counted_by_kernel:
            self.peak_mb = self.ask_group(self.group.peak_mb) or self.peak_mb
            if self.ask_group(self.group.kills):
                raise self.killed()
        if not self.counted_by_kernel:
            held_mb = held(processes_of(self.first), most * MIB) / MIB
            self.peak_mb = max(self.peak_mb, held_mb)
            if held_mb > most:
                raise Stopped("out-of-memory", too_much(most))

    def ask_group(self, question):
        """Return what the group answers; where it is no longer there, count by hand."""
        try:
            return question()
        except OSError:
            self.counted_by_kernel = False

    def killed(self):
        """Return the Stopped for a run of which the kernel has killed a process.

        Where the run was within its own limit, it was the machine that had no memory
        left; that is no fault of the student's, and the run is made again.
        """
        most = self.limits.memory_mb
        if self.group.was_full():
            return Stopped("out-of-memory", too_much(most))
        reason = (
            f"The machine ran out of memory, while this run was within its {most} MB. "
            "Use fewer --jobs, or end other programs."
        )
        return Stopped("sandbox-unavailable", reason)

    def named(self, stop):
        """Return why a run was over, by its name where it was for memory."""
        if stop.status in ("timeout", "out-of-memory"):
            return stop
        try:
            self.check_memory()
        except Stopped as memory:
            return memory
        if stop.status == "kernel-died" and self.nearly_full():
            most = self.limits.memory_mb
            reason = f"The kernel died when {self.peak_mb:.0f} of {most} MB were used."
            return Stopped("out-of-memory", reason)
        return stop

    def nearly_full(self):
        """Return True if the run came close to its memory limit."""
        return self.peak_mb > 0.8 * self.limits.memory_mb

    def close(self):
        """Remove the group; what is still running in it is ended."""
        if self.group is not None:
            with suppress(OSError):
                self.group.close()


def too_much(most):
    """Say that a run used more memory than it may.

    Examples
    --------
    >>> too_much(2000)
    'The notebook used more than 2000 MB of memory.'
    """
    return f"The notebook used more than {most} MB of memory."
