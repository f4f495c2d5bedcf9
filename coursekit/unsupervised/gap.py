"""The gap statistic: how much tighter clusters are than those of patients without."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import KMeans

from coursekit.errors import BadInput


@dataclass(frozen=True)
class GapStatistic:
    """Gaps of k = 1, 2, ... clusters, and the number that they speak for."""

    gaps: np.ndarray  # (k_max,) of k = 1 to k_max
    errors: np.ndarray  # (k_max,), how far chance moves each of them
    k: int  # the smallest k whose gap the next one does not beat


def gap_statistic(X, k_max=8, *, n_references=10, reference="box", random_state=0):
    """Compare how tight k clusters are with those of patients that have none.

    The gap is the mean log of the summed squares within k-means clusters of reference
    patients, less that of X. The number chosen is the smallest k whose gap is at least
    the next one's less its error; 1 says that there is no structure. Taught in
    lab 03_phenotypes.

    Parameters
    ----------
    X : array-like of shape (n, n_columns)
        Finite numbers on one scale.
    k_max : int, default=8
    n_references : int, default=10
    reference : {"box", "normal"}
        What patients without clusters look like: evenly spread over the box along X's
        principal axes, as in the paper; or normal, with X's covariance, which asks
        whether more is there than columns that go together.
    random_state : int, default=0

    Returns
    -------
    GapStatistic

    Raises
    ------
    BadInput
        If k_max is not below the number of rows, or the reference is unknown.

    References
    ----------
    Tibshirani, Walther and Hastie 2001, Journal of the Royal Statistical Society B
    63:411-423.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> one = rng.standard_normal((60, 2))
    >>> gap_statistic(one, 3).k, gap_statistic(np.vstack([one, one + 9]), 3).k
    (1, 2)
    """
    X = np.asarray(X, float)
    if reference not in ("box", "normal"):
        raise BadInput(f"There is no reference {reference!r}, only box and normal.")
    if not 1 <= k_max < len(X):
        raise BadInput(f"k_max is {k_max}; there are {len(X)} patients.")
    rng = np.random.default_rng(random_state)
    axes = np.linalg.svd(X - X.mean(axis=0), full_matrices=False)[2]
    turned = (X - X.mean(axis=0)) @ axes.T
    drawn = np.array(
        [
            log_spreads(without_clusters(turned, reference, rng), k_max)
            for _ in range(n_references)
        ]
    )
    gaps = drawn.mean(axis=0) - log_spreads(turned, k_max)
    errors = drawn.std(axis=0) * np.sqrt(1 + 1 / n_references)
    enough = gaps[:-1] >= gaps[1:] - errors[1:]
    k = int(np.argmax(enough)) + 1 if enough.any() else k_max
    return GapStatistic(gaps, errors, k)


def without_clusters(turned, reference, rng):
    """Draw patients without clusters, along the principal axes of others."""
    if reference == "normal":
        return rng.standard_normal(turned.shape) * turned.std(axis=0)
    return rng.uniform(turned.min(axis=0), turned.max(axis=0), turned.shape)


def log_spreads(X, k_max):
    """Return the log of the summed squares within k-means clusters, k = 1 to k_max.

    Examples
    --------
    >>> log_spreads(np.array([[0.0], [1.0], [10.0]]), 2).round(2).tolist()
    [4.11, -0.69]
    """
    return np.log(
        [
            KMeans(k, n_init=3, random_state=0).fit(X).inertia_
            for k in range(1, k_max + 1)
        ]
    )
