"""How a model does in each group of patients.

Every function takes one value a row and returns a Series with one value per group. A
group that cannot be judged gets NaN, never 0. Several group columns make
intersections; a row without a label is an error.
"""

import numpy as np
import pandas as pd

from coursekit.errors import NotEstimable
from coursekit.metrics.calibration import mean_calibration_error_interval
from coursekit.metrics.inputs import (
    read_group,
    read_outcome_and_risk,
    same_length,
)
from coursekit.metrics.limits import normal_quantile, wilson_limits
from coursekit.metrics.rates import (
    RATES,
    group_sizes,
    grouped_cells,
    rate_of_counts,
)


def rate_by_group(y_true, alerts, group, rate):
    """Return one rate of the two-by-two table, group by group.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1, 1 = ill.
    alerts : array-like of shape (n,)
        0 or 1, 1 = the model raises an alert.
    group : array-like of shape (n,), or DataFrame of several columns
    rate : str
        A key of `rates.RATES`, such as ``"sensitivity"``.

    Returns
    -------
    Series
        In [0, 1], indexed by group, in sorted order; NaN where nobody is counted.

    Raises
    ------
    BadInput
        If lengths differ, a value is not 0 or 1, or a row has no group.

    Examples
    --------
    >>> rate_by_group([1, 1, 0], [1, 0, 1], ["f", "f", "m"], "alert_rate").tolist()
    [0.5, 1.0]
    """
    grouped = grouped_cells(y_true, alerts, group)
    values = rate_of_counts(grouped.counts, rate)
    return pd.Series(values, index=grouped.labels, name=rate)


def sensitivity_by_group(y_true, alerts, group):
    """Return the share of the truly ill whom the model finds (recall), by group.

    Examples
    --------
    >>> sensitivity_by_group([1, 1, 0, 0], [1, 0, 0, 1], ["f", "f", "f", "m"])
    group
    f    0.5
    m    NaN
    Name: sensitivity, dtype: float64
    """
    return rate_by_group(y_true, alerts, group, "sensitivity")


def specificity_by_group(y_true, alerts, group):
    """Return the share of the truly well who get no alert, by group.

    Examples
    --------
    >>> specificity_by_group([1, 1, 0, 0], [1, 0, 0, 1], ["f", "f", "f", "m"]).tolist()
    [1.0, 0.0]
    """
    return rate_by_group(y_true, alerts, group, "specificity")


def false_positive_rate_by_group(y_true, alerts, group):
    """Return the share of the truly well who get an alert, by group.

    Examples
    --------
    >>> false_positive_rate_by_group([0, 0, 0], [1, 0, 0], ["f", "f", "m"]).tolist()
    [0.5, 0.0]
    """
    return rate_by_group(y_true, alerts, group, "false_positive_rate")


def ppv_by_group(y_true, alerts, group):
    """Return the share of alerts that are right (precision), by group.

    NaN for a group without alerts.

    Examples
    --------
    >>> ppv_by_group([1, 0, 1], [1, 1, 0], ["f", "f", "m"]).tolist()
    [0.5, nan]
    """
    return rate_by_group(y_true, alerts, group, "ppv")


def npv_by_group(y_true, alerts, group):
    """Return the share of patients without an alert who are truly well, by group.

    Examples
    --------
    >>> npv_by_group([1, 0, 1], [0, 0, 1], ["f", "f", "m"]).tolist()
    [0.5, nan]
    """
    return rate_by_group(y_true, alerts, group, "npv")


def alert_rate_by_group(alerts, group):
    """Return the share of patients who get an alert (selection rate), by group.

    Examples
    --------
    >>> alert_rate_by_group([1, 0, 1], ["f", "f", "m"]).tolist()
    [0.5, 1.0]
    """
    return rate_by_group(np.zeros(len(alerts)), alerts, group, "alert_rate")


def prevalence_by_group(y_true, group):
    """Return the share of patients who are truly ill, by group.

    Examples
    --------
    >>> prevalence_by_group([1, 0, 1], ["f", "f", "m"]).tolist()
    [0.5, 1.0]
    """
    return rate_by_group(y_true, y_true, group, "prevalence")


