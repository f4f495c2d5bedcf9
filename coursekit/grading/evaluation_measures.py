"""The measures of intervals and of many subgroups that a rubric may name.

The truth of a case is as `coursekit.datasets.evaluation_cases` writes it. Coverage
alone is earned by an interval that says nothing, and a short one by saying what is
false, so what an interval is worth is told by both at once.
"""

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.grading.verdict_measures import exactly, is_number
from coursekit.grading.verdicts import FOUND
from coursekit.metrics.discoveries import false_discovery_proportion

MISSED = 40  # what a miss costs by its distance: 2 / (1 - 0.95)
DECLARES_NOTHING = 0.5  # power, of the reference's, below which nothing is declared


def interval_ends(reply):
    """Return the ends of each interval, cut to [0, 1]; (n_cases, 2).

    What is not told is NaN, as are ends in the wrong order.
    """
    told = [[said["low"], said["high"]] for said in reply.values]
    ends = np.array([[e if is_number(e) else np.nan for e in pair] for pair in told])
    ends = np.clip(ends.astype(float), 0, 1)
    ends[~(ends[:, 0] <= ends[:, 1])] = np.nan
    return ends


def true_ends(patients):
    """Return the ends of the reference's intervals, (n_cases, 2)."""
    return np.array([[truth["low"], truth["high"]] for truth in patients.y])


def held(patients, reply):
    """Return which intervals hold the true AUROC."""
    true, (low, high) = aurocs(patients), interval_ends(reply).T
    return (low <= true) & (true <= high)


def aurocs(patients):
    """Return the true AUROC of each case."""
    return np.array([truth["auroc"] for truth in patients.y])


def by_group(patients, values):
    """Return the mean of values in each group of cases, groups sorted."""
    labels = np.array([truth["group"] for truth in patients.y])
    return np.array([values[labels == each].mean() for each in np.unique(labels)])


def coverage(patients, reply, criterion):
    """Share of the intervals that hold the true AUROC, the groups counted alike."""
    return exactly(by_group(patients, held(patients, reply)).mean())


def coverage_gap(patients, reply, criterion):
    """Largest difference in coverage between two groups."""
    return exactly(np.ptp(by_group(patients, held(patients, reply))))


def interval_width(patients, reply, criterion):
    """Mean width as a share of the reference's, the groups counted alike."""
    widths = np.nan_to_num(np.ptp(interval_ends(reply), axis=1), nan=1.0)
    share = by_group(patients, widths) / by_group(
        patients, np.ptp(true_ends(patients), axis=1)
    )
    return exactly(share.mean())


def interval_worth(patients, reply, criterion):
    """What the reference's intervals lose, as a share of what these lose.

    An interval of 95 % loses its width, and where it misses 40 times the distance: the
    interval score (Gneiting & Raftery 2007, JASA 102:359-378), which nobody makes
    smaller by saying more, or less, than he knows. 1 is as good as the reference.
    """
    true = aurocs(patients)
    lost = by_group(patients, score_of(interval_ends(reply), true))
    best = by_group(patients, score_of(true_ends(patients), true))
    return exactly(best.sum() / lost.sum())


def score_of(ends, true):
    """Return the interval score of each interval; that of [0, 1] and more if none.

    Examples
    --------
    >>> score_of(np.array([[0.7, 0.9], [0.7, 0.9]]), np.array([0.8, 0.95])).round(3)
    array([0.2, 2.2])
    """
    low, high = ends.T
    missed = np.maximum(np.maximum(low - true, true - high), 0)
    return np.nan_to_num(high - low + MISSED * missed, nan=1.0 + MISSED / 2)


def relative_power(patients, reply, criterion):
    """Mean share of the truly different subgroups found, of what the reference finds.

    Over the cases that have some.
    """
    return exactly(share_found(patients, reply) / reference_power(patients))


def share_found(patients, reply):
    """Return the mean share of truly different subgroups that were declared."""
    return mean_found(patients.y, [said[FOUND] for said in reply.values])


def reference_power(patients):
    """Return the power of Benjamini and Hochberg's procedure on these cases."""
    power = mean_found(patients.y, [truth["reference"] for truth in patients.y])
    if power == 0:
        raise NotEstimable("Nothing could be found in these cases, by any procedure.")
    return power


def mean_found(truths, declared):
    """Return the mean share of each case's true names that were declared."""
    shares = [
        len(set(said) & set(truth[FOUND])) / len(truth[FOUND])
        for truth, said in zip(truths, declared, strict=True)
        if truth[FOUND]
    ]
    if not shares:
        raise NotEstimable("In none of these cases is a subgroup different.")
    return float(np.mean(shares))


def false_discoveries(patients, reply, criterion):
    """Mean share of false ones among the subgroups declared, 0 where none is.

    Raises
    ------
    NotEstimable
        If hardly anything is declared: who says nothing says nothing false.
    """
    power = relative_power(patients, reply, criterion).value
    if power < DECLARES_NOTHING:
        raise NotEstimable(
            f"Of what could be found {power:.0%} is declared: too little to tell how "
            "much of it is false."
        )
    shares = [
        false_discovery_proportion(said[FOUND], truth[FOUND])
        for truth, said in zip(patients.y, reply.values, strict=True)
    ]
    return exactly(np.mean(shares))


MEASURES = {
    "coverage": coverage,
    "coverage_gap": coverage_gap,
    "interval_width": interval_width,
    "interval_worth": interval_worth,
    "relative_power": relative_power,
    "false_discoveries": false_discoveries,
}
FALLING = ("coverage_gap", "interval_width", "false_discoveries")
WORDS = {
    "coverage": "coverage",
    "coverage_gap": "gap in coverage",
    "interval_width": "width relative to the reference",
    "interval_worth": "worth of the intervals relative to the reference",
    "relative_power": "power relative to the reference",
    "false_discoveries": "mean share of false discoveries",
}
