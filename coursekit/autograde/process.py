"""Start the program inside a sandbox, and leave nothing of it behind."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from coursekit.autograde.job import side_files
from coursekit.autograde.link import Link
from coursekit.autograde.sandbox import make_given
from coursekit.autograde.scratch import scratch
from coursekit.autograde.watch import MIB

INSIDE = (sys.executable, "-I", "-m", "coursekit.autograde.inside")
MARK = "COURSEKIT_RUN"  # stands in the environment of every process of a run


class ColdKernels:
    """Starts each run in a sandbox of its own, where its kernel imports all it needs.

    Parameters
    ----------
    sandbox : Plain or Bubblewrap
    """

    kind = "cold"

    def __init__(self, sandbox):
        self.sandbox = sandbox

    @contextmanager
    def started(self, job):
        """Start a job; end every process of it when the block ends.

        Yields
        ------
        Link
        """
        with scratch() as folder, two_lines() as (near, far):
            fill(make_given(folder), job.files)
            token = secrets.token_hex(16)
            process = spawn(job, self.sandbox, folder, token, far)
            for end_of_theirs in far:
                end_of_theirs.close()
            link = Link(*near, process.stderr.fileno(), report_cap(job))
            if sys.platform != "linux":
                link.report.sender = process.pid
            try:
                yield link
            finally:
                end(process, token)


@contextmanager
def two_lines():
    """Yield the runner's ends and the sandbox's ends of the lines report and serve."""
    (report, report_end), (serve, serve_end) = socket.socketpair(), socket.socketpair()
    with report, serve, report_end, serve_end:
        yield (report, serve), (report_end, serve_end)


def report_cap(job):
    """Return the bytes that the program inside may report."""
    return (job.limits.notebook_mb + 1) * MIB


def fill(given, files):
    """Put what lies beside the notebook where the program inside finds it."""
    (given / "files").mkdir()
    for name, path in side_files(files).items():
        target = given / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target, follow_symlinks=False)
    for path in [given, *given.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def spawn(job, sandbox, folder, token, lines):
    """Start the program inside; return its process."""
    given, box = sandbox.places(folder)
    fds = [line.fileno() for line in lines]
    program = [*INSIDE, f"{given}/files", box, *map(str, fds)]
    return subprocess.Popen(
        sandbox.command(folder, job.limits, program),
        env=environment(job, box) | {MARK: token},
        cwd=folder,
        pass_fds=fds,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def environment(job, box):
    """Return the whole environment of a run: nothing of the grader's own.

    Where no answer is asked, what cells show is what is graded, by nbgrader, and
    they can tell so by the name that nbgrader itself sets.
    """
    threads = str(job.limits.threads)
    graded_by_cells = {} if job.servings else {"NBGRADER_EXECUTION": "autograde"}
    counters = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS")
    return {
        **{f"{name}_NUM_THREADS": threads for name in counters},
        **graded_by_cells,
        "LOKY_MAX_CPU_COUNT": threads,
        "PYTHONHASHSEED": str(job.seed),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "USER": "student",
        "LOGNAME": "student",
        "HOME": f"{box}/home",
        "TMPDIR": f"{box}/tmp",
        "JUPYTER_RUNTIME_DIR": f"{box}/run",
    }


def end(process, token):
    """Kill every process of a run, also those that tried to leave it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()
    for _ in range(50):
        left = [each for each in psutil.process_iter() if belongs(each, token)]
        for each in left:
            with suppress(psutil.Error):
                each.kill()
        if not left:
            return
        time.sleep(0.02)


def belongs(process, token):
    """Return True if a living process carries the mark of this run."""
    try:
        return (
            process.environ().get(MARK) == token
            and process.status() != psutil.STATUS_ZOMBIE
        )
    except (psutil.Error, OSError):
        return False
