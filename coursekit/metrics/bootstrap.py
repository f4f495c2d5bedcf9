"""The bootstrap: how a number varies if other patients had come.

Patients are drawn again with replacement. A patient's rows stand or fall together, so
where patients have several rows it is patients that are drawn, never rows.
"""

import numpy as np

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.inputs import read_outcome_and_risk, read_patient
from coursekit.metrics.intervals import Estimate


def drawn_again(n_rows, *, patient=None, n_replicates=200, random_state=0):
    """Return how often each row stands in each replicate of a bootstrap.

    Parameters
    ----------
    n_rows : int
    patient : array-like of shape (n_rows,), optional
        Patients are drawn with all their rows; None draws rows, which is right only
        where every row is another patient.
    n_replicates : int
    random_state : int or Generator

    Returns
    -------
    ndarray of int, shape (n_replicates, n_rows)

    Examples
    --------
    >>> drawn_again(4, patient=["p", "p", "q", "q"], n_replicates=2, random_state=1)
    array([[1, 1, 1, 1],
           [0, 0, 2, 2]])
    """
    number, n_patients = read_patient(patient, n_rows)
    rng = np.random.default_rng(random_state)
    drawn = rng.integers(n_patients, size=(n_replicates, n_patients))
    drawn += n_patients * np.arange(n_replicates)[:, None]
    counts = np.bincount(drawn.ravel(), minlength=n_replicates * n_patients)
    return counts.reshape(n_replicates, n_patients)[:, number]


def weighted_auroc(y_true, risk, weight):
    """Return the AUROC of rows that count more than once, of many replicates at once.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Finite scores.
    weight : array-like of shape (n,) or (n_replicates, n)
        How often each row counts; see `drawn_again`.

    Returns
    -------
    float, or ndarray of shape (n_replicates,)
        NaN in a replicate without an ill or without a well row.

    Examples
    --------
    >>> y, risk = [1, 1, 0, 0], [0.9, 0.4, 0.4, 0.1]
    >>> weighted_auroc(y, risk, [1, 1, 1, 1])
    0.875
    >>> weighted_auroc(y, risk, [[1, 1, 1, 1], [2, 0, 1, 1], [2, 2, 0, 0]])
    array([0.875, 1.   ,   nan])
    """
    ill, weight = np.asarray(y_true) == 1, np.asarray(weight, float)
    order = np.argsort(risk)
    ascending = np.asarray(risk)[order]
    first = np.flatnonzero(np.r_[True, ascending[1:] != ascending[:-1]])
    of_ill = np.add.reduceat((weight * ill)[..., order], first, axis=-1)
    of_well = np.add.reduceat((weight * ~ill)[..., order], first, axis=-1)
    below = np.cumsum(of_well, axis=-1) - of_well / 2
    wins, pairs = (of_ill * below).sum(-1), of_ill.sum(-1) * of_well.sum(-1)
    with np.errstate(invalid="ignore"):
        found = wins / pairs
    return found if weight.ndim > 1 else float(found)


def bootstrap_auroc(
    y_true, risk, *, patient=None, level=0.95, n_replicates=200, random_state=0
):
    """Return the AUROC with its percentile bootstrap interval.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Finite scores or probabilities.
    patient : array-like of shape (n,), optional
        None draws rows: with several rows a patient the interval is then too narrow.
    level : float in (0, 1)
    n_replicates : int
        200 move the ends by about a tenth of the interval's width.
    random_state : int or Generator

    Returns
    -------
    Estimate

    Raises
    ------
    NotEstimable
        If all patients have the same outcome, or no replicate has both.

    References
    ----------
    Efron & Tibshirani 1993, An Introduction to the Bootstrap, ch. 13. Field & Welsh
    2007, JRSS B 69:369-390 (clusters).

    Examples
    --------
    >>> y, risk = [1, 1, 1, 0, 0, 0] * 5, [0.9, 0.8, 0.4, 0.5, 0.2, 0.1] * 5
    >>> found = bootstrap_auroc(y, risk)
    >>> found.low < found.value < found.high
    True
    """
    ill, risk = read_outcome_and_risk(y_true, risk, reader=read_scores)
    if ill.all() or not ill.any():
        raise NotEstimable("All patients have the same outcome: nothing to rank.")
    weight = drawn_again(
        len(ill),
        patient=patient,
        n_replicates=n_replicates,
        random_state=random_state,
    )
    found = weighted_auroc(ill, risk, weight)
    value = weighted_auroc(ill, risk, np.ones(len(ill)))
    return percentile_interval(value, found, level)


def read_scores(values, name):
    """Return finite scores as floats."""
    scores = np.asarray(values, float)
    if scores.ndim != 1 or not np.isfinite(scores).all():
        raise BadInput(f"{name} must be one finite number a row.")
    return scores


def percentile_interval(value, replicates, level=0.95):
    """Return a value with the quantiles of its bootstrap replicates.

    NaN among the replicates is left out.

    Examples
    --------
    >>> percentile_interval(0.5, [0.4, 0.5, 0.6, float("nan")], level=0.5)
    Estimate(value=0.5, low=0.45, high=0.55, level=0.5)
    """
    seen = np.asarray(replicates, float)
    seen = seen[~np.isnan(seen)]
    if len(seen) == 0:
        raise NotEstimable("In no replicate could the number be computed.")
    ends = np.quantile(seen, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return Estimate(float(value), *ends, level)
