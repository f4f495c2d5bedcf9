"""Kernels that start at once, for a class: forked where the libraries are loaded.

Starting a kernel and importing torch, scikit-learn and shap takes seconds, nearly all
of a small submission's time. `WarmKernels` shuts one process in for a class, has it
load what the assignment imports, and has each run forked from it into namespaces of
its own (`coursekit.autograde.forkserver`). Runs see one another no more than cold ones
do. Where that does not work, `kernels` says why, and cold kernels are used.
"""

import ast
import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager, suppress

from coursekit.autograde.link import Link, Stopped
from coursekit.autograde.process import (
    ColdKernels,
    environment,
    fill,
    report_cap,
    two_lines,
)
from coursekit.autograde.sandbox import BOX, make_given, shown_paths
from coursekit.autograde.scratch import scratch
from coursekit.errors import SandboxUnavailable

FORKSERVER = (sys.executable, "-s", "-P", "-m", "coursekit.autograde.forkserver")
LOAD_SECONDS = 180  # for the libraries
END_SECONDS = 10  # for a run to be gone


class WarmKernels:
    """The kernels of one assignment; use it as a context manager, from any thread.

    Parameters
    ----------
    sandbox : Bubblewrap
    job : Job
        Any of the jobs: files, limits, seed and what is preloaded must be the same for
        all.
    """

    kind = "warm"

    def __init__(self, sandbox, job):
        self.sandbox, self.job = sandbox, job
        self.control = self.process = None
        self.alone = threading.Lock()
        self.places = ExitStack()

    def start(self):
        """Load the libraries and try one run; return these kernels.

        Raises
        ------
        SandboxUnavailable
            Where warm kernels do not work; the message says why.
        """
        refuse_what_cannot_fork(self.sandbox, self.job.limits)
        try:
            folder = self.places.enter_context(scratch())
            fill(make_given(folder), self.job.files)
            self.control, theirs = socket.socketpair(type=socket.SOCK_SEQPACKET)
            self.places.enter_context(self.control)
            with theirs:
                self.process = self.spawn(folder, theirs.fileno())
            self.places.callback(kill, self.process)
            self.await_ready()
            self.try_one()
        except BaseException:
            self.places.close()
            raise
        return self

    def __enter__(self):
        return self if self.process else self.start()

    def __exit__(self, *_):
        self.places.close()

    def spawn(self, folder, control):
        """Start the process that loads and forks."""
        settings = {
            "preload": self.job.preload,
            "files": "/in/files",
            "box": BOX,
            "shown": [str(p) for p in shown_paths() if str(p).startswith("/tmp/")],
        }
        program = [*FORKSERVER, str(control), json.dumps(settings)]
        return subprocess.Popen(
            self.sandbox.command(folder, self.job.limits, program, nesting=True),
            env=environment(self.job, BOX),
            cwd=folder,
            pass_fds=[control],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def await_ready(self):
        """Wait until all is loaded."""
        self.control.settimeout(LOAD_SECONDS)
        try:
            ready = json.loads(self.control.recv(1 << 16) or b"{}")
        except (OSError, ValueError):
            ready = {}
        if "threads" not in ready:
            self.process.kill()
            said = self.process.stderr.read().decode(errors="replace").strip()
            raise SandboxUnavailable(
                f"The libraries could not be loaded: {said[-300:]}"
            )
        if ready["threads"] != 1:
            raise SandboxUnavailable("A library that is loaded starts threads.")

    def try_one(self):
        """Fork a run and end it, to see that namespaces nest here."""
        try:
            with self.started(self.job) as link:
                link.hear_start()
        except Stopped as stop:
            raise SandboxUnavailable(f"No run can be forked: {stop.reason}") from None

    @contextmanager
    def started(self, job):
        """Start a job; end every process of it when the block ends.

        Yields
        ------
        Link
        """
        if self.process.poll() is not None:
            with ColdKernels(self.sandbox).started(job) as link:
                yield link
            return
        leash, far_leash = socket.socketpair()
        errors, far_errors = os.pipe()
        with two_lines() as (near, far), leash:
            with far_leash:
                self.fork([far_leash, *far], far_errors)
            try:
                yield Link(*near, errors, report_cap(job))
            finally:
                os.close(errors)
                let_go(leash)

    def fork(self, sockets, errors):
        """Ask for a run at the other ends of these, and close them here."""
        descriptors = [*(each.fileno() for each in sockets), errors]
        with self.alone, suppress(OSError):  # then the run does not start, and says so
            socket.send_fds(self.control, [b"run"], descriptors)
        os.close(errors)
        for each in sockets:
            each.close()


def let_go(leash):
    """End a run, and wait until every process of it is gone."""
    leash.settimeout(END_SECONDS)
    with suppress(OSError):
        leash.shutdown(socket.SHUT_WR)
        leash.recv(1)


def kill(process):
    """End the process in which all runs are forked, and so all runs."""
    process.kill()
    process.wait()
    process.stderr.close()


def refuse_what_cannot_fork(sandbox, limits):
    """Refuse what cannot be forked safely."""
    if sandbox.name == "none":
        raise SandboxUnavailable("There is no sandbox to fork runs in.")
    if limits.threads != 1:
        raise SandboxUnavailable(
            f"The rubric asks for {limits.threads} threads, and only a process with "
            "one can be forked."
        )


def imports(*notebooks):
    r"""Return the modules that notebooks import, in order.

    Parameters
    ----------
    *notebooks : NotebookNode
        The professor's; what a student imports is not looked at.

    Returns
    -------
    list of str

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> cell = new_code_cell("import numpy as np\nfrom sklearn.svm import SVC")
    >>> imports(new_notebook(cells=[cell]))
    ['numpy', 'sklearn.svm']
    """
    names = []
    for notebook in notebooks:
        for cell in notebook.cells:
            if cell.cell_type == "code":
                names += imported_by(cell.source)
    return list(dict.fromkeys(names))


def imported_by(source):
    """Return the modules that a cell imports; none where it is not plain Python."""
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        return []
    names = [
        a.name for node in nodes if isinstance(node, ast.Import) for a in node.names
    ]
    froms = [node for node in nodes if isinstance(node, ast.ImportFrom)]
    return names + [node.module for node in froms if node.module and not node.level]
