"""What the table holds: rows, gaps in it, doubles, ranges and dates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.audit.reading import text_of
from coursekit.metrics import Estimate, wilson

LEVEL = 0.95


@dataclass(frozen=True, eq=False)
class DataCheck:
    """What a reader must know of the table before believing any figure.

    Examples
    --------
    >>> DataCheck(2, 2, {}, {}, 0, 2, None, 1, wilson(1, 2), (0.1, 0.9), 2).n_used
    2
    """

    n_rows: int
    n_used: int
    left_out: dict  # reason -> rows
    empty: dict  # named column -> share of empty cells, where there are any
    n_doubled_rows: int  # rows equal in every column to an earlier one
    n_patients: int | None  # None if no column says who the patient is
    dates: tuple | None  # first, last, rows without a date
    n_ill: int
    prevalence: Estimate
    risk_range: tuple  # lowest and highest score, in [0, 1]
    n_distinct: int  # different scores


def check_table(table, columns, scores):
    """Count what is in the table.

    Examples
    --------
    >>> from coursekit.audit.columns import Columns, scores_of
    >>> table = pd.DataFrame({"y": list("10") * 10, "p": [".7", ".2"] * 10})
    >>> columns = Columns("y", "p")
    >>> check_table(table, columns, scores_of(table, columns)).n_doubled_rows
    18
    """
    empty = {name: share_empty(table[name]) for name in columns.named}
    n_ill = int(scores.y.sum())
    n_patients = None
    if scores.patient is not None:
        n_patients = len(np.unique(scores.patient))
    return DataCheck(
        n_rows=len(table),
        n_used=len(scores.y),
        left_out=scores.left_out,
        empty={name: share for name, share in empty.items() if share > 0},
        n_doubled_rows=doubled_rows(table),
        n_patients=n_patients,
        dates=date_range(scores.date),
        n_ill=n_ill,
        prevalence=wilson(n_ill, len(scores.y), LEVEL),
        risk_range=(float(scores.risk.min()), float(scores.risk.max())),
        n_distinct=len(np.unique(scores.risk)),
    )


def share_empty(values):
    """Return the share of empty cells.

    Examples
    --------
    >>> share_empty(pd.Series(["a", "NA"]))
    0.5
    """
    return float((text_of(values) == "").mean())


def doubled_rows(table):
    """Return how many rows repeat an earlier row in every column.

    Examples
    --------
    >>> doubled_rows(pd.DataFrame({"y": ["1", "1", "0"], "p": [".1", ".1", ".1"]}))
    1
    """
    mixed = np.zeros(len(table), dtype=np.uint64)
    for name in table:
        codes = pd.factorize(table[name])[0].astype(np.uint64)
        mixed = mixed * np.uint64(0x9E3779B97F4A7C15) + codes
        mixed ^= mixed >> np.uint64(29)
    return int(pd.Series(mixed).duplicated().sum())


def date_range(dates):
    """Return the first and last date and how many are missing, or None.

    Examples
    --------
    >>> date_range(pd.Series(pd.to_datetime(["2024-01-31", None])))
    ('2024-01-31', '2024-01-31', 1)
    """
    if dates is None or dates.isna().all():
        return None
    first, last = (f"{each:%Y-%m-%d}" for each in (dates.min(), dates.max()))
    return first, last, int(dates.isna().sum())
