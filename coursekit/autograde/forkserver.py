"""The program inside a class's sandbox: load the libraries once, fork each run.

Started as ``python -s -P -m coursekit.autograde.forkserver CONTROL_FD SETTINGS``, with
one thread, as a user without rights. For each run the runner sends four file
descriptors through CONTROL_FD: a leash, the two lines, and standard error. The run is
forked twice: the first child makes namespaces, holds the leash and lives outside of
them; the second is the first process within and runs the notebook. The run ends, with
every process of it, when the runner lets go of the leash.

Nothing of a student's ever runs in this process, so each run is forked from the same
clean state.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
import traceback
from contextlib import suppress
from pathlib import Path

from jupyter_client.provisioning import KernelProvisionerFactory

from coursekit.autograde import inside, kernel, namespaces

CLIENT = (
    *("coursekit.autograde.forked", "coursekit.autograde.execute"),
    *("ipykernel.zmqshell", "ipykernel.debugger", "IPython.core.completer"),
)


def main(arguments):
    """Load the libraries, say so, and fork a run for each request."""
    control, settings = (
        socket.socket(fileno=int(arguments[0])),
        json.loads(arguments[1]),
    )
    namespaces.die_with_parent(signal.SIGKILL)
    kernel.preload([*CLIENT, *kernel.SERVING, *settings["preload"]])
    KernelProvisionerFactory.instance()  # looks through all that is installed
    ready = {"threads": len(os.listdir("/proc/self/task"))}
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.collect()
    gc.freeze()
    control.send(json.dumps(ready).encode())
    while lines := next_request(control):
        if os.fork() == 0:
            control.close()
            attend(settings, *lines)
        for descriptor in lines:
            os.close(descriptor)


def next_request(control):
    """Return the file descriptors of the next run, or nothing at the end."""
    _, descriptors, _, _ = socket.recv_fds(control, 16, 4)
    return descriptors


def attend(settings, leash, report, serve, errors):
    """Be the parent of one run, outside of its namespaces; never return."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(errors, 2)
        os.close(errors)
        os.setsid()
        namespaces.die_with_parent(signal.SIGKILL)
        namespaces.enter_namespaces()
        first = os.fork()
        if first == 0:
            os.close(leash)
            be_first(settings, report, serve)
        os.close(report)
        os.close(serve)
        hold(leash, first)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def hold(leash, first):
    """Wait until the runner lets go or the run ends; leave nothing of it behind."""
    watched = os.pidfd_open(first)
    select.select([leash, watched], [], [])
    with suppress(ProcessLookupError):
        os.kill(first, signal.SIGKILL)
    os.waitpid(first, 0)


def be_first(settings, report_fd, serve_fd):
    """Be the first process within the namespaces: furnish them, run the notebook."""
    namespaces.die_with_parent(signal.SIGKILL)
    report, box = socket.socket(fileno=report_fd), Path(settings["box"])
    job, text = inside.await_job(report)
    namespaces.furnish(job["limits"]["disk_mb"], settings["shown"])
    namespaces.give_up_rights()
    box.mkdir(mode=0o700)

    def forked():
        from coursekit.autograde.forked import WaitingKernel

        return WaitingKernel(box / "work", close=[report_fd])

    files = Path(settings["files"])
    inside.work(text, job, files, box, report, serve_fd, forked)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
