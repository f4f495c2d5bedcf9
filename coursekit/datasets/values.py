"""One value per patient on disk: a table, an array or a list, without pickle.

What is read back equals what was written, types included; writing the same values
again gives the same bytes. A table is a CSV whose first line tells its types::

    #coursekit {"format": 1, "n_rows": 2, "columns": {"age_years": "int64"}}
    age_years
    61
    70
"""

import gzip
import io
import json
import os
import zlib
from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.errors import BadData, BadInput

FORMAT = 1
MARK = "#coursekit "
FETCH = "Keep the notebook beside its folder data, or fetch the assignment again."
MISSING_TEXT = r"\N"  # an absent text; an empty one is an empty field
SUFFIXES = (".csv.gz", ".npz", ".jsonl.gz")


def write_values(folder, name, values, *, mode=0o644):
    r"""Write a table, an array or a list as one file of a folder.

    Parameters
    ----------
    folder : path
        Exists.
    name : str
        Name of the file without its suffix, which tells the kind.
    values : DataFrame, ndarray or list
        Table: columns of numbers, truth values or text; rows are numbered anew.
        Array: of numbers. List: of what JSON can say.
    mode : int, default=0o644
        Permissions of the file.

    Returns
    -------
    pathlib.Path

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.mkdtemp()
    >>> write_values(folder, "notes", ["No fever.", "Cough"]).name
    'notes.jsonl.gz'
    >>> read_values(folder, "notes")
    ['No fever.', 'Cough']
    """
    folder = Path(folder)
    if isinstance(values, pd.DataFrame):
        return write_table(folder / f"{name}.csv.gz", values, mode=mode)
    if isinstance(values, np.ndarray):
        return write_bytes(folder / f"{name}.npz", array_bytes(values), mode)
    if isinstance(values, list):
        return write_bytes(
            folder / f"{name}.jsonl.gz", packed(json_lines(values)), mode
        )
    raise BadInput(
        f"A {type(values).__name__} cannot be stored; give a DataFrame, a numpy array "
        "or a list."
    )


def read_values(folder, name):
    """Read what `write_values` wrote under this name.

    Raises
    ------
    BadData
        If the file is missing or damaged.
    """
    path = path_of_values(folder, name)
    if path.name.endswith(".csv.gz"):
        return read_table(path)[0]
    if path.name.endswith(".npz"):
        return array_from(path)
    return [json.loads(line) for line in unpacked(path).splitlines()]


def path_of_values(folder, name):
    """Return the file that holds the values of this name, whatever their kind."""
    paths = [Path(folder) / f"{name}{suffix}" for suffix in SUFFIXES]
    there = [path for path in paths if path.is_file()]
    if len(there) == 1:
        return there[0]
    if there:
        listed = " and ".join(path.name for path in there)
        raise BadData(
            f"{folder} has both {listed}; delete the one that is out of date."
        )
    raise BadData(f"{Path(folder) / name}.csv.gz is missing. {FETCH}")


def remove_values(folder, name):
    """Delete the values of this name, whatever their kind."""
    for suffix in SUFFIXES:
        (Path(folder) / f"{name}{suffix}").unlink(missing_ok=True)


def write_table(path, table, *, mode=0o644, **note):
    """Write a table as CSV with its types, and what else `note` says, in line one."""
    if table.shape[1] == 0:
        raise BadInput("A table without columns cannot be stored.")
    if not table.columns.is_unique:
        raise BadInput("Two columns of the table have the same name. Rename one.")
    columns = {name: type_name(table, name) for name in table.columns}
    head = {"format": FORMAT, "n_rows": len(table), **note, "columns": columns}
    as_text = table.assign(
        **{
            name: escaped(table[name])
            for name, kind in columns.items()
            if kind == "str"
        }
    )
    body = as_text.to_csv(index=False, lineterminator="\n")
    return write_bytes(path, packed(f"{MARK}{json.dumps(head)}\n{body}"), mode)


