"""How far groups lie apart, and how much of it the patients really show.

The largest of many differences is large by chance alone: five groups of 50 ill, all
served alike, show a gap of 0.13 on average. The limits here hold for all pairs of
groups at once, so a gap that they leave above 0 is there.
"""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.bands import critical_value, pair_limits
from coursekit.metrics.intervals import Estimate, replicate_counts
from coursekit.metrics.rates import (
    RATES,
    group_sizes,
    grouped_cells,
    rate_of_counts,
)

LOW_IS_WORSE = {"sensitivity", "specificity", "ppv", "npv", "alert_rate"}


@dataclass(frozen=True, eq=False)
class Gap:
    """The largest difference of a rate between two groups, with simultaneous limits.

    Examples
    --------
    >>> gap = gap_interval([1] * 8, [1, 1, 1, 0, 1, 0, 0, 0], list("aaaabbbb"))
    >>> gap.value, gap.worst_group, round(gap.ratio, 2)
    (0.5, 'b', 0.33)
    """

    rate: str
    value: float  # largest absolute difference between two groups that can be judged
    low: float  # at least one pair lies this far apart
    high: float  # no pair lies farther apart
    level: float
    pairs: pd.DataFrame  # group_a, group_b, difference (a - b), low, high
    by_group: pd.Series  # the rate; NaN where a group cannot be judged
    worst_group: object  # label of the group served worst (of the first, when tied)
    ratio: float  # lowest rate / highest rate; NaN if all are 0
    not_judged: tuple  # labels of the groups without anyone to count

    @property
    def half_width(self):
        """Half the width of the widest pair's interval, before it is cut at 0."""
        return float((self.pairs["high"] - self.pairs["low"]).max() / 2)

    @property
    def estimate(self):
        """The gap as an `Estimate`; its half width is that of the cut interval."""
        return Estimate(self.value, self.low, self.high, self.level)


def gap_interval(
    y_true,
    alerts,
    group,
    rate="sensitivity",
    *,
    patient=None,
    level=0.90,
    n_replicates=10_000,
    random_state=0,
):
    """Return the largest difference of a rate between groups, with its limits.

    Each pair's interval is Newcombe's: Wilson's limits of the two rates, put together.
    Their quantile is that of the largest standardised difference over all pairs
    (max-t), so that all intervals hold at once with probability `level`. With several
    rows a patient, Wilson's limits use the number of independent rows that the
    patients are worth, and groups that share patients are correlated. With two groups
    no chance is involved; else the quantile is drawn.

    Parameters
    ----------
    y_true, alerts : array-like of shape (n,)
        0 or 1.
    group : array-like of shape (n,), or DataFrame of several columns
    rate : str
        ``"sensitivity"``, ``"specificity"``, ``"false_positive_rate"``, ``"ppv"``,
        ``"npv"`` or ``"alert_rate"``.
    patient : array-like of shape (n,), optional
        None means one row a patient.
    level : float in (0, 1)
    n_replicates : int
        Draws for the quantile, where there are more than two groups.
    random_state : int or Generator

    Returns
    -------
    Gap

    Raises
    ------
    NotEstimable
        If fewer than two groups have anyone to count; names those that have not.
    BadInput
        If lengths differ, a value is not 0 or 1, a row has no group, or there is no
        such rate.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17:873-890 (a pair).
    Zou & Donner 2008, Statistics in Medicine 27:1693-1702 (correlated rates).
    Hothorn, Bretz & Westfall 2008, Biometrical Journal 50:346-363 (all pairs).

    Examples
    --------
    >>> y, alerts = [1] * 200, [1] * 80 + [0] * 20 + [1] * 50 + [0] * 50
    >>> gap = gap_interval(y, alerts, ["a"] * 100 + ["b"] * 100)
    >>> round(gap.value, 2), round(gap.low, 2), round(gap.high, 2)
    (0.3, 0.19, 0.4)
    """
    grouped = grouped_cells(y_true, alerts, group, patient)
    by_group = pd.Series(
        rate_of_counts(grouped.counts, rate), index=grouped.labels, name=rate
    )
    judged = by_group.notna().to_numpy()
    refuse_fewer_than_two(by_group, judged)
    n_pairs = judged.sum() * (judged.sum() - 1) / 2
    n_effective, correlation = group_sizes(grouped, rate, 1 - (1 - level) / n_pairs)
    rates, sizes = by_group.to_numpy()[judged], n_effective[judged]
    correlation = correlation[np.ix_(judged, judged)]
    critical = critical_value(
        rates, sizes, correlation, level, n_replicates, random_state
    )
    limits = pair_limits(rates, sizes, correlation, critical)
    pairs = pair_table(grouped.labels[judged], rates, limits)
    return summarise(by_group, pairs, level)


