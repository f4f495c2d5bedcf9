"""How well do two sets of masks agree? Dice, lesions found, false lesions, volume.

Masks are (n, height, width), one a slice, 1 = lesion. A measure that a slice cannot
show is NaN, never 0: two empty masks agree, but their overlap is 0 / 0.
"""

import numpy as np
import pandas as pd

from coursekit.errors import NotEstimable
from coursekit.metrics.inputs import read_group
from coursekit.metrics.lesions import read_mask_pair


def dice(masks_true, masks_pred):
    """Return the overlap of two masks, slice by slice: ``2 |A and B| / (|A| + |B|)``.

    Only lesion pixels count: the background, nearly all of a slice, is in no part of
    the formula. With both masks empty it is 0 / 0, so NaN: such a slice shows
    nothing about overlap, and a 1 would reward slices without lesions. A false alarm
    on an empty slice, or nothing found on another, gives 0.

    Parameters
    ----------
    masks_true, masks_pred : array-like of shape (n, height, width)
        0 or 1.

    Returns
    -------
    ndarray of shape (n,)
        In [0, 1]; NaN where both masks are empty.

    Raises
    ------
    BadInput
        If the shapes differ or a value is not 0 or 1.

    References
    ----------
    Dice 1945, Ecology 26:297-302.

    Examples
    --------
    >>> dice([[[1, 1, 0, 0]]], [[[0, 1, 1, 0]]])
    array([0.5])
    >>> dice([[[0, 0]], [[0, 0]]], [[[0, 0]], [[0, 1]]])
    array([nan,  0.])
    """
    true, pred = read_mask_pair(masks_true, masks_pred)
    both = (true & pred).sum(axis=(1, 2))
    sizes = true.sum(axis=(1, 2)) + pred.sum(axis=(1, 2))
    return np.where(sizes > 0, 2 * both / np.maximum(sizes, 1), np.nan)


def volume_bias(masks_true, masks_pred):
    """Return (predicted - true) / true volume, of all slices together.

    Parameters
    ----------
    masks_true, masks_pred : array-like of shape (n, height, width)
        0 or 1.

    Returns
    -------
    float, -1 or more
        0.2: a fifth too much is outlined; below 0, too little.

    Raises
    ------
    NotEstimable
        If no slice has a lesion.

    Examples
    --------
    >>> volume_bias([[[1, 1, 1, 1, 0]]], [[[1, 1, 1, 1, 1]]])
    0.25
    """
    true, pred = read_mask_pair(masks_true, masks_pred)
    if not true.any():
        raise NotEstimable("Without any lesion there is no volume to compare with.")
    return float(pred.sum() / true.sum() - 1)


def volume_bias_by_group(masks_true, masks_pred, group):
    """Return (predicted - true) / true volume, by group.

    Parameters
    ----------
    masks_true, masks_pred : array-like of shape (n, height, width)
        0 or 1.
    group : array-like of shape (n,), or DataFrame of several columns

    Returns
    -------
    Series
        -1 or more, indexed by group; NaN for a group without any lesion.

    Examples
    --------
    >>> true, pred = [[[1, 1]], [[0, 0]]], [[[1, 0]], [[1, 0]]]
    >>> volume_bias_by_group(true, pred, ["f", "m"]).tolist()
    [-0.5, nan]
    """
    true, pred = read_mask_pair(masks_true, masks_pred)
    code, labels = read_group(group, len(true))
    volume, outlined = (np.bincount(code, m.sum(axis=(1, 2))) for m in (true, pred))
    ratio = outlined / np.where(volume > 0, volume, np.nan)
    return pd.Series(ratio - 1, index=labels, name="volume_bias")
