"""Whether a map of attention lies where the disease is."""

import numpy as np

from coursekit.errors import BadInput


def mass_in_mask(maps, masks):
    """Return the share of each map that lies within the lesion.

    Parameters
    ----------
    maps : array-like of shape (n, height, width)
        Such as from `grad_cam`; signs are dropped.
    masks : array-like of shape (n, height, width)
        True (or above 0) where the lesion is.

    Returns
    -------
    ndarray of shape (n,)
        In [0, 1]. A map that ignores the film has the mask's share of the area. NaN
        for a film without a lesion, and for a map that is 0 everywhere.

    Examples
    --------
    >>> maps = np.array([[[3.0, 1.0]], [[1.0, 0.0]]])
    >>> mass_in_mask(maps, masks=[[[1, 0]], [[0, 0]]])
    array([0.75,  nan])
    """
    maps, masks = np.abs(np.asarray(maps, dtype=float)), np.asarray(masks) > 0
    if maps.shape != masks.shape or maps.ndim != 3:
        raise BadInput(
            f"Maps {maps.shape} and masks {masks.shape} need the same shape, "
            "(n, height, width)."
        )
    inside, whole = (maps * masks).sum((1, 2)), maps.sum((1, 2))
    estimable = masks.any((1, 2)) & (whole > 0)
    return np.where(estimable, inside / np.where(estimable, whole, 1), np.nan)
