"""How batches and answers are spelled on the way to the student's kernel and back.

Batches go in as tables, arrays or lists; answers come back as plain numbers or JSON.
Nothing is ever pickled.

`decode` runs on the student's side. `decode_numbers` and `decode_values` run on the
trusted side and take exactly what was asked for, or raise `BadReply`.
"""

import json

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
    if isinstance(batch, pd.DataFrame):
        return encode_table(batch)
    if isinstance(batch, np.ndarray):
        return encode_array(batch)
    return {"kind": "items"}, json.dumps(list(batch)).encode()


def encode_array(array):
    """Spell an array of numbers, C order, little-endian."""
    if array.dtype.kind not in NUMBER_KINDS:
        raise BadInput(f"An array of {array.dtype} cannot be served, only numbers.")
    array = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
    spec = {"kind": "array", "dtype": array.dtype.str, "shape": array.shape}
    return spec, array.tobytes()


def encode_table(table):
    """Spell a table column by column; the index is not sent."""
    if not table.columns.is_unique:
        raise BadInput("A table with two columns of the same name cannot be served.")
    columns, parts = [], []
    for name in table.columns:
        dtype, part = encode_column(table[name])
        columns.append({"name": name, "dtype": dtype, "bytes": len(part)})
        parts.append(part)
    return {"kind": "table", "rows": len(table), "columns": columns}, b"".join(parts)


def encode_column(column):
    """Spell one column: its type, and its bytes."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in NUMBER_KINDS:
        spec, part = encode_array(column.to_numpy())
        return spec["dtype"], part
    if isinstance(column.dtype, pd.StringDtype):
        values = column.to_numpy(dtype=object, na_value=None)
        return str(column.dtype), json.dumps(values.tolist()).encode()
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


def decode_numbers(payload, n_rows):
    """Return an answer of exactly `n_rows` numbers, as (n_rows,) float64.

    NaN and infinity pass: whether they are acceptable is the scorer's question.

    Examples
    --------
    >>> decode_numbers(np.array([0.5, np.nan]).tobytes(), 2)
    array([0.5, nan])
    >>> decode_numbers(b"0.5", 1)
    Traceback (most recent call last):
        ...
    coursekit.autograde.frames.BadReply: 3 bytes came back for 1 row, not 8.
    """
    if len(payload) != 8 * n_rows:
        rows = "1 row" if n_rows == 1 else f"{n_rows} rows"
        raise BadReply(f"{len(payload)} bytes came back for {rows}, not {8 * n_rows}.")
    return np.frombuffer(payload, dtype="<f8").astype(np.float64)


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
