"""Mistakes that no single measure shows: leaks, overfitting, the impossible.

Each finding is a feedback code with what was seen, found by asking the same
answer about other patients and comparing the replies outside.
"""

import numpy as np

from coursekit.grading.contract import Breach
from coursekit.metrics import calibration, ranking
from coursekit.metrics.intervals import paired_standard_error

N_STANDARD_ERRORS = 3  # better than the oracle by more than this is impossible
OTHERS = {"inside": "others of the same hospitals"}
DROP_LEVEL = 0.998  # joint interval of a drop: one honest model in 1,000 is named


def findings(lock, patients, replies):
    """Return what the probes of a rubric find, at most one mistake an answer.

    Probes stand in the rubric with the gravest first: a model that reads the outcome
    also looks overfitted, and naming both would hide the cause.

    Parameters
    ----------
    lock : Rubric
    patients : dict of str to Patients
        By cohort: "hidden", "train", "check", "redraw=<column>".
    replies : dict of str to Reply
        By serving: "model", "model~train", ...

    Returns
    -------
    list of (Probe, Breach)
    """
    found = {}
    for probe in lock.probes:
        breach = FINDERS[probe.finds](probe, patients, replies)
        if breach is not None:
            found.setdefault(probe.answer, (probe, breach))
    return list(found.values())


def redraw(probe, patients, replies):
    """Find a model that listens to a column which is not yet known."""
    base = replies[probe.answer].values
    moved = {}
    for name, reply in replies.items():
        if name.startswith(f"{probe.answer}~redraw="):
            column = name.partition("=")[2]
            if not usable(reply):
                return no_answer(probe, f"{column} is drawn anew")
            moved[column] = float(
                np.mean(np.abs(reply.values - base[: len(reply.values)]))
            )
    moved = {name: size for name, size in moved.items() if size > probe.tolerance}
    if not moved:
        return None
    listed = " and ".join(f"{name} by {size:.3f}" for name, size in moved.items())
    return Breach(
        probe.code,
        "When we drew one column anew that is only known after discharge, the risks "
        f"moved: {listed} on average. At most {probe.tolerance:g} is allowed.",
        "accuracy",
    )


def usable(reply):
    """Return True where a probe's reply holds risks throughout."""
    if reply.status != "ok":
        return False
    return bool(np.all((reply.values >= 0) & (reply.values <= 1)))


def no_answer(probe, when):
    """Return the breach of an answer that will not be tested."""
    seen = f"{probe.answer} gave no risks when {when}, so it could not be tested."
    return Breach(probe.code, seen, "accuracy")


def seen_patients(probe, patients, replies):
    """Find a model that does much better on patients whom the student has seen."""
    shown = replies.get(f"{probe.answer}~{probe.finds}")
    if shown is None:
        return None
    if not usable(shown):
        return no_answer(probe, f"the {probe.finds} patients are shown")
    there = auroc_of(patients[probe.finds], shown)
    beside = replies.get(serving_of(probe))
    if beside is None:
        return None
    if not usable(beside):
        return no_answer(probe, f"the {probe.against} patients are shown")
    here = auroc_of(patients[probe.against], beside)
    drop = there.value - here.value
    joint = np.hypot(there.half_width, here.half_width)
    if drop <= max(probe.tolerance, joint):
        return None
    return Breach(
        probe.code,
        f"AUROC was {there.value:.3f} on the {probe.finds} patients and "
        f"{here.value:.3f} on {OTHERS.get(probe.against, 'the hidden ones')}: "
        f"{drop:.3f} was lost.",
        "accuracy",
    )


def serving_of(probe):
    """Return the serving of those beside whom the patients seen are put."""
    marks = probe.against == "hidden"
    return probe.answer if marks else f"{probe.answer}~{probe.against}"


def auroc_of(patients, reply):
    """Return the AUROC of a reply with its interval."""
    return ranking.auroc_interval(
        patients.y, reply.values, patient=patients.patient, level=DROP_LEVEL
    )


FINDERS = {"redraw": redraw, "train": seen_patients, "check": seen_patients}

LOSSES = {
    "AUROC": (ranking.auroc, ranking.auroc_influence, 1),
    "average precision": (
        ranking.average_precision,
        ranking.average_precision_influence,
        1,
    ),
    "Brier score": (calibration.brier, calibration.brier_influence, -1),
    "log loss": (calibration.log_loss, calibration.log_loss_influence, -1),
}


def impossible(patients, reply):
    """Return a breach where risks are better than the true risks can be.

    Parameters
    ----------
    patients : Patients
        With `risk`; where there is no known truth nothing can be impossible.
    reply : Reply

    Returns
    -------
    Breach or None
    """
    if patients.risk is None:
        return None
    for name, (value, influence, sign) in LOSSES.items():
        with np.errstate(divide="ignore"):
            ours, oracles = (
                value(patients.y, reply.values),
                value(patients.y, patients.risk),
            )
        if not np.isfinite(ours) or sign * (ours - oracles) <= 0:
            continue
        error = paired_standard_error(
            influence(patients.y, reply.values),
            influence(patients.y, patients.risk),
            patient=patients.patient,
        )
        if sign * (ours - oracles) > N_STANDARD_ERRORS * error:
            return Breach(
                "IMPOSSIBLE",
                f"Your {name} is {ours:.3f}; with the true risk of every patient it "
                f"would be {oracles:.3f}.",
                "accuracy",
            )
    return None
