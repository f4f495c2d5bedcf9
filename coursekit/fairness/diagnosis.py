"""Small tests that, together, tell which mechanism makes a model serve a group worse.

None of them names a mechanism: each answers one question, with an interval or a z
value, and the student puts the answers together.
"""

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.datasets.gap_caused import fit_logistic, standardised
from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import interval_from_influence, wilson
from coursekit.metrics.inputs import read_binary, read_group


def label_audit(X, y, group, X_audited, y_audited, *, level=0.90):
    """Return recorded events over those expected at this risk, group by group.

    Taught in lab 10_repair. A model of the audited patients says how many events the
    patients of train should have; a group with a ratio below 1 has events that are
    not in the label.

    Parameters
    ----------
    X, X_audited : DataFrame of numbers, with the same columns
        Columns with missing values are left out.
    y, y_audited : array-like of shape (n,) and (m,)
        0 or 1, as recorded and as audited.
    group : array-like of shape (n,)
        Of the patients of train.
    level : float in (0, 1)

    Returns
    -------
    DataFrame
        By group: ``n_rows``, ``recorded`` and ``expected`` (share of events),
        ``ratio`` and its limits ``low``, ``high``, which leave out the error of the
        audit model.

    Examples
    --------
    >>> from coursekit.datasets import make_gap
    >>> train, tune = (
    ...     make_gap(4000, secret="s", role=r, mechanisms=["under-ascertainment"])
    ...     for r in ("train", "tune")
    ... )
    >>> found = label_audit(train.X, train.y, train.groups["group"], tune.X, tune.y)
    >>> bool(found.loc["B", "high"] < 0.75 < 0.9 < found.loc["A", "ratio"])
    True
    """
    known = whole_columns(X, X_audited)
    seen = X_audited[known].to_numpy(dtype=float)
    fitted = fit_logistic(standardised(seen, seen), read_binary(y_audited, "y_audited"))
    risk = expit(standardised(X[known].to_numpy(dtype=float), seen) @ fitted)
    recorded = read_binary(y, "y").astype(float)
    code, labels = read_group(group, len(recorded))
    rows = []
    for number in range(len(labels)):
        here = code == number
        expected = risk[here].mean()
        ratio = recorded[here].mean() / expected
        influence = (recorded[here] - ratio * risk[here]) / expected
        found = interval_from_influence(ratio, influence, level=level)
        shares = (here.sum(), recorded[here].mean(), expected)
        rows.append((*shares, ratio, found.low, found.high))
    names = ["n_rows", "recorded", "expected", "ratio", "low", "high"]
    return pd.DataFrame(rows, index=labels, columns=names)


def whole_columns(X, other):
    """Return the columns of numbers that have no missing value in either table.

    Examples
    --------
    >>> whole_columns(pd.DataFrame({"a": [1], "b": [None]}), pd.DataFrame({"a": [2]}))
    ['a']
    """
    shared = [name for name in X.select_dtypes("number") if name in other]
    whole = [n for n in shared if X[n].notna().all() and other[n].notna().all()]
    if not whole:
        raise BadInput("The tables share no column of numbers without missing values.")
    return whole


def device_bias(reading, reference, group, *, level=0.90):
    """Return how much a device reads above its reference, group by group.

    Taught in lab 10_repair. Only patients who have both values count.

    Parameters
    ----------
    reading, reference : array-like of shape (n,)
        In one unit; NaN where there is none.
    group : array-like of shape (n,)
    level : float in (0, 1)

    Returns
    -------
    DataFrame
        By group: ``n_pairs``, ``bias`` (mean of reading less reference), ``low``,
        ``high``; and ``slope``, by how much the reading rises when the reference
        rises by 1: below 1, extremes are hidden. NaN with fewer than two pairs.

    References
    ----------
    Bland & Altman 1986, Lancet 327:307-310 (the bias).

    Examples
    --------
    >>> reading, reference = [95, 92, 97, 96], [95, 92, 95, 90]
    >>> device_bias(reading, reference, list("aabb"))[["bias", "slope"]].values.tolist()
    [[0.0, 1.0], [4.0, 0.2]]
    """
    reading, reference = (np.asarray(v, dtype=float) for v in (reading, reference))
    code, labels = read_group(group, len(reading))
    both = np.isfinite(reading) & np.isfinite(reference)
    found = [
        bias_in(reading[rows], reference[rows], level)
        for rows in (both & (code == number) for number in range(len(labels)))
    ]
    names = ["n_pairs", "bias", "low", "high", "slope"]
    return pd.DataFrame(found, index=labels, columns=names)


def bias_in(reading, reference, level):
    """Return number of pairs, bias, its limits, and slope.

    Examples
    --------
    >>> bias_in(np.array([1.0]), np.array([1.0]), 0.90)
    (1, nan, nan, nan, nan)
    """
    if len(reading) < 2:
        return len(reading), np.nan, np.nan, np.nan, np.nan
    error = reading - reference
    bias = interval_from_influence(error.mean(), error - error.mean(), level=level)
    apart = reference - reference.mean()
    spread = np.sum(apart**2)
    slope = float(np.sum(apart * reading) / spread) if spread > 0 else np.nan
    return len(reading), bias.value, bias.low, bias.high, slope


