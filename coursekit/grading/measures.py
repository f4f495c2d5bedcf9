"""The measures that a rubric may name.

Each takes the patients with their truth, one reply and the criterion, and returns
an `Estimate`: a value with the ends of its interval. Where the patients cannot
show a value it raises `NotEstimable`.
"""

import importlib
import sys

import numpy as np

from coursekit.errors import BadRubric, NotEstimable
from coursekit.grading import (
    cleaning_measures,
    clustering_measures,
    comparisons,
    evaluation_measures,
    explanation_measures,
    film_measures,
    mask_measures,
    span_measures,
    verdict_measures,
)
from coursekit.grading.patients import LEVEL, NOT_JUDGED
from coursekit.metrics import calibration, gaps, utility
from coursekit.metrics.intervals import Estimate, wilson


def auroc(patients, reply, criterion):
    """Area under the ROC curve, with its DeLong interval."""
    return comparisons.auroc(patients, reply)


def scaled_brier(patients, reply, criterion):
    """Brier score as a share of what the prevalence alone would reach."""
    return calibration.scaled_brier_interval(
        patients.y, reply.values, patient=patients.patient, level=LEVEL
    )


def calibration_slope(patients, reply, criterion):
    """Slope of outcomes on the logit of the risks: below 1 is overconfident."""
    if np.ptp(reply.values) == 0:
        raise NotEstimable("Every patient got the same risk, so there is no slope.")
    slope = calibration.calibration_slope_interval(
        patients.y, reply.values, patient=patients.patient, level=LEVEL
    )
    low, high = criterion.band or (-np.inf, np.inf)
    if slope.low < low and slope.high > high:
        raise NotEstimable("The risks hardly differ, so their slope cannot be seen.")
    return slope


def mean_error_by_group(patients, reply, criterion):
    """Largest distance, over groups, between mean risk and share of events.

    The limits are simultaneous over the groups (Bonferroni).
    """
    labels = patients.groups[criterion.attribute].to_numpy()
    names = np.unique(labels[labels != NOT_JUDGED])
    level = 1 - (1 - LEVEL) / len(names)
    within = [mean_error(patients, reply, labels == name, level) for name in names]
    return Estimate(
        value=max(abs(each.value) for each in within),
        low=max(0.0, *(max(each.low, -each.high) for each in within)),
        high=max(max(abs(each.low), abs(each.high)) for each in within),
        level=LEVEL,
    )


def mean_error(patients, reply, rows, level):
    """Mean risk minus share of events among some rows."""
    patient = None if patients.patient is None else patients.patient[rows]
    return calibration.mean_calibration_error_interval(
        patients.y[rows], reply.values[rows], patient=patient, level=level
    )


GAPS = {"sensitivity_gap": "sensitivity", "specificity_gap": "specificity"}


def rate_gap(patients, reply, criterion):
    """Largest difference in a rate of `GAPS` between two groups of one attribute."""
    gap = gap_between(patients, reply, criterion)
    return Estimate(gap.value, gap.low, gap.high, LEVEL)


def gap_between(patients, reply, criterion):
    """Return the gap between the judged groups, with simultaneous limits."""
    labels = patients.groups[criterion.attribute].to_numpy()
    judged = labels != NOT_JUDGED
    return gaps.gap_interval(
        patients.y[judged],
        reply.values[judged].astype(int),
        labels[judged],
        GAPS[criterion.measure],
        patient=None if patients.patient is None else patients.patient[judged],
        level=LEVEL,
    )


BETWEEN = {
    **dict.fromkeys(GAPS, gap_between),
    "recall_gap": span_measures.recall_gap_between,
}


def estimate(criterion, patients, replies):
    """Return what the replies show of a criterion's measure.

    Parameters
    ----------
    criterion : Criterion
    patients : dict of str to Patients
        By cohort; "hidden" is the one that sets the marks.
    replies : dict of str to Reply
        By serving: "model", "model~inside", ...

    Returns
    -------
    Estimate
    """
    if criterion.against is not None:
        return comparisons.drop(criterion, patients, replies)
    seen = asked_about(criterion, patients), replies[criterion.answer]
    return MEASURES[criterion.measure](*seen, criterion)


def asked_about(criterion, patients):
    """Return the patients or cases that a criterion's answer was asked about."""
    return patients.get(criterion.answer, patients["hidden"])


def is_estimated(criterion):
    """Return True where a criterion's value is read off the patients."""
    return criterion.measure in MEASURES or criterion.against is not None


def half_width(criterion, patients, replies):
    """Return how closely these patients show a measure: half its interval's width.

    That of a gap is taken before its lower limit is cut at 0.
    """
    between = BETWEEN.get(criterion.measure)
    if between:
        seen = patients["hidden"], replies[criterion.answer]
        return between(*seen, criterion).half_width
    shown = estimate(criterion, patients, replies)
    return max(shown.half_width, shown.high - shown.value if shown.low == 0 else 0.0)


def alert_rate(patients, reply, criterion=None):
    """Share of patients for whom an alert is raised."""
    return wilson(int(reply.values.sum()), len(reply.values), level=LEVEL)


