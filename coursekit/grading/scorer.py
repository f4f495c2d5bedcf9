"""The trusted scorer, a process of its own: it holds the labels.

    python -I -m coursekit.grading.scorer HOLDOUT_OF_THE_ASSIGNMENT [ATTEMPT]

reads one JSON object a line from standard input, ``{"student": ..., "run": FOLDER}``,
and writes one a line to standard output, ``{"student": ..., "record": ...}``. It reads
replies as plain numbers and JSON, and never imports or unpickles anything that came
from a student.
"""

import json
import sys
from pathlib import Path

import numpy as np

from coursekit.datasets.storage import read_holdout_truth
from coursekit.grading.contract import Reply
from coursekit.grading.lock import read_lock
from coursekit.grading.measures import Patients
from coursekit.grading.score import score
from coursekit.grading.serving import read_inputs, servings

MAX_JSON_BYTES = 10_000_000


class Scorer:
    """The labels of one assignment, ready to score any number of runs."""

    def __init__(self, holdout, attempt="hidden"):
        holdout = Path(holdout)
        self.lock = read_lock(holdout / "rubric.lock.toml")
        self.inputs = read_inputs(self.lock, holdout, attempt)
        self.servings = servings(self.lock, self.inputs)
        folders = {"hidden": holdout / attempt}
        for name in self.inputs:
            if name != "hidden" and (holdout / name).is_dir():
                folders[name] = holdout / name
        self.patients = {name: read_patients(path) for name, path in folders.items()}

    def score(self, run):
        """Return the score record of one run folder."""
        run = Path(run)
        states = json.loads((run / "run.json").read_text(encoding="utf-8"))
        if states["status"] != "ok":
            return unscored(self.lock, states["status"], states["reason"])
        replies = {
            each.name: read_reply(run, each, states["servings"].get(each.name, {}))
            for each in self.servings
        }
        return score(self.lock, self.patients, replies, self.inputs)


def unscored(lock, status, reason):
    """Return the record of a submission that has no valid score."""
    return {
        "format": 1,
        "assignment": lock.assignment,
        "rubric_version": lock.version,
        "status": status,
        "reason": reason,
        "criteria": [],
        "kinds": {
            kind: {"points": None, "max_points": points, "points_range": None}
            for kind, points in lock.kinds.items()
        },
        "codes": [],
    }


def read_patients(folder):
    """Return the patients of one holdout folder, with their truth."""
    return Patients.of(read_holdout_truth(folder))


def read_reply(run, serving, state):
    """Read one reply strictly: the exact shape, real numbers, nothing unpickled."""
    status, reason = state.get("status", "missing"), state.get("reason", "")
    if status != "ok":
        return Reply(None, status=status, reason=reason)
    modified = bool(state.get("modified_input", False))
    try:
        if serving.reply == "json":
            return Reply(read_json(run, serving), modified_input=modified)
        values = read_numbers(run / "predictions" / f"{serving.name}.npy")
        repeats = read_repeats(run / "predictions" / f"{serving.name}.repeat.npy")
    except (OSError, ValueError) as error:
        return Reply(None, status="unreadable", reason=f"{serving.name}: {error}")
    if values.shape != (len(serving.inputs),):
        reason = f"{serving.name} has {values.shape} values."
        return Reply(None, status="unreadable", reason=reason)
    return Reply(values, repeats, modified_input=modified)


def read_json(run, serving):
    """Read the replies to a function question: one JSON value per input."""
    path = run / "predictions" / f"{serving.name}.json"
    if path.stat().st_size > MAX_JSON_BYTES:
        raise ValueError("the replies are too large")
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, list) or len(values) != len(serving.inputs):
        raise ValueError("there is not one reply per input")
    return values


def read_numbers(path):
    """Read an array of float64, refusing anything else."""
    values = np.load(path, allow_pickle=False)
    if values.dtype != np.float64:
        raise ValueError(f"the values are {values.dtype}, not float64")
    return values


def read_repeats(path):
    """Read the repeated rows: (k, 3) of row, first and second answer."""
    if not path.exists():
        return np.empty((0, 3))
    values = read_numbers(path)
    if values.ndim != 2 or values.shape[1] != 3:
        raise ValueError(f"the repeats have shape {values.shape}")
    return values


def main():
    """Score the runs named on standard input."""
    scorer = Scorer(*sys.argv[1:])
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            record = scorer.score(asked["run"])
        except Exception as error:
            reason = f"The scorer failed ({type(error).__name__}: {error})."
            record = unscored(scorer.lock, "not-scored", reason[:300])
        answer = {"student": asked["student"], "record": record}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
