"""Finding columns that know the outcome because they were written after it.

Such a column makes a model look wonderful on old records and fails on the day of
discharge, when it is still empty.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.metrics.ranking import auroc


def auroc_of_each_column(X, y):
    """Return how well each column alone separates the ill from the others.

    Taught in lab 01_readmission. A number near 1 from a single column is a reason to
    ask when that column is filled in.

    Parameters
    ----------
    X : DataFrame of shape (n, n_columns)
        Numbers are judged on the patients in whom they were measured. Words are put in
        order of the share of the ill at each word, missing being a word, so with few
        patients their value is too high.
    y : array-like of shape (n,)
        0 or 1.

    Returns
    -------
    Series
        One AUROC in [0.5, 1] a column, highest first; a column that falls with risk is
        turned round. NaN where the measured patients have one outcome only.

    Examples
    --------
    >>> X = pd.DataFrame({"age_years": [80, 60, 70, 50], "calls": [3, 2, 0, 0]})
    >>> auroc_of_each_column(X, [1, 1, 0, 0])
    calls        1.00
    age_years    0.75
    Name: auroc, dtype: float64
    """
    y = np.asarray(y)
    alone = pd.Series({name: auroc_alone(X[name], y) for name in X}, name="auroc")
    return alone.sort_values(ascending=False)


def auroc_alone(column, y):
    """Return the AUROC of one column in [0.5, 1], or NaN.

    Examples
    --------
    >>> auroc_alone(pd.Series([7.0, 9.0, None]), np.array([1, 0, 0]))
    1.0
    """
    score = as_numbers(column, y)
    measured = score.notna().to_numpy()
    if len(np.unique(y[measured])) < 2:
        return float("nan")
    area = float(auroc(y[measured], score[measured].to_numpy()))
    return max(area, 1 - area)


def as_numbers(column, y):
    """Return a column as numbers: itself, or the share of the ill at each word.

    Examples
    --------
    >>> as_numbers(pd.Series(["home", "home", "ward"]), np.array([0, 1, 1])).tolist()
    [0.5, 0.5, 1.0]
    """
    if pd.api.types.is_numeric_dtype(column):
        return column.astype(float)
    words = column.astype(object).where(column.notna(), "missing").to_numpy()
    return pd.Series(y, dtype=float).groupby(words).transform("mean")


def post_index_effect(model, X, columns, *, drawn_from, random_state=0):
    """Return how far the risks move when each of some columns takes other values.

    Taught in lab 01_readmission. Columns that are unknown at the index time must not
    move a risk at all: a model that listens to them cannot be used.

    Parameters
    ----------
    model : estimator
        Fitted, with ``predict_proba``.
    X : DataFrame
        Patients, as at the index time.
    columns : sequence of str
        Columns to try, one at a time.
    drawn_from : DataFrame
        Patients whose values are put in, drawn at random with replacement; such as
        the training table, where the columns are filled in.
    random_state : int or Generator, default=0
        Which values.

    Returns
    -------
    Series
        Mean absolute change of the risk (a probability) for each column, in [0, 1];
        0 where the model does not use it.

    Raises
    ------
    BadInput
        If a column is missing from either table.

    Examples
    --------
    >>> from coursekit.supervised import risk_pipeline
    >>> X = pd.DataFrame({"age_years": [50, 60, 70, 80], "calls": [0, 0, 3, 3]})
    >>> model = risk_pipeline("logistic", X[["calls"]]).fit(X, [0, 0, 1, 1])
    >>> discharge_day = X.assign(calls=0)
    >>> effect = post_index_effect(model, discharge_day, list(X), drawn_from=X)
    >>> effect.round(2).to_dict()
    {'age_years': 0.0, 'calls': 0.0}
    """
    for name in columns:
        if name not in X or name not in drawn_from:
            raise BadInput(f"There is no column {name!r} in one of the two tables.")
    rng = np.random.default_rng(random_state)
    base = model.predict_proba(X)[:, 1]
    moved = {}
    for name in columns:
        values = rng.choice(drawn_from[name].to_numpy(), len(X))
        other = model.predict_proba(X.assign(**{name: values}))[:, 1]
        moved[name] = np.abs(other - base).mean()
    return pd.Series(moved, name="mean change of risk", dtype=float)
