"""What an answer returns, as it travels: also in a kernel, so it imports little."""

import json

import numpy as np
import pandas as pd

from coursekit.datasets.cases import open_case


def ask_item(function, item):
    """Put one item to a function: a case is its keyword arguments."""
    return function(**open_case(item)) if isinstance(item, dict) else function(item)


def plain(value):
    """Return NumPy and pandas values as JSON ones."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, pd.Series | pd.DataFrame):
        return value.to_dict()
    raise TypeError(f"a {type(value).__name__} came back; return lists")


def same_input(before, after):
    """Return True where a batch is as it was before an answer saw it."""
    if isinstance(before, pd.DataFrame):
        return before.equals(after)
    if isinstance(before, np.ndarray):
        return before.tobytes() == after.tobytes() and before.shape == after.shape
    return json.dumps(before) == json.dumps(after, default=str)


def each_is(item_shape):
    """Return in a word what comes back for one row."""
    return "picture" if item_shape else "number"


def as_type(values, wanted):
    """Return numbers as the type in which they travel.

    Raises
    ------
    ValueError
        If they are no numbers, or cannot be told in that type.

    Examples
    --------
    >>> as_type(np.array([True, False]), "float64")
    array([1., 0.])
    >>> as_type(np.array([0.5]), "uint8")
    Traceback (most recent call last):
        ...
    ValueError: 0.5, where a mask has only 0 and 1: (risk >= 0.5).astype(np.uint8).
    """
    if values.dtype.kind not in "biuf":
        raise ValueError(f"values of type {values.dtype}; they must be numbers.")
    if np.dtype(wanted).kind == "u":
        odd = ~((values >= 0) & (values <= 255) & (values == np.floor(values)))
        if odd.any():
            raise ValueError(
                f"{values[odd][0]:g}, where a mask has only 0 and 1: "
                "(risk >= 0.5).astype(np.uint8)."
            )
    with np.errstate(over="ignore"):
        return values.astype(wanted)
