"""Does the model rank the ill above the well? AUROC and average precision.

Both depend on the order of the risks only. Each is exact under ties and needs one
sort; each comes with its influence, so that it can be compared, paired and clustered.
"""

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.metrics.inputs import read_patient
from coursekit.metrics.precision import (
    average_precision,
    average_precision_influence,
    average_precision_interval,
)
from coursekit.metrics.ranks import patients_of_each_outcome, rank, share_interval

__all__ = [
    "auroc",
    "auroc_influence",
    "auroc_interval",
    "auroc_standard_error",
    "average_precision",
    "average_precision_influence",
    "average_precision_interval",
]


def auroc(y_true, risk):
    """Return the area under the ROC curve.

    The share of pairs of an ill and a well patient in which the ill one has the higher
    risk; a tie counts half. 0.5 is chance, 1 is perfect.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Any finite scores.

    Returns
    -------
    float in [0, 1]

    Raises
    ------
    NotEstimable
        If all patients have the same outcome.

    Examples
    --------
    >>> auroc([1, 1, 0, 0], [0.9, 0.4, 0.4, 0.1])
    0.875
    """
    return auroc_of(rank(y_true, risk))


def auroc_of(ranked):
    """Return the AUROC of ranked patients.

    Examples
    --------
    >>> auroc_of(rank([1, 0], [0.9, 0.2]))
    1.0
    """
    below = np.cumsum(ranked.n_well) - ranked.n_well
    wins = (ranked.n_ill * (below + ranked.n_well / 2)).sum()
    return float(wins / (ranked.n_ill.sum() * ranked.n_well.sum()))


def placements(ranked):
    """Return, for each row, the share of the other outcome that it is right against.

    For an ill row the well of lower risk, for a well row the ill of higher risk (ties
    count half): DeLong's structural components. Both have the AUROC as their mean.

    Examples
    --------
    >>> placements(rank([1, 1, 0, 0], [0.9, 0.4, 0.4, 0.1])).tolist()
    [1.0, 0.75, 0.75, 1.0]
    """
    well_below = np.cumsum(ranked.n_well) - ranked.n_well / 2
    ill_above = ranked.n_ill.sum() - np.cumsum(ranked.n_ill) + ranked.n_ill / 2
    for_ill = (well_below / ranked.n_well.sum())[ranked.level]
    for_well = (ill_above / ranked.n_ill.sum())[ranked.level]
    return np.where(ranked.ill, for_ill, for_well)


def auroc_influence(y_true, risk):
    """Return how much each row moves the AUROC.

    Returns
    -------
    ndarray of shape (n,)
        Adds up to 0. `standard_error` of it is DeLong's up to a factor n / (n - 1).

    Examples
    --------
    >>> auroc_influence([1, 1, 0, 0], [0.9, 0.4, 0.4, 0.1]).tolist()
    [0.25, -0.25, -0.25, 0.25]
    """
    return influence_of(rank(y_true, risk))


def influence_of(ranked):
    """Return the AUROC's influence for ranked patients.

    Examples
    --------
    >>> influence_of(rank([1, 0], [0.9, 0.2])).tolist()
    [0.0, 0.0]
    """
    ill, n = ranked.ill, len(ranked.ill)
    weight = np.where(ill, n / ill.sum(), n / (n - ill.sum()))
    return weight * (placements(ranked) - auroc_of(ranked))


def auroc_standard_error(y_true, risk, *, patient=None):
    """Return the standard error of the AUROC.

    With one row a patient it is DeLong's, else Obuchowski's: the components are summed
    per patient, the ill and the well parts each with its own small-sample factor, and
    patients with rows of both kinds add their covariance.

    Parameters
    ----------
    y_true, risk : array-like of shape (n,)
    patient : array-like of shape (n,), optional

    Raises
    ------
    NotEstimable
        If fewer than two patients are ill, or fewer than two well.

    References
    ----------
    DeLong, DeLong & Clarke-Pearson 1988, Biometrics 44:837-845.
    Obuchowski 1997, Biometrics 53:567-578.

    Examples
    --------
    >>> round(auroc_standard_error([1, 1, 0, 0], [0.9, 0.4, 0.4, 0.1]), 4)
    0.1768
    """
    ranked = rank(y_true, risk)
    patients = read_patient(patient, len(ranked.ill))
    return error_of(ranked.ill, influence_of(ranked), patients)


def error_of(ill, phi, patients):
    """Return the standard error of an AUROC, or of a difference, from its influence.

    Examples
    --------
    >>> ranked = rank([1, 1, 0, 0], [4, 3, 2, 1])
    >>> error_of(ranked.ill, influence_of(ranked), (np.arange(4), 4))
    0.0
    """
    number, n_patients = patients
    n_ill, n_well = patients_of_each_outcome(ill, patients)
    if min(n_ill, n_well) < 2:
        raise NotEstimable("An AUROC's error needs two ill and two well patients.")
    from_ill = np.bincount(number[ill], phi[ill], n_patients)
    from_well = np.bincount(number[~ill], phi[~ill], n_patients)
    variance = (
        n_ill / (n_ill - 1) * (from_ill**2).sum()
        + n_well / (n_well - 1) * (from_well**2).sum()
        + n_patients / (n_patients - 1) * 2 * (from_ill * from_well).sum()
    )
    return float(np.sqrt(max(variance, 0.0)) / len(ill))


def auroc_interval(y_true, risk, *, patient=None, level=0.90):
    """Return the AUROC with its interval.

    The standard error is DeLong's (Obuchowski's where patients have several rows). The
    ends are set on the logit scale with Student's t, its degrees of freedom the
    number of patients of the rarer outcome less one: with 20 ill among 200 this covers
    91 % where the plain interval covers 87 %; with thousands the two agree. Where the
    ranking is perfect (or perfectly wrong) the error is 0 and says nothing; the other
    end is then Wilson's for the rarer outcome, which is wide.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
    patient : array-like of shape (n,), optional
        None means one row a patient.
    level : float in (0, 1)

    Returns
    -------
    Estimate

    Raises
    ------
    NotEstimable
        If fewer than two patients are ill, or fewer than two well.

    Examples
    --------
    >>> found = auroc_interval([1, 1, 1, 0, 0, 0], [0.9, 0.8, 0.4, 0.5, 0.2, 0.1])
    >>> round(found.value, 2), round(found.low, 2), round(found.high, 2)
    (0.89, 0.07, 1.0)
    """
    ranked = rank(y_true, risk)
    patients = read_patient(patient, len(ranked.ill))
    se = error_of(ranked.ill, influence_of(ranked), patients)
    return share_interval(auroc_of(ranked), se, ranked.ill, patients, level)
