"""Cases: questions whose inputs hold whole tables, and models that can be asked.

A case travels as an object of JSON, one keyword argument a name. In it
``{"table": {"age_years": [61, 70]}}`` is a table, ``{"array": [0, 1]}`` an array and
``{"model": {...}}`` a model.
"""

import numpy as np
import pandas as pd

TABLE, MODEL, ARRAY = "table", "model", "array"


def table_value(table):
    """Return a table as it stands in a case.

    Parameters
    ----------
    table : DataFrame
        Columns of numbers, truth values or text; the index is left out. A missing
        number stays NaN.

    Returns
    -------
    dict
        ``{"table": {column: list of values}}``, plain values only.

    Examples
    --------
    >>> table_value(pd.DataFrame({"age_years": [61, 70]}))
    {'table': {'age_years': [61, 70]}}
    """
    return {TABLE: {name: table[name].tolist() for name in table.columns}}


def array_value(values):
    """Return an array as it stands in a case.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Plain numbers.

    Examples
    --------
    >>> array_value(np.array([0, 1]))
    {'array': [0, 1]}
    """
    return {ARRAY: values.tolist()}


def open_case(case):
    """Return a case as keyword arguments: tables, arrays and models made real.

    Parameters
    ----------
    case : dict
        As `table_value`, `array_value` and the generators of cases write it.

    Returns
    -------
    dict
        New at each call: what a function does to a table, no other one sees.

    Examples
    --------
    >>> case = {"patients": {"table": {"age_years": [61, 70]}}, "alert_rate": 0.2}
    >>> opened = open_case(case)
    >>> opened["patients"].shape, opened["alert_rate"]
    ((2, 1), 0.2)
    """
    return {name: opened(value) for name, value in case.items()}


def is_case(item):
    """Return True where an item holds a table, an array or a model.

    Examples
    --------
    >>> is_case({"train": {"table": {}}}), is_case({"prevalence": 0.1}), is_case("Hi.")
    (True, False, False)
    """
    return isinstance(item, dict) and any(isinstance(v, dict) for v in item.values())


def opened(value):
    """Return one argument of a case."""
    if not isinstance(value, dict) or len(value) != 1:
        return value
    (kind, inner), *_ = value.items()
    if kind == TABLE:
        return pd.DataFrame(inner)
    if kind == ARRAY:
        return np.asarray(inner)
    if kind == MODEL:
        from coursekit.datasets.given_models import given_model

        return given_model(inner)
    return value


def table_reply(table):
    """Return a table as an answer sends it; anything else goes as it is.

    Parameters
    ----------
    table : DataFrame
        Columns of numbers, text or days. A day is sent as text, year-month-day, and
        what is missing as None.

    Returns
    -------
    dict
        ``{"table": {column: list of values}}``.

    Examples
    --------
    >>> table_reply(pd.DataFrame({"day": pd.to_datetime(["2014-03-09", None])}))
    {'table': {'day': ['2014-03-09', None]}}
    >>> table_reply([1, 2])
    [1, 2]
    """
    if not isinstance(table, pd.DataFrame):
        return table
    return {TABLE: {str(name): sent(column) for name, column in table.items()}}


def sent(column):
    """Return a column as a list of plain values, None where one is missing."""
    if column.dtype == bool:
        column = column.astype(int)
    if column.dtype.kind == "M":
        column = column.dt.strftime("%Y-%m-%d")
    return column.astype(object).where(column.notna(), None).tolist()
