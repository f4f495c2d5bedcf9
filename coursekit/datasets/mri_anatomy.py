"""Heads: where which tissue is, as soft shares of every pixel.

Everything is drawn from ellipses in the head's own frame: `across` from left to
right and `along` from front to back, both in units of the head's half axes.
"""

import numpy as np
import pandas as pd
from scipy.ndimage import gaussian_filter
from scipy.special import expit

SIDE = 64  # pixels
N_SPOTS = 4
ROW, COLUMN = np.mgrid[:SIDE, :SIDE].astype(np.float32) - (SIDE - 1) / 2
HORNS = (  # of the lateral ventricles: across, along, half axes, turn in radians
    (0.145, -0.24, 0.055, 0.17, 0.38),
    (0.095, 0.00, 0.045, 0.17, 0.02),
    (0.18, 0.27, 0.055, 0.18, -0.42),
)


def draw_heads(n_patients, share_b, rng):
    """Draw one row per patient: group, sex, scanner, and the shape of the head.

    Returns
    -------
    DataFrame of n_patients rows
        Half axes in pixels, tilt in radians, the rest without unit.
    """
    group = np.where(rng.random(n_patients) < share_b, "B", "A")
    older = rng.random(n_patients) < np.where(group == "B", 0.90, 0.06)
    sex = np.where(rng.random(n_patients) < 0.5, "F", "M")
    size = np.where(sex == "M", 1.02, 0.98) * rng.normal(1, 0.025, n_patients)
    return pd.DataFrame(
        {
            "group": group,
            "sex": sex,
            "scanner": np.where(older, "older", "newer"),
            "half_width": 23.6 * size * rng.normal(1, 0.02, n_patients),
            "half_length": 28.4 * size,
            "tilt": rng.normal(0, 0.06, n_patients),
            "off_across": rng.normal(0, 0.7, n_patients),
            "off_along": rng.normal(0, 0.7, n_patients),
            "ventricle": rng.uniform(0.75, 1.35, n_patients),
            "spots": rng.binomial(N_SPOTS, 0.50, n_patients),
        }
    )


def frame_of(heads):
    """Return `across` and `along` of every pixel, each (n, 64, 64)."""
    turn = column(heads, "tilt")
    x, y = COLUMN - column(heads, "off_across"), ROW - column(heads, "off_along")
    across = (x * np.cos(turn) + y * np.sin(turn)) / column(heads, "half_width")
    along = (y * np.cos(turn) - x * np.sin(turn)) / column(heads, "half_length")
    return across * (1 - 0.10 * along), along  # narrower in front


def column(table, name):
    """Return a column as (n, 1, 1), to be broadcast over pixels."""
    return table[name].to_numpy(np.float32)[:, None, None]


def soft(distance, width):
    """Return 1 where the distance is well below 0, 0 well above it."""
    return expit(np.float32(-1 / width) * distance)


def smooth_field(rng, n, sigma):
    """Return n smooth random fields, (n, 64, 64), of mean 0 and variance near 1."""
    rough = rng.standard_normal((n, SIDE, SIDE), dtype=np.float32)
    gain = np.float32(2 * sigma * np.sqrt(np.pi))
    return gain * gaussian_filter(rough, sigma, axes=(1, 2), mode="wrap", truncate=3)


def first_slice(heads):
    """Return for each row the position of its patient's first row, (n,)."""
    person = heads["person"].to_numpy()
    return np.searchsorted(person, person)


def patient_field(rng, heads, sigma):
    """Return smooth fields that are much alike in the slices of one patient."""
    field = smooth_field(rng, len(heads), sigma)
    first = first_slice(heads)
    later = first != np.arange(len(heads))
    field[later] = np.float32(0.95) * field[first[later]] + 0.3 * field[later]
    return field


