"""Many questions at once: which of many p-values to believe.

Of twenty groups that are served alike, one is "significant" at 5 % by chance. What is
held here is the share of false ones among those declared.
"""

import numpy as np

from coursekit.errors import BadInput


def benjamini_hochberg(p_values, rate=0.10):
    """Return which hypotheses are declared false, holding the false discovery rate.

    Parameters
    ----------
    p_values : array-like of shape (n,)
        In [0, 1].
    rate : float in (0, 1)
        The expected share of false ones among those declared.

    Returns
    -------
    ndarray of bool, shape (n,)

    Raises
    ------
    BadInput
        If a p-value lies outside [0, 1], or there is none.

    References
    ----------
    Benjamini & Hochberg 1995, JRSS B 57:289-300.

    Examples
    --------
    >>> benjamini_hochberg([0.001, 0.02, 0.04, 0.30, 0.90]).tolist()
    [True, True, True, False, False]
    >>> benjamini_hochberg([0.04, 0.30, 0.60, 0.70, 0.90]).tolist()
    [False, False, False, False, False]
    """
    p = np.asarray(p_values, float)
    if p.ndim != 1 or len(p) == 0 or not ((p >= 0) & (p <= 1)).all():
        raise BadInput("p_values must be numbers in [0, 1], at least one.")
    from scipy.stats import false_discovery_control  # heavy: no kernel needs it

    return false_discovery_control(p, method="bh") <= rate


def false_discovery_proportion(declared, true):
    """Return the share of false ones among those declared; 0 where none is.

    Parameters
    ----------
    declared, true : collection
        Names declared, and those that are really different.

    Examples
    --------
    >>> false_discovery_proportion(["a", "b"], ["b", "c"])
    0.5
    >>> false_discovery_proportion([], ["b"])
    0.0
    """
    declared, true = set(declared), set(true)
    return len(declared - true) / max(len(declared), 1)
