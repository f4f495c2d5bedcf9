"""A drawn twin of PneumoniaMNIST: its splits and shapes, nobody's film.

Each film is a sum of smooth shapes: a body, two lungs, spine, heart and diaphragm.
Pneumonia adds patches within the lungs. No pixel comes from a real film.
"""

import numpy as np
from scipy.special import expit

from coursekit.datasets.medmnist import OFFICIAL, Films, FilmSplits
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

SIZE = 28  # pixels
ILL_SHARE = {"train": 0.742, "val": 0.742, "test": 0.625}  # as in the real splits
OPACITY = {"train": 1.0, "val": 1.0, "test": 0.7}  # how dense patches are: test differs
N_PATCHES = 3


def make_pneumoniamnist_twin(n_films=(4708, 524, 624), *, random_state=0):
    """Draw films with the splits, shapes and types of PneumoniaMNIST.

    Parameters
    ----------
    n_films : (int, int, int), default=(4708, 524, 624)
        Of train, val and test; at least 2 each.
    random_state : int, default=0

    Returns
    -------
    FilmSplits
        As from `load_medmnist`: `films` (n, 1, 28, 28) uint8, `y` (n,), 1 for
        pneumonia; 74.2 % are ill in train and val and 62.5 % in test, where the
        patches are fainter too, as the real test films are harder.

    Examples
    --------
    >>> twin = make_pneumoniamnist_twin((80, 20, 24))
    >>> twin.train.films.shape, twin.test.y.mean()
    ((80, 1, 28, 28), np.float64(0.625))
    """
    if len(n_films) != 3 or min(n_films) < 2:
        raise BadInput(f"n_films is {n_films}; give three numbers of 2 or more.")
    parts = []
    for split, n in zip(ILL_SHARE, n_films, strict=True):
        rng = generator_from("pneumoniamnist_twin", random_state, split)
        n_ill = min(max(round(n * ILL_SHARE[split]), 1), n - 1)
        y = rng.permutation(np.arange(n) < n_ill).astype("int64")
        parts.append(Films(draw_films(y, OPACITY[split], rng), y))
    return FilmSplits("pneumoniamnist_twin", OFFICIAL["pneumoniamnist"].classes, *parts)


def draw_films(y, opacity, rng):
    """Return one film per outcome, (n, 1, 28, 28) uint8."""
    n = len(y)
    place = (np.arange(SIZE) + 0.5) / SIZE
    down, across = np.meshgrid(place, place, indexing="ij")
    lean, drop = rng.normal(0, 0.02, (2, n, 1, 1))
    across, down = across - lean, down - drop
    width = rng.normal(1, 0.08, (n, 1, 1))
    lungs = ellipse(across, down, 0.29, 0.44, 0.13 * width, 0.30)
    lungs = np.maximum(lungs, ellipse(across, down, 0.73, 0.44, 0.13 * width, 0.30))
    heart = ellipse(across, down, 0.57, 0.62, 0.15 * width, 0.16)  # to the film's right
    spine = np.exp(-(((across - 0.51) / 0.09) ** 2))
    belly = expit((down - 0.82 - 0.05 * np.cos(6 * across)) / 0.03)
    air = lungs * (1 - heart) * (1 - belly)
    film = 0.5 + 0.18 * spine + 0.15 * heart + 0.22 * belly - 0.22 * air
    film = film + opacity * y[:, None, None] * patches(across, down, rng) * lungs
    film = film + ribs(down, rng) * air
    film = film * rng.normal(1, 0.08, (n, 1, 1)) + rng.normal(0, 0.05, (n, 1, 1))
    film = film + rng.normal(0, 0.02, film.shape)
    return np.clip(np.round(255 * film), 0, 255).astype("uint8")[:, None]


def ellipse(across, down, right, low, half_width, half_height):
    """Return 1 within an ellipse and 0 outside, with a soft edge."""
    radius = np.hypot((across - right) / half_width, (down - low) / half_height)
    return expit((1 - radius) / 0.12)


def patches(across, down, rng):
    """Return the opacities of pneumonia: smooth spots on a haze, one set per film."""
    n = len(across)
    total = rng.uniform(0.02, 0.08, (n, 1, 1)) * np.ones_like(down)
    for _ in range(N_PATCHES):
        left = rng.random((n, 1, 1)) < 0.5
        right = np.where(left, 0.29, 0.73) + rng.normal(0, 0.05, (n, 1, 1))
        low = rng.uniform(0.3, 0.7, (n, 1, 1))
        spread = rng.uniform(0.05, 0.13, (n, 1, 1))
        density = rng.uniform(0, 0.2, (n, 1, 1))
        distance = np.hypot(across - right, down - low) / spread
        total = total + density * np.exp(-(distance**2) / 2)
    return total


def ribs(down, rng):
    """Return the light bands that ribs leave across the lungs."""
    phase = rng.uniform(0, 2 * np.pi, (len(down), 1, 1))
    return 0.05 * (1 + np.sin(48 * down + phase))
