"""Average precision: how many of those ranked on top are ill.

Unlike the AUROC it depends on the prevalence; a ranking by chance scores about that.
"""

import numpy as np

from coursekit.metrics.inputs import read_patient
from coursekit.metrics.intervals import standard_error
from coursekit.metrics.ranks import rank, share_interval


def average_precision(y_true, risk):
    """Return the average, over the ill, of the precision at their risk.

    The precision at a risk is the share of ill among all patients of that risk or a
    higher one, so ties are taken together. It is scikit-learn's definition.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Any finite scores.

    Returns
    -------
    float in (0, 1]

    Raises
    ------
    NotEstimable
        If all patients have the same outcome.

    Examples
    --------
    >>> round(average_precision([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]), 4)
    0.8333
    """
    return precision_of(rank(y_true, risk))


def precision_of(ranked):
    """Return the average precision of ranked patients.

    Examples
    --------
    >>> precision_of(rank([1, 0], [0.9, 0.2]))
    1.0
    """
    ill, flagged = at_or_above(ranked)
    return float((ranked.n_ill * ill / flagged).sum() / ranked.n_ill.sum())


def at_or_above(ranked):
    """Return, for each level of risk, how many ill and how many in all reach it.

    Examples
    --------
    >>> at_or_above(rank([1, 0, 1], [0.9, 0.2, 0.2]))
    (array([2, 1]), array([3, 1]))
    """
    ill = np.cumsum(ranked.n_ill[::-1])[::-1]
    return ill, ill + np.cumsum(ranked.n_well[::-1])[::-1]


def average_precision_influence(y_true, risk):
    """Return how much each row moves the average precision.

    An ill row adds its own precision and raises that of every ill row it outranks or
    ties with; any row lowers the precision of those by being flagged with them.

    Returns
    -------
    ndarray of shape (n,)
        Adds up to 0.

    Examples
    --------
    >>> average_precision_influence([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1]).round(3)
    array([ 0.556, -0.444, -0.111,  0.   ])
    """
    return precision_influence_of(rank(y_true, risk))


def precision_influence_of(ranked):
    """Return the average precision's influence for ranked patients.

    Examples
    --------
    >>> precision_influence_of(rank([1, 0], [0.9, 0.2])).tolist()
    [0.0, 0.0]
    """
    ill, flagged = at_or_above(ranked)
    raised = np.cumsum(ranked.n_ill / flagged)
    lowered = np.cumsum(ranked.n_ill * ill / flagged**2)
    gained = ill / flagged + raised - precision_of(ranked)
    by_level = np.where(ranked.ill, gained[ranked.level], 0.0) - lowered[ranked.level]
    return by_level * len(ranked.ill) / ranked.n_ill.sum()


def average_precision_interval(y_true, risk, *, patient=None, level=0.90):
    """Return the average precision with its interval, set on the logit scale.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
    patient : array-like of shape (n,), optional
    level : float in (0, 1)

    Returns
    -------
    Estimate

    References
    ----------
    Boyd, Eng & Page 2013, ECML PKDD, 451-466 (on the logit interval).

    Examples
    --------
    >>> y, risk = [1, 1, 1, 0, 0, 0], [0.9, 0.8, 0.4, 0.5, 0.2, 0.1]
    >>> found = average_precision_interval(y, risk)
    >>> found.low < found.value < found.high
    True
    """
    ranked = rank(y_true, risk)
    se = standard_error(precision_influence_of(ranked), patient)
    patients = read_patient(patient, len(ranked.ill))
    return share_interval(precision_of(ranked), se, ranked.ill, patients, level)
