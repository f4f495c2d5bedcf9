"""Tumours: where they are, what they are made of, and how three raters outline them.

`reach` is the distance from a lesion's middle in units of its radius, bent by a smooth
field: the audited outline is where it is 1, and a rater's habit is another number.
"""

import numpy as np
from scipy.ndimage import label

from coursekit.datasets.mri_anatomy import (
    COLUMN,
    ROW,
    column,
    smooth_field,
    soft,
)

N_LESIONS = 2  # at most, in a slice
SMALL_BELOW_PIXELS = 64  # area of the largest lesion of a slice
SPECK_PIXELS = 8  # smaller pieces are no lesion
SHARE_WITH_TUMOUR, SHARE_WITH_TWO, SHARE_SMALL = 0.78, 0.22, 0.42
RIM_PIXELS = 1.5
JITTER = 0.02  # of every rater's hand, in units of the radius


def draw_lesions(n_patients, rng):
    """Draw the tumours of patients: a dict of (n_patients, 2) arrays.

    ``radius`` is in pixels, 0 for no lesion; ``across`` and ``along`` are in the
    head's frame; ``core`` is the radius of the core as a share of the lesion's.
    """
    shape = (n_patients, N_LESIONS)
    small = rng.random(shape) < SHARE_SMALL
    radius = np.where(small, rng.uniform(2.5, 4.2, shape), rng.uniform(5, 10.5, shape))
    radius[:, 1] = np.minimum(radius[:, 1], rng.uniform(2.5, 5.5, n_patients))
    present = rng.random(n_patients) < SHARE_WITH_TUMOUR
    two = present & (rng.random(n_patients) < SHARE_WITH_TWO)
    angle = rng.uniform(0, 2 * np.pi, n_patients)
    distance = rng.uniform(0.25, 0.60, n_patients)
    turn = angle + np.pi + rng.uniform(-0.8, 0.8, n_patients)
    far = rng.uniform(0.40, 0.60, n_patients)
    return {
        "radius": radius * np.column_stack([present, two]),
        "across": np.column_stack([distance * np.cos(angle), far * np.cos(turn)]),
        "along": np.column_stack([distance * np.sin(angle), far * np.sin(turn)]),
        "aspect": rng.uniform(0.80, 1.25, shape),
        "core": rng.uniform(0.50, 0.68, shape),
        "rim": rng.uniform(0.75, 1.0, shape),
    }


def lesions_of_slices(lesions, patient, level, rng):
    """Return the lesions as the slices cut them: of another size in each slice."""
    cut = {name: values[patient] for name, values in lesions.items()}
    shrink = rng.uniform(0.85, 1.08, len(patient)) * (0.6 + 0.4 * level)
    radius = cut["radius"] * shrink[:, None]
    return cut | {"radius": np.where(radius < 2.2, 0, radius)}


def reach_of(lesions, heads, bend):
    """Return `reach` of every pixel for every lesion, (2, n, 64, 64); inf: none."""
    found = []
    turn = column(heads, "tilt")
    for k in range(N_LESIONS):
        across, along, radius, aspect = (
            lesions[name][:, k, None, None].astype(np.float32)
            for name in ("across", "along", "radius", "aspect")
        )
        x = across * column(heads, "half_width")
        y = along * column(heads, "half_length")
        dx = (
            COLUMN - (x * np.cos(turn) - y * np.sin(turn)) - column(heads, "off_across")
        )
        dy = ROW - (x * np.sin(turn) + y * np.cos(turn)) - column(heads, "off_along")
        distance = np.hypot(dx * aspect, dy / aspect)
        with np.errstate(divide="ignore"):
            reach = distance / (radius * np.exp(np.float32(0.16) * bend))
        found.append(np.where(radius > 0, reach, np.float32(np.inf)))
    return np.array(found)


def without_slivers(reach, brain):
    """Return `reach` without lesions of which fewer than SPECK_PIXELS lie in brain."""
    area = ((reach < 1) & brain).sum(axis=(2, 3))
    return np.where(area[..., None, None] >= SPECK_PIXELS, reach, np.float32(np.inf))


