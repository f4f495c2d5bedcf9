"""Weights with which group and label are independent in train.

One rule: it believes the label. Where the label itself misses B's events, it makes a
false base rate equal, and does not bring the events back.
"""

import numpy as np

from coursekit.metrics.inputs import read_binary, read_group


def reweighing_weights(y, group):
    """Return one weight a row: expected over observed frequency of group and label.

    Taught in lab 10_repair. Give the weights as ``sample_weight`` to a model's
    ``fit``. Their mean is 1, and with them the share of events is the same in all
    groups: that is demographic parity of the *label*, right only where the groups
    truly have equal rates and the record is what differs.

    Parameters
    ----------
    y : array-like of shape (n,)
        0 or 1, as recorded.
    group : array-like of shape (n,), or DataFrame of several columns

    Returns
    -------
    ndarray of shape (n,), above 0

    References
    ----------
    Kamiran & Calders 2012, Knowledge and Information Systems 33:1-33.

    Examples
    --------
    >>> reweighing_weights([1, 1, 0, 1, 0, 0], list("aaabbb")).round(2).tolist()
    [0.75, 0.75, 1.5, 1.5, 0.75, 0.75]
    """
    label = read_binary(y, "y").astype(int)
    code, labels = read_group(group, len(label))
    observed = np.zeros((len(labels), 2))
    np.add.at(observed, (code, label), 1)
    expected = np.outer(observed.sum(axis=1), observed.sum(axis=0)) / len(label)
    return expected[code, label] / observed[code, label]
