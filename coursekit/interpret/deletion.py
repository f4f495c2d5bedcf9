"""Whether an explanation is faithful: what it calls important must matter to the model.

A patient's values are replaced by the background's, most important first. With a
faithful explanation the answer gets near the background's sooner than in random order.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.interpret.asking import read_pair
from coursekit.interpret.shapley import worth_of


def deletion_curve(predict, X, background, values):
    """Return how far answers have moved after each deletion, by an explanation's order.

    Parameters
    ----------
    predict : function
        Of a table of m rows, returning (m,) numbers.
    X : DataFrame or array-like of shape (n_patients, n_features)
    background : DataFrame or array-like of shape (n_background, n_features)
        What a deleted value is filled in from: the mean answer over its rows.
    values : array-like of shape (n_patients, n_features)
        An explanation; each patient's own order is used, largest size first.

    Returns
    -------
    Series, indexed by the number of deleted features, 0 to n_features
        Mean over patients of the distance between the answer and the background's,
        as a share of that before any deletion: from 1 to 0.

    Raises
    ------
    BadInput
        If shapes differ, or no answer differs from the background's.

    References
    ----------
    Samek W et al. 2017, IEEE Trans Neural Netw Learn Syst 28:2660-2673 (deletion).

    Examples
    --------
    >>> def predict(X):
    ...     return 3 * X[:, 0] + X[:, 1]
    >>> X, background = np.ones((1, 2)), np.zeros((1, 2))
    >>> deletion_curve(predict, X, background, [[3.0, 1.0]]).tolist()
    [1.0, 0.25, 0.0]
    """
    X, background = read_pair(X, background)
    values = np.asarray(values, float)
    if values.shape != X.shape:
        raise BadInput(f"The values have the shape {values.shape}, X has {X.shape}.")
    order = np.argsort(-np.abs(values), axis=1, kind="stable")
    rank = np.argsort(order, axis=1)
    left = np.zeros(X.shape[1] + 1)
    for row in range(len(X)):
        patient = X.iloc[[row]] if isinstance(X, pd.DataFrame) else X[[row]]
        left += distances(predict, patient, background, rank[row])
    if not left[0] > 0:
        raise BadInput("No answer differs from the background's; nothing to delete.")
    index = pd.RangeIndex(X.shape[1] + 1, name="n_deleted")
    return pd.Series(left / left[0], index, name="distance_left")


def distances(predict, patient, background, rank):
    """Return one patient's distance from the background after 0, 1, ... deletions.

    Parameters
    ----------
    rank : ndarray of int, shape (n_features,)
        When each feature is deleted, from 0.

    Returns
    -------
    ndarray of shape (n_features + 1,)

    Examples
    --------
    >>> X, background = np.ones((1, 2)), np.zeros((1, 2))
    >>> distances(lambda X: X.sum(axis=1), X, background, np.array([1, 0]))
    array([2., 1., 0.])
    """
    answer = [
        worth_of(predict, patient, background, rank >= n)[0]
        for n in range(len(rank) + 1)
    ]
    return np.abs(np.array(answer) - answer[-1])


def faithfulness(predict, X, background, values, *, n_random=20, random_state=None):
    """Return how much sooner deletion works than in random order.

    Parameters
    ----------
    predict, X, background, values
        As `deletion_curve` has them.
    n_random : int, default=20
        Random orders to compare with.
    random_state : int or numpy.random.Generator, optional

    Returns
    -------
    dict of str to float
        ``area``: under the deletion curve, smaller is better; ``random_area``: mean
        of random orders; ``beaten``: share of the random orders with a larger area.

    Examples
    --------
    >>> def predict(X):
    ...     return 3 * X[:, 0] + X[:, 1]
    >>> X, background = np.ones((2, 2)), np.zeros((1, 2))
    >>> faithfulness(predict, X, background, 3 * X, random_state=0)["area"]
    0.375
    """
    rng = np.random.default_rng(random_state)
    area = area_under(deletion_curve(predict, X, background, values))
    shape = np.shape(values)
    others = np.array(
        [
            area_under(deletion_curve(predict, X, background, rng.random(shape)))
            for _ in range(n_random)
        ]
    )
    return {
        "area": area,
        "random_area": float(others.mean()),
        "beaten": float(np.mean(others > area)),
    }


def area_under(curve):
    """Return the area under a deletion curve, over the share of deleted features.

    Examples
    --------
    >>> area_under(pd.Series([1.0, 0.5, 0.0]))
    0.5
    """
    return float(np.trapezoid(curve.to_numpy(), dx=1 / (len(curve) - 1)))
