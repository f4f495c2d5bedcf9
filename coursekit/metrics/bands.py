"""Limits for all differences between groups at once."""

import numpy as np

from coursekit.metrics.limits import normal_quantile, wilson_limits


def critical_value(
    rates, sizes, correlation, level=0.90, n_replicates=10_000, random_state=0
):
    """Return the quantile of the largest standardised difference over all pairs.

    With two groups it is the normal one. Else the groups' errors are drawn as normal,
    with standard errors of rates moved towards one half by one success and one
    failure, so that a rate of 0 or 1 keeps an error.

    Parameters
    ----------
    rates, sizes : ndarray of shape (n_groups,)
        Rates and the numbers of independent rows that they rest on.
    correlation : ndarray of shape (n_groups, n_groups)
    level : float in (0, 1)
    n_replicates : int
    random_state : int or Generator

    Returns
    -------
    float

    Examples
    --------
    >>> two, five = np.full(2, 0.8), np.full(5, 0.8)
    >>> round(critical_value(two, np.full(2, 50), np.eye(2)), 2)
    1.64
    >>> round(critical_value(five, np.full(5, 50), np.eye(5)), 1)
    2.5
    """
    if len(rates) == 2:
        return float(normal_quantile(level))
    moved = (rates * sizes + 1) / (sizes + 2)
    error = np.sqrt(moved * (1 - moved) / sizes)
    rng = np.random.default_rng(random_state)
    root = np.linalg.cholesky(correlation + 1e-9 * np.eye(len(rates)))
    normal = rng.standard_normal((n_replicates, len(rates)))
    drawn = np.einsum("rh,gh->rg", normal, root) * error
    covariance = correlation * np.outer(error, error)
    return float(np.quantile(largest_over_pairs(drawn, covariance), level))


def largest_over_pairs(drawn, covariance):
    """Return the largest standardised difference between two groups, by replicate.

    Examples
    --------
    >>> largest_over_pairs(np.array([[3.0, -1.0, 0.0]]), np.diag([8.0, 8.0, 1.0]))
    array([1.])
    """
    variance = np.diagonal(covariance)
    largest = np.zeros(len(drawn))
    for group in range(len(variance) - 1):
        rest = slice(group + 1, None)
        of_pair = variance[group] + variance[rest] - 2 * covariance[group, rest]
        distance = np.abs(drawn[:, [group]] - drawn[:, rest])
        seen = (distance / np.sqrt(np.maximum(of_pair, 1e-18))).max(axis=1)
        largest = np.maximum(largest, seen)
    return largest


def pair_limits(rates, sizes, correlation, critical):
    """Return the limits of every difference, first group less second.

    The distance from a rate to its Wilson limit stands in for its standard error
    (Newcombe 1998; with correlation, Zou & Donner 2008).

    Parameters
    ----------
    rates, sizes : ndarray of shape (n_groups,)
    correlation : ndarray of shape (n_groups, n_groups)
    critical : float
        From `critical_value`.

    Returns
    -------
    low, high : ndarray of shape (n_pairs,)
        Pairs in the order of ``numpy.triu_indices(n_groups, 1)``.

    Examples
    --------
    >>> rates, sizes = np.array([56 / 70, 48 / 80]), np.array([70, 80])
    >>> low, high = pair_limits(rates, sizes, np.eye(2), 1.96)
    >>> low.round(4), high.round(4)
    (array([0.0524]), array([0.3339]))
    """
    low, high = wilson_limits(rates, sizes, critical)
    down, up = rates - low, high - rates
    a, b = np.triu_indices(len(rates), 1)
    shared = 2 * correlation[a, b]
    below = np.sqrt(joint(down[a], up[b], shared))
    above = np.sqrt(joint(up[a], down[b], shared))
    return rates[a] - rates[b] - below, rates[a] - rates[b] + above


def joint(one, other, shared):
    """Return the square of two distances put together; never below 0.

    Examples
    --------
    >>> joint(3.0, 4.0, 0.0)
    np.float64(25.0)
    """
    return np.maximum(one**2 + other**2 - shared * one * other, 0.0)
