"""Which way of evaluating went wrong, read off the numbers that came back.

The truth of a case tells beside what is right what some wrong ways come to.
"""

import numpy as np

from coursekit.grading.contract import Breach
from coursekit.grading.evaluation_measures import interval_ends
from coursekit.grading.verdict_measures import is_number
from coursekit.grading.verdicts import FOUND

MOSTLY = 0.8  # share of cases in which a mistake is seen
SEEN = {
    "SAME-INTERVAL": "the same interval came back for nearly every model",
    "ONE-WIDTH": "nearly all intervals have one width, whoever the patients are",
    "NAIVE-WIDTH": "the intervals are as wide as those of a share of rows",
    "ROWS-NOT-PATIENTS": "the intervals are as wide as if every row were a patient",
    "ONE-BIN": "the ICI is the distance of two means",
    "UNCORRECTED": "the subgroups declared are those with p < 0.05",
}


def evaluation_mistakes(answer, patients, reply, kind):
    """Name the wrong way in which cases of evaluation were answered.

    Parameters
    ----------
    answer : Answer
    patients : Patients
        With the true answers of cases as `y`.
    reply : Reply
        That keeps its contract.
    kind : str
        Of the points beside which a student reads it.

    Returns
    -------
    list of Breach
        At most one. It takes no points; the measures do.
    """
    truth = patients.y[0]
    if "by_row" in truth:
        code = mistake_of_intervals(patients.y, reply)
    elif "one_bin" in truth:
        code = mistake_of_index(patients.y, reply)
    elif "uncorrected" in truth:
        code = mistake_of_subgroups(patients.y, reply)
    else:
        return []
    return [Breach(code, f"{answer.name}: {SEEN[code]}.", kind)] if code else []


def mistake_of_intervals(truths, reply):
    """Return the code of how intervals went wrong, or None."""
    ends = interval_ends(reply)
    told = ~np.isnan(ends[:, 0])
    if told.mean() < MOSTLY:
        return None
    ends, widths = ends[told], np.ptp(ends[told], axis=1)
    if mostly_one(ends[:, 0]) and mostly_one(ends[:, 1]):
        return "SAME-INTERVAL"
    if mostly_one(widths):
        return "ONE-WIDTH"
    for code, name, near in (
        ("NAIVE-WIDTH", "naive", 0.05),
        ("ROWS-NOT-PATIENTS", "by_row", 0.2),
    ):
        # Of group B, where rows and patients differ most.
        pairs = zip(np.array(truths)[told], widths, strict=True)
        share = [w / t[name] for t, w in pairs if t["group"] == "B"]
        if share and abs(np.median(share) - 1) < near:
            return code
    return None


def mostly_one(values):
    """Return True where most values are the same.

    Examples
    --------
    >>> mostly_one(np.array([0.1] * 9 + [0.3])), mostly_one(np.array([0.1, 0.2]))
    (True, False)
    """
    _, counts = np.unique(values.round(6), return_counts=True)
    return bool(len(values) > 1 and counts.max() >= MOSTLY * len(values))


def mistake_of_index(truths, reply):
    """Return the code of a calibration index of one bin, or None."""
    same = [
        is_number(said["ici"]) and abs(said["ici"] - truth["one_bin"]) < 5e-4
        for truth, said in zip(truths, reply.values, strict=True)
    ]
    return "ONE-BIN" if np.mean(same) >= MOSTLY else None


def mistake_of_subgroups(truths, reply):
    """Return the code of subgroups declared without a correction, or None."""
    same = [
        set(said[FOUND]) == set(truth["uncorrected"])
        for truth, said in zip(truths, reply.values, strict=True)
        if set(truth["uncorrected"]) != set(truth["reference"])
    ]
    return "UNCORRECTED" if same and np.mean(same) >= MOSTLY else None
