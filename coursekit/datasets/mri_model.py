"""What is true of the MRI slices of one course: drawn from its secret.

Tissue brightness, the older scanner's contrast and the raters' habits change from
secret to secret; anatomy, lesion sizes and the share of slices with a tumour do not.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from coursekit.datasets.seeds import generator_from

MODALITIES = ("T1", "T1ce", "T2", "FLAIR")
RATERS = ("a", "b", "c")
TISSUES = {  # brightness on T1, T1ce, T2, FLAIR; 0 black, 255 white
    "air": (4, 4, 4, 4),
    "scalp": (188, 192, 150, 128),
    "bone": (26, 27, 18, 20),
    "fluid": (44, 46, 214, 38),
    "grey": (104, 108, 132, 124),
    "white": (146, 150, 98, 100),
    "deep_grey": (116, 120, 116, 116),
    "spot": (116, 120, 150, 172),  # old small-vessel damage: bright on FLAIR, benign
    "oedema": (102, 106, 160, 168),
    "core": (72, 78, 190, 150),
    "rim": (108, 222, 150, 160),
    "sinus": (60, 216, 56, 50),  # blood in the vein behind: bright with contrast agent
}
HABITS = {  # relative to the true outline: 1.0 is right
    "b_in_small": (0.62, 0.72),
    "c_in_b": (1.28, 1.36),
}


@dataclass(frozen=True)
class Imaging:
    """How pictures and outlines of one course come about."""

    brightness: tuple[tuple[float, ...], ...]  # one row each of TISSUES, 0 to 255
    contrast_in_b: float  # of the older scanner, as a share of the newer one's
    noise: float  # standard deviation, grey levels, newer scanner
    noise_older: float
    b_in_small: float  # rater b's radius of small lesions, true radius = 1
    c_in_b: float  # rater c's radius in group B, true radius = 1
    missed_by_b: float  # share of the small lesions that rater b does not see

    def seen_on(self, is_older):
        """Return brightness by slice, tissue and modality, (n, n_tissues, 4)."""
        level, names = np.array(self.brightness), list(TISSUES)
        contrast = np.where(is_older, self.contrast_in_b, 1.0)[:, None, None]
        middle = np.tile(level[names.index("grey")], (len(names), 1))
        middle[[names.index(name) for name in ("air", "scalp", "bone")]] = 0
        low = middle + contrast * (level - middle)
        return np.where(np.array(names)[:, None] == "air", level, low)


@lru_cache(maxsize=512)
def draw_imaging(secret):
    """Draw the pictures' and the raters' settings of one course.

    Parameters
    ----------
    secret : str
        The same secret gives the same settings, whatever the role.

    Returns
    -------
    Imaging

    Examples
    --------
    >>> draw_imaging("demo") == draw_imaging("demo")
    True
    >>> 0.62 <= draw_imaging("demo").b_in_small <= 0.72
    True
    """
    rng = generator_from(secret, "mri", "imaging")
    level = np.array(list(TISSUES.values())) * rng.uniform(0.94, 1.06, (1, 4))
    level *= rng.uniform(0.97, 1.03, (len(TISSUES), 4))
    return Imaging(
        brightness=tuple(map(tuple, level.clip(0, 250).round(3).tolist())),
        contrast_in_b=rng.uniform(0.70, 0.80),
        noise=rng.uniform(6.0, 7.0),
        noise_older=rng.uniform(7.5, 8.5),
        b_in_small=rng.uniform(*HABITS["b_in_small"]),
        c_in_b=rng.uniform(*HABITS["c_in_b"]),
        missed_by_b=rng.uniform(0.10, 0.20),
    )
