"""Measures of how an answer differs between two cohorts.

Each takes the hidden patients with their reply, another cohort with its own, and the
criterion, and returns an `Estimate`; smaller is better.
"""

import numpy as np

from coursekit.grading.patients import LEVEL
from coursekit.metrics import ranking
from coursekit.metrics.intervals import Estimate


def auroc_drop(patients, reply, others, other_reply, criterion):
    """How much AUROC is lost on the hidden patients against others: independent sets.

    Others are taken to be ranked at least as well as the criterion's `at_least` says:
    who ranks them badly on purpose has not lost less. The ends combine those of both
    intervals (method of variance estimates recovery, Zou and Donner 2008).
    """
    here, there = (
        ranking.auroc_interval(p.y, r.values, patient=p.patient, level=LEVEL)
        for p, r in ((patients, reply), (others, other_reply))
    )
    if criterion.at_least is not None and there.value < criterion.at_least:
        there = Estimate(*(criterion.at_least,) * 3, LEVEL)
    drop = there.value - here.value
    below = np.hypot(there.value - there.low, here.high - here.value)
    above = np.hypot(there.high - there.value, here.value - here.low)
    return Estimate(drop, drop - below, drop + above, LEVEL)


COMPARISONS = {"auroc_drop": auroc_drop}


def auroc_there(criterion, patients, replies):
    """Return the AUROC on the cohort that a criterion compares with."""
    reply = replies[f"{criterion.answer}~{criterion.against}"]
    return float(ranking.auroc(patients[criterion.against].y, reply.values))
