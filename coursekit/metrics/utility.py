"""What decisions are worth: net benefit, expected cost, and a decision curve.

What an intervention programme saves is in `programme`; its functions are listed here
too.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.metrics.inputs import (
    read_binary,
    read_outcome_and_risk,
    same_length,
)
from coursekit.metrics.intervals import interval_from_influence
from coursekit.metrics.programme import (
    Programme,
    break_even_effectiveness,
    programme_savings,
    saved_cost,
    share_saved,
)

__all__ = [
    "Programme",
    "break_even_effectiveness",
    "decision_curve",
    "expected_cost",
    "expected_cost_interval",
    "net_benefit",
    "net_benefit_influence",
    "net_benefit_interval",
    "programme_savings",
    "saved_cost",
    "share_saved",
]


def odds(threshold_probability):
    """Return p / (1 - p), refusing what is no threshold.

    Examples
    --------
    >>> odds(0.2)
    0.25
    """
    if not 0 < threshold_probability < 1:
        raise BadInput(
            f"threshold_probability is {threshold_probability}; it must lie between 0 "
            "and 1. At 0.2 four needless alerts are as bad as one missed patient."
        )
    return threshold_probability / (1 - threshold_probability)


def benefits(y_true, alerts, threshold_probability):
    """Return what each row adds: 1 if found, minus the odds if alarmed needlessly.

    Examples
    --------
    >>> benefits([1, 0, 1], [1, 1, 0], 0.2).tolist()
    [1.0, -0.25, 0.0]
    """
    ill, alerted = read_binary(y_true, "y_true"), read_binary(alerts, "alerts")
    same_length(y_true=ill, alerts=alerted)
    return alerted * np.where(ill, 1.0, -odds(threshold_probability))


def net_benefit(y_true, alerts, threshold_probability):
    """Return true positives less weighted false positives, per patient.

    ``TP / n - FP / n * p / (1 - p)``, p the risk at which an alert is just worth its
    trouble.

    Parameters
    ----------
    y_true, alerts : array-like of shape (n,)
        0 or 1.
    threshold_probability : float in (0, 1)

    Returns
    -------
    float
        In true positives per patient; at most the prevalence. 0 is no alerts at all.

    Raises
    ------
    BadInput
        If the threshold is not in (0, 1), or the rows cannot be read.

    References
    ----------
    Vickers & Elkin 2006, Medical Decision Making 26:565-574.

    Examples
    --------
    >>> net_benefit([1, 0, 1, 0], [1, 1, 0, 0], 0.2)
    0.1875
    """
    return float(benefits(y_true, alerts, threshold_probability).mean())


def net_benefit_influence(y_true, alerts, threshold_probability):
    """Return how much each row moves the net benefit; adds up to 0.

    Examples
    --------
    >>> net_benefit_influence([1, 0], [1, 1], 0.2).tolist()
    [0.625, -0.625]
    """
    values = benefits(y_true, alerts, threshold_probability)
    return values - values.mean()


def net_benefit_interval(
    y_true, alerts, threshold_probability, *, patient=None, level=0.90
):
    """Return the net benefit with its interval.

    Examples
    --------
    >>> found = net_benefit_interval([1, 0, 1, 0] * 9, [1, 1, 0, 0] * 9, 0.2)
    >>> found.low < found.value < found.high
    True
    """
    values = benefits(y_true, alerts, threshold_probability)
    value = values.mean()
    return interval_from_influence(value, values - value, patient, level)


def decision_curve(y_true, risk, thresholds=None):
    """Return the net benefit of alerting above each threshold probability.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities; an alert is raised from the threshold on.
    thresholds : array-like of floats in (0, 1), optional
        By default 0.01 to 0.99 in steps of 0.01.

    Returns
    -------
    DataFrame
        ``threshold_probability``, ``alert_rate``, ``net_benefit``, and what flagging
        everyone or no one earns: ``alert_all``, ``alert_none``.

    Examples
    --------
    >>> decision_curve([1, 0, 1, 0], [0.9, 0.3, 0.6, 0.1], [0.2, 0.5]).round(3)
       threshold_probability  alert_rate  net_benefit  alert_all  alert_none
    0                    0.2        0.75        0.438      0.375         0.0
    1                    0.5        0.50        0.500      0.000         0.0
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    thresholds = np.arange(1, 100) / 100 if thresholds is None else thresholds
    weight = np.array([odds(threshold) for threshold in thresholds])
    found = share_from(risk[ill], thresholds) * ill.mean()
    needless = share_from(risk[~ill], thresholds) * (1 - ill.mean())
    return pd.DataFrame(
        {
            "threshold_probability": thresholds,
            "alert_rate": found + needless,
            "net_benefit": found - weight * needless,
            "alert_all": ill.mean() - weight * (1 - ill.mean()),
            "alert_none": 0.0,
        }
    )


def share_from(risk, thresholds):
    """Return the share of risks at or above each threshold; 0 of none is 0.

    Examples
    --------
    >>> share_from(np.array([0.1, 0.5]), [0.5, 0.6]).tolist()
    [0.5, 0.0]
    """
    below = np.searchsorted(np.sort(risk), thresholds, side="left")
    return (len(risk) - below) / max(len(risk), 1)


def costs_of_rows(y_true, alerts, cost_missed, cost_needless, cost_found, cost_spared):
    """Return what each row costs.

    Examples
    --------
    >>> costs_of_rows([1, 1, 0, 0], [1, 0, 1, 0], 9, 2, 3, 0).tolist()
    [3, 9, 2, 0]
    """
    ill, alerted = read_binary(y_true, "y_true"), read_binary(alerts, "alerts")
    same_length(y_true=ill, alerts=alerted)
    if_ill = np.where(alerted, cost_found, cost_missed)
    return np.where(ill, if_ill, np.where(alerted, cost_needless, cost_spared))


def expected_cost(
    y_true, alerts, *, cost_missed, cost_needless, cost_found=0.0, cost_spared=0.0
):
    """Return the mean cost of the decisions per patient.

    Parameters
    ----------
    y_true, alerts : array-like of shape (n,)
        0 or 1.
    cost_missed, cost_needless : float
        Of an ill patient without an alert, and of a well one with an alert.
    cost_found, cost_spared : float
        Of an ill patient with an alert, and of a well one without.

    Returns
    -------
    float
        In the unit of the costs.

    Examples
    --------
    >>> expected_cost([1, 1, 0, 0], [1, 0, 1, 0], cost_missed=9, cost_needless=1)
    2.5
    """
    costs = (cost_missed, cost_needless, cost_found, cost_spared)
    return float(costs_of_rows(y_true, alerts, *costs).mean())


def expected_cost_interval(
    y_true,
    alerts,
    *,
    cost_missed,
    cost_needless,
    cost_found=0.0,
    cost_spared=0.0,
    patient=None,
    level=0.90,
):
    """Return the mean cost per patient with its interval; costs as `expected_cost`.

    Examples
    --------
    >>> y, alerts = [1, 1, 0, 0] * 9, [1, 0, 1, 0] * 9
    >>> found = expected_cost_interval(y, alerts, cost_missed=9, cost_needless=1)
    >>> found.low < found.value < found.high
    True
    """
    costs = (cost_missed, cost_needless, cost_found, cost_spared)
    values = costs_of_rows(y_true, alerts, *costs)
    value = values.mean()
    return interval_from_influence(value, values - value, patient, level)
