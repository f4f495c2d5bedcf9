"""Logistic recalibration: what would have to be done to the risks to make them right.

Outcomes are regressed on the logit of the risk. A slope below 1 means that the risks
are too extreme (overfitting), above 1 too timid; an intercept above 0, with the slope
held at 1, that they are too low on the whole.
"""

import numpy as np
from scipy.special import expit, logit

from coursekit.errors import NotEstimable
from coursekit.metrics.inputs import read_outcome_and_risk
from coursekit.metrics.intervals import interval_from_influence

NEAREST = 1e-6  # risks closer to 0 or 1 than this are taken as this close
MOST_STEPS = 100


def log_odds(y_true, risk):
    """Return outcomes as floats and the logit of the risks.

    Risks within 1e-6 of 0 or 1 are moved to that distance, since a logit of 0 or 1 is
    infinite.

    Raises
    ------
    NotEstimable
        If all patients have the same outcome.

    Examples
    --------
    >>> log_odds([1, 0], [0.5, 0.0])[1].round(2).tolist()
    [0.0, -13.82]
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    if ill.all() or not ill.any():
        raise NotEstimable("All patients have the same outcome: no calibration line.")
    return ill.astype(float), logit(np.clip(risk, NEAREST, 1 - NEAREST))


def fit_logistic(y, design, offset=0.0):
    """Return logistic coefficients by Newton's method, and their influence.

    Parameters
    ----------
    y : ndarray of shape (n,)
    design : ndarray of shape (k, n)
        Rows of about unit size, one a coefficient.
    offset : float or ndarray of shape (n,)

    Returns
    -------
    coefficients : ndarray of shape (k,)
    influence : ndarray of shape (k, n)
        Of the sandwich kind: right even where the line is not the true curve.

    Examples
    --------
    >>> y = np.array([1.0, 1.0, 1.0, 0.0])
    >>> fit_logistic(y, np.ones((1, 4)))[0].round(4)
    array([1.0986])
    """
    coefficients = np.zeros(len(design))
    for _ in range(MOST_STEPS):
        expected = expit(np.einsum("k,kn->n", coefficients, design) + offset)
        weight = np.maximum(expected * (1 - expected), 1e-12)
        information = np.einsum("jn,kn->jk", design * weight, design) / len(y)
        moves = np.einsum("jk,kn->jn", np.linalg.inv(information), design)
        influence = (y - expected) * moves
        step = influence.mean(axis=1)
        if np.abs(step).max() < 1e-10:
            return coefficients, influence
        coefficients = coefficients + np.clip(step, -1, 1)
    raise NotEstimable(
        "No calibration line fits: the risks separate the ill from the well (almost) "
        "completely."
    )


def fit_slope(y_true, risk):
    """Return the calibration slope and its influence.

    Examples
    --------
    >>> slope, influence = fit_slope([1, 0, 1, 0], [0.8, 0.2, 0.3, 0.7])
    >>> round(slope, 3), influence.shape
    (0.418, (4,))
    """
    y, x = log_odds(y_true, risk)
    spread = x.std()
    if spread < 1e-9:
        raise NotEstimable("Every patient got the same risk, so there is no slope.")
    design = np.stack([np.ones_like(x), (x - x.mean()) / spread])
    coefficients, influence = fit_logistic(y, design)
    return float(coefficients[1] / spread), influence[1] / spread


def calibration_slope(y_true, risk):
    """Return the slope of the outcomes on the logit of the risks.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities; those within 1e-6 of 0 or 1 are moved to that distance.

    Returns
    -------
    float
        1 is right, below 1 too extreme (overconfident), above 1 too timid.

    Raises
    ------
    NotEstimable
        If all outcomes or all risks are the same, or the risks separate the outcomes.

    References
    ----------
    Cox 1958, Biometrika 45:562-565. Van Calster et al. 2019, BMC Medicine 17:230.

    Examples
    --------
    >>> y = [1] * 8 + [0] * 2 + [1] * 2 + [0] * 8
    >>> round(calibration_slope(y, [0.8] * 10 + [0.2] * 10), 6)
    1.0
    """
    return fit_slope(y_true, risk)[0]


def calibration_slope_influence(y_true, risk):
    """Return how much each row moves the calibration slope; adds up to 0.

    Examples
    --------
    >>> phi = calibration_slope_influence([1, 0, 1, 0], [0.8, 0.2, 0.3, 0.7])
    >>> bool(abs(phi.sum()) < 1e-8)
    True
    """
    return fit_slope(y_true, risk)[1]


def calibration_slope_interval(y_true, risk, *, patient=None, level=0.90):
    """Return the calibration slope with its interval.

    Examples
    --------
    >>> y = [1] * 8 + [0] * 2 + [1] * 2 + [0] * 8
    >>> found = calibration_slope_interval(y, [0.8] * 10 + [0.2] * 10)
    >>> found.low < 1 < found.high
    True
    """
    return interval_from_influence(*fit_slope(y_true, risk), patient, level)


def fit_intercept(y_true, risk):
    """Return the calibration intercept and its influence.

    Examples
    --------
    >>> round(fit_intercept([1, 1, 1, 0], [0.5] * 4)[0], 4)
    1.0986
    """
    y, x = log_odds(y_true, risk)
    coefficients, influence = fit_logistic(y, np.ones((1, len(y))), offset=x)
    return float(coefficients[0]), influence[0]


def calibration_intercept(y_true, risk):
    """Return calibration in the large: what to add to every logit, the slope being 1.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities; those within 1e-6 of 0 or 1 are moved to that distance.

    Returns
    -------
    float
        In log odds. 0 is right, above 0 the risks are too low on the whole.

    Raises
    ------
    NotEstimable
        If all patients have the same outcome.

    Examples
    --------
    >>> round(calibration_intercept([1, 1, 1, 0], [0.5] * 4), 4)
    1.0986
    """
    return fit_intercept(y_true, risk)[0]


def calibration_intercept_influence(y_true, risk):
    """Return how much each row moves the calibration intercept; adds up to 0.

    Examples
    --------
    >>> calibration_intercept_influence([1, 0], [0.5, 0.5]).tolist()
    [2.0, -2.0]
    """
    return fit_intercept(y_true, risk)[1]


def calibration_intercept_interval(y_true, risk, *, patient=None, level=0.90):
    """Return the calibration intercept with its interval.

    Examples
    --------
    >>> found = calibration_intercept_interval([1, 1, 1, 0] * 5, [0.5] * 20)
    >>> found.low > 0
    True
    """
    return interval_from_influence(*fit_intercept(y_true, risk), patient, level)
