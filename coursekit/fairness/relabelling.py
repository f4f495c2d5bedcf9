"""New labels for train, from what an audit of other patients has taught.

A label may be partly right (events are missing) or wholly another thing (cost). In the
first case a recorded event is kept and only the others are doubted; in the second
nothing of it is kept.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.metrics.inputs import read_outcome_and_risk


def expected_label(y, risk, recorded_share):
    """Return the chance that each patient of train is truly ill, given the record.

    Taught in lab 10_repair. By Bayes: a patient of risk ``r`` without a recorded event
    is ill with ``r (1 - c) / (1 - r c)``, where ``c`` is the share of events that are
    recorded; with one, ill.

    Parameters
    ----------
    y : array-like of shape (n,)
        0 or 1, as recorded.
    risk : array-like of shape (n,)
        Chance of being ill by a model trained on *audited* patients.
    recorded_share : float or array-like of shape (n,), in [0, 1]
        Of the patient's group. 1: the record is complete. 0: the record is of
        something else, and the answer is the risk, whatever `y` says.

    Returns
    -------
    ndarray of shape (n,), in [0, 1]

    Raises
    ------
    BadInput
        If a share is not in [0, 1], or the rows cannot be read.

    Examples
    --------
    >>> expected_label([1, 0, 0], [0.5, 0.5, 0.5], [0.5, 0.5, 1.0]).round(2).tolist()
    [1.0, 0.33, 0.0]
    >>> expected_label([1, 0], [0.4, 0.4], 0).tolist()
    [0.4, 0.4]
    """
    recorded, risk = read_outcome_and_risk(y, risk)
    share = np.broadcast_to(np.asarray(recorded_share, dtype=float), risk.shape)
    if not ((share >= 0) & (share <= 1)).all():
        raise BadInput("A share of recorded events must lie between 0 and 1.")
    without = risk * (1 - share) / np.maximum(1 - risk * share, 1e-12)
    return np.where(share == 0, risk, np.where(recorded, 1.0, without))


def weighted_rows(X, label):
    """Return each patient twice, ill and well, weighted by the expected label.

    Taught in lab 10_repair. Classifiers take labels of 0 and 1 only; this is how they
    learn from a chance. Rows of weight 0 are left out.

    Parameters
    ----------
    X : DataFrame of shape (n, n_features)
    label : array-like of shape (n,), in [0, 1]

    Returns
    -------
    X : DataFrame
    y : ndarray of int
    weight : ndarray
        For ``fit(X, y, sample_weight=weight)``.

    Examples
    --------
    >>> X = pd.DataFrame({"age_years": [50, 70]})
    >>> X, y, weight = weighted_rows(X, [0.25, 1.0])
    >>> X["age_years"].tolist(), y.tolist(), weight.tolist()
    ([50, 70, 50], [1, 1, 0], [0.25, 1.0, 0.75])
    """
    label = np.asarray(label, dtype=float)
    if len(label) != len(X) or not ((label >= 0) & (label <= 1)).all():
        raise BadInput("Each patient needs one expected label, from 0 to 1.")
    both = pd.concat([X, X], ignore_index=True)
    y = np.repeat([1, 0], len(X))
    weight = np.concatenate([label, 1 - label])
    kept = weight > 0
    return both[kept].reset_index(drop=True), y[kept], weight[kept]
