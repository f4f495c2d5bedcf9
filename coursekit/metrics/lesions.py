"""Which lesions are found, and which are false: masks as connected pieces.

A lesion is a connected piece of a mask within one slice; pixels that touch at a corner
are connected. A large lesion and a small one count alike.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import label

from coursekit.errors import BadInput, NotEstimable

TOUCHING = np.zeros((3, 3, 3))
TOUCHING[1] = 1  # within a slice, corners included


@dataclass(frozen=True)
class LesionCounts:
    """How many lesions each slice has, how many are found, how many are false."""

    n_lesions: np.ndarray  # (n,) ints
    n_found: np.ndarray
    n_false: np.ndarray  # predicted lesions where there is none


def lesion_counts(masks_true, masks_pred, min_iou=0.1):
    """Count lesions, lesions found and false lesions, slice by slice.

    A lesion is a connected piece of a mask (pixels that touch at a corner are
    connected). A true lesion is found, and a predicted one is right, where some
    lesion of the other mask meets it with an intersection over union above
    `min_iou`. Two lesions may be found by one piece.

    Parameters
    ----------
    masks_true, masks_pred : array-like of shape (n, height, width)
        0 or 1.
    min_iou : float in [0, 1), default=0.1
        0 means: any common pixel. Then a mask of the whole head finds every lesion
        and none of it is false.

    Returns
    -------
    LesionCounts

    References
    ----------
    Maier-Hein et al. 2024, Nature Methods 21:195-212 (localisation criteria).

    Examples
    --------
    >>> true, pred = [[[1, 1, 0, 0, 1]]], [[[1, 0, 0, 0, 0]]]
    >>> lesion_counts(true, pred).n_found
    array([1])
    >>> lesion_counts(true, pred, min_iou=0.5).n_false
    array([1])
    """
    if not 0 <= min_iou < 1:
        raise BadInput(f"min_iou is {min_iou}; it must lie from 0 to below 1.")
    true, pred = read_mask_pair(masks_true, masks_pred)
    piece, area, home = lesions_of(true)
    other, other_area, other_home = lesions_of(pred)
    meets = true & pred
    width = len(other_area)
    pairs, common = np.unique(
        piece[meets].astype(np.int64) * width + other[meets], return_counts=True
    )
    a, b = pairs // width, pairs % width
    near = common / (area[a] + other_area[b] - common) > min_iou
    found, right = np.zeros(len(area), bool), np.zeros(width, bool)
    found[a[near]] = right[b[near]] = True
    n = len(true)
    return LesionCounts(
        n_lesions=np.bincount(home, minlength=n),
        n_found=np.bincount(home[found[1:]], minlength=n),
        n_false=np.bincount(other_home[~right[1:]], minlength=n),
    )


def lesions_of(masks):
    """Return each pixel's lesion, the lesions' areas, and the slices they are in.

    Parameters
    ----------
    masks : boolean ndarray of shape (n, height, width)

    Returns
    -------
    piece : ndarray of int, as `masks`
        Lesions are numbered from 1 over all slices; 0 is background.
    area : ndarray of shape (n_lesions + 1,)
        Pixels; the first is the background's.
    home : ndarray of shape (n_lesions,)

    Examples
    --------
    >>> piece, area, home = lesions_of(np.array([[[1, 0, 1]], [[1, 1, 0]]], bool))
    >>> area[1:].tolist(), home.tolist()
    ([1, 1, 2], [0, 0, 1])
    """
    piece, n_lesions = label(masks, TOUCHING)
    home = np.zeros(n_lesions + 1, int)
    at = np.nonzero(piece)
    home[piece[at]] = at[0]
    return piece, np.bincount(piece.ravel(), minlength=n_lesions + 1), home[1:]


def lesion_sensitivity(masks_true, masks_pred, min_iou=0.1):
    """Return the share of the true lesions that are found, of all slices together.

    A large lesion and a small one count alike, so small lesions that Dice hardly sees
    are seen here. Read it with `false_lesions_per_slice`.

    Parameters
    ----------
    masks_true, masks_pred, min_iou
        As for `lesion_counts`.

    Returns
    -------
    float in [0, 1]

    Raises
    ------
    NotEstimable
        If no slice has a lesion.

    Examples
    --------
    >>> lesion_sensitivity([[[1, 1, 0, 0, 1]]], [[[1, 1, 0, 0, 0]]])
    0.5
    """
    counts = lesion_counts(masks_true, masks_pred, min_iou)
    return share_found(counts)


def share_found(counts):
    """Return found lesions over lesions; NotEstimable without any lesion.

    Examples
    --------
    >>> one = np.array([1])
    >>> share_found(LesionCounts(one, one, one))
    1.0
    """
    n_lesions = counts.n_lesions.sum()
    if n_lesions == 0:
        raise NotEstimable("There is no lesion to be found. Give slices with lesions.")
    return float(counts.n_found.sum() / n_lesions)


def false_lesions_per_slice(masks_true, masks_pred, min_iou=0.1):
    """Return how many predicted lesions a slice have no true one, on average.

    Parameters
    ----------
    masks_true, masks_pred, min_iou
        As for `lesion_counts`.

    Returns
    -------
    float, 0 or more

    Examples
    --------
    >>> false_lesions_per_slice([[[0, 0, 0]], [[1, 1, 0]]], [[[1, 0, 1]], [[1, 1, 0]]])
    1.0
    """
    return float(lesion_counts(masks_true, masks_pred, min_iou).n_false.mean())


def read_mask_pair(masks_true, masks_pred):
    """Return two sets of masks as booleans of one shape (n, height, width).

    Raises
    ------
    BadInput
        If the shapes differ or a value is not 0 or 1.

    Examples
    --------
    >>> read_mask_pair([[[1]]], [[[0]]])[0].dtype
    dtype('bool')
    """
    true, pred = (
        read_masks(masks, name)
        for masks, name in ((masks_true, "masks_true"), (masks_pred, "masks_pred"))
    )
    if true.shape != pred.shape:
        raise BadInput(f"The masks have different shapes: {true.shape}, {pred.shape}.")
    return true, pred


def read_masks(masks, name):
    """Return masks as booleans of shape (n, height, width); all values are 0 or 1.

    Examples
    --------
    >>> read_masks([[[0.0, 1.0]]], "masks").tolist()
    [[[False, True]]]
    """
    masks = np.asarray(masks)
    if masks.ndim != 3 or masks.dtype.kind not in "biuf" or len(masks) == 0:
        raise BadInput(
            f"{name} has the shape {masks.shape}; give numbers, (n, height, width)."
        )
    if masks.dtype != bool and not ((masks == 0) | (masks == 1)).all():
        raise BadInput(f"{name} holds values other than 0 and 1. Choose a cut-off.")
    return masks.astype(bool)
