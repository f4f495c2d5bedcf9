"""How sure measures of overlap are: intervals clustered by patient.

Means are over the slices whose true mask has a lesion, so that no answer can choose
the slices it is judged on; false alarms elsewhere are counted as false lesions.
"""

from dataclasses import dataclass

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.metrics.bands import largest_over_pairs
from coursekit.metrics.inputs import read_group, read_patient
from coursekit.metrics.intervals import (
    Estimate,
    interval_from_influence,
    logit_interval,
    standard_error,
    wilson,
)
from coursekit.metrics.lesions import lesion_counts, read_mask_pair, share_found
from coursekit.metrics.limits import t_quantile
from coursekit.metrics.overlap import dice


def mean_dice_interval(masks_true, masks_pred, *, patient=None, level=0.90):
    """Return the mean Dice over the slices with a lesion, with its interval.

    Parameters
    ----------
    masks_true, masks_pred : array-like of shape (n, height, width)
        0 or 1.
    patient : array-like of shape (n,), optional
        Whose slice it is; None means one slice a patient.
    level : float in (0, 1)

    Returns
    -------
    Estimate
        In [0, 1].

    Raises
    ------
    NotEstimable
        If fewer than two patients have a lesion.

    Examples
    --------
    >>> true = [[[1, 1, 0]], [[1, 1, 0]], [[0, 0, 0]]]
    >>> pred = [[[1, 1, 0]], [[0, 1, 1]], [[0, 0, 1]]]
    >>> mean_dice_interval(true, pred).value
    0.75
    """
    values, seen = dice_with_lesion(masks_true, masks_pred)
    patient = None if patient is None else np.asarray(patient)[seen]
    mean = values.mean()
    return interval_from_influence(mean, values - mean, patient, level, (0, 1))


def dice_with_lesion(masks_true, masks_pred):
    """Return the Dice of the slices with a true lesion, and which these are.

    Examples
    --------
    >>> dice_with_lesion([[[1]], [[0]]], [[[1]], [[1]]])
    (array([1.]), array([ True, False]))
    """
    true, pred = read_mask_pair(masks_true, masks_pred)
    seen = true.any(axis=(1, 2))
    if not seen.any():
        raise NotEstimable("No slice has a lesion, so no overlap can be judged.")
    return dice(true[seen], pred[seen]), seen


def lesion_sensitivity_interval(
    masks_true, masks_pred, *, min_iou=0.1, patient=None, level=0.90
):
    """Return the share of the true lesions that are found, with its interval.

    Symmetric on the logit scale; Wilson's for as many rows as patients have lesions
    where all or none are found.

    Parameters
    ----------
    masks_true, masks_pred, min_iou
        As for `coursekit.metrics.lesion_counts`.
    patient, level
        As for `mean_dice_interval`.

    Returns
    -------
    Estimate

    Raises
    ------
    NotEstimable
        If no slice has a lesion.

    Examples
    --------
    >>> true = [[[1, 0, 1]], [[1, 1, 0]], [[1, 1, 0]]]
    >>> pred = [[[1, 0, 0]], [[1, 1, 0]], [[1, 0, 0]]]
    >>> lesion_sensitivity_interval(true, pred).value
    0.75
    """
    counts = lesion_counts(masks_true, masks_pred, min_iou)
    value = share_found(counts)
    codes, _ = read_patient(patient, len(counts.n_lesions))
    n_ill = int((np.bincount(codes, counts.n_lesions) > 0).sum())
    if value in (0.0, 1.0):
        return wilson(round(value) * n_ill, n_ill, level)
    influence = (counts.n_found - value * counts.n_lesions) / counts.n_lesions.mean()
    return logit_interval(value, standard_error(influence, patient), level, n_ill - 1)


def dice_gap_interval(
    masks_true,
    masks_pred,
    group,
    *,
    patient=None,
    level=0.90,
    n_replicates=10_000,
    random_state=0,
):
    """Return the largest difference of mean Dice between two groups, with its limits.

    The limits hold for all pairs at once (max-t), as `gap_interval`'s do: `low` is
    what at least one pair must lie apart, `high` what none exceeds.

    Parameters
    ----------
    masks_true, masks_pred : array-like of shape (n, height, width)
        0 or 1; slices without a true lesion are left out.
    group : array-like of shape (n,), or DataFrame of several columns
    patient : array-like of shape (n,), optional
        None means one slice a patient.
    level : float in (0, 1)
    n_replicates : int
        Draws for the quantile, where there are more than two groups.
    random_state : int or Generator

    Returns
    -------
    Estimate
        ``low`` is 0 or more.

    Raises
    ------
    NotEstimable
        If fewer than two groups have lesions of at least two patients each.

    References
    ----------
    Hothorn, Bretz & Westfall 2008, Biometrical Journal 50:346-363.

    Examples
    --------
    >>> true = [[[1, 1, 0]]] * 4
    >>> pred = [[[1, 1, 0]], [[1, 1, 1]], [[0, 1, 1]], [[0, 1, 0]]]
    >>> gap = dice_gap_interval(true, pred, ["a", "a", "b", "b"])
    >>> round(gap.value, 3), round(gap.low, 3)
    (0.317, 0.0)
    """
    values, seen = dice_with_lesion(masks_true, masks_pred)
    code, _ = read_group(group, len(seen))
    patient = None if patient is None else np.asarray(patient)[seen]
    ratio = ratios_by_group(values, np.ones(len(values)), code[seen], patient)
    if len(ratio.value) < 2:
        raise NotEstimable(
            "A gap in Dice needs two groups, each with lesions of two patients."
        )
    covariance = ratio.covariance
    a, b = np.triu_indices(len(ratio.value), 1)
    error = np.sqrt(covariance[a, a] + covariance[b, b] - 2 * covariance[a, b])
    critical = t_quantile(level, ratio.degrees)
    if len(a) > 1:
        drawn = ratio.drawn_errors(n_replicates, random_state)
        critical = np.quantile(largest_over_pairs(drawn, covariance), level)
    return largest_estimate(ratio.value[a] - ratio.value[b], critical * error, level)


