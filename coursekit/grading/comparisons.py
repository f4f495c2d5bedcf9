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
    """Mean change of rank where the same patients come with one thing altered.

    Ranks, as shares of the hidden patients: multiplying all risks by a small number
    makes no model deaf to what it listens to.
    """
    n_rows = len(other_reply.values)
    before, after = (
        rank_among(reply.values, each)
        for each in (reply.values[:n_rows], other_reply.values)
    )
    return mean_interval(np.abs(before - after), others.patient)


def rank_among(values, asked):
    """Return which share of some values lies below each one asked, ties by half.

    Examples
    --------
    >>> rank_among(np.array([0.1, 0.2, 0.2, 0.4]), np.array([0.2, 0.3]))
    array([0.5 , 0.75])
    """
    values = np.sort(values)
    ends = (np.searchsorted(values, asked, side) for side in ("left", "right"))
    return sum(ends) / (2 * len(values))


COMPARISONS = {"auroc_drop": auroc_drop, "moved": moved}
