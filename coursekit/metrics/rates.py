"""Rates of a two-by-two table, in every group and every replicate at once.

A rate is a share: some cells of the table over others. A group whose cells below the
line are empty cannot be judged and gets NaN, never 0.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.metrics.inputs import (
    read_binary,
    read_group,
    read_patient,
    same_length,
)
from coursekit.metrics.limits import normal_quantile, t_quantile

CELLS = ("true_positive", "false_negative", "false_positive", "true_negative")
RATES = {  # name -> (cells above the line, cells below it)
    "sensitivity": ((1, 0, 0, 0), (1, 1, 0, 0)),
    "specificity": ((0, 0, 0, 1), (0, 0, 1, 1)),
    "false_positive_rate": ((0, 0, 1, 0), (0, 0, 1, 1)),
    "ppv": ((1, 0, 0, 0), (1, 0, 1, 0)),
    "npv": ((0, 0, 0, 1), (0, 1, 0, 1)),
    "alert_rate": ((1, 0, 1, 0), (1, 1, 1, 1)),
    "prevalence": ((1, 1, 0, 0), (1, 1, 1, 1)),
}


@dataclass(frozen=True)
class Grouped:
    """Rows told as cells of the two-by-two table of their group."""

    cell: np.ndarray  # (n,) number of the row's cell in CELLS
    code: np.ndarray  # (n,) number of the row's group
    labels: pd.Index  # (n_groups,)
    patients: tuple | None = None  # (number of each row's patient, n_patients)

    @property
    def counts(self):
        """Rows by group and cell, shape (n_groups, 4)."""
        n_groups = len(self.labels)
        flat = np.bincount(4 * self.code + self.cell, minlength=4 * n_groups)
        return flat.reshape(n_groups, 4)


def grouped_cells(y_true, alerts, group, patient=None):
    """Return outcomes and alerts as cells by group.

    Parameters
    ----------
    y_true, alerts : array-like of shape (n,)
        0 or 1.
    group : array-like of shape (n,), or DataFrame of several columns
    patient : array-like of shape (n,), optional
        Labels that never repeat are the same as None.

    Raises
    ------
    BadInput
        If lengths differ, a value is not 0 or 1, or a row has no group.

    Examples
    --------
    >>> grouped_cells([1, 1, 0, 0], [1, 0, 0, 1], ["f", "f", "f", "m"]).counts
    array([[1, 1, 0, 1],
           [0, 0, 1, 0]])
    """
    ill, alerted = read_binary(y_true, "y_true"), read_binary(alerts, "alerts")
    same_length(y_true=ill, alerts=alerted)
    code, labels = read_group(group, len(ill))
    patients = None if patient is None else read_patient(patient, len(ill))
    if patients is not None and patients[1] == len(ill):
        patients = None
    return Grouped(2 * ~ill + ~alerted, code, labels, patients)


def cells_of(rate):
    """Return the cells above and below the line of a rate, as 0/1 arrays.

    Examples
    --------
    >>> cells_of("ppv")
    (array([1, 0, 0, 0]), array([1, 0, 1, 0]))
    """
    if rate not in RATES:
        raise BadInput(f"{rate!r} is no rate; there are {', '.join(RATES)}.")
    above, below = RATES[rate]
    return np.array(above), np.array(below)


def rate_of_counts(counts, rate):
    """Return a rate from counts of the four cells; NaN where it cannot be judged.

    Parameters
    ----------
    counts : array-like of shape (..., 4)
    rate : str
        A key of `RATES`.

    Returns
    -------
    ndarray of shape (...)

    Examples
    --------
    >>> rate_of_counts([[3, 1, 0, 9], [0, 0, 2, 8]], "sensitivity")
    array([0.75,  nan])
    """
    above, below = cells_of(rate)
    hits, counted = counts @ above, counts @ below
    with np.errstate(invalid="ignore"):
        return hits / counted


def effective_sizes(hit, counted, code, n_groups, patients=None, level=0.90):
    """Return how many independent rows the rows of each group are worth.

    For one row a patient that is their number. Else it is ``p (1 - p) / se^2`` with
    the standard error clustered by patient, made smaller where few patients estimate
    it (Korn & Graubard's factor) and never above the number of rows. Where the rate is
    0 or 1 the error is unknown, and it is the number of patients.

    Parameters
    ----------
    hit, counted : ndarray of bool, shape (n,)
        Whether a row counts above, and below, the line of the rate.
    code : ndarray of int, shape (n,)
        The row's group.
    n_groups : int
    patients : (ndarray, int), optional
        As `inputs.read_patient` returns it; None for one row a patient.
    level : float in (0, 1)

    Returns
    -------
    n_effective : ndarray of shape (n_groups,)
        0 for a group without counted rows.
    correlation : ndarray of shape (n_groups, n_groups)
        Of the groups' rates: 0 between groups unless a patient has rows in both.

    References
    ----------
    Korn & Graubard 1998, Survey Methodology 24:193-201.

    Examples
    --------
    >>> counted = np.array([True] * 8)
    >>> hit = np.array([1, 1, 0, 0, 1, 1, 0, 0]) == 1
    >>> twice = np.array([0, 0, 1, 1, 2, 2, 3, 3]), 4
    >>> code = np.zeros(8, int)
    >>> effective_sizes(hit, counted, code, 1)[0]
    array([8.])
    >>> effective_sizes(hit, counted, code, 1, twice)[0].round(1)
    array([1.5])
    """
    n_rows = np.bincount(code[counted], minlength=n_groups).astype(float)
    if patients is None:
        return n_rows, np.eye(n_groups)
    n_hits = np.bincount(code[counted & hit], minlength=n_groups)
    rate = n_hits / np.maximum(n_rows, 1)
    residuals, n_patients = residual_sums(hit, counted, code, rate, patients)
    products = np.einsum("pg,ph->gh", residuals, residuals)
    variance = np.diagonal(products) * n_patients / np.maximum(n_patients - 1, 1)
    known = (variance > 1e-9) & (n_patients > 1)
    worth = rate * (1 - rate) * n_rows**2 / np.where(known, variance, 1.0)
    few = (normal_quantile(level) / t_quantile(level, n_patients - 1)) ** 2
    n_effective = np.minimum(np.where(known, worth, n_patients) * few, n_rows)
    return n_effective, correlation_of(products)


def residual_sums(hit, counted, code, rate, patients):
    """Return each patient's sum of (hit - rate) in each group, and patients by group.

    Examples
    --------
    >>> hit, counted = np.array([True, True, False]), np.array([True] * 3)
    >>> patients = np.array([0, 0, 1]), 2
    >>> residual_sums(hit, counted, np.zeros(3, int), np.array([0.5]), patients)
    (array([[ 1. ],
           [-0.5]]), array([2]))
    """
    number, n_patients = patients
    shape = n_patients, len(rate)
    place = number[counted] * len(rate) + code[counted]
    residual = hit[counted] - rate[code[counted]]
    sums = np.bincount(place, residual, n_patients * len(rate)).reshape(shape)
    seen = np.bincount(place, minlength=n_patients * len(rate)).reshape(shape)
    return sums, (seen > 0).sum(axis=0)


def correlation_of(products):
    """Return correlations from cross products; 0 where a spread is 0.

    Examples
    --------
    >>> correlation_of(np.array([[4.0, 2.0], [2.0, 4.0]]))
    array([[1. , 0.5],
           [0.5, 1. ]])
    """
    spread = np.sqrt(np.diagonal(products))
    scale = np.where(spread > 1e-9, spread, np.inf)
    correlation = products / np.outer(scale, scale)
    np.fill_diagonal(correlation, 1.0)
    return correlation


def group_sizes(grouped, rate, level=0.90):
    """Return `effective_sizes` of a rate for rows told as cells by group.

    Examples
    --------
    >>> grouped = grouped_cells([1, 1, 0, 0], [1, 0, 0, 1], ["f", "f", "f", "m"])
    >>> group_sizes(grouped, "sensitivity")[0]
    array([2., 0.])
    """
    above, below = (cells.astype(bool)[grouped.cell] for cells in cells_of(rate))
    n_groups = len(grouped.labels)
    return effective_sizes(
        above, below, grouped.code, n_groups, grouped.patients, level
    )
