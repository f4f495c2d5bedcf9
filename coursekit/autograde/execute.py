"""Execute a notebook cell by cell, report each, then let its kernel serve."""

import contextlib
import json
import os
import sys
import time

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbformat import ValidationError
from nbformat.v4 import new_output

from coursekit.autograde.frames import pack
from coursekit.autograde.outputs import joined, note, shortened, trimmed, weight
from coursekit.autograde.prompt import PromptClient

KERNEL = [
    *(sys.executable, "-s", "-P", "-m", "coursekit.autograde.kernel"),
    *("-f", "{connection_file}"),
]
SPEC = {"argv": KERNEL, "display_name": "coursekit", "language": "python"}
IOPUB_SECONDS = 20  # for what an interrupted cell still says, on a busy machine
SERVE = """\
from coursekit.autograde.serve import serve
import os
serve(int(os.environ["COURSEKIT_SERVE_FD"]))
"""


class Recorder(NotebookClient):
    """nbclient's stock client, which stops keeping what a flooding cell shows."""

    most = 0  # bytes of one output
    room = 0  # bytes that the running cell may still show
    began = 0.0  # when the running cell did

    def on_cell_executed(self, cell, execute_reply, **_):
        """Show that a cell failed also where its error was silenced or caught.

        nbgrader does so too: it pays a test that shows no error.
        """
        reply = execute_reply["content"]
        if any(each["output_type"] == "error" for each in cell.outputs):
            return
        if self.timeout and time.monotonic() - self.began >= self.timeout:
            cell.outputs.append(error_output("CellTimeoutError", "It took too long."))
        elif reply.get("status") != "ok":
            cell.outputs.append(error_output(reply.get("ename"), reply.get("evalue")))

    def output(self, outs, msg, display_id, cell_index):
        """Take one output of the running cell, cut to its size."""
        try:
            shown = super().output(outs, msg, display_id, cell_index)
        except ValidationError:
            outs.append(note("An output that is malformed is left out."))
            return None
        if shown is None:
            return None
        outs[-1] = nbformat.from_dict(shortened(shown, self.most))
        self.room -= weight(outs[-1])
        if self.room < 0 and shown["output_type"] == "stream":
            outs.pop()
        elif self.room < 0 and "data" in shown:
            outs[-1]["data"] = {}
        return shown


def error_output(name, words):
    """Return the output of a cell that failed."""
    return new_output("error", ename=f"{name}", evalue=f"{words}", traceback=[])


def execute(text, limits, box, report, serve_fd, kernel=None):
    """Execute cell after cell and report each; then the cell that serves.

    Parameters
    ----------
    text : str
        The clean notebook.
    limits : Limits
    box : Path
        Where the kernel may write; its folder ``work`` is where it starts.
    report : socket
        To the runner.
    serve_fd : int
        File descriptor that the kernel inherits, and answers from.
    kernel : WaitingKernel, optional
        The process to become the kernel; by default one is started.
    """
    notebook = nbformat.reads(text, as_version=4)
    client = new_client(notebook, limits, box, kernel)
    client.most = limits.output_kb << 10
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


def new_client(notebook, limits, box, kernel):
    """Return a client whose kernel is ours, reached through sockets in the box."""
    spec = box / "kernels" / "coursekit"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(json.dumps(SPEC))
    specs = KernelSpecManager(kernel_dirs=[str(box / "kernels")])
    manager = AsyncKernelManager(
        kernel_name="coursekit",
        kernel_spec_manager=specs,
        transport="ipc",
        ip=str(box / "run" / "k"),
        client_factory=PromptClient,
    )
    if kernel is not None:
        from coursekit.autograde.forked import ForkedProvisioner

        manager.provisioner = ForkedProvisioner(
            kernel_spec=manager.kernel_spec, parent=manager
        )
        manager.provisioner.waiting = kernel
    return Recorder(
        notebook,
        km=manager,
        timeout=limits.seconds_per_cell,
        interrupt_on_timeout=True,
        iopub_timeout=IOPUB_SECONDS,
        allow_errors=True,
        store_widget_state=False,
    )


def run_cell(client, cell, position, room):
    """Execute one cell, which may show so many bytes."""
    client.room, client.began = room, time.monotonic()
    client.execute_cell(cell, position)
    cell.outputs = joined(cell.outputs)


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
