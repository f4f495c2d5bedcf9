"""Two tests of an explanation that need no truth.

If the model is replaced by a random one, its explanation must change. If a patient
changes by less than a measurement error, their explanation must not.
"""

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from coursekit.errors import BadInput
from coursekit.interpret.asking import column, read_table, with_column


def explanation_similarity(first, second):
    """Return how alike two explanations rank what matters, patient by patient.

    Parameters
    ----------
    first, second : array-like of shape (n_patients, ...)
        Values of features, or maps of pixels. Their sizes are ranked, not their
        signs, as Adebayo and others do for one of their comparisons.

    Returns
    -------
    ndarray of shape (n_patients,)
        Spearman's correlation in [-1, 1]; NaN where all sizes of one are the same.

    Raises
    ------
    BadInput
        If the shapes differ or there are fewer than three values a patient.

    Examples
    --------
    >>> explanation_similarity([[3.0, -2.0, 1.0]], [[30.0, 4.0, -2.0]])
    array([1.])
    """
    first, second = (np.abs(np.asarray(one, float)) for one in (first, second))
    if first.shape != second.shape or first.ndim < 2:
        raise BadInput(
            f"The explanations have the shapes {first.shape} and {second.shape}; give "
            "two of the same shape, one row a patient."
        )
    first, second = (one.reshape(len(one), -1) for one in (first, second))
    if first.shape[1] < 3:
        raise BadInput("With fewer than three values a patient, ranks say nothing.")
    first, second = (rankdata(one, axis=1) for one in (first, second))
    first = first - first.mean(axis=1, keepdims=True)
    second = second - second.mean(axis=1, keepdims=True)
    size = np.sqrt((first**2).sum(axis=1) * (second**2).sum(axis=1))
    shared = (first * second).sum(axis=1)
    return np.where(size > 0, shared / np.where(size > 0, size, 1), np.nan)


def randomised_model_check(explain, model, randomised, X, *, at_most=0.5):
    """Return whether an explanation changes when the model is replaced by a random one.

    A picture that stays the same is of the patient, not of the model.

    Parameters
    ----------
    explain : function of (model, X), returning (n_patients, ...)
    model : the model that is explained
    randomised : sequence of models
        The same kind, with random weights or fitted to shuffled outcomes. Several,
        since one may agree by luck.
    X : table or films of n patients
    at_most : float, default=0.5
        Mean similarity that still counts as changed. A choice of ours.

    Returns
    -------
    DataFrame, one row a random model
        ``similarity`` (mean over patients; NaN if none can be ranked), ``changed``.

    Raises
    ------
    BadInput
        If there is no random model, or shapes differ.

    References
    ----------
    Adebayo J et al. 2018, NeurIPS 31 (sanity checks for saliency maps).

    Examples
    --------
    >>> X = np.array([[1.0, 2.0, 3.0]])
    >>> weights, reverse = np.array([1.0, 2.0, 3.0]), np.array([9.0, 2.0, 0.1])
    >>> check = randomised_model_check(lambda w, X: w * X, weights, [reverse], X)
    >>> check["changed"].tolist()
    [True]
    >>> check = randomised_model_check(lambda w, X: X, weights, [reverse], X)
    >>> check["similarity"].tolist(), check["changed"].tolist()
    ([1.0], [False])
    """
    if not len(randomised):
        raise BadInput("Give at least one random model to compare with.")
    own = explain(model, X)
    rows = []
    for other in randomised:
        alike = explanation_similarity(own, explain(other, X))
        ranked = alike[~np.isnan(alike)]
        similarity = ranked.mean() if len(ranked) else np.nan
        rows.append((similarity, bool(similarity <= at_most)))
    return pd.DataFrame(rows, columns=["similarity", "changed"])


def stability(explain, X, noise, *, n_repeats=5, random_state=None):
    """Return how far explanations move when patients change by measurement error.

    Parameters
    ----------
    explain : function of X, returning (n_patients, n_features)
    X : DataFrame or array-like of shape (n_patients, n_features)
    noise : dict of column name to float
        Standard deviation of each column's error, in its unit; others stay.
    n_repeats : int, default=5
    random_state : int or numpy.random.Generator, optional

    Returns
    -------
    DataFrame, one row a patient
        ``moved``: mean over repeats of the largest change of a value, in the
        explanation's unit; ``share``: `moved` by the patient's largest value.

    Raises
    ------
    BadInput
        If a column is unknown or an error negative.

    References
    ----------
    Alvarez-Melis D, Jaakkola TS 2018, arXiv:1806.08049 (robustness).

    Examples
    --------
    >>> X = np.array([[1.0, 2.0]])
    >>> stability(lambda X: X, X, {"0": 0.0})["moved"].tolist()
    [0.0]
    """
    X = read_table(X)
    rng = np.random.default_rng(random_state)
    own = np.asarray(explain(X), float)
    moved = np.zeros(len(X))
    for _ in range(n_repeats):
        other = np.asarray(explain(noisy(X, noise, rng)), float)
        moved += np.abs(other - own).max(axis=1) / n_repeats
    largest = np.abs(own).max(axis=1)
    share = np.where(largest > 0, moved / np.where(largest > 0, largest, 1), np.nan)
    return pd.DataFrame({"moved": moved, "share": share})


def noisy(X, noise, rng):
    """Return a table with normal errors added to some columns.

    Examples
    --------
    >>> noisy(np.array([[1, 2]]), {"1": 0}, np.random.default_rng(0)).tolist()
    [[1.0, 2.0]]
    """
    for name, size in noise.items():
        k = column(X, name)
        if not size >= 0:
            raise BadInput(f"The error of {name} is {size}; it cannot be negative.")
        own = X.iloc[:, k].to_numpy() if isinstance(X, pd.DataFrame) else X[:, k]
        X = with_column(X, k, own + size * rng.standard_normal(len(X)))
    return X
