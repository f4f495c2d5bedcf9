"""Execute one notebook: the program that runs inside the sandbox.

Started as ``python -I -m coursekit.autograde.inside IN BOX REPORT_FD SERVE_FD``.
``IN`` holds the notebook, the settings and the files that lie beside the notebook;
``BOX`` is the only place where the student's code can write. After each cell its
outputs go to the runner through REPORT_FD, so a run that is killed keeps what it
had. SERVE_FD is handed on to the kernel, which answers from it at the end.
"""

import contextlib
import json
import os
import resource
import shutil
import socket
import sys
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import DeadKernelError

from coursekit.autograde.limits import Limits
from coursekit.autograde.outputs import note, trimmed, weight
from coursekit.autograde.wire import pack

GIB = 1 << 30
KERNEL = [
    *(sys.executable, "-s", "-P", "-m", "coursekit.autograde.kernel"),
    *("-f", "{connection_file}", "--HistoryManager.hist_file=:memory:"),
]
SERVE = """\
from coursekit.autograde.serve import serve
import os
serve(int(os.environ["COURSEKIT_SERVE_FD"]))
"""


class Recorder(NotebookClient):
    """nbclient's stock client, which stops keeping what a flooding cell shows."""

    room = 0  # bytes that the running cell may still show

    def output(self, outs, msg, display_id, cell_index):
        """Take one output of the running cell."""
        shown = super().output(outs, msg, display_id, cell_index)
        self.room -= weight(shown) if shown else 0
        if shown and self.room < 0:
            if shown["output_type"] == "stream":
                outs.pop()
            else:
                shown["data"] = {}
        return shown


def main(arguments):
    """Run the notebook, then let the kernel serve."""
    given, box = Path(arguments[0]), Path(arguments[1])
    report = socket.socket(fileno=int(arguments[2]))
    serve_fd = int(arguments[3])
    settings = json.loads((given / "settings.json").read_text(encoding="utf-8"))
    limits = Limits(**settings["limits"])
    prepare(given, box)
    restrict(limits, settings["count_processes"])
    report.sendall(pack({"stage": "started"}))
    notebook = nbformat.read(given / "notebook.ipynb", as_version=4)
    try:
        execute(notebook, limits, box, report, serve_fd)
    except DeadKernelError:
        report.sendall(pack({"stage": "kernel-died"}))
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:500]
        report.sendall(pack({"stage": "not-started", "reason": reason}))
    os._exit(0)  # the runner ends whatever is left


def prepare(given, box):
    """Make the folders of a fresh home, and copy what lies beside the notebook."""
    for name in ("home", "tmp", "run", "kernels/coursekit"):
        (box / name).mkdir(parents=True)
    shutil.copytree(given / "files", box / "work")
    kernel = {"argv": KERNEL, "display_name": "coursekit", "language": "python"}
    (box / "kernels/coursekit/kernel.json").write_text(json.dumps(kernel))


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


def execute(notebook, limits, box, report, serve_fd):
    """Execute cell after cell and report each; then the cell that serves."""
    client = new_client(notebook, limits, box)
    with client.setup_kernel(cwd=str(box / "work"), pass_fds=(serve_fd,)):
        os.close(serve_fd)
        spent = 0
        for position, cell in enumerate(notebook.cells):
            if cell.cell_type == "code":
                room = (limits.notebook_mb << 20) - spent
                run_cell(client, cell, position, room)
                spent += send_cell(report, cell, position, limits, room, client.room)
        report.sendall(pack({"stage": "serving"}))
        run_serving_cell(client, notebook, report)


def new_client(notebook, limits, box):
    """Return a client whose kernel is ours, reached through sockets in the box."""
    specs = KernelSpecManager(kernel_dirs=[str(box / "kernels")])
    manager = AsyncKernelManager(
        kernel_name="coursekit",
        kernel_spec_manager=specs,
        transport="ipc",
        ip=str(box / "run" / "k"),
    )
    return Recorder(
        notebook,
        km=manager,
        timeout=limits.seconds_per_cell,
        interrupt_on_timeout=True,
        allow_errors=True,
        coalesce_streams=True,
        store_widget_state=False,
    )


def run_cell(client, cell, position, room):
    """Execute one cell, which may show so many bytes."""
    client.room = room
    client.execute_cell(cell, position)


def send_cell(report, cell, position, limits, room, left):
    """Report what a cell showed; return the bytes that this takes."""
    outputs = trimmed(cell.outputs, limits.output_kb << 10, max(room, 0))
    if left < 0:
        outputs.append(note("Further outputs are left out: there are too many."))
    payload = json.dumps(outputs).encode()
    header = {"stage": "cell", "cell": position, "count": cell.execution_count}
    report.sendall(pack(header, payload))
    return len(payload)


def run_serving_cell(client, notebook, report):
    """Serve until the runner says end, and say so if serving ends before."""
    cell = nbformat.v4.new_code_cell(SERVE)
    notebook.cells.append(cell)
    client.room, client.timeout = 0, None
    client.execute_cell(cell, len(notebook.cells) - 1, store_history=False)
    errors = [each for each in cell.outputs if each.output_type == "error"]
    reason = f"{errors[0].ename}: {errors[0].evalue}"[:500] if errors else ""
    with contextlib.suppress(OSError):
        report.sendall(pack({"stage": "served", "reason": reason}))


if __name__ == "__main__":
    main(sys.argv[1:])
