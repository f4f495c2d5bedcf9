"""Weights that give back the events which are not on record.

They need an audit: patients like those of train whose true outcome was found out. One
assumption: within a group, which events are missing has nothing to do with the
patient.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import prevalence_by_group
from coursekit.metrics.inputs import read_binary, read_group


def recorded_share(y, group, y_audited, group_audited):
    """Return the share of each group's events that train records.

    Taught in lab 10_repair. Recorded rate over audited rate, group by group; at most
    1. It holds if the patients of train and of the audit are alike; where they are
    not, compare at equal risk (`coursekit.fairness.label_audit`).

    Parameters
    ----------
    y, y_audited : array-like of shape (n,) and (m,)
        0 or 1; as recorded on train, and as audited.
    group, group_audited : array-like of shape (n,) and (m,)

    Returns
    -------
    Series
        In [0, 1], by group of train.

    Raises
    ------
    NotEstimable
        If the audit has no event in a group.

    Examples
    --------
    >>> recorded_share([1, 0, 1, 0], list("aabb"), [1, 0, 1, 1], list("aabb")).tolist()
    [1.0, 0.5]
    """
    recorded = prevalence_by_group(y, group)
    audited = prevalence_by_group(y_audited, group_audited).reindex(recorded.index)
    if not (audited > 0).all():
        missing = ", ".join(str(name) for name in audited.index[~(audited > 0)])
        raise NotEstimable(f"The audit has no event in group {missing}.")
    return (recorded / audited).clip(upper=1).rename("recorded_share")


def ascertainment_weights(y, group, share):
    """Return one weight a row, so that each group has its true number of events.

    Taught in lab 10_repair. A recorded event of a group of which a share ``c`` is
    recorded stands for ``1 / c`` events. The rows without one are weighted down
    equally, by the share of them that are truly without.

    Parameters
    ----------
    y : array-like of shape (n,)
        0 or 1, as recorded.
    group : array-like of shape (n,)
    share : Series of floats in (0, 1], by group
        As `recorded_share` returns it.

    Returns
    -------
    ndarray of shape (n,)
        Each group's weights add up to its number of rows.

    Raises
    ------
    BadInput
        If a group has no share, or one that cannot be: 0, above 1, or so small that
        more patients would be ill than there are.

    References
    ----------
    Elkan & Noto 2008, KDD, 213-220 (learning where only some cases are labelled).

    Examples
    --------
    >>> share = pd.Series({"a": 1.0, "b": 0.5})
    >>> weights = ascertainment_weights([1, 0, 1, 0, 0, 0], list("aabbbb"), share)
    >>> weights.round(2).tolist()
    [1.0, 1.0, 2.0, 0.67, 0.67, 0.67]
    """
    label = read_binary(y, "y")
    code, labels = read_group(group, len(label))
    share = pd.Series(share).reindex(labels).to_numpy(dtype=float)
    if not ((share > 0) & (share <= 1)).all():
        raise BadInput("Each group needs a share of recorded events in (0, 1].")
    n_rows, n_events = np.bincount(code), np.bincount(code, label)
    well = n_rows - n_events / share
    if (well < 0).any():
        raise BadInput("A share is so small that more patients are ill than there are.")
    unrecorded = np.maximum(n_rows - n_events, 1)
    return np.where(label, (1 / share)[code], (well / unrecorded)[code])