def ellipse(across, along, shape, size=1.0):
    """Return the distance from the middle of an ellipse; 1 on its edge."""
    x, y, half_x, half_y, turn = shape
    dx, dy = across - np.float32(x), along - np.float32(y)
    c, s = np.float32(np.cos(turn)), np.float32(np.sin(turn))
    u, v = (dx * c + dy * s) / half_x, (dy * c - dx * s) / half_y
    return np.hypot(u, v) / size


def ventricles(across, along, heads):
    """Return the share of fluid from the ventricles; both sides are mirrored."""
    size = column(heads, "ventricle") * column(heads, "level")
    side = np.abs(across)
    edge = np.minimum.reduce([ellipse(side, along, h, size) for h in HORNS])
    third = ellipse(across, along, (0, 0.06, 0.03, 0.12, 0), size)
    return soft(np.minimum(edge, third) - 1, 0.13)


def tissue_layers(heads, folds, spots):
    """Return the layers of healthy heads, from the outside to the inside.

    Parameters
    ----------
    heads : DataFrame of n rows
    folds : two ndarrays of shape (n, 64, 64)
        Smooth fields that fold the cortex.
    spots : ndarray of shape (n, 64, 64)
        Share of benign bright spots.

    Returns
    -------
    dict of str to ndarray of shape (n, 64, 64)
        Tissue -> share in [0, 1] of what lies on top of the layers before it.
    across, along, radius : ndarray of shape (n, 64, 64)
    """
    across, along = frame_of(heads)
    radius = np.hypot(across, along)
    depth = np.float32(0.83) - radius  # below the inner table of the skull
    side = np.abs(across)
    cortex = 0.05 * folds[0] + 0.125
    deep = np.minimum(
        ellipse(side, along, (0.17, 0.06, 0.085, 0.16, -0.2)),
        ellipse(side, along, (0.30, -0.03, 0.07, 0.22, -0.15)),
    )
    fissure = soft(side - 0.020, 0.012) * soft(0.42 - np.abs(along), 0.05)
    sulci = soft(depth - 0.15, 0.02) * soft(1.1 - folds[1], 0.18)
    inside = soft(-depth, 0.010)
    layers = {
        "scalp": soft(radius - 1.0, 0.012),
        "bone": soft(radius - 0.93, 0.012),
        "fluid_rim": inside,
        "grey": soft(0.035 - depth, 0.012),
        "white": soft(cortex - depth, 0.015) * soft(0.055 - side, 0.02),
        "deep_grey": soft(deep - 1, 0.10),
        "spot": spots * soft(0.12 - depth, 0.02),
        "fluid_folds": np.maximum(fissure * inside, 0.85 * sulci * inside),
        "fluid": ventricles(across, along, heads),
        "sinus": soft(ellipse(across, along, (0, 0.80, 0.07, 0.055, 0)) - 1, 0.2),
    }
    return layers, across, along, radius


def draw_spots(heads, rng):
    """Draw benign bright spots beside the ventricles, (n, 4) each: where, how big."""
    shape = (len(heads), N_SPOTS)
    side = np.where(rng.random(shape) < 0.5, -1, 1)
    kept = np.arange(N_SPOTS) < heads["spots"].to_numpy()[:, None]
    return {
        "across": side * rng.uniform(0.22, 0.48, shape),
        "along": rng.uniform(-0.45, 0.50, shape),
        "size": np.where(kept, rng.uniform(0.045, 0.080, shape), 0),
    }


def spot_share(spots, heads):
    """Return how much of every pixel is a benign spot, (n, 64, 64)."""
    across, along = frame_of(heads)
    share = np.zeros_like(across)
    for k in range(N_SPOTS):
        x, y, size = (
            spots[name][:, k, None, None].astype(np.float32)
            for name in ("across", "along", "size")
        )
        distance = (across - x) ** 2 + (along - y) ** 2
        bump = np.exp(-distance / np.maximum(size, 1e-3) ** 2) * (size > 0)
        share = np.maximum(share, 0.85 * bump)
    return share
