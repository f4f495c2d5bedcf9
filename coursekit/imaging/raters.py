"""Several raters, one truth: votes, STAPLE, and what each rater does differently."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.metrics import dice, lesion_sensitivity, volume_bias


def majority_vote(outlines):
    """Return the pixels that more than half of the raters outline.

    Taught in lab 06_labelling_tumours.

    Parameters
    ----------
    outlines : array-like of shape (n, n_raters, height, width)
        0 or 1. A tie, possible with an even number of raters, is no lesion.

    Returns
    -------
    ndarray of uint8, shape (n, height, width)

    Examples
    --------
    >>> majority_vote([[[[1, 1, 0]], [[1, 0, 0]], [[1, 1, 1]]]])
    array([[[1, 1, 0]]], dtype=uint8)
    """
    outlines = read_outlines(outlines)
    return (2 * outlines.sum(axis=1) > outlines.shape[1]).astype(np.uint8)


@dataclass(frozen=True, eq=False)
class Staple:
    """What STAPLE says: the likely truth, and how good each rater is."""

    probability: np.ndarray  # (n, height, width) in [0, 1]
    sensitivity: np.ndarray  # (n_raters,), of pixels
    specificity: np.ndarray

    @property
    def masks(self):
        """Pixels that are more likely lesion than not, uint8 (n, height, width)."""
        return (self.probability > 0.5).astype(np.uint8)


def staple(outlines, n_rounds=30):
    """Estimate the true masks and the raters' skill together (STAPLE, by EM).

    Taught in lab 06_labelling_tumours. Each rater has one sensitivity and one
    specificity a pixel, the same in all slices, and errs independently of the others.
    In turn: how likely is each pattern of votes to be a lesion, given the skills and
    the share of lesion; and how good are the raters, and how large is that share,
    given the likely lesions. A habit that a rater has with some patients only is
    averaged over all.

    Parameters
    ----------
    outlines : array-like of shape (n, n_raters, height, width)
        0 or 1, of three raters or more.
    n_rounds : int, default=30

    Returns
    -------
    Staple

    Raises
    ------
    BadInput
        If there are fewer than three raters, or more than 16.

    References
    ----------
    Warfield, Zou & Wells 2004, IEEE Transactions on Medical Imaging 23:903-921.

    Examples
    --------
    >>> right, wrong = [[1, 1, 1, 0, 0, 0]], [[0, 1, 1, 1, 1, 0]]
    >>> found = staple([[right, right, wrong]])
    >>> found.masks.tolist()
    [[[1, 1, 1, 0, 0, 0]]]
    >>> bool(found.sensitivity[0] > found.sensitivity[2])
    True
    """
    outlines = read_outlines(outlines)
    n_raters = outlines.shape[1]
    if not 3 <= n_raters <= 16:
        raise BadInput(f"STAPLE needs 3 to 16 raters; there are {n_raters}.")
    powers = 1 << np.arange(n_raters)
    pattern = (outlines * powers[:, None, None].astype(np.int64)).sum(axis=1)
    votes = (np.arange(2**n_raters)[:, None] & powers) > 0  # (n_patterns, n_raters)
    count = np.bincount(pattern.ravel(), minlength=2**n_raters).astype(float)
    lesion = votes.mean(axis=1)  # start: the share of the votes
    for _ in range(n_rounds):
        sensitivity = share_of_votes(votes, count * lesion)
        specificity = 1 - share_of_votes(votes, count * (1 - lesion))
        prior = (count * lesion).sum() / count.sum()
        for_lesion = np.where(votes, sensitivity, 1 - sensitivity).prod(axis=1)
        against = np.where(votes, 1 - specificity, specificity).prod(axis=1)
        weight = prior * for_lesion
        lesion = weight / (weight + (1 - prior) * against)
    return Staple(lesion[pattern], sensitivity, specificity)


def share_of_votes(votes, weight):
    """Return by rater the weighted share of patterns with a vote, within (0, 1).

    Examples
    --------
    >>> share_of_votes(np.array([[True], [False]]), np.array([3.0, 1.0])).round(3)
    array([0.75])
    """
    share = (votes * weight[:, None]).sum(axis=0) / max(weight.sum(), 1e-12)
    return share.clip(1e-6, 1 - 1e-6)


def rater_bias(outlines, masks, group, names=None):
    """Return how each rater's outlines differ from the reference, group by group.

    Taught in lab 06_labelling_tumours.

    Parameters
    ----------
    outlines : array-like of shape (n, n_raters, height, width)
        0 or 1.
    masks : array-like of shape (n, height, width)
        0 or 1: an audit, or a vote (then a bias that most raters share is not seen).
    group : array-like of shape (n,)
    names : sequence of str, optional
        Of the raters; a, b, c ... by default.

    Returns
    -------
    DataFrame
        One row for each rater and group that has a lesion: ``n_slices``,
        ``volume_bias`` ((rater - reference) / reference), ``mean_dice`` over slices
        with a lesion, and ``lesion_sensitivity``.

    Examples
    --------
    >>> outlines = [[[[1, 1, 0]], [[1, 1, 1]]]]
    >>> rater_bias(outlines, [[[1, 1, 0]]], ["A"])["volume_bias"].tolist()
    [0.0, 0.5]
    """
    outlines, masks, group = (
        read_outlines(outlines),
        np.asarray(masks),
        np.asarray(group),
    )
    names = (
        [chr(ord("a") + k) for k in range(outlines.shape[1])]
        if names is None
        else names
    )
    ill = masks.any(axis=(1, 2))
    rows = {
        (name, label): compared(outlines[:, number], masks, group == label, ill)
        for number, name in enumerate(names)
        for label in sorted(set(group[ill]))
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis(["rater", "group"])


def compared(outline, masks, here, ill):
    """Return one row of `rater_bias`.

    Examples
    --------
    >>> one = np.ones((1, 1, 2), int)
    >>> compared(one, one, np.array([True]), np.array([True]))["mean_dice"]
    1.0
    """
    seen = here & ill
    return {
        "n_slices": int(here.sum()),
        "volume_bias": volume_bias(masks[here], outline[here]),
        "mean_dice": float(dice(masks[seen], outline[seen]).mean()),
        "lesion_sensitivity": lesion_sensitivity(masks[seen], outline[seen]),
    }


def read_outlines(outlines):
    """Return outlines as an array (n, n_raters, height, width) of 0 and 1.

    Examples
    --------
    >>> read_outlines(np.zeros((2, 3, 4, 4))).shape
    (2, 3, 4, 4)
    """
    outlines = np.asarray(outlines)
    if outlines.ndim != 4 or 0 in outlines.shape:
        raise BadInput(
            f"Outlines of shape {outlines.shape} are not (n, n_raters, height, width)."
        )
    if not ((outlines == 0) | (outlines == 1)).all():
        raise BadInput("Outlines hold values other than 0 and 1.")
    return outlines
