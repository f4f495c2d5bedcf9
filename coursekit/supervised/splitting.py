"""Splitting encounters so that no patient stands on both sides.

Rows of one patient resemble each other. A model tested on a patient it was fitted on
is tested, in part, on its memory.
"""

import numpy as np
from sklearn.model_selection import GroupShuffleSplit

from coursekit.errors import BadInput


def split_by_patient(patient, *, test_share=0.3, random_state=0):
    """Split rows into two parts with no patient in both.

    Taught in lab 01_readmission.

    Parameters
    ----------
    patient : array-like of shape (n_rows,)
        Who each row belongs to.
    test_share : float in (0, 1), default=0.3
        Share of the *patients* that go to the test part.
    random_state : int or Generator, default=0
        Which patients.

    Returns
    -------
    train_rows, test_rows : ndarray of int
        Positions, ascending; together all rows.

    Raises
    ------
    BadInput
        If there are fewer than two patients.

    Examples
    --------
    >>> patient = ["ann", "ann", "bob", "bob", "cy", "cy"]
    >>> train_rows, test_rows = split_by_patient(patient, random_state=1)
    >>> train_rows, test_rows
    (array([2, 3, 4, 5]), array([0, 1]))
    """
    patient = np.asarray(patient)
    if len(np.unique(patient)) < 2:
        raise BadInput("There is one patient only. Splitting needs at least two.")
    splitter = GroupShuffleSplit(1, test_size=test_share, random_state=random_state)
    train_rows, test_rows = next(splitter.split(patient, groups=patient))
    return np.sort(train_rows), np.sort(test_rows)


def share_seen_before(patient, train_rows, test_rows):
    """Return the share of test rows whose patient also has a row in training.

    Taught in lab 01_readmission.

    Parameters
    ----------
    patient : array-like of shape (n_rows,)
        Who each row belongs to.
    train_rows, test_rows : array-like of int
        Positions of the rows of each part.

    Returns
    -------
    float in [0, 1]
        0 after `split_by_patient`; NaN without test rows.

    Examples
    --------
    >>> patient = ["ann", "ann", "bob", "cy"]
    >>> share_seen_before(patient, train_rows=[0, 2], test_rows=[1, 3])
    0.5
    """
    patient = np.asarray(patient)
    if len(test_rows) == 0:
        return float("nan")
    seen = np.isin(patient[test_rows], patient[train_rows])
    return float(seen.mean())
