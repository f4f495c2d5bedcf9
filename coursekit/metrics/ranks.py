"""Patients sorted by risk: what every ranking measure starts from."""

from dataclasses import dataclass

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.metrics.inputs import read_numbers, read_outcome_and_risk
from coursekit.metrics.intervals import Estimate, logit_interval
from coursekit.metrics.limits import normal_quantile, wilson_limits


@dataclass(frozen=True)
class Ranked:
    """Patients sorted into levels of equal risk, from the lowest up."""

    ill: np.ndarray  # (n,) bool, by row
    level: np.ndarray  # (n,) int, each row's level
    n_ill: np.ndarray  # (n_levels,) ill at each level
    n_well: np.ndarray  # (n_levels,)


def rank(y_true, risk):
    """Return the patients by level of risk.

    Raises
    ------
    NotEstimable
        If all are ill or all are well: there is no pair to rank.

    Examples
    --------
    >>> rank([1, 0, 1], [0.9, 0.2, 0.2]).n_ill.tolist()
    [1, 1]
    """
    ill, risk = read_outcome_and_risk(y_true, risk, reader=read_numbers)
    if ill.all() or not ill.any():
        raise NotEstimable(
            "Every patient has the same outcome, so there is no pair of an ill and a "
            "well one to rank."
        )
    order = np.argsort(risk)
    ascending = risk[order]
    sorted_level = np.concatenate([[0], np.cumsum(ascending[1:] != ascending[:-1])])
    level = np.empty(len(risk), dtype=np.intp)
    level[order] = sorted_level
    n_levels = sorted_level[-1] + 1
    n_rows = np.bincount(sorted_level, minlength=n_levels)
    n_ill = np.bincount(sorted_level[ill[order]], minlength=n_levels)
    return Ranked(ill, level, n_ill, n_rows - n_ill)


def patients_of_each_outcome(ill, patients):
    """Return how many patients have an ill row, and how many a well one.

    Examples
    --------
    >>> ill, all_of_one_patient = np.array([True, True, False]), (np.zeros(3, int), 1)
    >>> patients_of_each_outcome(ill, all_of_one_patient)
    (1, 1)
    """
    number, n_patients = patients
    ill_rows = np.bincount(number[ill], minlength=n_patients)
    well_rows = np.bincount(number[~ill], minlength=n_patients)
    return int((ill_rows > 0).sum()), int((well_rows > 0).sum())


def share_interval(value, se, ill, patients, level):
    """Return a ranking measure with its interval on the logit scale.

    Examples
    --------
    >>> ill = np.array([True, True, False, False])
    >>> share_interval(1.0, 0.0, ill, (np.arange(4), 4), 0.90).high
    1.0
    """
    n_rarer = min(patients_of_each_outcome(ill, patients))
    if 0 < value < 1:
        return logit_interval(value, se, level, n_rarer - 1)
    low, high = wilson_limits(round(value), n_rarer, normal_quantile(level))
    return Estimate(float(value), float(low), float(high), level)
