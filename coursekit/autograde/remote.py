"""What a worker of a cluster does: run one submission, in a sandbox of its own.

The worker has coursekit and a sandbox, and no course folder. It is given bytes and
gives bytes back (`coursekit.autograde.parcel`). Between submissions it keeps the warm
kernels of one assignment, for the others of the class.
"""

import hashlib
import json
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from coursekit.autograde import runner
from coursekit.autograde.job import versions
from coursekit.autograde.parcel import pack_files, pack_run, read_job
from coursekit.autograde.pool import warm_kernels
from coursekit.autograde.sandbox import choose
from coursekit.errors import CoursekitError, SandboxUnavailable

IDLE_SECONDS = 60.0  # that unused warm kernels are kept


def look(sandbox):
    """Return the versions here and whether the sandbox works, as JSON in bytes.

    Examples
    --------
    >>> json.loads(look("none"))["sandbox"]
    'none'
    """
    found = {"versions": versions()}
    try:
        found["sandbox"] = choose(sandbox).name
    except CoursekitError as error:
        found["complaint"] = str(error)
    return json.dumps(found).encode()


def run_parcel(shared, own):
    """Run the submission of two parcels; return its run as bytes, whatever happens."""
    try:
        with tempfile.TemporaryDirectory(
            prefix="coursekit-", ignore_cleanup_errors=True
        ) as folder:
            job = read_job(shared, own, Path(folder) / "files")
            with KEPT.kernels(job, alike(shared, job)) as kernels:
                run = runner.run(job, Path(folder) / "runs", kernels=kernels)
            return pack_run(run)
    except Exception as error:
        reason = f"It was not run: {type(error).__name__}: {error}"
        return pack_files({"status": "not-run", "reason": reason}, {})


def alike(shared, job):
    """Return what is the same for all jobs that one set of warm kernels may run."""
    settings = asdict(job.limits), job.sandbox, job.seed, job.preload
    return hashlib.sha256(shared).digest(), json.dumps(settings)


class KeptKernels:
    """Warm kernels that submissions of one class use one after the other.

    Examples
    --------
    >>> from coursekit.autograde.job import Job
    >>> with KeptKernels().kernels(Job("{}", sandbox="none"), key="a class") as kernels:
    ...     print(kernels)
    None
    """

    def __init__(self):
        self.alone = threading.Lock()
        self.key = self.warm = None
        self.n_users = 0
        self.timer = None

    @contextmanager
    def kernels(self, job, key):
        """Yield warm kernels for a job; None where a kernel of its own is needed."""
        with self.alone:
            if self.key != key and not self.n_users:
                self.replace(job, key)
            mine = self.key == key
            self.n_users += mine
        try:
            yield self.warm if mine else None
        finally:
            with self.alone:
                self.n_users -= mine
                self.close_later()

    def replace(self, job, key):
        """Start the kernels of another class; remember where that does not work."""
        self.close()
        self.key = key
        try:
            self.warm = warm_kernels(job)
        except SandboxUnavailable:
            self.warm = None

    def close_later(self):
        """End the kernels if nobody has used them for a while."""
        if self.timer is not None:
            self.timer.cancel()
        self.timer = threading.Timer(IDLE_SECONDS, self.close_if_unused)
        self.timer.daemon = True
        self.timer.start()

    def close_if_unused(self):
        """End the kernels unless somebody uses them."""
        with self.alone:
            if not self.n_users:
                self.close()

    def close(self):
        """End the kernels."""
        if self.warm is not None:
            self.warm.__exit__()
        self.key = self.warm = None


KEPT = KeptKernels()
