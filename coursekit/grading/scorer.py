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

from coursekit.datasets.holdout import read_holdout_truth
from coursekit.grading.contract import Reply
from coursekit.grading.lock import read_lock
from coursekit.grading.patients import Patients
from coursekit.grading.repeats import comes_again
from coursekit.grading.score import score
from coursekit.grading.serving import cases_folder, read_inputs, servings

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
                own = any(a.name == name and a.generator for a in self.lock.answers)
                folders[name] = holdout / (cases_folder(name, attempt) if own else name)
        self.patients = {name: read_patients(path) for name, path in folders.items()}

    def score(self, run):
        """Return the score record of one run folder."""
        run = Path(run)
        states = json.loads((run / "run.json").read_text(encoding="utf-8"))
        notes = [each["note"] for each in states.get("limits_hit", ())]
        if states["status"] != "ok" and not any_answered(states):
            return unscored(self.lock, states["status"], states["reason"], notes)
        replies = {each.name: read_reply(run, each, states) for each in self.servings}
        record = score(self.lock, self.patients, replies, self.inputs)
        if states["status"] != "ok":
            record |= {"status": states["status"], "reason": states["reason"]}
        return record | {"notes": notes}


def any_answered(states):
    """Return True if a run that ended early has at least one serving complete."""
    return any(state["status"] == "ok" for state in states["servings"].values())


def unscored(lock, status, reason, notes=()):
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
        "notes": list(notes),
    }


def read_patients(folder):
    """Return the patients of one holdout folder, with their truth."""
    return Patients.of(read_holdout_truth(folder))


def read_reply(run, serving, states):
    """Read one reply strictly: the exact shape, real numbers, nothing unpickled."""
    state = states["servings"].get(serving.name, {})
    status, reason = state.get("status", "missing"), state.get("reason", "")
    if states["status"] != "ok" and not state.get("finished", status == "ok"):
        return Reply(None, status="cut-off", reason=cut_off(serving, states["reason"]))
    if status != "ok":
        return Reply(None, status=status, reason=reason)
    modified = bool(state.get("modified_input", False))
    try:
        values = read_values(run, serving)
        repeats = read_repeats(run / "predictions" / f"{serving.name}.repeat.npy")
        dealt = read_dealt(run / "predictions" / f"{serving.name}.dealt.npy", repeats)
    except (OSError, ValueError, RecursionError) as error:
        return Reply(None, status="unreadable", reason=f"{serving.name}: {error}")
    return Reply(values, repeats, modified_input=modified, dealt=dealt)


def cut_off(serving, why):
    """Return in words why a serving is not complete."""
    what, _, about = serving.name.partition("~")
    about = f" about the {about} patients" if about else ""
    return f"The run ended before {what} was asked to the end{about}. {why}"


def read_values(run, serving):
    """Read what came back for every row: an array of the exact shape, or a list."""
    if serving.reply == "json":
        return read_json(run, serving)
    path = run / "predictions" / f"{serving.name}.npy"
    values = read_numbers(path, serving.reply)
    if values.shape != serving.reply_shape:
        raise ValueError(f"it has {values.shape} values")
    return values


def read_json(run, serving):
    """Read the replies to a function question: one JSON value per input."""
    path = run / "predictions" / f"{serving.name}.json"
    if path.stat().st_size > MAX_JSON_BYTES:
        raise ValueError("the replies are too large")
    values = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(values, list) or len(values) != len(serving.inputs):
        raise ValueError("there is not one reply per input")
    return values


def read_numbers(path, dtype=np.float64):
    """Read an array of one type, refusing anything else."""
    values = np.load(path, allow_pickle=False)
    if values.dtype != dtype:
        raise ValueError(f"the values are {values.dtype}, not {np.dtype(dtype)}")
    return values


def read_repeats(path):
    """Read the repeated rows: (k, 3) of row, first and second answer."""
    if not path.exists():
        return np.empty((0, 3))
    values = read_numbers(path)
    if values.ndim != 2 or values.shape[1] != 3:
        raise ValueError(f"the repeats have shape {values.shape}")
    return values


def read_dealt(path, repeats):
    """Read in which batches the rows were asked, or None where that was not kept.

    The rows that were asked again must be those of the repeats, in their order.
    """
    if not path.exists():
        return None
    dealt = read_numbers(path, np.int64)
    if dealt.ndim != 2 or dealt.shape[1] != 2:
        raise ValueError(f"the batches have shape {dealt.shape}")
    if not np.array_equal(dealt[comes_again(dealt), 1], repeats[:, 0]):
        raise ValueError("the batches and the repeats do not fit")
    return dealt


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
