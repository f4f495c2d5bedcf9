"""Text for cells that we write: one line, and never a spreadsheet's formula."""

import csv
import io
import re

from coursekit.autograde.export import harmless

# Behind what some spreadsheets may take for a delimiter, a formula could start too.
WITHIN = re.compile(r"([;|]\s*)([=+\-@])")
BREAKS = re.compile(r"[\t\r\n\v\f\x85\u2028\u2029]+")
FULL_WIDTH = ("\uff1d", "\uff0b", "\uff0d", "\uff20")  # =, +, - and @ in wide letters


def safe(value):
    r"""Return a value for a cell that can do nothing in a spreadsheet.

    Numbers stay numbers. Text becomes one line; what would start a formula gets a
    quote before it.

    Examples
    --------
    >>> print(safe('=HYPERLINK("x")'), safe("a; -b"), safe("one\ntwo"), safe(-2))
    '=HYPERLINK("x") a; '-b one two -2
    """
    if not isinstance(value, str):
        return harmless(value)
    line = BREAKS.sub(" ", value).strip()
    line = "".join(char for char in line if char.isprintable())
    line = f"'{line}" if line.startswith(FULL_WIDTH) else line
    return harmless(WITHIN.sub(r"\1'\2", line))


def to_csv(columns, rows):
    """Return a CSV file in UTF-8 as bytes.

    Parameters
    ----------
    columns : sequence of str
    rows : iterable of dict
        Column -> value; what is left out or None is an empty cell.
    """
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: safe(value) for key, value in row.items()})
    return text.getvalue().encode("utf-8", errors="replace")
