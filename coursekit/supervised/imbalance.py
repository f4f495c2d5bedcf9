"""What is done about rare outcomes, and what it does to a model.

Repeating the rare rows changes how common the outcome is, so risks learnt from them
are too high; repeating them before the split puts copies on both sides.
"""

import numpy as np

from coursekit.errors import BadInput


def oversampled_rows(y, *, random_state=0):
    """Return row positions in which both outcomes are equally common.

    Taught in lab 01_readmission, as a thing to be careful with.

    Parameters
    ----------
    y : array-like of shape (n,)
        0 or 1.
    random_state : int or Generator, default=0
        Which of the rarer rows are repeated.

    Returns
    -------
    ndarray of int
        Every row once, and the rarer ones again, drawn with replacement.

    Raises
    ------
    BadInput
        If one of the outcomes does not occur.

    Examples
    --------
    >>> oversampled_rows([0, 0, 0, 1])
    array([0, 1, 2, 3, 3, 3])
    """
    y = np.asarray(y)
    cases, others = np.flatnonzero(y == 1), np.flatnonzero(y == 0)
    if len(cases) == 0 or len(others) == 0:
        raise BadInput("Both outcomes must occur before one can be repeated.")
    rarer = min(cases, others, key=len)
    rng = np.random.default_rng(random_state)
    again = rng.choice(rarer, abs(len(others) - len(cases)))
    return np.concatenate([np.arange(len(y)), again])
