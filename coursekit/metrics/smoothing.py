"""The calibration curve and what is read off it: a level stricter than a line.

The hierarchy of calibration: *mean* (as many events as expected), *weak* (intercept 0,
slope 1), *moderate* (of those told 30 %, 30 % fall ill, at every risk; the curve lies
on the diagonal), *strong* (the same for every kind of patient, which no data show).
"""

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.errors import NotEstimable
from coursekit.metrics.calibration import mean_calibration_error_interval
from coursekit.metrics.recalibration import (
    calibration_intercept_interval,
    calibration_slope_interval,
    fit_logistic,
    log_odds,
)

KNOTS = (0.05, 0.35, 0.65, 0.95)  # quantiles of the risks' logits (Harrell)


def calibration_curve(y_true, risk):
    """Return the smoothed share of events at each row's risk.

    A logistic regression of the outcome on a restricted cubic spline of the logit of
    the risk, with four knots; a straight line where the risks take few values.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities; those within 1e-6 of 0 or 1 are moved to that distance.

    Returns
    -------
    ndarray of shape (n,)
        In the order of the rows.

    Raises
    ------
    NotEstimable
        If all outcomes or all risks are the same, or the risks separate the outcomes.

    References
    ----------
    Harrell 2015, Regression Modeling Strategies, 2.4. Van Calster et al. 2016, Journal
    of Clinical Epidemiology 74:167-176.

    Examples
    --------
    >>> y = [1] * 8 + [0] * 2 + [1] * 2 + [0] * 8
    >>> calibration_curve(y, [0.9] * 10 + [0.1] * 10)[[0, -1]].round(3)
    array([0.8, 0.2])
    """
    y, x = log_odds(y_true, risk)
    spread = x.std()
    if spread < 1e-9:
        raise NotEstimable("Every patient got the same risk, so there is no curve.")
    x = (x - x.mean()) / spread
    knots = np.unique(np.quantile(x, KNOTS))
    design = np.stack([np.ones_like(x), x])
    if len(knots) == len(KNOTS):
        design = np.vstack([design, bends(x, knots)])
    design = uncorrelated(design)
    coefficients, _ = fit_logistic(y, design)
    return expit(np.einsum("k,kn->n", coefficients, design))


def uncorrelated(design):
    """Return rows that span the same, with mean square 1 and mean product 0.

    Examples
    --------
    >>> uncorrelated(np.array([[1.0, 1.0], [0.0, 2.0]])).tolist()
    [[1.0, 1.0], [-1.0, 1.0]]
    """
    found = []
    for row in design:
        for before in found:
            row = row - before * (row * before).mean()
        found.append(row / np.sqrt((row**2).mean()))
    return np.stack(found)


def bends(x, knots):
    """Return the restricted cubic spline terms of x: straight beyond the outer knots.

    Examples
    --------
    >>> bends(np.array([0.0, 3.0]), np.array([0.0, 1.0, 2.0, 3.0])).round(2).tolist()
    [[0.0, 2.67], [0.0, 1.0]]
    """
    last, before = knots[-1], knots[-2]

    def cubed(knot):
        return np.maximum(x - knot, 0) ** 3

    tail = (cubed(before) - cubed(last)) / (last - before)
    return np.stack(
        [
            ((cubed(knot) - cubed(last)) / (last - knot) - tail) / (last - knots[0])
            for knot in knots[:-2]
        ]
    )


def integrated_calibration_index(y_true, risk):
    """Return the mean distance between the risks and the calibration curve.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.

    Returns
    -------
    float in [0, 1]
        0 is a curve on the diagonal. Chance bends the curve, so that it is above 0
        even for right risks: with 1,000 rows by about 0.01.

    Raises
    ------
    NotEstimable
        As `calibration_curve`.

    References
    ----------
    Austin & Steyerberg 2019, Statistics in Medicine 38:4051-4065 (there with a loess
    curve).

    Examples
    --------
    >>> y = [1] * 8 + [0] * 2 + [1] * 2 + [0] * 8
    >>> round(integrated_calibration_index(y, [0.9] * 10 + [0.1] * 10), 3)
    0.1
    """
    return float(
        np.abs(np.asarray(risk, float) - calibration_curve(y_true, risk)).mean()
    )


def calibration_hierarchy(y_true, risk, *, patient=None, level=0.95):
    """Return the first three levels of calibration, each with what would be right.

    Parameters
    ----------
    y_true : array-like of shape (n,)
    risk : array-like of shape (n,)
    patient : array-like of shape (n,), optional
    level : float in (0, 1)

    Returns
    -------
    DataFrame
        By measure: the ``level`` of the hierarchy, ``value``, ``low``, ``high`` (NaN
        for the integrated calibration index, whose value chance moves up) and
        ``right``.

    References
    ----------
    Van Calster et al. 2016, Journal of Clinical Epidemiology 74:167-176.

    Examples
    --------
    >>> y = [1] * 8 + [0] * 2 + [1] * 2 + [0] * 8
    >>> table = calibration_hierarchy(y, [0.9] * 10 + [0.1] * 10)
    >>> table["value"].round(2).tolist()
    [0.0, 0.0, 0.63, 0.1]
    """
    how = {"patient": patient, "level": level}
    mean = mean_calibration_error_interval(y_true, risk, **how)
    intercept = calibration_intercept_interval(y_true, risk, **how)
    slope = calibration_slope_interval(y_true, risk, **how)
    index = integrated_calibration_index(y_true, risk)
    rows = {
        "mean risk less event share": ("mean", *ends(mean), 0.0),
        "intercept": ("weak", *ends(intercept), 0.0),
        "slope": ("weak", *ends(slope), 1.0),
        "integrated calibration index": ("moderate", index, np.nan, np.nan, 0.0),
    }
    columns = ["level", "value", "low", "high", "right"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns)


def ends(estimate):
    """Return value, low and high of an estimate."""
    return estimate.value, estimate.low, estimate.high
