"""What an answer returns, as it travels: also in a kernel, so it imports little."""

import copy
import re

import numpy as np
import pandas as pd

from coursekit.datasets.cases import is_case, open_case

PLAIN = (int, float, str, bool, type(None))  # values that nobody can change
MESSAGE_CAP = 120  # characters of an exception's message that are told


class ItemFailed(Exception):
    """A function raised on one item; says so without a word of the item."""


def ask_item(function, item):
    """Put one item to a function: a case is its keyword arguments."""
    return function(**open_case(item)) if isinstance(item, dict) else function(item)


def ask_each(function, items, fatal=(), *, shown=False):
    """Put items to a function one by one and return what came back.

    Parameters
    ----------
    function : callable
    items : list
    fatal : type of exception, optional
        What is not of the function's making and goes through as it is.
    shown : bool, default=False
        True where the student may see the items: then messages about cases are told.

    Returns
    -------
    list

    Raises
    ------
    ItemFailed
        At the first item on which the function raises, with its length, and the type
        and at most 120 characters of the message; nothing that stands in the item.

    Examples
    --------
    >>> ask_each(len, ["ab", "c"])
    [2, 1]
    >>> ask_each(int, ["7", "seven"])
    Traceback (most recent call last):
        ...
    coursekit.grading.replying.ItemFailed: raised ValueError on a text of 5 characters
    """
    replied = []
    for item in items:
        try:
            replied.append(ask_item(function, item))
        except fatal:
            raise
        except BaseException as error:
            raise ItemFailed(failed_on(item, error, shown=shown)) from None
    return replied


def failed_on(item, error, *, shown=False):
    """Return in words that a function raised on an item, without quoting a text.

    A message that repeats some of a text is left out: it may speak of a patient. So is
    every message about a hidden case, since it may carry out what stands in it.

    Examples
    --------
    >>> failed_on("No fever.", IndexError("list index out of range"))
    'raised IndexError: list index out of range on a text of 9 characters'
    >>> failed_on("No fever.", KeyError("fever"))
    'raised KeyError on a text of 9 characters'
    >>> failed_on({"train": {"table": {}}}, KeyError("group"))
    'raised KeyError on a case'
    """
    told = described(error)[: len(type(error).__name__) + 2 + MESSAGE_CAP]
    if is_case(item) and not shown:
        return f"raised {type(error).__name__} on a case"
    if not isinstance(item, str):
        return f"raised {told}"
    if repeats(told, item):
        told = type(error).__name__
    return f"raised {told} on a text of {len(item)} characters"


def repeats(message, text):
    """Return True where a message quotes from a text, or has a stretch of 8 with it.

    Examples
    --------
    >>> repeats("KeyError: 'Payne'", "Mrs. Payne"), repeats("KeyError: 'x'", "Mrs.")
    (True, False)
    """
    message, text = message.lower(), text.lower()
    quoted = re.findall(r"(['\"])(.+?)\1", message)
    stretches = (message[at : at + 8] for at in range(len(message) - 7))
    return any(each in text for _, each in quoted) or any(
        each in text for each in stretches
    )


def described(error):
    """Return type and message of an exception, whatever its message does."""
    name = type(error).__name__
    try:
        return f"{name}: {error}".strip(": ")
    except Exception:
        return name


def plain(value):
    """Return NumPy and pandas values as JSON ones."""
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    if isinstance(value, pd.DataFrame):
        return value.to_numpy().tolist()
    if isinstance(value, pd.Series):
        return value.to_dict()
    raise TypeError(f"a {type(value).__name__} came back; return lists")


def copied(batch):
    """Return a batch that stays as it is, whatever an answer does to the other.

    Examples
    --------
    >>> batch = [{"X": {"table": {"age_years": [61, 70]}}}]
    >>> kept = copied(batch)
    >>> batch[0]["X"]["table"]["age_years"].append(80)
    >>> kept[0]["X"]["table"]["age_years"]
    [61, 70]
    """
    if isinstance(batch, dict):
        return {name: copied(value) for name, value in batch.items()}
    if not isinstance(batch, list):
        return copy.deepcopy(batch)
    return [value if isinstance(value, PLAIN) else copied(value) for value in batch]


def same_input(before, after):
    """Return True where a batch is as it was before an answer saw it."""
    if isinstance(before, pd.DataFrame):
        return before.equals(after)
    if isinstance(before, np.ndarray):
        return before.tobytes() == after.tobytes() and before.shape == after.shape
    try:
        return bool(before == after)
    except Exception:  # what was put in does not let itself be compared
        return False


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
