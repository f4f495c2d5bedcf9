"""Which of two models is better, asked about the same patients: paired comparisons.

Two numbers measured on the same patients rise and fall together, so two intervals that
overlap say little. The difference has an interval of its own.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import bdtr, ndtr

from coursekit.errors import NotEstimable
from coursekit.metrics.inputs import read_binary, read_patient, same_length
from coursekit.metrics.intervals import Estimate
from coursekit.metrics.limits import normal_quantile
from coursekit.metrics.ranking import auroc_of, error_of, influence_of
from coursekit.metrics.ranks import rank


@dataclass(frozen=True)
class Comparison:
    """A difference between two models on the same patients, with its test."""

    difference: Estimate  # the first less the second
    p_value: float  # two-sided, of no difference

    @property
    def low(self):
        """The lower end of the difference's interval."""
        return self.difference.low

    @property
    def high(self):
        """The upper end of the difference's interval."""
        return self.difference.high


def auroc_difference(y_true, risk_a, risk_b, *, patient=None, level=0.95):
    """Return the AUROC of one model less that of another, by DeLong's paired test.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk_a, risk_b : array-like of shape (n,)
        Any finite scores of the same patients.
    patient : array-like of shape (n,), optional
        None means one row a patient; else components are summed by patient
        (Obuchowski).
    level : float in (0, 1)

    Returns
    -------
    Comparison
        Its test is the normal one; where the two rank alike p is 1.

    Raises
    ------
    NotEstimable
        If fewer than two patients are ill, or fewer than two well.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837-845.

    Examples
    --------
    >>> y = [1, 1, 1, 0, 0, 0]
    >>> better, worse = [6, 5, 3, 4, 2, 1], [6, 1, 3, 4, 2, 5]
    >>> found = auroc_difference(y, better, worse)
    >>> round(found.difference.value, 3), round(found.p_value, 2)
    (0.444, 0.16)
    """
    first, second = rank(y_true, risk_a), rank(y_true, risk_b)
    patients = read_patient(patient, len(first.ill))
    phi = influence_of(first) - influence_of(second)
    error = error_of(first.ill, phi, patients)
    difference = auroc_of(first) - auroc_of(second)
    reach = float(normal_quantile(level)) * error
    seen = Estimate(difference, difference - reach, difference + reach, level)
    if error == 0:
        return Comparison(seen, 1.0 if difference == 0 else 0.0)
    return Comparison(seen, float(2 * ndtr(-abs(difference) / error)))


def mcnemar(y_true, alerts_a, alerts_b):
    """Compare how often two sets of decisions are right, patient by patient.

    Only patients count for whom just one of the two is right: if neither is better,
    each is right in half of them.

    Parameters
    ----------
    y_true, alerts_a, alerts_b : array-like of shape (n,)
        0 or 1, one row a patient.

    Returns
    -------
    tuple of (int, int, float)
        How often only the first is right, only the second, and the exact two-sided p.

    Raises
    ------
    NotEstimable
        If both are right for the same patients.

    References
    ----------
    McNemar 1947, Psychometrika 12:153-157 (here with exact binomial p).

    Examples
    --------
    >>> y = [1, 1, 1, 1, 0, 0]
    >>> mcnemar(y, [1, 1, 1, 1, 0, 1], [0, 0, 0, 0, 0, 0])
    (4, 1, 0.375)
    """
    ill, first, second = (
        read_binary(values, name)
        for values, name in zip(
            (y_true, alerts_a, alerts_b),
            ("y_true", "alerts_a", "alerts_b"),
            strict=True,
        )
    )
    same_length(y_true=ill, alerts_a=first, alerts_b=second)
    only_first = int(np.sum((first == ill) & (second != ill)))
    only_second = int(np.sum((first != ill) & (second == ill)))
    if only_first + only_second == 0:
        raise NotEstimable("Both are right for the same patients: nothing to compare.")
    rarer = bdtr(min(only_first, only_second), only_first + only_second, 0.5)
    return only_first, only_second, float(min(1.0, 2 * rarer))
