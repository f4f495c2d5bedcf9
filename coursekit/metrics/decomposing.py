"""What a Brier score is made of: calibration, discrimination, and the luck of a case.

``Brier = reliability - resolution + uncertainty`` holds exactly where the risk takes a
few values. With bins, what lies within a bin is left over, and told.
"""

from dataclasses import dataclass

import numpy as np

from coursekit.metrics.calibration import bin_edges
from coursekit.metrics.inputs import read_outcome_and_risk


@dataclass(frozen=True)
class BrierParts:
    """The parts of a Brier score; see `brier_decomposition`.

    Examples
    --------
    >>> BrierParts(0.01, 0.05, 0.25, 0.0).brier
    0.21
    """

    reliability: float  # how far bins are off: 0 is calibrated
    resolution: float  # how far bins differ: 0 tells nobody from anybody
    uncertainty: float  # prevalence times its complement: the same for all models
    within: float  # what the bins do not show

    @property
    def brier(self):
        """The Brier score that the parts add up to."""
        told = self.reliability - self.resolution + self.uncertainty + self.within
        return round(told, 12)


def brier_decomposition(y_true, risk, *, n_bins=10, strategy="quantile"):
    """Return Murphy's decomposition of the Brier score.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.
    n_bins : int
    strategy : {"quantile", "uniform"}
        As for `reliability_table`.

    Returns
    -------
    BrierParts
        With few rows a bin, chance raises reliability and resolution alike.

    References
    ----------
    Murphy 1973, Journal of Applied Meteorology 12:595-600. Stephenson, Coelho &
    Jolliffe 2008, Weather and Forecasting 23:752-757 (the part within bins).

    Examples
    --------
    >>> y = [1] * 8 + [0] * 2 + [1] * 2 + [0] * 8
    >>> parts = brier_decomposition(y, [0.9] * 10 + [0.1] * 10)
    >>> [round(each, 3) for each in (parts.reliability, parts.resolution)]
    [0.01, 0.09]
    >>> round(parts.uncertainty, 3), round(parts.brier, 3), round(parts.within, 9)
    (0.25, 0.17, 0.0)
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    y = ill.astype(float)
    code = np.searchsorted(bin_edges(risk, n_bins, strategy), risk, side="left")
    _, code = np.unique(code, return_inverse=True)
    size = np.bincount(code)
    events, told = np.bincount(code, y) / size, np.bincount(code, risk) / size
    share, weight = y.mean(), size / len(y)
    parts = {
        "reliability": float((weight * (told - events) ** 2).sum()),
        "resolution": float((weight * (events - share) ** 2).sum()),
        "uncertainty": float(share * (1 - share)),
    }
    seen = parts["reliability"] - parts["resolution"] + parts["uncertainty"]
    return BrierParts(**parts, within=float(((risk - y) ** 2).mean() - seen))
