"""Lesions on chest films, and what an ideal reader would make of them.

Every film has a template of a lesion, diseased or not; only on the diseased it is
added. The noise is white and Gaussian, so the likelihood ratio is known exactly.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from coursekit.datasets.chest_film_anatomy import SIZE, film_position

EARLY_BELOW = 0.5  # severity
CONTRAST_GREY = (8.0, 70.0)  # at severity 0 and 1, grey levels in A
RADIUS_PIXELS = (4.0, 7.5)  # where a lesion ends, at severity 0 and 1
MASK_FROM = 0.25  # of a lesion's greatest contrast


@dataclass(frozen=True)
class Lesions:
    """Where the lesion of a patient is or would be; one value a patient."""

    across: np.ndarray  # in the coordinates of the chest
    down: np.ndarray
    parts_angle: np.ndarray  # radians; of the second of three blobs around the first
    parts_spread: np.ndarray  # distance of the blobs, in radii


def draw_lesions(patients, rng):
    """Draw where each patient's lesion is or would be: in a lung, beside the heart.

    Returns
    -------
    Lesions
    """
    n = len(patients)
    side = np.where(rng.random(n) < 0.5, -1.0, 1.0)
    distance = rng.uniform(0.30, 0.60, n)
    down = rng.uniform(-0.42, 0.26, n)
    by_heart = (side > 0) & (down > -0.08)  # the heart lies there
    distance = np.where(by_heart, rng.uniform(0.48, 0.60, n), distance)
    return Lesions(
        across=np.float32(side * distance),
        down=np.float32(np.where(by_heart, 0.6 * down, down)),
        parts_angle=rng.uniform(0, 2 * np.pi, n).astype(np.float32),
        parts_spread=rng.uniform(0.15, 0.45, n).astype(np.float32),
    )


def draw_templates(films, bodies, lesions, contrast):
    """Draw the signal of each film's lesion, in grey levels.

    Parameters
    ----------
    films : DataFrame
        Of `draw_films`.
    bodies : Bodies
        Of the same films.
    lesions : Lesions
        One value a patient; films say whose they are by ``person``.
    contrast : ndarray of shape (n,)
        Factor on the contrast, by film.

    Returns
    -------
    ndarray of shape (n, 64, 64), float32
        0 outside the lesion, exactly.
    """
    person = films["person"].to_numpy()
    severity = films["severity"].to_numpy(np.float32)
    column, row = film_position(
        films, bodies, lesions.across[person], lesions.down[person]
    )
    radius = between(RADIUS_PIXELS, severity)
    angle, apart = lesions.parts_angle[person], lesions.parts_spread[person] * radius
    clear = np.ones((len(films), SIZE, SIZE), dtype=np.float32)
    for number, size in enumerate((0.85, 0.7, 0.55)):
        turn = angle + np.float32(2.1 * number)
        at_column = column + apart * np.cos(turn)
        at_row = row + apart * np.sin(turn)
        clear *= 1 - 0.75 * blob(at_column, at_row, size * radius)
    shape = (1 - clear) / np.maximum((1 - clear).max((1, 2), keepdims=True), 1e-6)
    peak = between(CONTRAST_GREY, severity) * contrast
    return shape * peak[:, None, None].astype(np.float32)


def between(ends, severity):
    """Return the value at a severity between 0 and 1."""
    return np.float32(ends[0]) + np.float32(ends[1] - ends[0]) * severity


def blob(column, row, radius):
    """Return round blobs (n, 64, 64): 1 in the middle, 0 from the radius on."""
    grid = np.arange(SIZE, dtype=np.float32)
    column, row, radius = (v[:, None, None] for v in (column, row, radius))
    square = ((grid[None, None, :] - column) ** 2) / radius**2
    square = square + ((grid[None, :, None] - row) ** 2) / radius**2
    return np.maximum(1 - square, 0) ** 2


def lesion_masks(templates, diseased):
    """Return 1 where a lesion is, on films of the diseased; (n, 64, 64), uint8."""
    peak = templates.max((1, 2), keepdims=True)
    inside = (templates > MASK_FROM * peak) & diseased[:, None, None]
    return inside.astype(np.uint8)


def stages(severity, diseased):
    """Return "none", "early" or "late" for each film.

    Examples
    --------
    >>> stages(np.array([0.1, 0.1, 0.9]), np.array([False, True, True])).tolist()
    ['none', 'early', 'late']
    """
    stage = np.where(severity < EARLY_BELOW, "early", "late")
    return np.where(diseased, stage, "none")


def ideal_risk(noise, templates, noise_grey, diseased, prevalence):
    r"""Return the probability of disease for one who knows where to look.

    The ideal observer of a signal that is known exactly, in white Gaussian noise on
    a known background: :math:`\lambda = s^T (g - b) / \sigma^2 - s^T s / 2 \sigma^2`,
    plus the log odds of the hospital's prevalence.

    Parameters
    ----------
    noise, templates : ndarray of shape (n, 64, 64)
        In grey levels, before rounding.
    noise_grey : ndarray of shape (n,)
        Standard deviation of the noise.
    diseased : ndarray of shape (n,), bool
    prevalence : ndarray of shape (n,)

    Returns
    -------
    ndarray of shape (n,)
        In [0, 1].

    Examples
    --------
    A template of no contrast leaves the prevalence:

    >>> nothing = np.zeros((1, 64, 64))
    >>> ideal_risk(nothing, nothing, np.ones(1), np.array([True]), np.array([0.25]))
    array([0.25])
    """
    seen = np.einsum("nij,nij->n", templates, noise, dtype=np.float64)
    energy = np.einsum("nij,nij->n", templates, templates, dtype=np.float64)
    evidence = seen + np.where(diseased, energy, 0) - energy / 2
    return expit(evidence / noise_grey**2 + logit(prevalence))
