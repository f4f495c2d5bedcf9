"""The runner's side of the line to a sandbox: strict, bounded, never stuck.

Whatever arrives may be forged. Each wait has an end, each message a longest size.
"""

import os
import selectors
import socket
import struct
import sys
import time
from contextlib import suppress

from coursekit.autograde.frames import BadReply, needed, pack, unpack, words

CHUNK = 1 << 16
TICK = 0.2  # seconds between two looks at clock and memory
STDERR_CAP = 4000  # bytes kept of what the sandbox complains about
START_SECONDS = 60.0  # for the program inside to say that it is there
NOTES = socket.CMSG_SPACE(12)  # of what the system says about a message
CREDENTIALS = socket.SOL_SOCKET, getattr(socket, "SCM_CREDENTIALS", None)


class Stopped(Exception):
    """The run is over before its end; it has a status and a reason."""

    def __init__(self, status, reason):
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Broken(Stopped):
    """The kernel said something that is no reply; nothing further can be asked."""


class Overdue(Exception):
    """What was waited for did not come in time."""


class Line:
    """One socket to the sandbox, and what has arrived on it."""

    def __init__(self, sock):
        sock.setblocking(False)
        self.sock = sock
        self.arrived = bytearray()
        self.needed = 4  # bytes, before there can be a whole frame
        self.open = True
        self.sender = None  # process id of the first sender, where the system tells it

    def frame(self, cap):
        """Take the first whole frame off what has arrived; None if there is none."""
        if len(self.arrived) < self.needed:
            return None
        frame = unpack(self.arrived, cap)
        self.needed = 4 if frame else needed(self.arrived, cap)
        return frame

    def pull(self):
        """Take in what has arrived."""
        try:
            chunk, notes, *_ = self.sock.recvmsg(CHUNK, NOTES)
        except ConnectionError:
            chunk, notes = b"", ()
        except BlockingIOError:
            return
        for level, kind, content in notes:
            if self.sender is None and (level, kind) == CREDENTIALS:
                self.sender, *_ = struct.unpack("3i", content)
        self.arrived += chunk
        self.open = self.open and bool(chunk)


class Link:
    """Both lines of a running sandbox, its standard error, and its watch.

    Parameters
    ----------
    report, serve : socket
        To the program inside, and to the student's kernel.
    errors : int
        File descriptor of the sandbox's standard error.
    cap : int
        Bytes that the program inside may report in all.
    watch : callable
        Called every `TICK` seconds; raises `Stopped` when the run must end.
    """

    def __init__(self, report, serve, errors, cap, watch=lambda: None):
        if sys.platform == "linux":
            report.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.report, self.serve = Line(report), Line(serve)
        self.errors, self.complaint, self.deaf_until = errors, b"", 0.0
        self.watch, self.left = watch, cap
        os.set_blocking(errors, False)

    def hear_start(self):
        """Wait until the program inside is there; return its process id, or None."""
        try:
            header, _ = self.next_report(time.monotonic() + START_SECONDS)
        except Overdue:
            header = {}
        except Stopped as stop:
            if stop.status != "kernel-died":
                raise
            header = {}
        if header.get("stage") != "started":
            reason = f"The sandbox did not start: {self.last_words()}"
            raise Stopped("sandbox-unavailable", reason)
        return self.report.sender

    def give(self, header, payload):
        """Hand the program inside its job."""
        self.send(pack(header, payload), time.monotonic() + START_SECONDS, self.report)

    def next_report(self, deadline=float("inf")):
        """Return the next report of the program inside: header and payload."""
        while True:
            try:
                frame = self.report.frame(self.left)
            except BadReply as error:
                raise Stopped(
                    "kernel-died", f"Nonsense was reported: {error}"
                ) from None
            if frame:
                self.left -= len(frame[1])
                return frame
            self.check_open(self.report)
            self.wait_for(self.report, deadline)

    def ask(self, header, payload, seconds, cap):
        """Send a request to the kernel and return the reply: header and payload."""
        deadline = time.monotonic() + seconds
        self.send(pack(header, payload), deadline, self.serve)
        return self.next_reply(deadline, cap)

    def next_reply(self, deadline, cap):
        """Return the next frame of the kernel, or raise Overdue or Stopped."""
        while True:
            try:
                frame = self.serve.frame(cap)
            except BadReply as error:
                raise Broken("serving-failed", f"No usable reply: {error}") from None
            if frame:
                return frame
            self.check_serving()
            self.wait_for(self.serve, deadline)

    def send(self, message, deadline, line):
        """Send a message as fast as the other side takes it."""
        left = memoryview(message)
        while left:
            self.check_serving()
            try:
                left = left[line.sock.send(left[:CHUNK]) :]
            except BlockingIOError:
                self.wait_for(line, deadline, writing=True)
            except ConnectionError:
                line.open = False

    def check_serving(self):
        """Raise Stopped if the kernel no longer serves."""
        if self.report.arrived:
            header, _ = self.next_report()
            raise ended(header)
        self.check_open(self.report)
        self.check_open(self.serve)

    def check_open(self, line):
        """Raise Stopped if a line is closed: its process is gone."""
        if not line.open:
            raise Stopped("kernel-died", "It was ended from within.")

    def wait_for(self, line, deadline=float("inf"), writing=False):
        """Wait until something happens on a line, at most a tick."""
        self.watch()
        if time.monotonic() > deadline:
            raise Overdue
        with selectors.DefaultSelector() as ready:
            wanted = selectors.EVENT_WRITE if writing else selectors.EVENT_READ
            ready.register(line.sock, wanted)
            if line is not self.report:
                ready.register(self.report.sock, selectors.EVENT_READ)
            if self.errors is not None and time.monotonic() >= self.deaf_until:
                ready.register(self.errors, selectors.EVENT_READ)
            happened = {key.fileobj for key, _ in ready.select(TICK)}
        self.take(happened, None if writing else line)

    def take(self, happened, line):
        """Take in what arrived where something happened."""
        for each in {line, self.report} - {None}:
            if each.sock in happened:
                each.pull()
        if self.errors in happened:
            self.hear_complaint()

    def last_words(self):
        """Return the end of what the sandbox wrote to standard error, as text."""
        if self.errors is not None:
            with suppress(BlockingIOError):
                self.hear_complaint()
        return words(self.complaint.decode(errors="replace").strip()[-500:])

    def hear_complaint(self):
        """Keep the last words on standard error; then hear nothing for a tick.

        A kernel that complains without an end would else keep the runner busy.
        """
        self.deaf_until = time.monotonic() + TICK
        chunk = os.read(self.errors, CHUNK)
        self.complaint = (self.complaint + chunk)[-STDERR_CAP:]
        if not chunk:
            self.errors = None


def ended(header):
    """Return the Stopped that fits the last report of the program inside."""
    if header.get("stage") == "kernel-died":
        return Stopped("kernel-died", "The kernel died while it was asked.")
    why = words(header.get("reason", "")) or "it ended by itself"
    return Stopped("serving-failed", f"The answers could not be asked: {why}.")
