"""One cut-off a group, so that the ill of all groups are found equally often.

Deterministic: two patients of one group and one risk get the same answer, today and
tomorrow. Equal sensitivity is bought where risks are less telling, with needless alerts
in that group; the frontier shows the price.
"""

import numpy as np
import pandas as pd
from scipy.optimize import brentq

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.inputs import read_group, read_outcome_and_risk


class ThresholdsByGroup:
    """Cut-offs by group for equal sensitivity at one total alert rate.

    Taught in lab 10_repair.

    Parameters
    ----------
    alert_rate : float in (0, 1)
        Share of all patients who get an alert.

    Attributes
    ----------
    thresholds_ : Series
        By group; alert from the threshold on.
    sensitivity_ : float
        What all groups have on the patients it was fitted on.

    References
    ----------
    Hardt, Price & Srebro 2016, NeurIPS 29 (equal opportunity; theirs may randomise).

    Examples
    --------
    >>> y, risk = [1, 1, 0, 0] * 2, [0.9, 0.7, 0.5, 0.1, 0.6, 0.4, 0.3, 0.1]
    >>> rule = ThresholdsByGroup(alert_rate=0.5).fit(y, risk, list("aaaabbbb"))
    >>> rule.thresholds_.round(1).tolist()
    [0.7, 0.4]
    >>> rule.predict([0.5, 0.5], ["a", "b"]).tolist()
    [0, 1]
    """

    def __init__(self, alert_rate=0.2):
        self.alert_rate = alert_rate

    def fit(self, y, risk, group):
        """Learn the cut-offs on patients with audited outcomes.

        Parameters
        ----------
        y : array-like of shape (n,)
            0 or 1.
        risk : array-like of shape (n,)
            Probabilities.
        group : array-like of shape (n,)
        """
        if not 0 < self.alert_rate < 1:
            raise BadInput(f"alert_rate is {self.alert_rate}; give one in (0, 1).")
        ill, risk = read_outcome_and_risk(y, risk)
        code, labels = read_group(group, len(ill))
        found = [np.sort(risk[ill & (code == g)]) for g in range(len(labels))]
        if min(len(risks) for risks in found) == 0:
            raise NotEstimable("A group has no ill patients: it has no sensitivity.")

        def excess(sensitivity):
            cuts = [cut_off_for_sensitivity(risks, sensitivity) for risks in found]
            return np.mean(risk >= np.array(cuts)[code]) - self.alert_rate

        self.sensitivity_ = solve(excess)
        cuts = [cut_off_for_sensitivity(risks, self.sensitivity_) for risks in found]
        self.thresholds_ = pd.Series(cuts, index=labels, name="threshold")
        return self

    def predict(self, risk, group):
        """Return 1 for each patient to raise an alert on, else 0.

        A group that `fit` has not seen is an error: nobody has audited it.
        """
        cut = pd.Series(np.asarray(group)).map(self.thresholds_)
        if cut.isna().any():
            unknown = ", ".join(sorted(set(np.asarray(group)[cut.isna()].astype(str))))
            raise BadInput(f"There is no cut-off for group {unknown}.")
        return (np.asarray(risk) >= cut.to_numpy()).astype(int)


def cut_off_for_sensitivity(risks, sensitivity):
    """Return the cut-off above which this share of the ill lies.

    Linear between their risks, so that it moves smoothly.

    Parameters
    ----------
    risks : ndarray of shape (n_ill,), ascending
    sensitivity : float in [0, 1]

    Examples
    --------
    >>> float(cut_off_for_sensitivity(np.array([0.2, 0.4, 0.6]), 0.5))
    0.4
    """
    return np.quantile(risks, 1 - sensitivity)


def solve(excess):
    """Return the sensitivity at which the alert rate is reached, or the nearest end.

    Examples
    --------
    >>> round(solve(lambda sensitivity: sensitivity - 0.3), 3)
    0.3
    """
    if excess(0.0) >= 0:
        return 0.0
    if excess(1.0) <= 0:
        return 1.0
    return float(brentq(excess, 0.0, 1.0, xtol=1e-6))
