"""Run one submission: its notebook in a sandbox, then hidden patients to its answers.

::

    runner (trusted)                      sandbox
      notebook, files, limits  ------->     inside.py: nbclient
      outputs, cell by cell    <-report--     |
      batch                    --serve-->   the student's kernel: serve.py
      n numbers                <-------       |

The sandbox writes no file that anyone reads: outputs and answers come through two
sockets, bounded and checked, and the outputs are put into the runner's own copy of
the notebook. A run is kept under the digest of all that went in, so that running the
same submission again is a look-up.
"""

import json
import os
import secrets
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat
import numpy as np

from coursekit.autograde.attempt import Attempt
from coursekit.autograde.job import digest, versions
from coursekit.autograde.process import ColdKernels
from coursekit.autograde.sandbox import choose
from coursekit.errors import SandboxUnavailable


@dataclass(frozen=True)
class Run:
    """What became of one submission.

    `status` is ``"ok"``, or ``"kernel-died"``, ``"timeout"``, ``"out-of-memory"``,
    ``"disk-full"``, ``"too-many-processes"``, ``"not-submitted"``,
    ``"serving-failed"``, ``"sandbox-unavailable"``; what was answered before stays.
    In `servings`, each serving has a status of its own: ``"ok"``, ``"failed"``,
    ``"missing"``, ``"timeout"``, ``"bad-reply"``.
    """

    folder: Path | None  # executed.ipynb, predictions/, run.json; None: did not start
    digest: str
    status: str
    reason: str  # one sentence for student and grader; empty where all went well
    seconds: float
    sandbox: str
    limits: dict
    versions: dict
    servings: dict  # name -> status, reason, rows, answered, repeated, modified_input
    last_words: str = ""  # of the sandbox, on standard error
    limits_hit: tuple[dict, ...] = ()  # by cells while the run went on


def run(job, out, progress=None, kernels=None):
    """Run a submission, or look up the run that was made of it before.

    Parameters
    ----------
    job : Job
    out : path
        Folder of all runs of the assignment; this one's is named by its digest.
    progress : callable, optional
        Called with what is going on (``"cells"`` or a serving's name), how much of
        it is done, and how much there is.
    kernels : WarmKernels, optional
        Where the run starts; by default in a sandbox and kernel of its own.

    Returns
    -------
    Run
        With status ``"sandbox-unavailable"`` and no folder where nothing could be
        started; such a run is tried again the next time.
    """
    try:
        sandbox = choose(job.sandbox)
    except SandboxUnavailable as error:
        return not_run(job, str(error))
    name = digest(job, sandbox.name)
    folder = Path(out) / name
    if not (folder / "run.json").is_file():
        attempt = Attempt(job, name, progress or (lambda *_: None))
        attempt.make(kernels or ColdKernels(sandbox), sandbox)
        if attempt.status == "sandbox-unavailable":
            return not_run(job, attempt.reason)
        save(attempt, sandbox.name, folder, (kernels or ColdKernels).kind)
    return read_run(folder)


def not_run(job, reason):
    """Return the run that could not be started."""
    limits = asdict(job.limits)
    return Run(
        *(None, digest(job), "sandbox-unavailable", reason),
        *(0.0, job.sandbox, limits, versions(), {}),
    )


def read_run(folder):
    """Return the run that is kept in a folder."""
    kept = json.loads((Path(folder) / "run.json").read_text(encoding="utf-8"))
    fields = kept.keys() & Run.__dataclass_fields__.keys() - {"folder"}
    return Run(folder=Path(folder), **{name: kept[name] for name in fields})


def save(attempt, sandbox, folder, kernels):
    """Write a run beside its place and rename it there; the first one made stays."""
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder.parent / f".{folder.name[:16]}-{secrets.token_hex(8)}"
    beside.mkdir(mode=0o700)
    try:
        write_all(attempt, sandbox, beside, kernels)
        os.rename(beside, folder)
    except OSError:
        if not (folder / "run.json").is_file():
            raise
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def write_all(attempt, sandbox, folder, kernels):
    """Write the executed notebook, the predictions and the record of the run."""
    nbformat.write(attempt.notebook, folder / "executed.ipynb")
    (folder / "predictions").mkdir()
    for collected in attempt.collected:
        write_predictions(collected, folder / "predictions")
    record = {
        "format": 1,
        "digest": attempt.digest,
        "status": attempt.status,
        "reason": attempt.reason,
        "last_words": attempt.last_words,
        "seconds": attempt.seconds,
        "sandbox": sandbox,
        "kernels": kernels,
        "memory": attempt.watch.mechanism,
        "peak_mb": round(attempt.watch.peak_mb),
        "limits": asdict(attempt.job.limits),
        "versions": versions(),
        "limits_hit": attempt.hits,
        "servings": {each.name: each.state() for each in attempt.collected},
    }
    text = json.dumps(record, indent=1) + "\n"
    (folder / "run.json").write_text(text, encoding="utf-8")


def write_predictions(collected, folder):
    """Write what one serving brought: numbers as .npy, JSON values as .json."""
    if isinstance(collected.values, np.ndarray):
        np.save(folder / f"{collected.name}.npy", collected.values)
    else:
        path = folder / f"{collected.name}.json"
        path.write_text(json.dumps(collected.values), encoding="utf-8")
    repeats = np.array(collected.repeats, dtype=float).reshape(-1, 3)
    np.save(folder / f"{collected.name}.repeat.npy", repeats)
    dealt = np.concatenate([np.empty((0, 2), dtype=np.int64), *collected.dealt])
    np.save(folder / f"{collected.name}.dealt.npy", dealt)
