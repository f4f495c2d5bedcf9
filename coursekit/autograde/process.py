"""Start the program inside a sandbox, and leave nothing of it behind."""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import asdict
from json import dumps
from pathlib import Path

import nbformat
import psutil

from coursekit.autograde.job import read_notebook, side_files
from coursekit.autograde.link import Link
from coursekit.autograde.sandbox import make_given
from coursekit.autograde.watch import MIB, Watch

INSIDE = (sys.executable, "-I", "-m", "coursekit.autograde.inside")
MARK = "COURSEKIT_RUN"  # stands in the environment of every process of a run
GATE = ("/bin/sh", "-c", 'read -r go && exec "$@" < /dev/null', "sh")


@contextmanager
def started(job, sandbox):
    """Start a job in its sandbox; end every process of it when the block ends.

    Yields
    ------
    Link
    """
    with tempfile.TemporaryDirectory(
        prefix="coursekit-", ignore_cleanup_errors=True
    ) as folder:
        fill(make_given(Path(folder)), job, sandbox)
        token = secrets.token_hex(16)
        report, report_end = socket.socketpair()
        serve, serve_end = socket.socketpair()
        with report, serve:
            with report_end, serve_end:
                fds = (report_end.fileno(), serve_end.fileno())
                process = spawn(job, sandbox, Path(folder), token, fds)
            watch = Watch(process.pid, job.limits, sandbox.cgroups)
            open_gate(process)
            cap = (job.limits.notebook_mb + 1) * MIB
            try:
                yield Link(report, serve, process.stderr.fileno(), watch, cap)
            finally:
                end(process, token)
                watch.close()


def fill(given, job, sandbox):
    """Put notebook, settings and side files where the program inside reads them."""
    nbformat.write(read_notebook(job), given / "notebook.ipynb")
    settings = {
        "limits": asdict(job.limits),
        "count_processes": sandbox.counts_processes,
    }
    (given / "settings.json").write_text(dumps(settings))
    (given / "files").mkdir()
    for name, path in side_files(job.files).items():
        target = given / "files" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target, follow_symlinks=False)
    for path in [given, *given.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def spawn(job, sandbox, folder, token, fds):
    """Start the program inside, shut in; return its process, which waits.

    It waits until it is watched: what it starts would else not be in its group.
    """
    given, box = sandbox.places(folder)
    program = [*INSIDE, given, box, *map(str, fds)]
    return subprocess.Popen(
        [*GATE, *sandbox.command(folder, job.limits, program)],
        env=environment(job, box) | {MARK: token, "COURSEKIT_SERVE_FD": str(fds[1])},
        cwd=folder,
        pass_fds=fds,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def open_gate(process):
    """Let a process go on that waits at the gate."""
    with suppress(BrokenPipeError), process.stdin as gate:
        gate.write(b"go\n")


def environment(job, box):
    """Return the whole environment of a run: nothing of the grader's own."""
    threads = str(job.limits.threads)
    counters = ("OMP", "OPENBLAS", "MKL", "NUMEXPR", "VECLIB_MAXIMUM", "BLIS")
    return {
        **{f"{name}_NUM_THREADS": threads for name in counters},
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
