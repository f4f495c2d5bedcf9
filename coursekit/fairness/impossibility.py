"""Why a score cannot be fair in every sense where illness is not equally common.

Nothing here depends on a model: these are identities of the two-by-two table, and of
means. Which of the criteria to give up is a decision about harm, not a computation.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.metrics import rate_by_group
from coursekit.metrics.inputs import read_group, read_outcome_and_risk

SHARES = ("prevalence", "ppv", "sensitivity", "false_positive_rate")


def false_positive_rate_from(prevalence, ppv, sensitivity):
    """Return the false positive rate that follows from three other rates.

    Taught in lab 10_repair. ``FPR = p / (1 - p) * (1 - PPV) / PPV * sensitivity``,
    always. So groups of equal PPV and equal sensitivity but other prevalence have
    other false positive rates, except where the PPV is 1.

    Parameters
    ----------
    prevalence : array-like of floats in (0, 1)
    ppv : array-like of floats in (0, 1]
    sensitivity : array-like of floats in [0, 1]

    Returns
    -------
    ndarray or float
        Above 1 where no test can have these rates.

    Raises
    ------
    BadInput
        If the prevalence or the PPV is out of range.

    References
    ----------
    Chouldechova 2017, Big Data 5:153-163.

    Examples
    --------
    >>> round(float(false_positive_rate_from(0.2, 0.5, 0.6)), 2)
    0.15
    >>> round(float(false_positive_rate_from(0.4, 0.5, 0.6)), 2)
    0.4
    """
    prevalence, ppv = np.asarray(prevalence), np.asarray(ppv)
    if ((prevalence <= 0) | (prevalence >= 1)).any():
        raise BadInput("The prevalence must lie between 0 and 1.")
    if ((ppv <= 0) | (ppv > 1)).any():
        raise BadInput("The PPV must be above 0 and at most 1.")
    odds = prevalence / (1 - prevalence)
    return odds * (1 - ppv) / ppv * np.asarray(sensitivity)


def error_rates_table(y_true, alerts, group):
    """Return the rates of each group, and what equal ones would force upon it.

    Taught in lab 10_repair.

    Parameters
    ----------
    y_true, alerts : array-like of shape (n,)
        0 or 1.
    group : array-like of shape (n,), or DataFrame of several columns

    Returns
    -------
    DataFrame
        One row a group: ``prevalence``, ``ppv``, ``sensitivity``,
        ``false_positive_rate``; and ``forced_false_positive_rate``, which the group
        would have with the PPV and sensitivity of all patients together. NaN where a
        rate cannot be judged.

    Examples
    --------
    >>> y = [1] * 5 + [0] * 15 + [1] * 10 + [0] * 10
    >>> alerts = [1] * 3 + [0] * 2 + [1] * 3 + [0] * 12 + [1] * 6 + [0] * 4
    >>> alerts = alerts + [1] * 2 + [0] * 8
    >>> table = error_rates_table(y, alerts, ["a"] * 20 + ["b"] * 20)
    >>> table["forced_false_positive_rate"].round(2).tolist()
    [0.11, 0.33]
    """
    table = pd.DataFrame({r: rate_by_group(y_true, alerts, group, r) for r in SHARES})
    everyone = np.zeros(len(y_true), int)
    ppv, found = (
        rate_by_group(y_true, alerts, everyone, r).iloc[0]
        for r in ("ppv", "sensitivity")
    )
    between = table["prevalence"].where(table["prevalence"].between(0, 1, "neither"))
    forced = between / (1 - between) * (1 - ppv) / ppv * found
    return table.assign(forced_false_positive_rate=forced)


def balance_table(y_true, risk, group):
    """Return the mean risk of the ill and of the well, group by group.

    Taught in lab 10_repair. Where the risk is right on average, ``p * mean risk of the
    ill + (1 - p) * mean risk of the well = p``. Two groups of other prevalence ``p``
    can then agree in both means only if the risk is 1 for the ill and 0 for the
    well: calibration, balance for the ill and balance for the well exclude one
    another.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1.
    risk : array-like of shape (n,)
        Probabilities.
    group : array-like of shape (n,), or DataFrame of several columns

    Returns
    -------
    DataFrame
        One row a group: ``prevalence``, ``mean_risk``, ``mean_risk_ill``,
        ``mean_risk_well`` (NaN where there is none).

    References
    ----------
    Kleinberg, Mullainathan & Raghavan 2016, arXiv:1609.05807.

    Examples
    --------
    >>> y, risk = [1, 0, 1, 1, 0, 1], [0.6, 0.4, 0.8, 0.7, 0.6, 0.9]
    >>> balance_table(y, risk, ["a", "a", "b", "b", "b", "b"]).round(2).values.tolist()
    [[0.5, 0.5, 0.6, 0.4], [0.75, 0.75, 0.8, 0.6]]
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    code, labels = read_group(group, len(ill))
    risks = pd.Series(risk)
    return pd.DataFrame(
        {
            "prevalence": pd.Series(ill.astype(float)).groupby(code).mean(),
            "mean_risk": risks.groupby(code).mean(),
            "mean_risk_ill": risks.where(ill).groupby(code).mean(),
            "mean_risk_well": risks.where(~ill).groupby(code).mean(),
        }
    ).set_axis(labels)
