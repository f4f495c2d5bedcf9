"""What every measure accepts: outcomes, alerts, risks, groups and patients.

All are read by position, one value a row; an index is never used to align. What
cannot be read is an error that says what is the case and what to do.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput

NUMBERS = {"boolean", "integer", "floating", "mixed-integer-float"}


def read_numbers(values, name):
    """Return finite numbers as a float array of one dimension.

    Parameters
    ----------
    values : array-like of shape (n,)
        Numbers or booleans; text is refused, even text that looks like a number.
    name : str
        What to call them in an error.

    Returns
    -------
    ndarray of float, shape (n,)

    Raises
    ------
    BadInput
        If there is none, or one is missing, infinite or not a number.

    Examples
    --------
    >>> read_numbers([True, 0.5], "risk")
    array([1. , 0.5])
    """
    array = np.asarray(values)
    if array.ndim != 1 or len(array) == 0:
        raise BadInput(
            f"{name} has the shape {array.shape}; give one value for each row, and at "
            "least one row."
        )
    kind = pd.api.types.infer_dtype(array, skipna=False)
    if array.dtype == object and kind not in NUMBERS:
        raise BadInput(f"{name} has missing or non-numeric values. Give numbers only.")
    if array.dtype.kind not in "buifO":
        raise BadInput(f"{name} is of type {array.dtype}. Give numbers.")
    array = array.astype(float)
    if not np.isfinite(array).all():
        n_odd = int((~np.isfinite(array)).sum())
        raise BadInput(
            f"{name} has {n_odd} missing or infinite values. Fill them or leave these "
            "rows out."
        )
    return array


def read_binary(values, name):
    """Return values that are all 0 or 1 as booleans.

    Examples
    --------
    >>> read_binary([1, 0, 1], "y_true")
    array([ True, False,  True])
    """
    array = read_numbers(values, name)
    ones = array == 1
    if not (ones | (array == 0)).all():
        other = array[~ones & (array != 0)][0]
        raise BadInput(f"{name} contains {other:g}; every value must be 0 or 1.")
    return ones


def read_risk(values, name="risk"):
    """Return probabilities as floats in [0, 1].

    Examples
    --------
    >>> read_risk([0, 0.25])
    array([0.  , 0.25])
    """
    array = read_numbers(values, name)
    if array.min() < 0 or array.max() > 1:
        raise BadInput(
            f"{name} runs from {array.min():g} to {array.max():g}; a probability lies "
            "in [0, 1]. Give predict_proba's second column, not a score."
        )
    return array


def same_length(**arrays):
    """Refuse arrays of different lengths, by name.

    Examples
    --------
    >>> same_length(y_true=[1, 0], risk=[0.5, 0.2])
    """
    sizes = {name: len(array) for name, array in arrays.items()}
    if len(set(sizes.values())) > 1:
        listed = ", ".join(f"{name} {size}" for name, size in sizes.items())
        raise BadInput(f"The numbers of rows differ: {listed}. Give one value a row.")


def read_outcome_and_risk(y_true, risk, reader=read_risk):
    """Return outcomes as booleans and risks as floats, of one length.

    Examples
    --------
    >>> read_outcome_and_risk([1, 0], [0.75, 0.25])
    (array([ True, False]), array([0.75, 0.25]))
    """
    ill, risk = read_binary(y_true, "y_true"), reader(risk, "risk")
    same_length(y_true=ill, risk=risk)
    return ill, risk


def read_patient(patient, n_rows):
    """Return each row's patient as a number from 0, and the number of patients.

    Parameters
    ----------
    patient : array-like of shape (n_rows,), optional
        Any labels; None means that every row is another patient.
    n_rows : int

    Examples
    --------
    >>> read_patient(["p", "q", "p"], 3)
    (array([0, 1, 0]), 2)
    """
    if patient is None:
        return np.arange(n_rows), n_rows
    if np.shape(patient) != (n_rows,):
        raise BadInput(f"patient must have one label for each of the {n_rows} rows.")
    codes, labels = pd.factorize(np.asarray(patient))
    if (codes < 0).any():
        raise BadInput(
            f"patient must have one label for each of the {n_rows} rows; "
            f"{int((codes < 0).sum())} have none."
        )
    return codes, len(labels)


def read_group(group, n_rows):
    """Return each row's group as a number from 0, and the groups in sorted order.

    Parameters
    ----------
    group : array-like of shape (n_rows,), or DataFrame of several columns
        Several columns make intersections: one group for each combination that
        occurs.
    n_rows : int

    Returns
    -------
    codes : ndarray of int, shape (n_rows,)
    labels : Index, or MultiIndex for several columns

    Raises
    ------
    BadInput
        If a row has no label. Whether these patients are a group of their own is for
        the user to say: ``group.fillna("not recorded")``.

    Examples
    --------
    >>> read_group(["f", "m", "f"], 3)[1]
    Index(['f', 'm'], dtype='str', name='group')
    """
    if isinstance(group, pd.DataFrame) and group.shape[1] > 1:
        return read_intersections(group, n_rows)
    if isinstance(group, pd.DataFrame):
        group = group.squeeze(axis=1)
    name = getattr(group, "name", None) or "group"
    return read_column(group, name, n_rows)


def read_column(values, name, n_rows):
    """Return one group column as numbers from 0, and its labels in sorted order.

    Examples
    --------
    >>> read_column([2, 1, 2], "ward", 3)
    (array([1, 0, 1]), Index([1, 2], dtype='int64', name='ward'))
    """
    if np.ndim(values) != 1:
        raise BadInput(f"{name} must be one column, or a DataFrame of several.")
    codes, labels = pd.factorize(pd.Series(values), sort=True)
    if len(codes) != n_rows:
        raise BadInput(f"{name} has {len(codes)} labels for {n_rows} rows.")
    if (codes < 0).any():
        n_missing = int((codes < 0).sum())
        raise BadInput(
            f"{n_missing} of {n_rows} rows have no label in {name!r}. Give them a "
            'level of their own (fillna("not recorded")) or leave them out.'
        )
    return codes, pd.Index(labels, name=name)


def read_intersections(frame, n_rows):
    """Return the combinations of several group columns that occur.

    Examples
    --------
    >>> frame = pd.DataFrame({"sex": ["f", "m", "f"], "ward": [1, 1, 1]})
    >>> read_intersections(frame, 3)[1].tolist()
    [('f', 1), ('m', 1)]
    """
    parts = [read_column(frame[name], name, n_rows) for name in frame.columns]
    sizes = tuple(len(labels) for _, labels in parts)
    cells = np.ravel_multi_index([codes for codes, _ in parts], sizes)
    occurring, codes = np.unique(cells, return_inverse=True)
    taken = np.unravel_index(occurring, sizes)
    labels = [labels.take(rows) for (_, labels), rows in zip(parts, taken, strict=True)]
    return codes, pd.MultiIndex.from_arrays(labels)
