"""What a worker of a cluster does: run one submission, in a sandbox of its own.

The worker has coursekit and a sandbox, and no course folder. It is given bytes and
gives bytes back (`coursekit.autograde.parcel`).
"""

import json
import tempfile
from pathlib import Path

from coursekit.autograde import runner
from coursekit.autograde.job import versions
from coursekit.autograde.parcel import pack_files, pack_run, read_job
from coursekit.autograde.sandbox import choose
from coursekit.errors import CoursekitError


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
            return pack_run(runner.run(job, Path(folder) / "runs"))
    except Exception as error:
        reason = f"It was not run: {type(error).__name__}: {error}"
        return pack_files({"status": "not-run", "reason": reason}, {})
