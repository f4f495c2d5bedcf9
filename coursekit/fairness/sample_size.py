"""How many ill patients a group needs before a gap can be seen, or ruled out.

Only the ill count for a gap in sensitivity: at a prevalence of 5 %, 2,000 patients of
a group are 100 ill ones.
"""

import math

from coursekit.errors import BadInput
from coursekit.metrics.limits import normal_quantile


def ill_for_half_width(sensitivity_a, sensitivity_b, half_width, *, ratio=1, level=0.9):
    """Return how many ill of B a gap of this half width needs.

    Taught in lab 10_repair. The interval of the gap is ``z * sqrt(sa (1 - sa) / na +
    sb (1 - sb) / nb)`` wide on each side.

    Parameters
    ----------
    sensitivity_a, sensitivity_b : float in [0, 1]
        What is expected; 0.5 and 0.5 need most.
    half_width : float in (0, 1)
    ratio : float above 0
        Ill patients of A for one of B.
    level : float in (0, 1)

    Returns
    -------
    int

    Raises
    ------
    BadInput
        If an argument is out of range.

    References
    ----------
    Newcombe 1998, Statistics in Medicine 17:873-890 (method 1, for planning).

    Examples
    --------
    >>> ill_for_half_width(0.5, 0.5, 0.05)
    542
    >>> ill_for_half_width(0.5, 0.4, 0.05, ratio=3)
    350
    """
    refuse_out_of_range(sensitivity_a, sensitivity_b, ratio)
    if not 0 < half_width < 1:
        raise BadInput(f"half_width is {half_width}; it must lie between 0 and 1.")
    z = normal_quantile(level)
    variance = spread(sensitivity_a) / ratio + spread(sensitivity_b)
    return math.ceil(z**2 * variance / half_width**2)


def ill_for_power(sensitivity_a, sensitivity_b, *, power=0.8, ratio=1, level=0.9):
    """Return how many ill of B show, with this chance, that the gap is not 0.

    Taught in lab 10_repair. The usual formula for two shares, two-sided.

    Parameters
    ----------
    sensitivity_a, sensitivity_b : float in [0, 1]
        Their difference is the gap that matters.
    power : float in (0.5, 1)
        Chance that the interval leaves out 0.
    ratio : float above 0
        Ill patients of A for one of B.
    level : float in (0, 1)
        Of the interval: 0.9 means a 5 % error on each side.

    Returns
    -------
    int

    Raises
    ------
    BadInput
        If an argument is out of range, or there is no gap to see.

    References
    ----------
    Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, ch. 4.

    Examples
    --------
    >>> ill_for_power(0.5, 0.4)
    305
    >>> ill_for_power(0.5, 0.4, ratio=3)
    204
    """
    refuse_out_of_range(sensitivity_a, sensitivity_b, ratio)
    if sensitivity_a == sensitivity_b or not 0.5 < power < 1:
        raise BadInput("There must be a gap to see, and a power between 0.5 and 1.")
    mean = (ratio * sensitivity_a + sensitivity_b) / (ratio + 1)
    if_none = math.sqrt(spread(mean) * (1 + 1 / ratio))
    if_there = math.sqrt(spread(sensitivity_a) / ratio + spread(sensitivity_b))
    z, z_power = normal_quantile(level), normal_quantile(2 * power - 1)
    gap = sensitivity_a - sensitivity_b
    return math.ceil(((z * if_none + z_power * if_there) / gap) ** 2)


def spread(share):
    """Return the variance of one draw with this share."""
    return share * (1 - share)


def refuse_out_of_range(sensitivity_a, sensitivity_b, ratio):
    """Raise BadInput for what is no share, or no ratio."""
    if not (0 <= sensitivity_a <= 1 and 0 <= sensitivity_b <= 1):
        raise BadInput("A sensitivity is a share, from 0 to 1.")
    if not ratio > 0:
        raise BadInput(f"ratio is {ratio}; it must be above 0.")