def tumour_layers(reach, lesions, where):
    """Return the soft shares of oedema, core and rim, each (n, 64, 64).

    Parameters
    ----------
    reach : ndarray of shape (2, n, 64, 64)
    where : ndarray of shape (n, 64, 64)
        Share of brain that a tumour can grow in.
    """
    layers = {"oedema": 0, "core": 0, "rim": 0}
    for k in range(N_LESIONS):
        core, rim, radius = (
            lesions[name][:, k, None, None].astype(np.float32)
            for name in ("core", "rim", "radius")
        )
        width = 0.5 / np.maximum(radius, 1)  # half a pixel of partial volume
        thick = np.minimum(RIM_PIXELS / np.maximum(radius, 1), core)
        whole = soft((reach[k] - 1) / width, 0.5)
        inner = soft((reach[k] - core) / width, 0.5)
        hollow = soft((reach[k] - core + thick) / width, 0.5)
        layers["oedema"] = np.maximum(layers["oedema"], 0.92 * whole * where)
        layers["core"] = np.maximum(layers["core"], inner * where)
        layers["rim"] = np.maximum(
            layers["rim"], np.clip(inner - hollow, 0, 1) * rim * where
        )
    return layers


def masks_of(reach, lesions, brain):
    """Return the audited masks: whole, core (with its rim), enhancing.

    Parameters
    ----------
    brain : boolean ndarray of shape (n, 64, 64)
        Where a tumour can grow.

    Returns
    -------
    dict of str to uint8 ndarray of shape (n, 64, 64)
    """
    core = lesions["core"].T[:, :, None, None].astype(np.float32)
    radius = np.maximum(lesions["radius"], 1).T[:, :, None, None].astype(np.float32)
    hollow = core - np.minimum(RIM_PIXELS / radius, core)
    whole = without_specks((reach < 1).any(axis=0) & brain)
    inner = (reach < core).any(axis=0) & whole
    ring = ((reach < core) & (reach >= hollow)).any(axis=0) & inner
    return {
        "whole": whole.astype(np.uint8),
        "core": inner.astype(np.uint8),
        "enhancing": ring.astype(np.uint8),
    }


def without_specks(masks):
    """Return masks without connected pieces under SPECK_PIXELS.

    Examples
    --------
    >>> masks = np.zeros((1, 64, 64), bool)
    >>> masks[0, 5:9, 5:9] = masks[0, 40, 40] = True
    >>> int(masks.sum()), int(without_specks(masks).sum())
    (17, 16)
    """
    kept = masks.copy()
    for row in np.flatnonzero(masks.any(axis=(1, 2))):
        pieces, _ = label(masks[row], np.ones((3, 3)))
        large = np.bincount(pieces.ravel()) >= SPECK_PIXELS
        kept[row] = masks[row] & large[pieces]
    return kept


def largest_area(masks):
    """Return the area of the largest lesion of every slice, in pixels; 0: none.

    Examples
    --------
    >>> masks = np.zeros((2, 64, 64), bool)
    >>> masks[1, 5:9, 5:9] = masks[1, 40, 40:42] = True
    >>> largest_area(masks)
    array([ 0, 16])
    """
    area = np.zeros(len(masks), int)
    for row in np.flatnonzero(masks.any(axis=(1, 2))):
        pieces, _ = label(masks[row], np.ones((3, 3)))
        area[row] = np.bincount(pieces.ravel())[1:].max()
    return area


def outline(reach, lesions, brain, habits, rng):
    """Return what three raters outline, (n, 3, 64, 64) uint8.

    Parameters
    ----------
    habits : ndarray of shape (3, n, 2)
        By rater, slice and lesion: the rater's radius as a share of the true one;
        0 where the rater does not see the lesion.
    """
    drawn = np.empty((len(brain), len(habits), *brain.shape[1:]), np.uint8)
    radius = np.maximum(lesions["radius"], 1)
    for number, habit in enumerate(habits):
        shaky = np.float32(JITTER) * smooth_field(rng, len(brain), 2.0)
        limit = np.where(habit > 0, habit + rng.normal(0, 0.08 / radius), -1)
        limit = limit.T[:, :, None, None].astype(np.float32)
        drawn[:, number] = (reach + shaky < limit).any(axis=0) & brain
    return drawn


def where_tumours_grow(radius, fluid):
    """Return the pixels a tumour can be in: brain, and not the ventricles."""
    return (radius < 0.81) & (fluid < 0.5)


def is_small(reach, brain):
    """Return which lesions are small, (n, 2): their area is under 64 pixels.

    Examples
    --------
    >>> reach = np.full((2, 1, 64, 64), 2.0)
    >>> reach[0, 0, :7, :7] = reach[1, 0, :8, :8] = 0
    >>> is_small(reach, np.ones((1, 64, 64), bool)).tolist()
    [[True, False]]
    """
    area = ((reach < 1) & brain).sum(axis=(2, 3)).T
    return (area > 0) & (area < SMALL_BELOW_PIXELS)
