"""Run a student's notebook from top to bottom, as grading does.

In the sandbox where there is one (Linux with bubblewrap), with grading's limits; else
as the student herself, with the network cut off by a polite request, which is no
protection: the notebook is her own.
"""

import json
import shutil
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from nbformat.v4 import new_code_cell, new_output

from coursekit.checking.failing import error_of
from coursekit.errors import BadInput, SandboxUnavailable
from coursekit.grading.limits import from_mapping

MARK = "COURSEKIT-CHECK "
TELL = "from coursekit.checking.telling import tell\ntell()"
OFFLINE = "There is no internet when this is graded."
CUT_OFF = f"""
def _offline():
    import socket
    def refuse(*args, **kwargs):
        raise ConnectionError({OFFLINE!r})
    socket.getaddrinfo = socket.gethostbyname = socket.create_connection = refuse
_offline(); del _offline
"""


@dataclass
class Ran:
    """A notebook that has been run.

    `seconds` has one number for each cell; `told` what `tell` said at the end, None
    where it did not come to that.
    """

    notebook: object  # NotebookNode, with outputs
    seconds: list = field(default_factory=list)
    told: dict | None = None
    stopped: str = ""  # why the run ended early, in one sentence
    sandbox: str = "none"


def run(notebook, folder, lock, sandbox="auto"):
    """Run a notebook beside a copy of its data.

    Parameters
    ----------
    notebook : NotebookNode
    folder : path
        Where it lies, with ``data/``.
    lock : Rubric
        Its limits are kept.
    sandbox : {"auto", "bubblewrap", "none"}

    Returns
    -------
    Ran
    """
    limits = from_mapping(lock.limits)
    chosen = choose(sandbox)
    runner = run_as_student if chosen == "none" else run_in_sandbox
    with copied_data(folder) as files:
        ran = runner(notebook, files, limits, chosen)
    ran.told = heard(ran.notebook.cells.pop())
    return ran


def choose(sandbox):
    """Return the sandbox to use; ``auto`` is none where there is none."""
    if sandbox == "none" or (sandbox == "auto" and not shutil.which("bwrap")):
        return "none"
    from coursekit.autograde.sandbox import choose

    try:
        return choose(sandbox).name
    except SandboxUnavailable:
        if sandbox == "auto":
            return "none"
        raise


@contextmanager
def copied_data(folder):
    """Give a new folder with a copy of the data: nothing else is there when graded."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as new:
        files = Path(new) / "work"
        shutil.copytree(Path(folder) / "data", files / "data", ignore=links)
        yield files


def links(folder, names):
    """Return the links in a folder: what they lead to is not data of an assignment."""
    return [name for name in names if (Path(folder) / name).is_symlink()]


def run_in_sandbox(notebook, files, limits, sandbox):
    """Run a notebook as a submission is run, with no answer asked for."""
    from coursekit.autograde.job import Job
    from coursekit.autograde.runner import read_run
    from coursekit.autograde.runner import run as run_job

    job_notebook = with_last(notebook)
    times = {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as out:
        job = Job(job_notebook, files=files, limits=limits, sandbox=sandbox)
        done = run_job(
            job,
            out,
            lambda _, n_done, total: times.setdefault(n_done, time.monotonic()),
        )
        if done.folder is None:
            raise SandboxUnavailable(done.reason)
        executed = read_executed(read_run(done.folder).folder)
    stopped = "" if done.status == "ok" else done.reason
    return Ran(executed, between(times, executed), None, stopped, sandbox)


def read_executed(folder):
    """Return the notebook of a run."""
    import nbformat

    return nbformat.read(folder / "executed.ipynb", as_version=4)


def between(times, notebook):
    """Return how long each cell took, of when each code cell was heard of.

    The first cell waits for the kernel, so its time is not known.
    """
    seconds, last = [0.0] * len(notebook.cells), None
    for n_done, heard_at in sorted(times.items()):
        if last is not None and 0 < n_done <= len(seconds):
            seconds[n_done - 1] = heard_at - last
        last = heard_at
    return seconds


def run_as_student(notebook, files, limits, sandbox):
    """Run a notebook in a kernel of this Python, in a folder with the data."""
    from nbclient.exceptions import DeadKernelError

    whole = with_last(notebook)
    ran = Ran(whole, sandbox=sandbox)
    client = new_client(whole, limits, files.parent / "kernels")
    started = time.monotonic()
    try:
        with client.setup_kernel(cwd=str(files), cleanup_kc=True):
            cut_off(client, whole)
            for number, cell in enumerate(whole.cells):
                before = time.monotonic()
                if before - started > limits.seconds:
                    ran.stopped = f"It took longer than {limits.seconds:g} s."
                    break
                client.execute_cell(cell, number)
                ran.seconds.append(time.monotonic() - before)
                if ran.seconds[-1] >= limits.seconds_per_cell and not error_of(cell):
                    cell.outputs.append(overdue())
    except DeadKernelError:
        number = len(ran.seconds) + 1
        ran.stopped = f"The kernel died in cell {number}. Was there enough memory?"
    return ran


def cut_off(client, notebook):
    """Take the network from a kernel, in a cell that is then taken away again."""
    notebook.cells.append(new_code_cell(CUT_OFF))
    last = len(notebook.cells) - 1
    client.execute_cell(notebook.cells[last], last, store_history=False)
    notebook.cells.pop()


def overdue():
    """Return the error of a cell that took too long, and caught the interrupt."""
    words = {"ename": "CellTimeoutError", "evalue": "", "traceback": []}
    return new_output("error", **words)


def with_last(notebook):
    """Return a copy of a notebook with a last cell, in which the check is told."""
    import copy

    whole = copy.deepcopy(notebook)
    whole.cells.append(new_code_cell(TELL, id="coursekit-tell"))
    return whole


def new_client(notebook, limits, kernels):
    """Return nbclient's client, with a kernel of the Python that runs coursekit.

    Whatever kernels are installed here, and whatever they are called, is left aside.
    """
    from importlib.util import find_spec

    from jupyter_client.kernelspec import KernelSpecManager
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    if find_spec("ipykernel") is None:
        raise BadInput(
            f"{sys.executable} has no ipykernel, so no notebook can run: "
            f"{sys.executable} -m pip install ipykernel"
        )
    argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    argv.append("--log-level=40")  # its warnings are not about the notebook
    spec = {"argv": argv, "display_name": "coursekit", "language": "python"}
    (kernels / "coursekit").mkdir(parents=True)
    path = kernels / "coursekit" / "kernel.json"
    path.write_text(json.dumps(spec), encoding="utf-8")
    specs = KernelSpecManager(kernel_dirs=[str(kernels)], ensure_native_kernel=False)
    manager = AsyncKernelManager(kernel_name="coursekit", kernel_spec_manager=specs)
    return NotebookClient(
        notebook,
        km=manager,
        timeout=limits.seconds_per_cell,
        interrupt_on_timeout=True,
        allow_errors=True,
        store_widget_state=False,
    )


def heard(cell):
    """Return what the last cell told, or None."""
    texts = [each.get("text", "") for each in cell.outputs if each.get("text")]
    for line in "".join(texts).splitlines():
        if line.startswith(MARK):
            with suppress(ValueError, RecursionError):
                return json.loads(line[len(MARK) :])
    return None