def refuse_fewer_than_two(by_group, judged):
    """Refuse to measure a gap where fewer than two groups can be judged.

    Examples
    --------
    >>> refuse_fewer_than_two(pd.Series([0.5, 0.4]), np.array([True, True]))
    """
    if judged.sum() >= 2:
        return
    counted = np.flatnonzero(RATES[by_group.name][1])
    names = ("ill with an alert", "ill without", "well with an alert", "well without")
    needed = " or ".join(names[cell] for cell in counted)
    missing = ", ".join(str(label) for label in by_group.index[~judged]) or "none"
    raise NotEstimable(
        f"A gap in {by_group.name} needs two groups with patients who are {needed}. "
        f"Groups in all: {len(by_group)}; without such patients: {missing}."
    )


def pair_table(labels, rates, limits):
    """Return one row for each pair of groups.

    Examples
    --------
    >>> limits = np.array([-0.1]), np.array([0.3])
    >>> pair_table(pd.Index(["a", "b"]), np.array([0.5, 0.25]), limits)
      group_a group_b  difference  low  high
    0       a       b        0.25 -0.1   0.3
    """
    couples = list(combinations(range(len(labels)), 2))
    first, second = np.array(couples).T
    return pd.DataFrame(
        {
            "group_a": [labels[a] for a, _ in couples],
            "group_b": [labels[b] for _, b in couples],
            "difference": rates[first] - rates[second],
            "low": limits[0],
            "high": limits[1],
        }
    )


def summarise(by_group, pairs, level):
    """Return the `Gap` of pairs with simultaneous limits.

    Examples
    --------
    >>> rates = pd.Series([0.5, 0.25], index=["a", "b"], name="sensitivity")
    >>> limits = np.array([0.1]), np.array([0.4])
    >>> pairs = pair_table(rates.index, rates.to_numpy(), limits)
    >>> gap = summarise(rates, pairs, 0.90)
    >>> gap.low, gap.high, gap.not_judged
    (0.1, 0.4, ())
    """
    rate = by_group.name
    low, high = pairs["low"].to_numpy(), pairs["high"].to_numpy()
    highest = by_group.max()
    worst = by_group.idxmin() if rate in LOW_IS_WORSE else by_group.idxmax()
    return Gap(
        rate=rate,
        value=float(pairs["difference"].abs().max()),
        low=float(max(0.0, low.max(), (-high).max())),
        high=float(max(np.abs(low).max(), np.abs(high).max())),
        level=level,
        pairs=pairs,
        by_group=by_group,
        worst_group=worst,
        ratio=float(by_group.min() / highest) if highest > 0 else np.nan,
        not_judged=tuple(by_group.index[by_group.isna()]),
    )


def replicate_gaps(counts, n_replicates=1000, random_state=0):
    """Return the raw largest gap of every rate in bootstrap replicates of patients.

    Raw gaps are larger than the true one on average: they show the noise and make no
    interval. For one row a patient.

    Parameters
    ----------
    counts : array-like of int, shape (n_groups, 4)
        Patients by group and cell, in the order of `rates.CELLS`.
    n_replicates : int
    random_state : int or Generator

    Returns
    -------
    dict of str to ndarray of shape (n_replicates,)
        By rate; NaN where fewer than two groups can be judged.

    Examples
    --------
    >>> counts = [[30, 10, 20, 140], [15, 15, 20, 150]]
    >>> drawn = replicate_gaps(counts)["sensitivity"]
    >>> 0.2 < drawn.mean() < 0.3
    np.True_
    """
    counts = np.asarray(counts)
    if counts.ndim != 2 or counts.shape[1] != 4:
        raise BadInput(f"counts has shape {counts.shape}; it must be (n_groups, 4).")
    drawn = replicate_counts(counts, n_replicates, random_state)
    return {rate: spread(rate_of_counts(drawn, rate)) for rate in RATES}


def spread(rates):
    """Return highest less lowest along the last axis; NaN for fewer than two.

    Examples
    --------
    >>> spread(np.array([[0.1, 0.4, np.nan], [0.2, np.nan, np.nan]])).round(2)
    array([0.3, nan])
    """
    gap = np.fmax.reduce(rates, axis=-1) - np.fmin.reduce(rates, axis=-1)
    return np.where(np.isfinite(rates).sum(axis=-1) >= 2, gap, np.nan)
