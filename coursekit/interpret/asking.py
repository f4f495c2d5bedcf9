"""How a model is asked: tables in, one number a patient out, for the positive class.

A *prediction* here is a function of a table of m rows that returns m numbers.
"""

import numpy as np
import pandas as pd
from scipy.special import logit

from coursekit.errors import BadInput

SCALES = ("log-odds", "probability")


def positive_class(model, scale):
    """Return a function that gives a classifier's answer for the positive class.

    Parameters
    ----------
    model : fitted classifier of two classes
        With ``classes_`` and ``predict_proba``; the positive class is the second.
    scale : {"log-odds", "probability"}

    Returns
    -------
    function of a table of m rows, returning ndarray of float, shape (m,)
        It raises BadInput on the scale of log odds if a probability is 0 or 1.

    Raises
    ------
    BadInput
        If there are not two classes, no probabilities, or no such scale.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> model = DummyClassifier(strategy="prior").fit([[0], [0]], [0, 1])
    >>> positive_class(model, "log-odds")([[5], [6]])
    array([0., 0.])
    """
    if scale not in SCALES:
        raise BadInput(f"There is no scale {scale!r}; there are {', '.join(SCALES)}.")
    classes = getattr(model, "classes_", None)
    if not hasattr(model, "predict_proba") or classes is None:
        raise BadInput(
            f"A {type(model).__name__} has no probabilities to explain. Give a fitted "
            "classifier with predict_proba."
        )
    if len(classes) != 2:
        raise BadInput(f"The model has {len(classes)} classes; two are explained here.")

    def probability(table):
        return np.asarray(model.predict_proba(table), float)[:, 1]

    def log_odds(table):
        risk = probability(table)
        if risk.min() <= 0 or risk.max() >= 1:
            raise BadInput(
                "The model says 0 or 1 of some patients, whose log odds are infinite. "
                'Explain it on the scale "probability".'
            )
        return logit(risk)

    return log_odds if scale == "log-odds" else probability


def answers(predict, table):
    """Return a prediction's answers, or say what is wrong with them.

    Parameters
    ----------
    predict : function
    table : DataFrame or ndarray of m rows

    Returns
    -------
    ndarray of float, shape (m,)

    Raises
    ------
    BadInput
        If the answer is not one finite number a row.

    Examples
    --------
    >>> answers(lambda X: X[:, 0] * 2, np.array([[1.0], [2.0]]))
    array([2., 4.])
    >>> answers(lambda X: X, np.array([[1.0, 2.0]]))
    Traceback (most recent call last):
        ...
    coursekit.errors.BadInput: The prediction has the shape (1, 2) for 1 rows; ...
    """
    found = np.asarray(predict(table), float)
    if found.shape != (len(table),):
        raise BadInput(
            f"The prediction has the shape {found.shape} for {len(table)} rows; give a "
            "function that returns one number a row, such as positive_class(model, "
            '"probability").'
        )
    if not np.isfinite(found).all():
        raise BadInput("The prediction is missing or infinite for some patients.")
    return found


def read_table(table, name="X"):
    """Return a DataFrame as it is, and anything else as an array of two dimensions.

    Examples
    --------
    >>> read_table([[1, 2]]).shape
    (1, 2)
    """
    if isinstance(table, pd.DataFrame):
        found = table.reset_index(drop=True)
    else:
        found = np.asarray(table)
    if found.ndim != 2 or 0 in found.shape:
        raise BadInput(
            f"{name} has the shape {found.shape}; give a table of rows and columns."
        )
    return found


def read_pair(X, background):
    """Return patients and background as tables with the same columns.

    Raises
    ------
    BadInput
        If their columns differ.

    Examples
    --------
    >>> X, background = read_pair([[1.0, 2.0]], [[0.0, 0.0], [1.0, 1.0]])
    >>> len(background)
    2
    """
    X, background = read_table(X), read_table(background, "background")
    if feature_names(X) != feature_names(background):
        raise BadInput(
            "X and the background have different columns, or in another order: "
            f"{', '.join(feature_names(X))}; {', '.join(feature_names(background))}."
        )
    return X, background


def feature_names(table):
    """Return the names of the columns; of an array, their numbers as text.

    Examples
    --------
    >>> feature_names(np.zeros((1, 2)))
    ('0', '1')
    """
    if isinstance(table, pd.DataFrame):
        return tuple(str(name) for name in table.columns)
    return tuple(str(number) for number in range(table.shape[1]))


def column(table, name):
    """Return the position of a column, given by its name or its number.

    Raises
    ------
    BadInput
        If there is none.

    Examples
    --------
    >>> column(pd.DataFrame({"age_years": [61], "asthma": [0]}), "asthma")
    1
    """
    names = feature_names(table)
    if str(name) not in names:
        raise BadInput(f"There is no column {name!r}; there are {', '.join(names)}.")
    return names.index(str(name))


def with_column(table, position, values):
    """Return a copy of a table in which one column has other values.

    Parameters
    ----------
    table : DataFrame or ndarray of n rows
    position : int
    values : scalar, or array-like of shape (n,)

    Examples
    --------
    >>> with_column(np.array([[1, 2]]), 0, 0.5)
    array([[0.5, 2. ]])
    """
    if isinstance(table, pd.DataFrame):
        changed = table.copy()
        changed[table.columns[position]] = values
        return changed
    kind = np.result_type(table, np.asarray(values))
    changed = table.astype(kind)
    changed[:, position] = values
    return changed


def filled_in(X, background, known):
    """Return every patient with every background patient's values in what is unknown.

    Parameters
    ----------
    X : DataFrame or ndarray of n rows
    background : the same of m rows
    known : sequence of bool, one a column
        Which columns are the patient's own.

    Returns
    -------
    DataFrame or ndarray of n * m rows
        First the m of the first patient.

    Examples
    --------
    >>> X, background = np.array([[1, 2]]), np.array([[7, 8], [9, 10]])
    >>> filled_in(X, background, [True, False]).tolist()
    [[1, 8], [1, 10]]
    """
    n, m = len(X), len(background)
    if not isinstance(X, pd.DataFrame):
        filled = np.where(known, X[:, None], background[None])
        return filled.reshape(n * m, X.shape[1])
    patient, other = np.repeat(np.arange(n), m), np.tile(np.arange(m), n)
    columns = {
        name: X[name].array[patient] if own else background[name].array[other]
        for name, own in zip(X.columns, known, strict=True)
    }
    return pd.DataFrame(columns)
