"""Quantiles and limits of shares, elementwise on arrays."""

import numpy as np
from scipy.special import stdtrit

from coursekit.errors import BadInput


def normal_quantile(level):
    """Return z such that a standard normal lies within ±z with this probability.

    Examples
    --------
    >>> round(float(normal_quantile(0.90)), 3)
    1.645
    """
    return t_quantile(level, np.inf)


def t_quantile(level, degrees):
    """Return t such that Student's t lies within ±t with this probability.

    Fewer than one degree of freedom count as one.

    Examples
    --------
    >>> round(float(t_quantile(0.90, 9)), 3)
    1.833
    """
    if not 0 < level < 1:
        raise BadInput(f"level is {level}; it must lie between 0 and 1, such as 0.90.")
    return stdtrit(np.maximum(degrees, 1.0), 0.5 + level / 2)


def wilson_limits(rate, n, z):
    """Return Wilson's limits of shares, elementwise.

    Parameters
    ----------
    rate : array-like in [0, 1]
    n : array-like, above 0
        How many (or, where rows are clustered, how many independent rows they are
        worth; need not be whole).
    z : float
        Quantile of the standard normal, such as 1.645 for 90 %.

    Returns
    -------
    low, high : ndarray

    Examples
    --------
    >>> low, high = wilson_limits(0.5, 100, 1.645)
    >>> round(float(low), 3), round(float(high), 3)
    (0.419, 0.581)
    """
    rate, n = np.asarray(rate, float), np.asarray(n, float)
    shrink = 1 + z**2 / n
    middle = (rate + z**2 / (2 * n)) / shrink
    reach = z * np.sqrt(rate * (1 - rate) / n + z**2 / (4 * n**2)) / shrink
    low = np.where(rate == 0, 0.0, middle - reach)
    high = np.where(rate == 1, 1.0, middle + reach)
    return low, high
