"""How close the risks come to what happened: Brier score and log loss.

Both are means of a loss a row, so their influence is that loss less its mean. They
reward ranking and calibration together.
"""

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.metrics.inputs import read_outcome_and_risk
from coursekit.metrics.intervals import Estimate, interval_from_influence


def brier_losses(y_true, risk):
    """Return each row's squared distance of risk from outcome.

    Examples
    --------
    >>> brier_losses([1, 0], [0.5, 0.5]).tolist()
    [0.25, 0.25]
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    return (risk - ill) ** 2


def brier(y_true, risk):
    """Return the Brier score: the mean squared distance of risk from outcome.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.

    Returns
    -------
    float in [0, 1]
        0 is perfect. The prevalence p told to everyone earns p * (1 - p).

    References
    ----------
    Brier 1950, Monthly Weather Review 78:1-3.

    Examples
    --------
    >>> brier([1, 0], [0.5, 0.0])
    0.125
    """
    return float(brier_losses(y_true, risk).mean())


def brier_influence(y_true, risk):
    """Return how much each row moves the Brier score; adds up to 0.

    Examples
    --------
    >>> brier_influence([1, 0], [0.5, 0.0]).tolist()
    [0.125, -0.125]
    """
    losses = brier_losses(y_true, risk)
    return losses - losses.mean()


def brier_interval(y_true, risk, *, patient=None, level=0.90):
    """Return the Brier score with its interval.

    Examples
    --------
    >>> found = brier_interval([1, 0, 1, 0], [0.9, 0.2, 0.6, 0.1])
    >>> found.low < found.value < found.high
    True
    """
    losses = brier_losses(y_true, risk)
    value = losses.mean()
    return interval_from_influence(value, losses - value, patient, level, (0, 1))


def scaled_brier(y_true, risk):
    """Return 1 less the Brier score as a share of what the prevalence alone earns.

    Also called Brier skill score or index of prediction accuracy.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.

    Returns
    -------
    float, at most 1
        1 is perfect, 0 no better than the prevalence told to everyone, below 0 worse.

    Raises
    ------
    NotEstimable
        If all patients have the same outcome.

    References
    ----------
    Steyerberg et al. 2010, Epidemiology 21:128-138.

    Examples
    --------
    >>> scaled_brier([1, 0, 1, 0], [0.75, 0.25, 0.75, 0.25])
    0.75
    """
    value, _ = scaled_brier_parts(y_true, risk)
    return float(value)


def scaled_brier_parts(y_true, risk):
    """Return the scaled Brier score and its influence.

    Examples
    --------
    >>> value, influence = scaled_brier_parts([1, 0], [0.5, 0.0])
    >>> float(value), influence.tolist()
    (0.5, [-0.5, 0.5])
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    prevalence, losses = ill.mean(), (risk - ill) ** 2
    spread = prevalence * (1 - prevalence)
    if spread == 0:
        raise NotEstimable("All patients have the same outcome: nothing to scale by.")
    value = losses.mean()
    from_losses = -(losses - value) / spread
    from_spread = value / spread**2 * (1 - 2 * prevalence) * (ill - prevalence)
    return 1 - value / spread, from_losses + from_spread


def scaled_brier_influence(y_true, risk):
    """Return how much each row moves the scaled Brier score; adds up to 0.

    Examples
    --------
    >>> scaled_brier_influence([1, 0], [0.5, 0.0]).tolist()
    [-0.5, 0.5]
    """
    return scaled_brier_parts(y_true, risk)[1]


def scaled_brier_interval(y_true, risk, *, patient=None, level=0.90):
    """Return the scaled Brier score with its interval.

    Examples
    --------
    >>> found = scaled_brier_interval([1, 0, 1, 0], [0.9, 0.2, 0.6, 0.1])
    >>> found.low < found.value < found.high <= 1
    True
    """
    value, influence = scaled_brier_parts(y_true, risk)
    return interval_from_influence(value, influence, patient, level, (-np.inf, 1))


def row_log_losses(y_true, risk):
    """Return each row's log loss; infinite for a certainty that was wrong.

    Examples
    --------
    >>> row_log_losses([1, 0], [1.0, 1.0]).tolist()
    [-0.0, inf]
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    with np.errstate(divide="ignore"):
        return -np.log(np.where(ill, risk, 1 - risk))


def log_loss(y_true, risk):
    """Return the mean of -log(probability given to what happened).

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities, not clipped.

    Returns
    -------
    float, at least 0
        In nats; 0 is perfect. Infinite if a risk of 0 or 1 was wrong even once.

    Examples
    --------
    >>> round(log_loss([1, 0], [0.5, 0.5]), 4)
    0.6931
    """
    return float(row_log_losses(y_true, risk).mean())


def log_loss_influence(y_true, risk):
    """Return how much each row moves the log loss; adds up to 0.

    Raises
    ------
    NotEstimable
        If the log loss is infinite.

    Examples
    --------
    >>> log_loss_influence([1, 0], [0.5, 0.5]).tolist()
    [0.0, 0.0]
    """
    losses = row_log_losses(y_true, risk)
    if not np.isfinite(losses).all():
        raise NotEstimable(
            "The log loss is infinite, because a risk of 0 or 1 was wrong. Keep the "
            "risks above 0 and below 1."
        )
    return losses - losses.mean()


def log_loss_interval(y_true, risk, *, patient=None, level=0.90):
    """Return the log loss with its interval; all of it infinite if the loss is.

    Examples
    --------
    >>> found = log_loss_interval([1, 0, 1, 0], [0.9, 0.2, 0.6, 0.1])
    >>> 0 <= found.low < found.value < found.high
    True
    """
    losses = row_log_losses(y_true, risk)
    value = losses.mean()
    if np.isinf(value):
        return Estimate(np.inf, np.inf, np.inf, level)
    return interval_from_influence(value, losses - value, patient, level, (0, np.inf))
