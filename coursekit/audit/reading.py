"""Reading a table of scores, whatever program wrote it.

A cell is never guessed at: what could be read in two ways is asked for, and each
refusal names the column, shows an example and says what to do.
"""

import csv
import difflib
from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.errors import BadData, BadInput

SEPARATORS = (",", ";", "\t", "|")
MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "."}


def read_table(file):
    r"""Read a CSV file; every cell stays text, as it was written.

    Parameters
    ----------
    file : path
        ``.csv`` or ``.csv.gz``, separated by comma, semicolon, tab or bar, in UTF-8
        (with or without a byte order mark), UTF-16 or Latin-1.

    Returns
    -------
    DataFrame of str
        Its ``attrs["format"]`` says how the file was read.

    Raises
    ------
    BadData
        If the file is missing, empty, a spreadsheet, or not a table.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "scores.csv"
    ...     _ = file.write_text("y;p\n1;0,7\n0;0,2\n")
    ...     read_table(file)["p"].tolist()
    ['0,7', '0,2']
    """
    head = first_bytes(file)
    encoding = encoding_of(head)
    first = head.decode(encoding, errors="replace").splitlines()[0]
    separator = max(SEPARATORS, key=first.count)
    if not first.count(separator):
        raise BadData(
            f"The first line of {file} names one column only. Save the table as CSV, "
            "its columns named in the first line and separated by commas."
        )
    refuse_doubled(next(csv.reader([first], delimiter=separator)), file)
    table, encoding = parsed(file, separator, encoding)
    table.columns = [str(name).strip() for name in table.columns]
    if table.empty:
        raise BadData(f"{file} has column names but no rows. Export it again.")
    table.attrs["format"] = f"separated by {separator!r}, {encoding}"
    return table


def refuse_doubled(names, file):
    """Refuse a table with two columns of one name.

    Examples
    --------
    >>> refuse_doubled(["y", "p", "p"], "scores.csv")
    Traceback (most recent call last):
    coursekit.errors.BadData: scores.csv has two columns named 'p'. Rename one.
    """
    names = [name.strip() for name in names]
    for name in names:
        if name and names.count(name) > 1:
            raise BadData(f"{file} has two columns named {name!r}. Rename one.")


def first_bytes(file):
    """Return the beginning of a file, unpacked; refuse what is no text.

    Examples
    --------
    >>> first_bytes("nowhere.csv")
    Traceback (most recent call last):
    coursekit.errors.BadData: nowhere.csv is missing. Check the name and the folder.
    """
    import gzip

    path = Path(file)
    if not path.exists():
        raise BadData(f"{file} is missing. Check the name and the folder.")
    if path.is_dir():
        raise BadData(f"{file} is a folder. Give the CSV file in it.")
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rb") as stream:
        head = stream.read(1 << 20)
    if not head.strip():
        raise BadData(f"{file} is empty. Export the scores again.")
    if head[:2] == b"PK" or head[:4] == b"\xd0\xcf\x11\xe0":
        raise BadData(f"{file} is a spreadsheet. Open it and save it as CSV.")
    return head


def encoding_of(head):
    r"""Return how the beginning of a file is coded.

    Examples
    --------
    >>> encoding_of("é".encode()), encoding_of(b"\xef\xbb\xbfy,p")
    ('utf-8', 'utf-8-sig')
    """
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    return "utf-8"


def parsed(file, separator, encoding):
    """Return the table and the coding that worked, UTF-8 first, then Latin-1."""
    try:
        return (
            pd.read_csv(
                file,
                sep=separator,
                encoding=encoding,
                dtype=str,
                keep_default_na=False,
                index_col=False,
            ),
            encoding,
        )
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise BadData(f"{file} is damaged: it is not {encoding}.") from None
        return parsed(file, separator, "latin-1")
    except (pd.errors.ParserError, pd.errors.ParserWarning) as error:
        raise BadData(f"{file} is not a table: {error}. Export it again.") from None


def check_named(table, names):
    """Refuse names that the table does not have; the nearest column is named.

    Examples
    --------
    >>> check_named(pd.DataFrame({"risk": [], "sex": []}), ["rsik"])
    Traceback (most recent call last):
    coursekit.errors.BadInput: There is no column 'rsik'; did you mean 'risk'? The \
columns are: risk, sex.
    """
    columns = [str(name) for name in table.columns]
    for name in names:
        if name in columns:
            continue
        by_small = {column.lower(): column for column in reversed(columns)}
        near = difflib.get_close_matches(name.lower(), by_small, n=1, cutoff=0.5)
        hint = f"; did you mean {by_small[near[0]]!r}?" if near else "."
        raise BadInput(
            f"There is no column {name!r}{hint} The columns are: "
            f"{', '.join(columns[:30])}."
        )


def text_of(values):
    """Return a column as stripped text, missing cells as the empty string.

    Examples
    --------
    >>> text_of(pd.Series([" 1", None, "NA"])).tolist()
    ['1', '', '']
    """
    codes, labels = pd.factorize(values)
    stripped = [str(label).strip() for label in labels]
    stripped = ["" if each.lower() in MISSING else each for each in stripped]
    return pd.Series(np.array([*stripped, ""], dtype=object)[codes], name=values.name)
