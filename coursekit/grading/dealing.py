"""What the batches show about an answer that should not know of them.

Patients are dealt to batches at random, by a secret. What an answer says about one
patient at a time is dealt with them, so the share of alerts in a batch varies as the
aces in a hand of cards do. An answer that makes its batches equal varies too little,
and one that changes on the way too much; to remember what was said about patients who
come twice hides neither.
"""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy.special import chdtr

LEVEL = 1e-6  # chance of naming an honest answer, all tests for one finding together
FEWEST_BATCHES = 8
FEWEST_ROWS = 20  # in a batch
HEAVIEST = 0.1  # kurtosis of the values, divided by the rows of a batch
CUTS = (0.2, 0.5, 0.8)  # quantiles at which scores are cut in two


def too_even(values, batch, groups=None):
    """Return in words where batches are more alike than dealing makes them.

    The variance between batches is compared with that of dealing at random, which
    is a chi-square: among all patients, within each group, and between two groups,
    since rates made equal in each batch vary too little as well.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        Decisions or scores.
    batch : ndarray of int, shape (n,)
        Number of the batch in which each patient was first asked about.
    groups : DataFrame of n rows, optional

    Returns
    -------
    str
        Empty where nothing was found, or there are fewer than 8 batches.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> risk, batch = rng.random(8000), rng.permutation(np.arange(8000) % 16)
    >>> too_even((risk > 0.8) * 1.0, batch)
    ''
    >>> cut_off = [np.quantile(risk[batch == each], 0.8) for each in range(16)]
    >>> print(too_even((risk > np.array(cut_off)[batch]) * 1.0, batch))
    Between 16 batches, all patients varied 0.1 % as much as when dealt at random.
    """
    parts = {} if groups is None else {name: parted(groups[name]) for name in groups}
    found = [
        (*likeness(table), where)
        for reading in readings(values)
        for table, where in views(reading, batch, parts)
    ]
    chance, share, n_batches, where = min(found)
    if not chance * len(found) < LEVEL:  # or no number: risks too small to compare
        return ""
    return (
        f"Between {n_batches} batches, {where} varied {share:.1%} as much as when "
        "dealt at random."
    ).replace("%", " %")


def readings(values):
    """Return the numbers that are compared: decisions, or scores, ranks and cuts."""
    if is_decision(values):
        return [values]
    return [values, pd.Series(values).rank(pct=True).to_numpy(), *cut_in_two(values)]


def is_decision(values):
    """Return True where all values are 0 or 1."""
    return bool(np.isin(values, (0.0, 1.0)).all())


def cut_in_two(values):
    """Return decisions as they are, and scores as 0 or 1 at a few cut-offs."""
    if is_decision(values):
        return [values]
    return [(values > np.quantile(values, cut)) * 1.0 for cut in CUTS]


def parted(column):
    """Return the positions of each group's patients, by what the group is called."""
    codes, labels = pd.factorize(column, sort=True)
    return {
        repr(label): np.flatnonzero(codes == code) for code, label in enumerate(labels)
    }


def views(values, batch, parts):
    """Yield the means of the batches, and among whom they are."""
    n_batches = batch.max() + 1
    yield means(values, batch, n_batches), "all patients"
    for name, part in parts.items():
        tables = {
            label: means(values[rows], batch[rows], n_batches)
            for label, rows in part.items()
        }
        for label, table in tables.items():
            yield table, f"patients with {name} {label}"
        for one, other in combinations(tables, 2):
            where = f"{name} {one} against {other}"
            yield difference(tables[one], tables[other]), where


def means(values, batch, n_batches):
    """Return the mean of each batch, its variance when dealt, and its blur.

    Means of few patients move in steps; a blur of their size makes up for that. All
    three are NaN in batches too small for the mean to be nearly normal.
    """
    steps = np.diff(np.unique(values))
    if not len(steps):
        return np.full((3, n_batches), np.nan)
    sizes = np.bincount(batch, minlength=n_batches)
    sizes = np.where(
        sizes < max(FEWEST_ROWS, kurtosis(values) / HEAVIEST), np.nan, sizes
    )
    mean = np.bincount(batch, values, minlength=n_batches) / sizes
    return np.array([mean, values.var(ddof=1) / sizes, (steps.max() / sizes) ** 2 / 12])


def kurtosis(values):
    """Return how heavy the tails of some values are; 3 where they are normal.

    Examples
    --------
    >>> round(kurtosis(np.array([0.0] * 99 + [1.0])), 1)
    98.0
    """
    squares = np.square(values - values.mean())
    return float(np.mean(squares * squares) / squares.mean() ** 2)


def difference(one, other):
    """Return the means of one table minus those of another, independent one."""
    return np.array([one[0] - other[0], one[1] + other[1], one[2] + other[2]])


def likeness(table):
    """Return the chance of means so much alike, their variance as a share, and n."""
    mean, variance, blur = table[:, np.isfinite(table).all(axis=0)]
    if len(mean) < FEWEST_BATCHES:
        return 1.0, 1.0, len(mean)
    centre = np.average(mean, weights=1 / variance)
    total = np.sum(((mean - centre) ** 2 + blur) / variance)
    freedom = len(mean) - 1
    return float(chdtr(freedom, total)), float(total / freedom), len(mean)


def adrift(values, batch):
    """Return in words where one batch, or the first few, differ from the others.

    How many alerts fall to some batches when patients are dealt at random is
    hypergeometric, so these chances are exact.

    Parameters
    ----------
    values, batch : ndarray
        As `too_even` takes them.

    Returns
    -------
    str
        Empty where nothing was found.

    Examples
    --------
    >>> batch = np.repeat(np.arange(10), 100)
    >>> adrift((np.arange(1000) % 5 == 0) * 1.0, batch)
    ''
    >>> print(adrift((np.arange(1000) % 100 < 10 + batch * 5) * 1.0, batch))
    In batches 1 to 5, 20.0 % of the patients were flagged, in the others 45.0 %.
    """
    found = [
        each for reading in cut_in_two(values) for each in stretches(reading, batch)
    ]
    chance, where, inside, outside = min(found, default=(1.0, "", 0.0, 0.0))
    if chance * len(found) >= LEVEL:
        return ""
    what = "were flagged" if is_decision(values) else "had a high score"
    return (
        f"In {where}, {inside:.1%} of the patients {what}, in the others {outside:.1%}."
    ).replace("%", " %")


def stretches(alerts, batch):
    """Return for each batch and each first few: chance, name, shares of alerts."""
    sizes, counts = np.bincount(batch), np.bincount(batch, alerts)
    if len(sizes) < 2:
        return []
    n_rows = np.concatenate([sizes, np.cumsum(sizes)[1:-1]])
    seen = np.concatenate([counts, np.cumsum(counts)[1:-1]])
    chances = two_sided(seen, len(batch), counts.sum(), n_rows)
    where = [f"batch {number}" for number in range(1, len(sizes) + 1)]
    where += [f"batches 1 to {number}" for number in range(2, len(sizes))]
    others = (counts.sum() - seen) / (len(batch) - n_rows)
    return list(zip(chances, where, seen / n_rows, others, strict=True))


def two_sided(seen, n_patients, n_alerts, n_rows):
    """Return twice the chance of a count as extreme among rows drawn at random.

    Examples
    --------
    >>> round(float(two_sided(2, 4, 2, 2)), 3)
    0.333
    """
    from scipy.stats import hypergeom  # half a second, and only the scorer needs it

    drawn = n_patients, n_alerts, n_rows
    return 2 * np.minimum(hypergeom.cdf(seen, *drawn), hypergeom.sf(seen - 1, *drawn))
