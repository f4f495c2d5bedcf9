"""What runs inside the sandbox: make the box ready, run the notebook, let it serve.

Started cold as ``python -I -m coursekit.autograde.inside FILES BOX REPORT_FD
SERVE_FD``, or called in a process forked by `coursekit.autograde.forkserver`.
``FILES`` is the folder of what lies beside the notebook; ``BOX`` is the only place
where the student's code can write. The notebook comes through REPORT_FD, once the
runner has set its limits on this process, and after each cell its outputs go back
there, so a run that is killed keeps what it had. SERVE_FD is handed on to the kernel,
which answers from it at the end.
"""

import json
import os
import resource
import shutil
import signal
import socket
import struct
import sys
from pathlib import Path

from coursekit.autograde.frames import pack
from coursekit.autograde.limits import Limits
from coursekit.autograde.namespaces import PR_SET_DUMPABLE, call, die_with_parent
from coursekit.autograde.refused import refuse_calls

GIB = 1 << 30
# Files that one process may open. A message can carry 253 of them, and the kernel
# counts those under way by user: whoever may open 1,024 himself, as the runner, can
# send none while there are more under way, from whichever run.
OPEN_FILES = 768


def main(arguments):
    """Run the notebook in a kernel of its own, then let the kernel serve."""
    if sys.platform == "linux":
        die_with_parent(signal.SIGKILL)
    report, serve_fd = socket.socket(fileno=int(arguments[2])), int(arguments[3])
    limits, text = await_job(report)
    work(text, limits, Path(arguments[0]), Path(arguments[1]), report, serve_fd)
    os._exit(0)  # the runner ends whatever is left


def await_job(report):
    """Say that this process is there, and wait for its job.

    Returns
    -------
    tuple of (dict, str)
        Limits, whether to count processes, what to preload; and the notebook's text.
    """
    report.sendall(pack({"stage": "started"}))
    with report.makefile("rb") as job:
        (size,) = struct.unpack("<I", job.read(4))
        header = json.loads(job.read(size))
        return header, job.read(header["bytes"]).decode()


def work(text, job, files, box, report, serve_fd, forked=None):
    """Make the box ready and run the notebook; say what went wrong on our side.

    Parameters
    ----------
    text : str
        The clean notebook.
    job : dict
        From `await_job`.
    files, box : Path
    report : socket
    serve_fd : int
    forked : callable, optional
        Called when the limits are set; returns the process that waits to become the
        kernel. By default a new one is started.
    """
    os.environ["COURSEKIT_SERVE_FD"] = str(serve_fd)
    os.environ["COURSEKIT_PRELOAD"] = json.dumps(job["preload"])
    limits = Limits(**job["limits"])
    prepare(files, box)
    restrict(limits, job["count_processes"])
    if job["count_processes"]:  # it is shut in
        refuse_calls()
    kernel = forked() if forked else None
    keep_to_itself()
    try:
        run(text, limits, box, report, serve_fd, kernel)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:500]
        report.sendall(pack({"stage": "kernel-died", "reason": reason}))


def keep_to_itself():
    """Let no other process of the sandbox take this one's lines, or read its memory.

    The kernel is the same user, and could forge what the notebook showed.
    """
    if sys.platform == "linux":
        call("prctl", PR_SET_DUMPABLE, 0, 0, 0, 0)


def run(text, limits, box, report, serve_fd, kernel):
    """Execute the notebook, and say so if its kernel dies."""
    from nbclient.exceptions import DeadKernelError

    from coursekit.autograde.execute import execute

    try:
        execute(text, limits, box, report, serve_fd, kernel)
    except DeadKernelError:
        report.sendall(pack({"stage": "kernel-died"}))


def prepare(files, box):
    """Make the folders of a fresh home, and copy what lies beside the notebook."""
    for name in ("home", "tmp", "run"):
        (box / name).mkdir()
    shutil.copytree(files, box / "work")


def restrict(limits, count_processes):
    """Set the limits that each process of the sandbox inherits for good.

    Processes are counted only where a user namespace makes the count the sandbox's
    own; elsewhere the grader's other programs would be counted in.
    """
    memory, disk = limits.memory_mb << 20, limits.disk_mb << 20
    caps = {"FSIZE": disk, "NOFILE": OPEN_FILES, "CORE": 0}
    if sys.platform == "linux":
        caps |= {"DATA": memory, "AS": memory + 2 * GIB}
    if count_processes:
        caps["NPROC"] = limits.processes
    for name, most in caps.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(kind)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


if __name__ == "__main__":
    main(sys.argv[1:])
