"""Pictures of heads: tissue brightness, uneven coils, and the scanner's noise."""

import numpy as np

from coursekit.datasets.mri_anatomy import COLUMN, ROW, first_slice, smooth_field
from coursekit.datasets.mri_model import MODALITIES, TISSUES

UNEVEN = 0.12  # log brightness of a coil's field, usual
UNEVEN_IN_STRESS = 0.30
TEXTURE = 4.0  # grey levels within a tissue


def pictures(layers, heads, imaging, role, rng):
    """Return what the scanner shows: uint8 (n, 4, 64, 64), T1, T1ce, T2, FLAIR.

    Parameters
    ----------
    layers : dict of str to ndarray of shape (n, 64, 64)
        Tissue -> share of the pixel, from the outside to the inside.
    heads : DataFrame of n rows
    imaging : Imaging
    role : str
        "stress" has a more uneven brightness, "external" another brightness.
    """
    is_older = (heads["scanner"] == "older").to_numpy()
    level = imaging.seen_on(is_older).astype(np.float32)
    if role == "external":
        level = 20 + 0.85 * level * np.array([1.1, 1.0, 0.9, 0.95], np.float32)
    clean = np.einsum("tnhw,ntm->nmhw", shares(layers), level)
    n = len(heads)
    texture = np.float32(TEXTURE) * smooth_field(rng, n, 0.9)[:, None]
    head = layers["scalp"][:, None]
    shown = (clean + texture * head) * uneven_field(heads, role, rng)
    noise = np.where(is_older, imaging.noise_older, imaging.noise)
    noise = noise.astype(np.float32)[:, None, None, None]
    real, imaginary = (
        noise * rng.standard_normal(shown.shape, dtype=np.float32) for _ in range(2)
    )
    return np.hypot(shown + real, imaginary).round().clip(0, 255).astype(np.uint8)


def shares(layers):
    """Return the share of every tissue in every pixel, (n_tissues, n, 64, 64).

    A layer hides what lies below it. "fluid_rim" and "fluid_folds" are fluid.
    """
    first = layers["scalp"]
    share = dict.fromkeys(TISSUES, np.zeros_like(first)) | {"air": np.ones_like(first)}
    for name, layer in layers.items():
        tissue = name.split("_rim")[0].split("_folds")[0]
        share = {t: s * (1 - layer) for t, s in share.items()}
        share[tissue] = share[tissue] + layer
    return np.array(list(share.values()))


def uneven_field(heads, role, rng):
    """Return the factor by which a coil's place changes brightness, (n, 4, 64, 64).

    It is the same in all slices of a patient.
    """
    n, first = len(heads), first_slice(heads)
    x, y = COLUMN / 32, ROW / 32
    shapes = np.array([x, y, x * y, x**2 + y**2 - 0.67])
    size = UNEVEN_IN_STRESS if role == "stress" else UNEVEN
    weight = rng.normal(0, size, (n, len(MODALITIES), len(shapes))).astype(np.float32)
    gain = rng.normal(0, 0.03, (n, len(MODALITIES), 1, 1)).astype(np.float32)
    field = gain + np.einsum("nmk,khw->nmhw", weight, shapes)
    return np.exp(field[first])
