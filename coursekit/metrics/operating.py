"""What a risk finds when it leaves a given share of the healthy alone."""

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.metrics.inputs import read_outcome_and_risk
from coursekit.metrics.intervals import interval_from_influence

STEP = 0.02  # of specificity, over which the slope of the ROC curve is taken


def sensitivity_at_specificity(y_true, risk, specificity=0.9, counted=None):
    """Share of the ill above the cut-off that spares a given share of the healthy.

    Also known as a point of the ROC curve. The cut-off is the smallest risk that at
    least `specificity` of the healthy do not exceed; risks above it raise an alert.

    Parameters
    ----------
    y_true : array-like of 0/1, shape (n,)
    risk : array-like of shape (n,)
        In [0, 1]; higher means more likely ill.
    specificity : float in (0, 1), default=0.9
    counted : array-like of bool, shape (n,), optional
        Which of the ill count, such as those at an early stage; all by default.

    Returns
    -------
    float
        In [0, 1].

    Raises
    ------
    NotEstimable
        If nobody is healthy, or none of the ill counts.

    References
    ----------
    Pepe 2003, The Statistical Evaluation of Medical Tests, section 4.3.

    Examples
    --------
    >>> y = [0, 0, 0, 0, 0, 1, 1]
    >>> risk = [0.1, 0.2, 0.3, 0.4, 0.5, 0.45, 0.9]
    >>> sensitivity_at_specificity(y, risk, 0.9)
    0.5
    >>> sensitivity_at_specificity(y, risk, 0.8)
    1.0
    """
    ill, risk, counted = read(y_true, risk, counted)
    return found_above(cut_off_at(risk[~ill], specificity), risk[ill & counted])


def sensitivity_at_specificity_interval(
    y_true, risk, specificity=0.9, counted=None, *, patient=None, level=0.90
):
    """Return `sensitivity_at_specificity` with its interval, clustered by patient.

    The ill who count vary, and so do the healthy from whom the cut-off comes: a
    cut-off that is off by a share of the healthy moves the sensitivity by the slope of
    the ROC curve at that point.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> y = rng.integers(0, 2, 2000)
    >>> risk = 1 / (1 + np.exp(-rng.normal(2 * y - 1, 1)))
    >>> found = sensitivity_at_specificity_interval(y, risk)
    >>> bool(found.low < 0.76 < found.high)
    True
    """
    ill, risk, counted = read(y_true, risk, counted)
    chosen = ill & counted
    cut_off = cut_off_at(risk[~ill], specificity)
    found = found_above(cut_off, risk[chosen])
    slope = roc_slope(risk[~ill], risk[chosen], specificity)
    of_ill = (risk > cut_off) - found
    spared = np.mean(risk[~ill] <= cut_off)
    of_healthy = slope * ((risk <= cut_off) - spared)
    influence = len(risk) * (
        chosen * of_ill / chosen.sum() + ~ill * of_healthy / (~ill).sum()
    )
    return interval_from_influence(found, influence, patient, level, bounds=(0, 1))


def read(y_true, risk, counted):
    """Return who is ill, the risks, and which of the ill count, as arrays."""
    y_true, risk = read_outcome_and_risk(y_true, risk)
    ill = y_true == 1
    counted = np.ones(len(ill), bool) if counted is None else np.asarray(counted, bool)
    if not (ill & counted).any() or ill.all():
        raise NotEstimable("There must be healthy patients, and ill ones that count.")
    return ill, risk, counted


def cut_off_at(healthy, specificity):
    """Return the smallest risk of a healthy patient that spares enough of them.

    Examples
    --------
    >>> float(cut_off_at(np.array([0.3, 0.1, 0.2, 0.4]), 0.5))
    0.2
    """
    n_spared = int(np.ceil(specificity * len(healthy) - 1e-9))
    return np.sort(healthy)[n_spared - 1]


def found_above(cut_off, ill):
    """Return the share of the ill above a cut-off."""
    return float(np.mean(ill > cut_off))


def roc_slope(healthy, ill, specificity):
    """Return by how much sensitivity rises per share of the healthy that is flagged."""
    ends = specificity - STEP, min(specificity + STEP, 1 - 1e-6)
    more, fewer = (found_above(cut_off_at(healthy, end), ill) for end in ends)
    return (more - fewer) / (ends[1] - ends[0])
