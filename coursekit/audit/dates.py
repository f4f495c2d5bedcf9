"""Making dates of a column of text, in one format for the whole column."""

import re

import numpy as np
import pandas as pd

from coursekit.audit.reading import text_of
from coursekit.errors import BadData

FORMATS = {"iso": "%Y-%m-%d", "dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}
SLASHED = re.compile(r"\d{1,2}([/.-])\d{1,2}\1\d{4}")


def dates_of(values, date_format=None):
    """Return a column as dates, NaT where empty.

    Raises
    ------
    BadData
        If a date can be read as day/month or month/day and nothing tells which, or
        is no date.

    Examples
    --------
    >>> dates_of(pd.Series(["31/01/2024", "02/03/2024"])).dt.month.tolist()
    [1, 3]
    """
    text = text_of(values)
    codes, seen = pd.factorize(text)
    seen = pd.Series(seen, dtype=object)
    short = seen.str.split(r"[T ]", regex=True).str[0]
    chosen = FORMATS.get(date_format, date_format) or format_of(short, values.name)
    tidy = short.str.replace(r"[.-]", "/", regex=True) if "/" in chosen else short
    found = pd.to_datetime(
        seen if "%H" in chosen else tidy, format=chosen, errors="coerce"
    )
    wrong = (found.isna() & (seen != "")).to_numpy()[codes]
    if wrong.any():
        row = int(np.argmax(wrong))
        raise BadData(
            f"{values.name!r} has {int(wrong.sum()):,} cells that are no date written "
            f"like {chosen}, such as {text.iloc[row]!r} in row {row + 2}. Write all "
            "dates in one way, best as 2024-12-31, or give --date-format."
        )
    return found.take(codes).reset_index(drop=True)


def format_of(seen, name):
    """Return the one format that dates can have; ask where there are two.

    Examples
    --------
    >>> format_of(pd.Series(["01/02/2024", "05/06/2024"]), "day")
    Traceback (most recent call last):
    coursekit.errors.BadData: 'day' has dates such as '01/02/2024', which could be \
day/month or month/day. Add --date-format dmy or --date-format mdy.
    """
    written = seen[seen != ""]
    if not written.str.fullmatch(SLASHED).any():
        return FORMATS["iso"]
    parts = written[written.str.fullmatch(SLASHED)].str.split(r"[/.-]", regex=True)
    first, second = parts.str[0].astype(int).max(), parts.str[1].astype(int).max()
    if first > 12 and second <= 12:
        return FORMATS["dmy"]
    if second > 12 and first <= 12:
        return FORMATS["mdy"]
    if first > 12:
        raise BadData(
            f"{name!r} has dates in two ways: some with the day first, others with "
            "the month first. Write all of them in one way, best as 2024-12-31."
        )
    raise BadData(
        f"{name!r} has dates such as {written.iloc[0]!r}, which could be day/month or "
        "month/day. Add --date-format dmy or --date-format mdy."
    )