def net_benefit(patients, reply, point):
    """Net benefit of the decisions at the rubric's threshold probability."""
    return utility.net_benefit_interval(
        patients.y,
        reply.values.astype(int),
        point.threshold_probability,
        patient=patients.patient,
        level=LEVEL,
    )


def share_right(answer, reply, inputs):
    """Share of a function's answers that equal the reference's within 2 %."""
    share = float(np.mean(equal_to(answer, reply, inputs, {})))
    return Estimate(share, share, share, LEVEL)


def equal_to(answer, reply, inputs, instead):
    """Return which replies equal the reference's with some inputs put in place."""
    reference = reference_function(answer)
    wanted = [reference(**{**item, **instead}) for item in inputs]
    return [close(seen, want) for seen, want in zip(reply.values, wanted, strict=True)]


def reference_function(answer):
    """Import the function that a function question is compared with."""
    module, _, name = answer.reference.partition(":")
    if not module.startswith("coursekit.metrics"):
        raise BadRubric(
            f"answers.{answer.name}.reference is {answer.reference!r}; it must be "
            "'coursekit.metrics.<module>:<function>', since teaching code sets no mark."
        )
    return getattr(importlib.import_module(module), name)


def close(seen, want, tolerance=0.02):
    """Return True where an answer is a real number within 2 % of the reference.

    Examples
    --------
    >>> close(101.0, 100.0), close(-100.0, 100.0), close("100", 100.0)
    (True, False, False)
    """
    if isinstance(seen, bool) or not isinstance(seen, int | float):
        return False
    if not abs(seen) < sys.float_info.max:
        return False
    return abs(seen - want) <= tolerance * max(abs(want), 1e-9)


MEASURES = {
    "auroc": auroc,
    "scaled_brier": scaled_brier,
    "calibration_slope": calibration_slope,
    "mean_error_by_group": mean_error_by_group,
    **dict.fromkeys(GAPS, rate_gap),
    "rank_gap": film_measures.rank_gap,
    "sensitivity_at_specificity": film_measures.sensitivity_at_specificity,
    "mass_in_lesion": film_measures.mass_in_lesion,
    "dice": mask_measures.dice,
    "lesion_sensitivity": mask_measures.lesion_sensitivity,
    "false_lesions": mask_measures.false_lesions,
    "dice_gap": mask_measures.dice_gap,
    "volume_bias": mask_measures.volume_bias,
    "span_f1": span_measures.span_f1,
    "false_assertions": span_measures.false_assertions,
    "recall_gap": span_measures.recall_gap,
    "marked_identifiers": span_measures.marked_identifiers,
    **explanation_measures.MEASURES,
    **clustering_measures.MEASURES,
    **cleaning_measures.MEASURES,
    **evaluation_measures.MEASURES,
    "verdict_f1": verdict_measures.verdict_f1,
    "false_accusations": verdict_measures.false_accusations,
    "acquittal": verdict_measures.acquittal,
    "within_tolerance": verdict_measures.within_tolerance,
}
FALLING = (
    "calibration_slope",
    "mean_error_by_group",
    *GAPS,
    "rank_gap",
    "false_lesions",
    "dice_gap",
    "volume_bias",
    "false_assertions",
    "recall_gap",
    "marked_identifiers",
    "false_accusations",
    *explanation_measures.FALLING,
    *clustering_measures.FALLING,
    *cleaning_measures.FALLING,
    *evaluation_measures.FALLING,
    *comparisons.COMPARISONS,
)


def rises(criterion):
    """Return True where larger values of a criterion's measure are better."""
    return criterion.measure not in FALLING


WORDS = {
    "auroc": "AUROC",
    "scaled_brier": "scaled Brier score",
    "calibration_slope": "how far the slope lies outside its band",
    "mean_error_by_group": "calibration error in the worst group",
    **dict.fromkeys(GAPS, "gap"),
    "rank_gap": "difference in mean rank",
    "sensitivity_at_specificity": "sensitivity",
    "mass_in_lesion": "share of the map within the lesion",
    "dice": "Dice",
    "lesion_sensitivity": "share of lesions found",
    "false_lesions": "number of false lesions a slice",
    "dice_gap": "gap in Dice",
    "volume_bias": "bias in volume",
    "span_f1": "macro-F1",
    "false_assertions": "share of absent symptoms asserted",
    "recall_gap": "gap in recall",
    "marked_identifiers": "number of identifiers marked in a note",
    **explanation_measures.WORDS,
    **clustering_measures.WORDS,
    **cleaning_measures.WORDS,
    **evaluation_measures.WORDS,
    "verdict_f1": "macro-F1 above chance",
    "false_accusations": "share of sound cases accused",
    "acquittal": "share of sound cases acquitted above chance",
    "within_tolerance": "share of numbers close to the truth",
    "auroc_drop": "drop in AUROC",
    "span_f1_drop": "drop in macro-F1",
    "share_right": "share of right answers",
    "contract": "kept contract",
}
