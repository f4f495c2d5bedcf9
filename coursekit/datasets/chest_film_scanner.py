"""From a patient before the plate to grey levels: exposure, contrast, lesion, noise.

The lesion and the noise are added last, so the ideal reader's task is that of a
known signal in white noise.
"""

import numpy as np

from coursekit.datasets.chest_film_anatomy import SIZE, draw_bodies, draw_chest
from coursekit.datasets.chest_film_lesions import (
    draw_lesions,
    draw_templates,
    ideal_risk,
    lesion_masks,
)

BATCH = 250  # films drawn at once: small enough for a processor's cache
NOISE_FALLS = 0.85  # with contrast to this power: less than contrast itself
PIVOT_GREY = 100  # towards which films of B are squeezed
STRESS = (0.85, 22.0)  # gain and offset, in grey levels, of a scanner set up wrongly


def draw_all_films(patients, films, course, rng, *, stress):
    """Draw the pixels, batch by batch, without the token.

    Returns
    -------
    X : ndarray of shape (n, 1, 64, 64), uint8
    masks : ndarray of shape (n, 64, 64), uint8
        1 where a lesion is.
    risk : ndarray of shape (n,)
    """
    bodies = draw_bodies(patients, course, rng)
    lesions = draw_lesions(patients, rng)
    n = len(films)
    X = np.empty((n, 1, SIZE, SIZE), dtype=np.uint8)
    masks = np.empty((n, SIZE, SIZE), dtype=np.uint8)
    risk = np.empty(n)
    for start in range(0, n, BATCH):
        batch = films.iloc[start : start + BATCH]
        here = bodies.take(batch["person"].to_numpy())
        at = slice(start, start + len(batch))
        X[at, 0], masks[at], risk[at] = draw_batch(
            batch, here, lesions, course, rng, stress=stress
        )
    return X, masks, risk


def draw_batch(films, bodies, lesions, course, rng, *, stress):
    """Draw some films: healthy chest, scanner, lesion if diseased, noise.

    Returns
    -------
    X, masks, risk
        As `draw_all_films`, X without the axis of channels.
    """
    diseased = films["diseased"].to_numpy()
    in_b = (films["group"] == "B").to_numpy()
    contrast = np.where(in_b, course.contrast_in_b, 1.0)
    noise_grey = course.noise_grey * contrast**NOISE_FALLS
    gain, offset = STRESS if stress else (1.0, 0.0)
    gain = gain * films["gain"].to_numpy()
    grey = 10 + 212 * draw_chest(films, bodies) * shaped(gain)
    grey += shaped(films["exposure"].to_numpy() + offset)
    grey = PIVOT_GREY + (grey - PIVOT_GREY) * shaped(contrast)
    templates = draw_templates(
        films, bodies, lesions, course.conspicuity * gain * contrast
    )
    noise = rng.standard_normal(grey.shape, dtype=np.float32) * shaped(noise_grey)
    risk = ideal_risk(
        noise, templates, noise_grey, diseased, films["prevalence"].to_numpy()
    )
    grey += noise + templates * shaped(diseased)
    X = np.clip(np.rint(grey), 0, 255).astype(np.uint8)
    return X, lesion_masks(templates, diseased), risk


def shaped(values):
    """Return one value a film so that it multiplies pixels: (n, 1, 1), float32."""
    return np.asarray(values, dtype=np.float32)[:, None, None]
