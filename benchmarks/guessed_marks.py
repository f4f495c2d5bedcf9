"""How near a student's guess from the local check comes to the measured mark.

::

    python benchmarks/guessed_marks.py --secrets 20

Grades the five samples of docs/samples in courses drawn from other secrets, and guesses
each mark from what the local check printed by the rule of "How your mark is made".
Runs in this process, without notebooks. The last line is JSON: for each sample the
smallest and largest mark, the mean of mark minus guess, its standard deviation, and the
shares of courses in which the guess was off by at most 5 and at most 10 points. Where a
sample listens to a column from the future its accuracy is guessed as 0: its author
could know.
"""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent))

from samples import ASSIGNMENT, guesses, measured_points, samples

from coursekit.grading import handin
from coursekit.grading.assignment import find_assignment
from coursekit.grading.certificate import rehearse
from coursekit.grading.local import local_check
from coursekit.grading.rehearsal import Stage
from coursekit.grading.score import score

LEAK = "LEAK-POSTDISCH"


def graded(secret):
    """Grade all samples in the course of a secret.

    Returns
    -------
    tuple of (Rubric, dict of str to (dict, str))
        The resolved rubric; sample -> score record, and what the local check prints.
    """
    assignment, found = find_assignment(ASSIGNMENT), {}
    secret = f"{secret}/{ASSIGNMENT}"
    rehearsed = rehearse(assignment, secret, only=("good", "naive"))
    lock = rehearsed.lock
    stage = Stage(lock, rehearsed.cohorts, secret)
    shown = rehearsed.cohorts["check"].shown(lock.given)
    for sample in samples():
        replies = stage.perform(assignment, sample.cells)
        record = score(lock, stage.patients, replies, stage.inputs)
        found[sample.name] = record, repr(local_check(lock, shown, handin.answers()))
    return lock, found


def mark_and_guess(lock, record, check):
    """Return the measured mark and the guess."""
    told = guesses(lock, check)
    leaks = LEAK in {each["code"] for each in record["codes"]}
    guessed = sum(
        told[each["label"]]["points"]
        for each in record["criteria"]
        if not (leaks and each["kind"] == "accuracy")
    )
    return measured_points(record), guessed


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--secrets", type=int, default=20)
    options = parser.parse_args(arguments)
    pairs = {}
    for number in range(options.secrets):
        lock, found = graded(f"guessed marks {number}")
        for name, (record, check) in found.items():
            pairs.setdefault(name, []).append(mark_and_guess(lock, record, check))
        last = {name: [round(x, 1) for x in each[-1]] for name, each in pairs.items()}
        print(number, last, flush=True)
    result = {name: summary(np.array(each)) for name, each in pairs.items()}
    print(json.dumps(result))
    return result


def summary(pairs):
    """Return how marks, (n, 2) of mark and guess, differ from their guesses."""
    marks, off = pairs[:, 0], pairs[:, 0] - pairs[:, 1]
    return {
        "smallest": round(float(marks.min()), 1),
        "largest": round(float(marks.max()), 1),
        "mean_off": round(float(off.mean()), 2),
        "sd_off": round(float(off.std()), 2),
        "within_5": round(float(np.mean(np.abs(off) <= 5)), 3),
        "within_10": round(float(np.mean(np.abs(off) <= 10)), 3),
    }


if __name__ == "__main__":
    main()
