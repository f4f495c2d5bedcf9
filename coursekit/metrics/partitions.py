"""How well do two ways of sorting the same patients agree? Names do not count.

Labels are any values that can be compared for equality, one a patient.
"""

import numpy as np

from coursekit.errors import BadInput


def crossing(one, other):
    """Return how many patients have each pair of labels: rows of one, columns of other.

    Examples
    --------
    >>> crossing(["a", "a", "b"], [7, 7, 3])
    array([[0, 2],
           [1, 0]])
    """
    if len(one) != len(other) or not len(one):
        raise BadInput(
            f"There are {len(one)} and {len(other)} labels; give one a patient in both."
        )
    rows, row = np.unique(np.asarray(one), return_inverse=True)
    columns, column = np.unique(np.asarray(other), return_inverse=True)
    counts = np.zeros((len(rows), len(columns)), dtype=int)
    np.add.at(counts, (row, column), 1)
    return counts


def adjusted_rand(one, other):
    """Return the adjusted Rand index (ARI) of two partitions.

    The share of pairs of patients that both put together, or both apart, told above
    chance: 1 is the same partition, 0 what labels dealt at random have on average.

    Parameters
    ----------
    one, other : sequence of labels, one a patient

    Returns
    -------
    float
        At most 1; it may be negative. 1 where both are the same trivial partition (all
        together, or each alone).

    Raises
    ------
    BadInput
        If the lengths differ, or there is no patient.

    References
    ----------
    Hubert and Arabie 1985, Journal of Classification 2:193-218.

    Examples
    --------
    >>> adjusted_rand([0, 0, 1, 1], ["b", "b", "a", "a"])
    1.0
    >>> round(adjusted_rand([0, 0, 1, 1], [0, 1, 0, 1]), 9)
    -0.5
    """
    counts = crossing(one, other)
    together = pairs(counts).sum()
    in_one, in_other = pairs(counts.sum(axis=1)).sum(), pairs(counts.sum(axis=0)).sum()
    all_pairs = pairs(counts.sum())
    if in_one == in_other == together:
        return 1.0
    by_chance = in_one * in_other / all_pairs
    return float((together - by_chance) / ((in_one + in_other) / 2 - by_chance))


def pairs(counts):
    """Return the number of pairs among so many.

    Examples
    --------
    >>> pairs(np.array([0, 1, 4]))
    array([0., 0., 6.])
    """
    return counts * (counts - 1) / 2


def rightly_assigned(true, labels):
    """Return who is in the cluster that stands for the patient's true kind.

    Clusters are matched one to one to kinds so that most patients are right; the
    patients of a cluster that is left over are wrong.

    Parameters
    ----------
    true, labels : sequence of labels, one a patient

    Returns
    -------
    ndarray of bool, shape (n,)

    References
    ----------
    Kuhn 1955, Naval Research Logistics Quarterly 2:83-97 (the matching).

    Examples
    --------
    >>> rightly_assigned([0, 0, 0, 1], [5, 5, 9, 9])
    array([ True,  True, False,  True])
    """
    counts = crossing(true, labels)
    from scipy.optimize import (
        linear_sum_assignment,  # loads scipy.stats: not for students
    )

    rows, columns = linear_sum_assignment(-counts)
    kind = np.full(counts.shape[1], -1)
    kind[columns] = rows
    row = np.unique(np.asarray(true), return_inverse=True)[1]
    column = np.unique(np.asarray(labels), return_inverse=True)[1]
    return kind[column] == row


def share_explained(values, labels):
    """Return the share of a number's variance that lies between clusters (eta squared).

    Parameters
    ----------
    values : array-like of shape (n,)
        Finite numbers.
    labels : sequence of labels, one a patient

    Returns
    -------
    float in [0, 1]
        0 where all values are equal.

    Examples
    --------
    >>> share_explained([1, 1, 3, 3], ["a", "a", "b", "b"])
    1.0
    >>> share_explained([1, 3, 1, 3], ["a", "a", "b", "b"])
    0.0
    """
    values = np.asarray(values, float)
    cluster = np.unique(np.asarray(labels), return_inverse=True)[1]
    means = np.bincount(cluster, values) / np.bincount(cluster)
    total = np.sum((values - values.mean()) ** 2)
    within = np.sum((values - means[cluster]) ** 2)
    return float(1 - within / total) if total > 0 else 0.0
