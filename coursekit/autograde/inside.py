"""The program that runs inside the sandbox: make the box ready, run the notebook.

Started as ``python -I -m coursekit.autograde.inside IN BOX REPORT_FD SERVE_FD``.
``IN`` holds the notebook, the settings and the files that lie beside the notebook;
``BOX`` is the only place where the student's code can write. After each cell its
outputs go to the runner through REPORT_FD, so a run that is killed keeps what it
had. SERVE_FD is handed on to the kernel, which answers from it at the end.
"""

import ctypes
import json
import os
import resource
import shutil
import signal
import socket
import sys
from pathlib import Path

from coursekit.autograde.frames import pack
from coursekit.autograde.limits import Limits

GIB = 1 << 30


def main(arguments):
    """Run the notebook, then let the kernel serve."""
    given, box = Path(arguments[0]), Path(arguments[1])
    report, serve_fd = socket.socket(fileno=int(arguments[2])), int(arguments[3])
    die_with_runner()
    report.sendall(pack({"stage": "started"}))
    settings = json.loads((given / "settings.json").read_text(encoding="utf-8"))
    limits = Limits(**settings["limits"])
    prepare(given, box)
    restrict(limits, settings["count_processes"])
    try:
        run(given / "notebook.ipynb", limits, box, report, serve_fd)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:500]
        report.sendall(pack({"stage": "kernel-died", "reason": reason}))
    os._exit(0)  # the runner ends whatever is left


def die_with_runner():
    """End this process, and so the kernel, when the runner is killed."""
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)


def run(notebook, limits, box, report, serve_fd):
    """Execute the notebook, and say so if its kernel dies.

    jsonschema, which nbformat imports, would spend a second on compiling a grammar
    for a format that no notebook has, if this module of its extras could be found.
    """
    sys.modules["rfc3987_syntax"] = None
    from nbclient.exceptions import DeadKernelError

    from coursekit.autograde.execute import execute

    try:
        execute(notebook, limits, box, report, serve_fd)
    except DeadKernelError:
        report.sendall(pack({"stage": "kernel-died"}))


def prepare(given, box):
    """Make the folders of a fresh home, and copy what lies beside the notebook."""
    for name in ("home", "tmp", "run"):
        (box / name).mkdir()
    shutil.copytree(given / "files", box / "work")


def restrict(limits, count_processes):
    """Set the limits that each process of the sandbox inherits for good.

    Processes are counted only where a user namespace makes the count the sandbox's
    own; elsewhere the grader's other programs would be counted in.
    """
    memory, disk = limits.memory_mb << 20, limits.disk_mb << 20
    caps = {"FSIZE": disk, "NOFILE": 4096, "CORE": 0}
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
