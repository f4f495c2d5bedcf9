"""The fixed model that the grader fits to cleaned tables: a ridge logistic regression.

One rule: the same columns, the same bends and the same penalty for every submission, so
that only the tables differ.
"""

import dataclasses

import numpy as np

from coursekit.grading.cleaned import blank
from coursekit.metrics.ranking import auroc

NUMBERS = {  # column -> how it enters the model
    "age_years": float,
    "temperature_c": lambda x: np.abs(x - 37.0),
    "heart_rate_bpm": float,
    "systolic_mmhg": float,
    "respiratory_rate_min": float,
    "glucose_mmol_l": lambda x: np.log(np.maximum(x, 0.1)),
    "creatinine_umol_l": lambda x: np.log(np.maximum(x, 1.0)),
    "lactate_mmol_l": float,
    "albumin_g_l": float,
}
CODE = "diagnosis"
MOST_CODES = 40
PENALTY = 5.0  # of the ridge, for columns of unit spread


@dataclasses.dataclass(frozen=True, eq=False)
class Prepared:
    """What of one case enters the model, one row an encounter."""

    numbers: dict  # column -> (n,) floats, NaN where missing
    codes: np.ndarray  # (n,) texts or None
    early: np.ndarray
    outcome: np.ndarray
    there: np.ndarray  # (n,) False for encounters that were left out


def truly(case):
    """Return a case as if it had been returned as it should be."""
    everywhere = np.ones(len(case.kept), dtype=bool)
    return dataclasses.replace(case, given=case.true, kept=everywhere, flagged=())


def prepared(case):
    """Return what of a case enters the model, one row an encounter."""
    rows = one_row_each(case)
    numbers = {
        name: bent(bend, case.given[name][rows]) for name, bend in NUMBERS.items()
    }
    numbers |= {  # where nothing was recorded, whatever the flag says
        f"{name} missing": blank(case.found[name])[rows] * 1.0 for name in case.flagged
    }
    return Prepared(
        numbers=numbers,
        codes=case.given[CODE][rows].astype(object),
        early=case.early[rows],
        outcome=case.outcome[rows],
        there=case.kept[rows],
    )


def bent(bend, values):
    """Return values as they enter the model."""
    return values if bend is float else bend(values)


def one_row_each(case):
    """Return one row for each encounter: one that was kept, where there is any."""
    order = np.lexsort((~case.kept, case.encounter))
    first = np.r_[True, np.diff(case.encounter[order]) > 0]
    return order[first]


def auroc_of(cases):
    """Return the AUROC, in what came later, of the model fitted to what came early.

    Parameters
    ----------
    cases : list of Prepared

    Returns
    -------
    float
        Encounters that were left out rank in the middle. 0.5 where nothing can be
        fitted.
    """
    early, there, outcome = (
        np.concatenate([getattr(case, name) for case in cases])
        for name in ("early", "there", "outcome")
    )
    X = design(cases, early)
    fit = early & there
    if len(np.unique(outcome[fit])) < 2:
        return 0.5
    score = X @ ridge_logistic(X[fit], outcome[fit])
    score[~there] = np.median(score[there])
    return float(auroc(outcome[~early], score[~early]))


def design(cases, early):
    """Return the model's columns for all cases: (n, n_columns), the last one 1.

    What is missing is filled with the median of what came early.
    """
    parts = []
    for name in sorted({name for case in cases for name in case.numbers}):
        values = np.concatenate([column_of(case, name) for case in cases])
        parts.append(standard(values, early))
    codes = np.concatenate([case.codes for case in cases])
    seen = sorted({code for code in codes[early] if isinstance(code, str)})
    parts += [standard(codes == code, early) for code in seen[:MOST_CODES]]
    return np.column_stack([*parts, np.ones(len(early))])


def column_of(case, name):
    """Return a column of a case; a flag that was not returned is 0."""
    empty = 0.0 if name.endswith(" missing") else np.nan
    return case.numbers.get(name, np.full(len(case.early), empty))


def standard(values, early):
    """Return values in standard deviations of those that came early, none missing."""
    values = values.astype(float)
    shown = values[early & ~blank(values)]
    if not len(shown):
        return np.zeros(len(values))
    filled = np.where(blank(values), np.median(shown), values)
    return (filled - shown.mean()) / max(shown.std(), 1e-9)


def ridge_logistic(X, y, n_steps=30):
    """Return the weights of a ridge logistic regression, by Newton's steps.

    Parameters
    ----------
    X : ndarray of shape (n, k)
        The last column is 1, and is not penalised.
    y : ndarray of shape (n,)
        0 or 1.

    Examples
    --------
    >>> X = np.column_stack([[-1.0, 1.0, -1.0, 1.0], np.ones(4)])
    >>> weights = ridge_logistic(X, np.array([0, 1, 0, 1]))
    >>> bool(weights[0] > 0), round(float(weights[1]), 6)
    (True, 0.0)
    """
    penalty = np.r_[np.full(X.shape[1] - 1, PENALTY), 1e-6]
    weights = np.zeros(X.shape[1])
    for _ in range(n_steps):
        risk = 1 / (1 + np.exp(-np.clip(X @ weights, -30, 30)))
        slope = X.T @ (risk - y) + penalty * weights
        bend = (X * (risk * (1 - risk))[:, None]).T @ X + np.diag(penalty)
        step = np.linalg.solve(bend, slope)
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    return weights
