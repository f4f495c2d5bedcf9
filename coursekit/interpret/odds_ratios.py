"""Odds ratios of a logistic regression, with their intervals."""

import numpy as np
import pandas as pd
from scipy.special import expit, ndtri

from coursekit.errors import BadInput, NotEstimable
from coursekit.interpret.asking import feature_names, read_table
from coursekit.metrics.inputs import read_binary, same_length

MOST_STEPS = 25
TOO_LARGE = 15  # log odds for one standard deviation: the estimate runs away


def odds_ratios(X, y, *, units=None, level=0.90):
    """Fit a logistic regression without penalty and return its odds ratios.

    An odds ratio is no risk ratio, unless the outcome is rare, and no effect of a
    treatment: it compares patients who differ in one column and agree in the others
    *of this table*.

    Parameters
    ----------
    X : DataFrame or array-like of shape (n, n_features)
        Numbers, none missing.
    y : array-like of shape (n,)
        0 or 1.
    units : dict of str to float, optional
        For how much of a column the ratio is given, such as ``{"age_years": 10}``;
        one by default.
    level : float in (0, 1), default=0.90

    Returns
    -------
    DataFrame, indexed by feature
        ``unit``, ``log_odds`` and ``odds_ratio`` for one unit, ``low``, ``high``
        (Wald's limits of the odds ratio).

    Raises
    ------
    NotEstimable
        If columns repeat one another exactly, or some separate the ill from the well
        so that an estimate runs away.
    BadInput
        If lengths differ, or a value is missing or no number.

    References
    ----------
    Hosmer DW, Lemeshow S, Sturdivant RX. Applied logistic regression, 3rd ed., 2013.

    Examples
    --------
    >>> X, y = [[0]] * 40 + [[1]] * 40, ([1] * 10 + [0] * 30) + ([1] * 20 + [0] * 20)
    >>> odds_ratios(X, y).round(2)[["odds_ratio", "low", "high"]].values.tolist()
    [[3.0, 1.36, 6.64]]
    """
    X = read_table(X)
    ill, numbers = read_binary(y, "y"), read_finite(X)
    same_length(X=numbers, y=ill)
    names = feature_names(X)
    unknown = [name for name in units or {} if name not in names]
    if unknown:
        raise BadInput(f"There is no column {unknown[0]!r} to give a unit for.")
    unit = np.array([(units or {}).get(name, 1.0) for name in names], float)
    mean, spread = numbers.mean(axis=0), numbers.std(axis=0)
    if (spread == 0).any():
        same = names[int(np.argmin(spread))]
        raise NotEstimable(f"{same} has the same value for every patient.")
    slope, error = fitted_slopes((numbers - mean) / spread, ill, names)
    slope, error = slope / spread * unit, error / spread * unit
    reach = ndtri((1 + level) / 2) * error
    return pd.DataFrame(
        {
            "unit": unit,
            "log_odds": slope,
            "odds_ratio": np.exp(slope),
            "low": np.exp(slope - reach),
            "high": np.exp(slope + reach),
        },
        index=pd.Index(names, name="feature"),
    )


def read_finite(X):
    """Return a table as finite numbers.

    Examples
    --------
    >>> read_finite(np.array([[1, 2]]))
    array([[1., 2.]])
    """
    try:
        numbers = np.asarray(X, float)
    except (TypeError, ValueError):
        raise BadInput("X has text. Code categories as columns of 0 and 1.") from None
    if not np.isfinite(numbers).all():
        raise BadInput("X has missing or infinite values. Fill them first.")
    return numbers


def fitted_slopes(columns, ill, names):
    """Return maximum-likelihood slopes and their standard errors, by Newton's method.

    Parameters
    ----------
    columns : ndarray of shape (n, n_features), standardised
    ill : ndarray of bool, shape (n,)
    names : sequence of str
        For the message.

    Returns
    -------
    slope, standard_error : ndarray of shape (n_features,)

    Examples
    --------
    >>> columns = np.array([[-1.0], [-1.0], [1.0], [1.0]])
    >>> slope, _ = fitted_slopes(columns, np.array([0, 1, 0, 1]) == 1, ["asthma"])
    >>> bool(abs(slope[0]) < 1e-9)
    True
    """
    design = np.column_stack([np.ones(len(columns)), columns])
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise NotEstimable(
            "Some columns follow exactly from others, such as all columns of one "
            "category. Leave one out."
        )
    fitted = np.zeros(design.shape[1])
    for _ in range(MOST_STEPS):
        risk = expit(design @ fitted)
        curve = (design * (risk * (1 - risk))[:, None]).T @ design
        step = np.linalg.lstsq(curve, design.T @ (ill - risk), rcond=None)[0]
        fitted = fitted + step
        if np.abs(fitted).max() > TOO_LARGE:
            break
        if np.abs(step).max() < 1e-9:
            return fitted[1:], np.sqrt(np.diag(np.linalg.inv(curve)))[1:]
    worst = names[int(np.argmax(np.abs(fitted[1:])))]
    raise NotEstimable(
        f"The estimate for {worst} runs away: it tells the ill from the well without "
        "fail, or nearly. Say so, and leave it out, or use more patients."
    )
