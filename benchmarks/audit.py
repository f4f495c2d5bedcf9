"""How long `coursekit audit` takes on many rows, and how much memory.

::

    python benchmarks/audit.py --rows 1000000

Draws a file of scores, runs the command on it in a process of its own, and prints a
line of JSON: rows, seconds (by the clock, and of a processor), peak_mb of
that process, and the size of the file.
With ``--false-alarms N`` it also audits N drawn models that have no fault and prints
the share of audits that name anything.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.audit import audit_scores

GROUPS = ("sex", "age_band", "language")


def main(arguments=None):
    options = parse(arguments)
    found = {}
    if options.false_alarms:
        found["false_alarms"] = false_alarms(options.false_alarms, options.patients)
    if options.rows:
        found |= speed(options.rows)
    print(json.dumps(found))
    return found


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rows", type=int, default=1_000_000, help="0: no timing")
    parser.add_argument("--false-alarms", type=int, default=0, help="audits to draw")
    parser.add_argument("--patients", type=int, default=4000, help="in each of them")
    return parser.parse_args(arguments)


def fine_scores(n_patients, rng):
    """Draw patients of a model whose scores are the true risks; groups differ."""
    language = rng.choice(
        ["English", "Spanish", "Other"], n_patients, p=[0.7, 0.2, 0.1]
    )
    band = rng.choice(["18-39", "40-64", "65-79", "80+"], n_patients)
    shift = pd.Series(band).map({"18-39": -1, "40-64": -0.3, "65-79": 0.2, "80+": 0.6})
    risk = expit(rng.normal(-1.8, 1.1, n_patients) + shift.to_numpy())
    days = rng.integers(0, 365, n_patients)
    return pd.DataFrame(
        {
            "patient": np.arange(n_patients),
            "y": (rng.random(n_patients) < risk).astype(int),
            "p": risk.round(4),
            "sex": rng.choice(["F", "M"], n_patients),
            "age_band": band,
            "language": language,
            "date": (np.datetime64("2024-01-01") + days).astype(str),
        }
    )


def false_alarms(n_audits, n_patients):
    """Return how many audits of fine models name anything, and what."""
    named = []
    for number in range(n_audits):
        table = fine_scores(n_patients, np.random.default_rng(number))
        found = audit_scores(table, "y", "p", groups=GROUPS, date="date")
        named.append([finding.code for finding in found.findings])
    codes = pd.Series([code for each in named for code in set(each)], dtype=object)
    n_named = sum(map(bool, named))
    return {
        "audits": n_audits,
        "patients": n_patients,
        "named": n_named,
        "share": round(n_named / n_audits, 4),
        "codes": codes.value_counts().to_dict(),
    }


def speed(n_rows):
    """Return seconds and peak memory of the command on a drawn file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scores.csv"
        fine_scores(n_rows, np.random.default_rng(0)).to_csv(file, index=False)
        command = [sys.executable, "-m", "coursekit.cli", "audit", str(file)]
        command += ["--truth", "y", "--score", "p", "--group", ",".join(GROUPS)]
        command += ["--date", "date", "--patient", "patient"]
        command += ["--output", str(Path(folder) / "report.html")]
        start = time.monotonic()
        subprocess.run(command, check=True)
        seconds = time.monotonic() - start
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        size = file.stat().st_size / 1e6
    return {
        "rows": n_rows,
        "seconds": round(seconds, 1),
        "cpu_seconds": round(used.ru_utime + used.ru_stime, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
        "file_mb": round(size),
    }


if __name__ == "__main__":
    main()