def volume_bias_by_group_interval(
    masks_true,
    masks_pred,
    group,
    *,
    patient=None,
    level=0.90,
    n_replicates=10_000,
    random_state=0,
):
    """Return the largest volume bias of any group, in size, with its limits.

    The limits hold for all groups at once (max-t): `low` is what at least one group's
    bias exceeds, `high` what none does.

    Parameters
    ----------
    masks_true, masks_pred, group, patient, level, n_replicates, random_state
        As for `dice_gap_interval`; here slices without a true lesion count too.

    Returns
    -------
    Estimate
        ``value`` and ``low`` are 0 or more: the sign is in `volume_bias_by_group`.

    Raises
    ------
    NotEstimable
        If no group has lesions of at least two patients.

    Examples
    --------
    >>> true = [[[1, 1, 0, 0]]] * 4
    >>> pred = [[[1, 1, 0, 0]], [[1, 1, 0, 0]], [[1, 1, 1, 0]], [[1, 1, 1, 1]]]
    >>> volume_bias_by_group_interval(true, pred, ["a", "a", "b", "b"]).value
    0.75
    """
    true, pred = (m.sum(axis=(1, 2)) for m in read_mask_pair(masks_true, masks_pred))
    code, _ = read_group(group, len(true))
    ratio = ratios_by_group(pred, true, code, patient)
    if len(ratio.value) == 0:
        raise NotEstimable("No group has lesions of two patients or more.")
    error = np.sqrt(np.diagonal(ratio.covariance))
    drawn = ratio.drawn_errors(n_replicates, random_state)
    largest = (np.abs(drawn) / np.maximum(error, 1e-12)).max(axis=1)
    critical = np.quantile(largest, level)
    return largest_estimate(ratio.value - 1, critical * error, level)


@dataclass(frozen=True)
class Ratios:
    """A ratio of sums for each group that two patients or more can show."""

    value: np.ndarray  # (n_groups,)
    covariance: np.ndarray  # (n_groups, n_groups), of the values
    degrees: int  # of freedom: patients of the smallest group - 1

    def drawn_errors(self, n_replicates, random_state):
        """Return errors as they may be, (n_replicates, n_groups): multivariate t."""
        rng = np.random.default_rng(random_state)
        error = np.sqrt(np.diagonal(self.covariance))
        scale = np.where(error > 0, error, 1)
        correlation = self.covariance / np.outer(scale, scale)
        root = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(error)))
        normal = rng.standard_normal((n_replicates, len(error)))
        stretch = np.sqrt(rng.chisquare(self.degrees, n_replicates) / self.degrees)
        return np.einsum("rh,gh->rg", normal, root) * error / stretch[:, None]


def ratios_by_group(above, below, code, patient=None):
    """Return sum(above) / sum(below) of each group, and how they err together.

    Parameters
    ----------
    above, below : ndarray of shape (n,)
    code : ndarray of shape (n,)
        Groups as numbers from 0. A group is left out where fewer than two patients
        have anything below.
    patient : array-like of shape (n,), optional

    Returns
    -------
    Ratios

    Examples
    --------
    >>> ratios_by_group(np.array([1, 2, 3]), np.ones(3), np.array([0, 0, 1])).value
    array([1.5])
    """
    codes, n_patients = read_patient(patient, len(above))
    values, moves, patients = [], [], []
    for group in np.unique(code):
        rows = code == group
        seen = np.bincount(codes[rows], below[rows], n_patients) > 0
        if seen.sum() < 2:
            continue
        value = above[rows].sum() / below[rows].sum()
        influence = rows * (above - value * below) / below[rows].sum()
        spread = np.bincount(codes, influence, n_patients)
        values.append(value)
        moves.append(spread * np.sqrt(seen.sum() / (seen.sum() - 1)))
        patients.append(int(seen.sum()))
    moves = np.array(moves).reshape(len(values), n_patients)
    covariance = np.einsum("gp,hp->gh", moves, moves)
    return Ratios(np.array(values), covariance, min(patients, default=2) - 1)


def largest_estimate(values, reach, level):
    """Return the largest value in size, with limits ``values ± reach`` of all.

    Examples
    --------
    >>> largest_estimate(np.array([0.1, -0.5]), np.array([0.2, 0.25]), 0.90)
    Estimate(value=0.5, low=0.25, high=0.75, level=0.9)
    """
    size = np.abs(values)
    low, high = max(0.0, (size - reach).max()), (size + reach).max()
    return Estimate(float(size.max()), float(low), float(high), level)
