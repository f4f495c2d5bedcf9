"""Why a patient who came twice got two answers: what the repeats show.

Some patients come again in another batch and some twice in the same one. An answer
that looks at its batch differs between batches only, one that is drawn by chance
within a batch as well; and one that is read off a list is the same at the same place,
whoever the patient is.
"""

import hashlib
import json
import math
from itertools import pairwise

import numpy as np
from scipy.special import bdtr

LEVEL = 1e-3  # chance of calling answers a drift that go up as often as down
AS_MUCH = 0.5  # of the difference between batches, seen within a batch: chance


def fingerprints(values):
    """Return one number per row: the row itself, or that by which others differ.

    Of a map or mask it is a mean with fixed weights that look random, so that two
    that differ anywhere have, but for chance, different numbers; a map's scale does
    not count. Of JSON values it is their length and, behind the point, their digest.

    Examples
    --------
    >>> fingerprints(np.array([0.2, 0.4]))
    array([0.2, 0.4])
    >>> left, right = fingerprints(np.array([[[1, 0]], [[0, 1]]], dtype=np.uint8))
    >>> bool(abs(left - right) > 1e-3)
    True
    >>> [int(each) for each in fingerprints([[], [[0, 5]], [[0, 4]]])]
    [0, 1, 1]
    """
    if isinstance(values, list):
        return np.array([fingerprint_of_json(value) for value in values])
    if values.ndim == 1:
        return values
    flat = values.reshape(len(values), math.prod(values.shape[1:])).astype(float)
    weights = np.random.default_rng(0).random(flat.shape[1])
    if values.dtype.kind == "f":
        total = np.abs(flat).sum(axis=1, keepdims=True)
        return (
            np.divide(flat, total, out=np.zeros_like(flat), where=total > 0) @ weights
        )
    return flat @ weights / np.sqrt(flat.shape[1])


def fingerprint_of_json(value):
    """Return one number of a JSON value: how many it holds, and a digest below 1."""
    digest = hashlib.sha256(json.dumps(value, sort_keys=True).encode()).digest()
    n_items = len(value) if isinstance(value, list) else 0
    return n_items + int.from_bytes(digest[:4]) / 2**32


def first_batch(dealt, n_rows):
    """Return the batch in which each row was first asked about, -1 where in none.

    Parameters
    ----------
    dealt : ndarray of int, shape (n_asked, 2)
        Batch and row, in the order in which they were asked.
    n_rows : int

    Examples
    --------
    >>> first_batch(np.array([[0, 1], [1, 0], [1, 1]]), 3)
    array([ 1,  0, -1])
    """
    batch = np.full(n_rows, -1)
    batch[dealt[::-1, 1]] = dealt[::-1, 0]
    return batch


def comes_again(dealt):
    """Return which of the rows asked had been asked before: (n_asked,) of bool.

    Examples
    --------
    >>> comes_again(np.array([[0, 1], [1, 0], [1, 1]]))
    array([False, False,  True])
    """
    again = np.ones(len(dealt), dtype=bool)
    again[np.unique(dealt[:, 1], return_index=True)[1]] = False
    return again


def cause(values, repeats, dealt):
    """Return the feedback code for answers that differ for the same patient.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        The first answer for each patient.
    repeats : ndarray of float, shape (k, 3)
        Row, first and second answer; some of these differ.
    dealt : ndarray of int, shape (n + k, 2)
        Batch and row, in the order in which they were asked.

    Returns
    -------
    str

    Examples
    --------
    >>> dealt = np.array([[0, 0], [0, 1], [0, 0], [1, 2], [1, 1]])
    >>> repeats = np.array([[0, 0.5, 0.9], [1, 0.7, 0.2]])
    >>> cause(np.array([0.5, 0.7, 0.1]), repeats, dealt)
    'RANDOM-ANSWERS'
    """
    told, again = values[dealt[:, 1]], comes_again(dealt)
    told[again] = repeats[:, 2]
    if same_at_same_place(told, dealt[:, 0]):
        return "STATIC-ANSWERS"
    apart = repeats[:, 2] - repeats[:, 1]
    at_once = first_batch(dealt, len(values))[dealt[again, 1]] == dealt[again, 0]
    if by_chance(apart[at_once], apart[~at_once]):
        return "RANDOM-ANSWERS"
    rises, falls = np.sum(apart > 0), np.sum(apart < 0)
    if 2 * bdtr(min(rises, falls), rises + falls, 0.5) < LEVEL:
        return "DRIFTING-ANSWERS"
    return "BATCH-DEPENDENT"


def same_at_same_place(told, batch):
    """Return True where each batch was told what the one before was, place by place."""
    batches = np.split(told, np.flatnonzero(np.diff(batch)) + 1)
    return len(batches) > 1 and all(
        np.array_equal(one[: len(other)], other[: len(one)])
        for one, other in pairwise(batches)
    )


def by_chance(within, between):
    """Return True where answers differ within a batch about as much as between two.

    One decision may differ within a batch whose cut-off falls between equal patients.

    Examples
    --------
    >>> by_chance(np.array([0.2, -0.1]), np.array([0.1])), by_chance([0.0], [0.1])
    (True, False)
    """
    decisions = np.isin(within, (-1, 0, 1)).all()
    if np.count_nonzero(within) <= decisions:
        return False
    usual = np.mean(np.abs(between)) if len(between) else 0.0
    return bool(np.mean(np.abs(within)) >= AS_MUCH * usual)