def mean_calibration_error_by_group(y_true, risk, group):
    """Return the mean risk less the share of events, by group.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.
    group : array-like of shape (n,), or DataFrame of several columns

    Returns
    -------
    Series
        In [-1, 1]; below 0 the group's risks are too low.

    Examples
    --------
    >>> y, risk = [1, 0, 1, 1], [0.5, 0.5, 0.25, 0.75]
    >>> mean_calibration_error_by_group(y, risk, ["f", "f", "m", "m"]).tolist()
    [0.0, -0.5]
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    code, labels = read_group(group, len(ill))
    values = np.bincount(code, risk - ill) / np.bincount(code)
    return pd.Series(values, index=labels, name="mean_calibration_error")


def group_table(y_true, alerts, group, risk=None, patient=None, level=0.90):
    """Return counts and rates with their intervals, one row a group.

    The intervals hold for one group and rate at a time; differences between groups
    are judged by `gaps.gap_interval`.

    Parameters
    ----------
    y_true, alerts : array-like of shape (n,)
        0 or 1.
    group : array-like of shape (n,), or DataFrame of several columns
    risk : array-like of shape (n,), optional
        Probabilities; adds the mean calibration error.
    patient : array-like of shape (n,), optional
        Adds ``n_patients`` and clusters the intervals.
    level : float in (0, 1)

    Returns
    -------
    DataFrame
        ``n_rows``, ``n_patients``, ``n_ill``, ``n_alerts``, then for each rate its
        value and ``..._low``, ``..._high`` (Wilson's, for the number of independent
        rows that the patients are worth). NaN where a group cannot be judged.

    Raises
    ------
    BadInput
        If lengths differ, a value is not 0 or 1, or a row has no group.

    Examples
    --------
    >>> table = group_table([1, 1, 0, 0], [1, 0, 0, 1], ["f", "f", "f", "m"])
    >>> table.loc["f", ["sensitivity", "sensitivity_high"]].round(2).tolist()
    [0.5, 0.88]
    >>> table.loc["m", ["n_rows", "n_ill", "sensitivity"]].tolist()
    [1.0, 0.0, nan]
    """
    grouped = grouped_cells(y_true, alerts, group, patient)
    columns = count_columns(grouped)
    for rate in RATES:
        columns |= rate_columns(grouped, rate, level)
    table = pd.DataFrame(columns, index=grouped.labels)
    if risk is None:
        return table
    return table.join(error_columns(y_true, risk, grouped, level))


def count_columns(grouped):
    """Return the counts of a group table.

    Examples
    --------
    >>> list(count_columns(grouped_cells([1, 0], [1, 0], ["f", "m"])))
    ['n_rows', 'n_patients', 'n_ill', 'n_alerts']
    """
    counts = grouped.counts
    n_rows, n_patients = counts.sum(axis=1), counts.sum(axis=1)
    if grouped.patients is not None:
        number, size = grouped.patients
        pairs = np.unique(grouped.code * size + number)
        n_patients = np.bincount(pairs // size, minlength=len(grouped.labels))
    return {
        "n_rows": n_rows,
        "n_patients": n_patients,
        "n_ill": counts[:, :2].sum(axis=1),
        "n_alerts": counts[:, [0, 2]].sum(axis=1),
    }


def rate_columns(grouped, rate, level):
    """Return a rate and its limits, by group.

    Examples
    --------
    >>> list(rate_columns(grouped_cells([1, 0], [1, 0], ["f", "m"]), "ppv", 0.90))
    ['ppv', 'ppv_low', 'ppv_high']
    """
    values = rate_of_counts(grouped.counts, rate)
    n_effective, _ = group_sizes(grouped, rate, level)
    n = np.where(n_effective > 0, n_effective, np.nan)
    low, high = wilson_limits(values, n, normal_quantile(level))
    return {rate: values, f"{rate}_low": low, f"{rate}_high": high}


def error_columns(y_true, risk, grouped, level):
    """Return the mean calibration error and its limits, by group.

    A group of one patient shows no spread: its limits are NaN.

    Examples
    --------
    >>> grouped = grouped_cells([1, 0], [1, 0], ["f", "f"])
    >>> error_columns([1, 0], [0.5, 0.5], grouped, 0.90).shape
    (1, 3)
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    same_length(alerts=grouped.cell, risk=risk)
    number = None if grouped.patients is None else grouped.patients[0]
    found = [
        error_in(ill, risk, number, grouped.code == code, level)
        for code in range(len(grouped.labels))
    ]
    name = "mean_calibration_error"
    names = [name, f"{name}_low", f"{name}_high"]
    return pd.DataFrame(found, index=grouped.labels, columns=names)


def error_in(ill, risk, patient, rows, level):
    """Return mean calibration error, low and high among some rows.

    Examples
    --------
    >>> only = np.array([True])
    >>> error_in(only, np.array([0.75]), None, only, 0.90)
    (-0.25, nan, nan)
    """
    patient = None if patient is None else patient[rows]
    try:
        found = mean_calibration_error_interval(
            ill[rows], risk[rows], patient=patient, level=level
        )
    except NotEstimable:
        return float((risk - ill)[rows].mean()), np.nan, np.nan
    return found.value, found.low, found.high