def type_name(table, name):
    """Return the name of a column's type, or raise BadInput for one not stored."""
    if not isinstance(name, str):
        raise BadInput(f"The column name {name!r} is not a text. Rename it.")
    column = table[name]
    if column.dtype in ("bool", "int32", "int64", "float32", "float64"):
        return column.dtype.name
    if column.dtype in ("str", object) and all(
        isinstance(value, str) for value in column.dropna()
    ):
        return "str"
    raise BadInput(
        f"The column {name!r} has the type {column.dtype}, which cannot be stored. "
        "Make it whole numbers, floats, truth values or texts."
    )


def escaped(column):
    """Return texts in which a missing one can be told from an empty one."""
    texts = column.astype(object)
    slashed = texts.where(
        ~column.astype("str").str.startswith("\\", na=False), "\\" + texts
    )
    return slashed.where(column.notna(), MISSING_TEXT)


def unescaped(column):
    """Return the texts from which `escaped` came."""
    missing = column == MISSING_TEXT
    slashed = column.str.startswith("\\") & ~missing
    return column.where(~slashed, column.str[1:]).mask(missing)


def read_table(path):
    """Read a table that `write_table` wrote.

    Returns
    -------
    table : DataFrame
    note : dict
        The first line.

    Raises
    ------
    BadData
        If the file is missing, damaged, or from a newer coursekit.
    """
    path = Path(path)
    first, _, body = unpacked(path).partition("\n")
    try:
        note = json.loads(first.removeprefix(MARK))
        columns = note["columns"]
    except (ValueError, KeyError, TypeError):
        raise BadData(f"{path} lacks its first line. Fetch the file again.") from None
    if note["format"] > FORMAT:
        raise BadData(f"{path} was written by a newer coursekit. Update coursekit.")
    try:
        table = parse(body, columns)
    except (ValueError, pd.errors.ParserError) as error:
        raise BadData(f"{path} was altered: {error}. Fetch the file again.") from None
    if list(table) != list(columns) or len(table) != note["n_rows"]:
        raise BadData(
            f"{path} should have {note['n_rows']} rows of {len(columns)} columns; it "
            f"has {len(table)} of {table.shape[1]}. Fetch the file again."
        )
    return table, note


def parse(body, columns):
    """Return the table of a CSV text with columns of these types."""
    as_text = {"float32": "str", "float64": "str"}
    table = pd.read_csv(
        io.StringIO(body),
        dtype={name: as_text.get(kind, kind) for name, kind in columns.items()},
        keep_default_na=False,
        skip_blank_lines=False,
        lineterminator="\n",
    )
    exact = {
        name: table[name].replace("", "nan").to_numpy(object).astype(kind)
        for name, kind in columns.items()
        if kind in as_text and name in table
    }
    texts = [name for name, kind in columns.items() if kind == "str" and name in table]
    return table.assign(**exact, **{name: unescaped(table[name]) for name in texts})


def json_lines(items):
    """Return one line of JSON per item; columns of tables in it keep their order."""
    try:
        return "".join(json.dumps(item) + "\n" for item in items)
    except TypeError as error:
        raise BadInput(f"A list with what JSON cannot say: {error}.") from None


def array_bytes(values):
    """Return an array of numbers as a compressed npz file."""
    if values.dtype.kind not in "iufb":
        raise BadInput(f"An array of {values.dtype} cannot be stored; give numbers.")
    buffer = io.BytesIO()
    np.savez_compressed(buffer, values=values)
    return buffer.getvalue()


def array_from(path):
    """Read the array of an npz file; objects are refused, so nothing is unpickled."""
    try:
        with np.load(path, allow_pickle=False) as stored:
            return stored["values"]
    except (OSError, ValueError, KeyError, EOFError, zlib.error) as error:
        raise BadData(f"{path} is damaged: {error}. Fetch the file again.") from None


def packed(text):
    """Return text compressed, without the time in the header."""
    return gzip.compress(text.encode(), compresslevel=6, mtime=0)


def unpacked(path):
    """Return the text of a compressed file, or raise BadData saying what is wrong."""
    try:
        return gzip.decompress(Path(path).read_bytes()).decode()
    except FileNotFoundError:
        raise BadData(f"{path} is missing. {FETCH}") from None
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        raise BadData(f"{path} is damaged. Fetch the file again.") from None


def write_bytes(path, content, mode):
    """Write a file beside its place and rename it, so that it is never half there."""
    path = Path(path)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, mode)
        file.write(content)
    os.replace(beside, path)
    return path
