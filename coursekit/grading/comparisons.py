"""Measures of what an answer loses on the hidden patients against another cohort.

The other cohort is taken to reach at least what the criterion's `at_least` says: who
does badly there on purpose has not lost less. Smaller is better.
"""

import numpy as np

from coursekit.grading.patients import LEVEL
from coursekit.grading.span_measures import span_f1
from coursekit.metrics import ranking
from coursekit.metrics.intervals import Estimate


def auroc(patients, reply):
    """Area under the ROC curve, with its DeLong interval."""
    return ranking.auroc_interval(
        patients.y, reply.values, patient=patients.patient, level=LEVEL
    )


COMPARISONS = {"auroc_drop": auroc, "span_f1_drop": span_f1}


def drop(criterion, patients, replies):
    """Return by how much a measure is smaller on the hidden patients.

    The two sets are independent; the ends combine those of both intervals (method of
    variance estimates recovery, Zou and Donner 2008).
    """
    measure = COMPARISONS[criterion.measure]
    here = measure(patients["hidden"], replies[criterion.answer])
    there = reached_there(criterion, patients, replies)
    if criterion.at_least is not None and there.value < criterion.at_least:
        there = Estimate(*(criterion.at_least,) * 3, LEVEL)
    lost = there.value - here.value
    below = np.hypot(there.value - there.low, here.high - here.value)
    above = np.hypot(there.high - there.value, here.value - here.low)
    return Estimate(lost, lost - below, lost + above, LEVEL)


def reached_there(criterion, patients, replies):
    """Return the measure on the cohort that a criterion compares with."""
    reply = replies[f"{criterion.answer}~{criterion.against}"]
    return COMPARISONS[criterion.measure](patients[criterion.against], reply)
