"""The measures of films and maps that a rubric may name."""

import numpy as np
import pandas as pd

from coursekit.errors import NotEstimable
from coursekit.grading.patients import LEVEL
from coursekit.metrics.intervals import Estimate, interval_from_influence
from coursekit.metrics.operating import sensitivity_at_specificity_interval


def sensitivity_at_specificity(patients, reply, criterion):
    """Share of the ill of one kind found where a share of the healthy is left alone."""
    counted = counted_among(patients, criterion)
    return sensitivity_at_specificity_interval(
        *(patients.y, reply.values, criterion.specificity, counted),
        patient=patients.patient,
        level=LEVEL,
    )


def rank_gap(patients, reply, criterion):
    """Difference in mean rank, as a share of all patients, between two groups.

    Of groups that chance made, such as by whose mark a film bears, honest answers
    rank neither higher. Ranks, since risks that are scaled down listen no less.
    """
    labels = patients.groups[criterion.attribute].to_numpy()
    names = np.unique(labels)
    if len(names) != 2:
        raise NotEstimable(f"{criterion.attribute} has {len(names)} values here.")
    ranks = pd.Series(reply.values).rank(pct=True).to_numpy()
    means = [ranks[labels == name].mean() for name in names]
    gap = means[1] - means[0]
    influence = np.zeros(len(labels))
    for name, mean, sign in zip(names, means, (-1, 1), strict=True):
        rows = labels == name
        influence[rows] = sign * (ranks[rows] - mean) / rows.mean()
    signed = interval_from_influence(gap, influence, patients.patient, LEVEL, (-1, 1))
    return Estimate(
        value=abs(gap),
        low=max(0.0, signed.low, -signed.high),
        high=max(abs(signed.low), abs(signed.high)),
        level=LEVEL,
    )


def counted_among(patients, criterion):
    """Return which rows a criterion counts: (n,) of bool, all where it names none."""
    counted = np.ones(len(patients.groups), dtype=bool)
    for attribute, value in criterion.among.items():
        counted &= (patients.groups[attribute] == value).to_numpy()
    return counted


def mass_in_lesion(patients, reply, criterion):
    """Mean share of a map that lies within the lesion, over films that have one.

    A map that is 0 everywhere has no share in the lesion.
    """
    seen = patients.first(len(reply.values))
    lesions = seen.detail["lesion"]
    rows = lesions.any(axis=(1, 2))
    if rows.sum() < 2:
        raise NotEstimable("Fewer than two of these films have a lesion.")
    patient = None if seen.patient is None else seen.patient[rows]
    return mean_interval(shares_within(reply.values[rows], lesions[rows]), patient)


def shares_within(maps, masks):
    """Return the share of each map's sum that lies within its mask: (n,).

    Examples
    --------
    >>> maps = np.array([[[3.0, 1.0]], [[0.0, 0.0]]])
    >>> shares_within(maps, np.array([[[1, 0]], [[1, 0]]]))
    array([0.75, 0.  ])
    """
    maps = maps.astype(float)
    total = maps.sum(axis=(1, 2))
    within = (maps * masks).sum(axis=(1, 2))
    return np.divide(within, total, out=np.zeros(len(total)), where=total > 0)


def mean_interval(values, patient=None, bounds=(0, 1)):
    """Return the mean of values in [0, 1] with its interval, clustered by patient."""
    mean = float(np.mean(values))
    return interval_from_influence(mean, values - mean, patient, LEVEL, bounds)