def shares_in(group, group_audited, *, level=0.90):
    """Return each group's share of train and of the audited patients.

    Taught in lab 10_repair. Too few of a group in train is only half of
    under-representation: look also whether the group is another
    (`signs_by_group`).

    Parameters
    ----------
    group, group_audited : array-like of shape (n,) and (m,)
    level : float in (0, 1)

    Returns
    -------
    DataFrame
        By group: ``n_train``, ``share_train``, ``low``, ``high`` (Wilson's, of train),
        ``share_audited``.

    Examples
    --------
    >>> shares_in(list("aaab"), list("ab"))[["share_train", "share_audited"]].values
    array([[0.75, 0.5 ],
           [0.25, 0.5 ]])
    """
    train, audited = (
        pd.Series(np.asarray(g)).value_counts() for g in (group, group_audited)
    )
    table = pd.DataFrame({"n_train": train, "n_audited": audited})
    table = table.fillna(0).sort_index()
    n_train, n_audited = table.sum()
    found = [wilson(int(n), int(n_train), level) for n in table["n_train"]]
    return pd.DataFrame(
        {
            "n_train": table["n_train"].astype(int),
            "share_train": table["n_train"] / n_train,
            "low": [estimate.low for estimate in found],
            "high": [estimate.high for estimate in found],
            "share_audited": table["n_audited"] / n_audited,
        }
    )


def compare_signs(X, y, X_other, y_other):
    """Return what each column says about the outcome in two sets of patients.

    Taught in lab 10_repair. Two logistic regressions on the same columns; a column
    whose z value is far from 0 says something else in the second set. Compare A of
    train with A of the audit: a column that train's label follows more (cost) shows a
    label that is something else. Compare A and B of the audit (`signs_by_group`): a
    column that differs is another sign of illness in B, or measured otherwise.

    Parameters
    ----------
    X, X_other : DataFrame of numbers, with the same columns
        Columns with missing values are left out.
    y, y_other : array-like of shape (n,) and (m,)
        0 or 1.

    Returns
    -------
    DataFrame
        By column: ``first``, ``second`` (log odds for one standard deviation of the
        first set), ``z`` of their difference.

    Raises
    ------
    NotEstimable
        If a set has only one kind of outcome.

    Examples
    --------
    >>> from coursekit.datasets import make_gap
    >>> train, tune = (
    ...     make_gap(4000, secret="s", role=r, mechanisms=["proxy-label"])
    ...     for r in ("train", "tune")
    ... )
    >>> compare_signs(tune.X, tune.y, train.X, train.y)["z"].idxmax()
    'cost_12m_eur'
    """
    known = whole_columns(X, X_other)
    like = X[known].to_numpy(dtype=float)
    first, second = (
        coefficients(table[known].to_numpy(dtype=float), like, outcome)
        for table, outcome in ((X, y), (X_other, y_other))
    )
    z = (second[0] - first[0]) / np.hypot(first[1], second[1])
    table = pd.DataFrame({"first": first[0], "second": second[0], "z": z})
    return table.iloc[1:].set_axis(pd.Index(known, name="column"))


def signs_by_group(X, y, group):
    """Return `compare_signs` of the two groups of one set of patients.

    Taught in lab 10_repair.

    Parameters
    ----------
    X : DataFrame of numbers
    y : array-like of shape (n,)
        0 or 1, audited.
    group : array-like of shape (n,)
        Of exactly two groups; the first in sorted order is ``first``.

    Returns
    -------
    DataFrame

    Examples
    --------
    >>> from coursekit.datasets import make_gap
    >>> tune = make_gap(
    ...     4000, secret="s", role="tune", mechanisms=["under-representation"]
    ... )
    >>> signs = signs_by_group(tune.X, tune.y, tune.groups["group"])
    >>> signs["z"].abs().nlargest(2).index.sort_values().tolist()
    ['albumin_g_l', 'haemoglobin_g_dl']
    """
    code, labels = read_group(group, len(X))
    if len(labels) != 2:
        raise BadInput(f"There are {len(labels)} groups; two can be compared.")
    y = np.asarray(y)
    first, second = code == 0, code == 1
    return compare_signs(X[first], y[first], X[second], y[second])


def coefficients(columns, like, y):
    """Return log odds and their standard errors, the intercept first.

    Examples
    --------
    >>> columns = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> coefficients(columns, columns, [0, 1, 0, 1])[0].shape
    (2,)
    """
    ill = read_binary(y, "y")
    if ill.all() or not ill.any():
        raise NotEstimable("All patients have the same outcome: no sign tells it.")
    scaled = standardised(columns, like)
    fitted = fit_logistic(scaled, ill)
    risk = expit(scaled @ fitted)
    curve = (scaled * (risk * (1 - risk))[:, None]).T @ scaled
    curve = curve + np.eye(len(fitted))
    return fitted, np.sqrt(np.diagonal(np.linalg.inv(curve)))
