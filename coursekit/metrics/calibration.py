"""Do the risks mean what they say? If 100 patients are told 30 %, 30 should fall ill.

Mean error and reliability table stand here; slope and intercept come from
`recalibration`, Brier score and log loss from `scoring`.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.metrics.inputs import read_outcome_and_risk, read_patient
from coursekit.metrics.intervals import interval_from_influence
from coursekit.metrics.limits import normal_quantile, wilson_limits
from coursekit.metrics.rates import effective_sizes
from coursekit.metrics.recalibration import (
    calibration_intercept,
    calibration_intercept_influence,
    calibration_intercept_interval,
    calibration_slope,
    calibration_slope_influence,
    calibration_slope_interval,
)
from coursekit.metrics.scoring import (
    brier,
    brier_influence,
    brier_interval,
    log_loss,
    log_loss_influence,
    log_loss_interval,
    scaled_brier,
    scaled_brier_influence,
    scaled_brier_interval,
)

__all__ = [
    "brier",
    "brier_influence",
    "brier_interval",
    "calibration_intercept",
    "calibration_intercept_influence",
    "calibration_intercept_interval",
    "calibration_slope",
    "calibration_slope_influence",
    "calibration_slope_interval",
    "log_loss",
    "log_loss_influence",
    "log_loss_interval",
    "mean_calibration_error",
    "mean_calibration_error_influence",
    "mean_calibration_error_interval",
    "reliability_table",
    "scaled_brier",
    "scaled_brier_influence",
    "scaled_brier_interval",
]


def mean_calibration_error(y_true, risk):
    """Return the mean risk less the share of events.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.

    Returns
    -------
    float in [-1, 1]
        0 is right on the whole, above 0 the risks are too high.

    Examples
    --------
    >>> mean_calibration_error([1, 0], [0.5, 0.25])
    -0.125
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    return float((risk - ill).mean())


def mean_calibration_error_influence(y_true, risk):
    """Return how much each row moves the mean calibration error; adds up to 0.

    Examples
    --------
    >>> mean_calibration_error_influence([1, 0], [0.5, 0.25]).tolist()
    [-0.375, 0.375]
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    return (risk - ill) - (risk - ill).mean()


def mean_calibration_error_interval(y_true, risk, *, patient=None, level=0.90):
    """Return the mean calibration error with its interval.

    Examples
    --------
    >>> found = mean_calibration_error_interval([1, 0, 1, 0], [0.9, 0.2, 0.6, 0.1])
    >>> found.low < 0 < found.high
    True
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    errors = risk - ill
    value = errors.mean()
    return interval_from_influence(value, errors - value, patient, level, (-1, 1))


def reliability_table(
    y_true, risk, *, n_bins=10, strategy="quantile", patient=None, level=0.90
):
    """Return mean risk and share of events in bins of the risk.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.
    n_bins : int
    strategy : {"quantile", "uniform"}
        Bins of about equal numbers of rows, or of equal width. Equal risks share a
        bin, so there may be fewer bins than asked for; empty ones are left out.
    patient : array-like of shape (n,), optional
    level : float in (0, 1)

    Returns
    -------
    DataFrame
        One row a bin: ``risk_from``, ``risk_to``, ``n_rows``, ``n_ill``,
        ``mean_risk``, ``event_share`` and its Wilson limits ``low``, ``high``.

    Examples
    --------
    >>> table = reliability_table([0, 0, 1, 1], [0.1, 0.1, 0.9, 0.7], n_bins=2)
    >>> table[["n_rows", "mean_risk", "event_share"]]
       n_rows  mean_risk  event_share
    0       2        0.1          0.0
    1       2        0.8          1.0
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    codes = np.searchsorted(bin_edges(risk, n_bins, strategy), risk, side="left")
    rows = pd.DataFrame({"risk": risk, "ill": ill.astype(int)})
    found = rows.groupby(codes)
    table = found["risk"].agg(
        risk_from="min", risk_to="max", n_rows="size", mean_risk="mean"
    )
    table.insert(3, "n_ill", found["ill"].sum())
    table["event_share"] = table["n_ill"] / table["n_rows"]
    patients = None if patient is None else read_patient(patient, len(ill))
    bins = np.unique(codes, return_inverse=True)[1]
    n = effective_sizes(ill, np.ones_like(ill), bins, len(table), patients, level)[0]
    limits = wilson_limits(table["event_share"], n, normal_quantile(level))
    table["low"], table["high"] = limits
    return table.reset_index(drop=True)


def bin_edges(risk, n_bins, strategy):
    """Return the upper edges of all bins but the last.

    Examples
    --------
    >>> bin_edges(np.array([0.1, 0.2, 0.6, 0.8]), 2, "uniform").tolist()
    [0.5]
    """
    if n_bins < 1 or strategy not in ("quantile", "uniform"):
        raise BadInput(
            f"n_bins is {n_bins} and strategy {strategy!r}; give at least one bin, and "
            "'quantile' or 'uniform'."
        )
    shares = np.arange(1, n_bins) / n_bins
    if strategy == "uniform":
        return shares
    return np.unique(np.quantile(risk, shares, method="inverted_cdf"))
