"""Who is served worse, and about whom these patients cannot tell.

An audit has three answers, not two: a group without enough ill patients gets
*insufficient evidence*, neither a clean bill nor an accusation.
"""

import numpy as np
import pandas as pd

from coursekit.errors import NotEstimable
from coursekit.metrics import gap_interval, group_table, reliability_table
from coursekit.metrics.gaps import LOW_IS_WORSE
from coursekit.metrics.inputs import read_group

INSUFFICIENT = "insufficient evidence"
WORSE = "served worse"
NO_GAP = "no gap shown"


def audit_table(
    y_true,
    alerts,
    group,
    *,
    rate="sensitivity",
    patient=None,
    level=0.90,
    most_half_width=0.10,
):
    """Return one row a group: counts, a rate with its interval, and a verdict.

    Parameters
    ----------
    y_true, alerts : array-like of shape (n,)
        0 or 1.
    group : array-like of shape (n,), or DataFrame of several columns
        Several columns make intersections, such as sex by language.
    rate : str
        As `coursekit.metrics.gap_interval` has it.
    patient : array-like of shape (n,), optional
        None means one row a patient.
    level : float in (0, 1)
    most_half_width : float
        A group whose interval is wider cannot be judged.

    Returns
    -------
    DataFrame
        ``n_rows``, ``n_ill``, the rate, ``low``, ``high`` (for this group alone) and
        ``verdict``: *insufficient evidence*; *served worse*, if the simultaneous
        interval of its difference from some group that can be judged lies beyond 0;
        or *no gap shown*, which does not mean that there is none.

    Raises
    ------
    BadInput
        As `coursekit.metrics.group_table`.

    Examples
    --------
    >>> y, alerts = [1] * 420, [1] * 160 + [0] * 40 + ([1] * 11 + [0] * 11) * 10
    >>> group = ["a"] * 200 + ["b"] * 200 + ["c"] * 20
    >>> audit_table(y, alerts, group)["verdict"].tolist()
    ['no gap shown', 'served worse', 'insufficient evidence']
    """
    counted = group_table(y_true, alerts, group, patient=patient, level=level)
    names = [rate, f"{rate}_low", f"{rate}_high"]
    table = counted[["n_rows", "n_ill", *names]].set_axis(
        ["n_rows", "n_ill", rate, "low", "high"], axis=1
    )
    half_width = (table["high"] - table["low"]) / 2
    judged = (half_width <= most_half_width).to_numpy()
    worse = shown_worse(y_true, alerts, group, judged, rate, patient, level)
    verdict = np.where(worse, WORSE, NO_GAP)
    return table.assign(verdict=np.where(judged, verdict, INSUFFICIENT))


def shown_worse(y_true, alerts, group, judged, rate, patient, level):
    """Return which groups are shown to lie on the worse side of another.

    Parameters
    ----------
    judged : ndarray of bool, shape (n_groups,)
        Which groups can be judged, in sorted order; only they are compared.

    Returns
    -------
    ndarray of bool, shape (n_groups,)

    Examples
    --------
    >>> y, alerts = [1] * 400, [1] * 190 + [0] * 10 + [1] * 90 + [0] * 110
    >>> group = ["a"] * 200 + ["b"] * 200
    >>> both = np.array([True, True])
    >>> shown_worse(y, alerts, group, both, "sensitivity", None, 0.90).tolist()
    [False, True]
    """
    code, labels = read_group(group, len(y_true))
    rows = judged[code]
    worse = np.zeros(len(labels), bool)
    if not rows.any():
        return worse
    patient = None if patient is None else np.asarray(patient)[rows]
    outcome, alerts = np.asarray(y_true)[rows], np.asarray(alerts)[rows]
    try:
        pairs = gap_interval(
            outcome, alerts, code[rows], rate, patient=patient, level=level
        ).pairs
    except NotEstimable:
        return worse
    lower_side = pairs["group_b"][pairs["low"] > 0], pairs["group_a"][pairs["high"] < 0]
    upper_side = pairs["group_a"][pairs["low"] > 0], pairs["group_b"][pairs["high"] < 0]
    worse[pd.concat(lower_side if rate in LOW_IS_WORSE else upper_side)] = True
    return worse


def calibration_within_groups(y_true, risk, group, *, n_bins=5, level=0.90):
    """Return mean risk and share of events in bins of the risk, group by group.

    A risk means the same in all groups if the lines of this
    table agree: of the patients told 30 %, 30 % fall ill, whoever they are.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.
    group : array-like of shape (n,), or DataFrame of several columns
    n_bins : int
        Of about equal size within a group.
    level : float in (0, 1)

    Returns
    -------
    DataFrame
        As `coursekit.metrics.reliability_table`, with the group as first column.

    Examples
    --------
    >>> y, risk = [0, 1, 0, 1], [0.2, 0.6, 0.3, 0.5]
    >>> table = calibration_within_groups(y, risk, ["a", "a", "b", "b"], n_bins=1)
    >>> table[["group", "mean_risk", "event_share"]].values.tolist()
    [['a', 0.4, 0.5], ['b', 0.4, 0.5]]
    """
    code, labels = read_group(group, len(y_true))
    outcome, risk = np.asarray(y_true), np.asarray(risk)
    tables = []
    for number, label in enumerate(labels):
        here = code == number
        table = reliability_table(outcome[here], risk[here], n_bins=n_bins, level=level)
        name = " & ".join(label) if isinstance(label, tuple) else label
        table.insert(0, "group", name)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)
