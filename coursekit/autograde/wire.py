"""How batches and answers are spelled on the way to the student's kernel and back.

Batches go in as tables, arrays or lists; answers come back as plain numbers or JSON.
Nothing is ever pickled.

`decode` runs on the student's side. `decode_numbers` and `decode_values` run on the
trusted side and take exactly what was asked for, or raise `BadReply`.
"""

import json
import math

import numpy as np
import pandas as pd

from coursekit.autograde.frames import BadReply, parse
from coursekit.errors import BadInput

VALUES_CAP = 1 << 20  # bytes of the JSON answers to one batch
NUMBER_KINDS = "biuf"  # bool, int, unsigned, float


def encode(batch):
    """Spell a batch of inputs.

    Parameters
    ----------
    batch : DataFrame, ndarray or list
        A table with columns of numbers, booleans or strings; an array of numbers;
        or a list of JSON values.

    Returns
    -------
    tuple of (dict, bytes)
        What `decode` needs to know, and the payload.

    Raises
    ------
    BadInput
        For a column or an array of another type.

    Examples
    --------
    >>> spec, payload = encode(np.array([[1.0, 2.0]]))
    >>> decode(spec, payload)
    array([[1., 2.]])
    """
    return spelling(batch)(np.arange(len(batch)))


def spelling(inputs):
    """Make inputs ready once, so that any of their rows are spelled quickly.

    Parameters
    ----------
    inputs
        As `encode` takes a batch.

    Returns
    -------
    callable
        From positions of rows to what `encode` returns for these rows.

    Examples
    --------
    >>> spell = spelling(["a", "b", "c"])
    >>> spell(np.array([2, 0]))
    ({'kind': 'items'}, b'["c", "a"]')
    """
    if isinstance(inputs, pd.DataFrame):
        return table_spelling(inputs)
    if isinstance(inputs, np.ndarray):
        return array_spelling(inputs)
    items = list(inputs)
    return lambda rows: (
        {"kind": "items"},
        json.dumps([items[row] for row in rows]).encode(),
    )


def array_spelling(array):
    """Spell rows of an array of numbers, C order, little-endian."""
    array = little_endian(array)

    def spell(rows):
        shape = (len(rows), *array.shape[1:])
        spec = {"kind": "array", "dtype": array.dtype.str, "shape": shape}
        return spec, array[rows].tobytes()

    return spell


def little_endian(array):
    """Return an array of numbers with its bytes in the order in which they travel."""
    if array.dtype.kind not in NUMBER_KINDS:
        raise BadInput(f"An array of {array.dtype} cannot be served, only numbers.")
    return array.astype(array.dtype.newbyteorder("<"), copy=False)


def table_spelling(table):
    """Spell rows of a table column by column; the index is not sent."""
    if not table.columns.is_unique:
        raise BadInput("A table with two columns of the same name cannot be served.")
    columns = {name: column_spelling(table[name]) for name in table.columns}

    def spell(rows):
        parts = [of_rows(rows) for _, of_rows in columns.values()]
        spec = [
            {"name": name, "dtype": dtype, "bytes": len(part)}
            for (name, (dtype, _)), part in zip(columns.items(), parts, strict=True)
        ]
        return {"kind": "table", "rows": len(rows), "columns": spec}, b"".join(parts)

    return spell


def column_spelling(column):
    """Return the type of a column, and what spells rows of it as bytes."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in NUMBER_KINDS:
        numbers = little_endian(column.to_numpy())
        return numbers.dtype.str, lambda rows: numbers[rows].tobytes()
    if isinstance(column.dtype, pd.StringDtype):
        values = column.to_numpy(dtype=object, na_value=None)
        texts = np.array([json.dumps(value) for value in values], dtype=object)
        return str(column.dtype), lambda rows: f"[{', '.join(texts[rows])}]".encode()
    raise BadInput(
        f"The column {column.name!r} has the type {column.dtype}, which cannot be "
        "served. Make it numbers, booleans or strings (dtype 'str')."
    )


def decode(spec, payload):
    """Return the batch that `encode` spelled, a fresh copy at each call."""
    if spec["kind"] == "table":
        return decode_table(spec, payload)
    if spec["kind"] == "array":
        return decode_array(spec["dtype"], payload).reshape(spec["shape"])
    return json.loads(payload)


def decode_array(dtype, payload):
    """Return the numbers in some bytes, writable."""
    return np.frombuffer(payload, dtype=dtype).copy()


def decode_table(spec, payload):
    """Return a table, its rows numbered from 0."""
    columns, start = {}, 0
    for column in spec["columns"]:
        part = payload[start : start + column["bytes"]]
        start += column["bytes"]
        columns[column["name"]] = decode_column(column["dtype"], part)
    return pd.DataFrame(columns, index=pd.RangeIndex(spec["rows"]))


def decode_column(dtype, part):
    """Return one column of a table."""
    if dtype.startswith("str"):
        return pd.Series(json.loads(part), dtype=dtype)
    return decode_array(dtype, part)


def decode_numbers(payload, shape, dtype="float64"):
    """Return an answer of exactly this shape and type.

    NaN and infinity pass: whether they are acceptable is the scorer's question.

    Examples
    --------
    >>> decode_numbers(np.array([0.5, np.nan]).tobytes(), (2,))
    array([0.5, nan])
    >>> decode_numbers(b"0.5", (1,))
    Traceback (most recent call last):
        ...
    coursekit.autograde.frames.BadReply: 3 bytes came back for 1 row, not 8.
    """
    size = size_of(shape, dtype)
    if len(payload) != size:
        rows = "1 row" if shape[0] == 1 else f"{shape[0]} rows"
        raise BadReply(f"{len(payload)} bytes came back for {rows}, not {size}.")
    little = np.dtype(dtype).newbyteorder("<")
    return np.frombuffer(payload, dtype=little).astype(dtype).reshape(shape)


def size_of(shape, dtype):
    """Return how many bytes numbers of a shape and type take.

    Examples
    --------
    >>> size_of((2, 64, 64), "float32")
    32768
    """
    return math.prod(shape) * np.dtype(dtype).itemsize


def decode_values(payload, n_items):
    """Return an answer of exactly `n_items` JSON values, as a list.

    Examples
    --------
    >>> decode_values(b'[1, {"low": 0.5}]', 2)
    [1, {'low': 0.5}]
    """
    values = parse(payload)
    if not isinstance(values, list) or len(values) != n_items:
        raise BadReply(f"Something else came back than a list of {n_items} answers.")
    return values
