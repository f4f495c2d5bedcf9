"""Measures of how an answer differs between two cohorts.

Each takes the hidden patients with their reply and another cohort with its own, and
returns an `Estimate`; smaller is better.
"""

import numpy as np

from coursekit.grading.film_measures import mean_interval
from coursekit.grading.patients import LEVEL
from coursekit.metrics import ranking
from coursekit.metrics.intervals import Estimate


def auroc_drop(patients, reply, others, other_reply):
    """How much AUROC is lost on the hidden patients against others: independent sets.

    The ends combine those of both intervals (method of variance estimates recovery,
    Zou and Donner 2008).
    """
    here, there = (
        ranking.auroc_interval(p.y, r.values, patient=p.patient, level=LEVEL)
        for p, r in ((patients, reply), (others, other_reply))
    )
    drop = there.value - here.value
    below = np.hypot(there.value - there.low, here.high - here.value)
    above = np.hypot(there.high - there.value, here.value - here.low)
    return Estimate(drop, drop - below, drop + above, LEVEL)


def moved(patients, reply, others, other_reply):
    """Mean change of the risk where the same patients come with one thing altered."""
    n_rows = len(other_reply.values)
    apart = np.abs(reply.values[:n_rows] - other_reply.values)
    return mean_interval(apart, others.patient)


COMPARISONS = {"auroc_drop": auroc_drop, "moved": moved}
