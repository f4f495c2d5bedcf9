"""Films as arrays outside the room, and as tensors inside.

Outside, a film is uint8 (0..255) or float in [0, 1]; inside, float32 in [0, 1]. The
scale is fixed: one taken from the films at hand would leak from test to training.
"""

import numpy as np
import torch

from coursekit.errors import BadInput

SHAPES = "(n, channels, height, width), or (n, height, width) for one channel"


def read_films(films, device="cpu"):
    """Return films as a tensor, checked, in the type they came in.

    Parameters
    ----------
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        uint8 in 0..255, or float in [0, 1]; no NaN.
    device : str or torch.device, default="cpu"

    Returns
    -------
    torch.Tensor of shape (n, channels, height, width)
        uint8, which is a quarter of the memory, or float32.

    Raises
    ------
    BadInput
        If shape, type or range is another one.

    Examples
    --------
    >>> read_films(np.zeros((5, 28, 28), dtype="uint8")).shape
    torch.Size([5, 1, 28, 28])
    """
    films = np.asarray(films)
    if films.ndim == 3:
        films = films[:, None]
    if films.ndim != 4:
        raise BadInput(f"Films have the shape {films.shape}; they need {SHAPES}.")
    if films.dtype != np.uint8:
        films = read_fractions(films)
    return torch.from_numpy(np.array(films)).to(device)


def read_fractions(films):
    """Return films as float32, or raise BadInput unless all lie in [0, 1]."""
    if not np.issubdtype(films.dtype, np.floating):
        raise BadInput(
            f"Films are {films.dtype}; give uint8 in 0..255 or float in [0, 1]."
        )
    if films.size and not (films.min() >= 0 and films.max() <= 1):  # also if NaN
        raise BadInput(
            "Films of floats must lie in [0, 1] with no NaN; divide grey values by "
            "their highest possible value, not by the highest at hand."
        )
    return films.astype("float32")


def to_unit(batch):
    """Return a batch as float32 in [0, 1], whatever type it is stored in.

    Examples
    --------
    >>> to_unit(torch.tensor([0, 51, 255], dtype=torch.uint8))
    tensor([0.0000, 0.2000, 1.0000])
    """
    return batch.float() / 255 if batch.dtype == torch.uint8 else batch


def read_outcomes(y, n_films, n_outputs):
    """Return outcomes as a tensor: float for one output, class numbers for several.

    Parameters
    ----------
    y : array-like of shape (n_films,)
        0 or 1 (or a share in [0, 1]) with one output, else integers from 0 to
        `n_outputs` - 1.
    n_films, n_outputs : int

    Raises
    ------
    BadInput
        If lengths differ or a value is none of these.

    Examples
    --------
    >>> read_outcomes([0, 1], n_films=2, n_outputs=1)
    tensor([0., 1.])
    """
    y = np.asarray(y)
    if y.shape != (n_films,):
        raise BadInput(f"There are {n_films} films but y has the shape {y.shape}.")
    highest = 1 if n_outputs == 1 else n_outputs - 1
    if y.size and not (y.min() >= 0 and y.max() <= highest):
        raise BadInput(f"y must lie between 0 and {highest} with no NaN.")
    return torch.from_numpy(y.astype("float32" if n_outputs == 1 else "int64"))
