"""Making outcomes, risks, groups and dates of columns of text."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.audit.dates import dates_of
from coursekit.audit.reading import check_named, text_of
from coursekit.errors import BadData, BadInput

YES = {"1", "1.0", "true", "t", "yes", "y"}
NO = {"0", "0.0", "false", "f", "no", "n"}
NOT_RECORDED = "not recorded"
MOST_GROUPS = 30
FEWEST = 10  # of either outcome, or there is nothing to audit


@dataclass(frozen=True)
class Columns:
    """Which column is what.

    Examples
    --------
    >>> Columns("y", "p", ("sex",)).named
    ['y', 'p', 'sex']
    """

    truth: str
    score: str
    groups: tuple = ()
    date: str | None = None
    patient: str | None = None

    @property
    def named(self):
        """All names, in the order of the command."""
        names = [self.truth, self.score, *self.groups, self.date, self.patient]
        return [name for name in names if name is not None]


@dataclass(frozen=True, eq=False)
class Scores:
    """Rows that can be judged: outcome, score and what is known of the patient.

    Examples
    --------
    >>> table = pd.DataFrame({"y": list("10") * 10, "p": [".7", ".2"] * 10})
    >>> scores_of(table, Columns("y", "p")).risk[:2].tolist()
    [0.7, 0.2]
    """

    y: np.ndarray  # (n,), 0 or 1
    risk: np.ndarray  # (n,), in [0, 1]
    groups: pd.DataFrame  # (n, n_attributes), text
    date: pd.Series | None  # (n,), NaT where there is none
    patient: np.ndarray | None  # (n,), numbers
    left_out: dict  # reason -> number of rows
    notes: tuple  # how the columns were read


def scores_of(table, columns, *, date_format=None, percent=False):
    """Return the rows that can be judged.

    Parameters
    ----------
    table : DataFrame of str or numbers
    columns : Columns
    date_format : str, optional
        ``"iso"``, ``"dmy"``, ``"mdy"`` or a format of `strptime`; needed only where
        the dates could be read in two ways.
    percent : bool
        The score runs from 0 to 100.

    Raises
    ------
    BadInput, BadData
        Saying which column, which cell, and what to do.

    Examples
    --------
    >>> table = pd.DataFrame({"y": list("10") * 11, "p": [".7", ".2"] * 10 + ["", "1"]})
    >>> scores_of(table, Columns("y", "p")).left_out
    {"'p' is empty": 1}
    """
    check_named(table, columns.named)
    if len(set(columns.named)) < len(columns.named):
        raise BadInput("One column was named twice. Give each column one part.")
    y = outcomes(table[columns.truth])
    risk, notes = risks(table[columns.score], percent)
    kept = ~np.isnan(y) & ~np.isnan(risk)
    left_out = {
        f"{columns.truth!r} is empty": int(np.isnan(y).sum()),
        f"{columns.score!r} is empty": int((np.isnan(risk) & ~np.isnan(y)).sum()),
    }
    y = y[kept].astype(int)
    refuse_one_outcome(y, columns.truth)
    groups = {name: labels(table[name]).to_numpy()[kept] for name in columns.groups}
    dates = None
    if columns.date:
        dates = dates_of(table[columns.date], date_format)[kept].reset_index(drop=True)
    patient = None
    if columns.patient:
        patient = patients(table[columns.patient])[kept]
    return Scores(
        y=y,
        risk=risk[kept],
        groups=pd.DataFrame(groups, index=range(len(y))),
        date=dates,
        patient=patient,
        left_out={why: count for why, count in left_out.items() if count},
        notes=notes,
    )


def outcomes(values):
    """Return a column as 0, 1 or NaN; yes/no and true/false are understood.

    Examples
    --------
    >>> outcomes(pd.Series(["1", "no", ""])).tolist()
    [1.0, 0.0, nan]
    """
    text = text_of(values).str.lower()
    known = text.isin(YES | NO | {""})
    if not known.all():
        odd = sorted(set(text[~known]))
        raise BadData(
            f"{values.name!r} must be 1 (it happened) or 0 (it did not), but "
            f"{int((~known).sum()):,} cells are neither, such as {odd[0]!r} in row "
            f"{int(np.argmin(known)) + 2}. Write 1 and 0, or leave unknown ones empty."
        )
    return np.where(text == "", np.nan, text.isin(YES).to_numpy(float))


def risks(values, percent):
    """Return a column as probabilities (NaN where empty), and how it was read.

    Examples
    --------
    >>> risks(pd.Series(["12%", "0,5 %"], name="p"), False)[0].tolist()
    [0.12, 0.005]
    """
    notes = []
    if pd.api.types.is_numeric_dtype(values):
        number, text = values.to_numpy(float), values.astype(str)
    else:
        text = text_of(values)
        if has_percent_signs(text, values.name):
            percent = True
            text = text.str.rstrip("% ")
        if text.str.fullmatch(r"-?\d*,\d+").any():
            text = text.str.replace(",", ".")
            notes.append("Commas in the score were read as decimal points.")
        number = pd.to_numeric(text, errors="coerce").to_numpy(float)
        refuse_text(number, text, values.name)
    if percent:
        number = number / 100
        notes.append("The score was read as percentages and divided by 100.")
    refuse_range(number, text, values.name)
    return number, tuple(notes)


def has_percent_signs(text, name):
    """Return whether cells end with a % sign; refuse some with and some without.

    Examples
    --------
    >>> has_percent_signs(pd.Series(["12 %", ""]), "p")
    True
    """
    signed = text.str.endswith("%")
    if signed.any() and not (signed | (text == "")).all():
        raise BadData(
            f"{name!r} has {int(signed.sum()):,} cells with a % sign and others "
            "without. Write all of them in one way."
        )
    return bool(signed.any())


def refuse_text(number, text, name):
    """Refuse text in a column of numbers."""
    wrong = np.isnan(number) & (text != "").to_numpy()
    if wrong.any():
        row = int(np.argmax(wrong))
        raise BadData(
            f"{name!r} must be numbers, but {int(wrong.sum()):,} cells are not, such "
            f"as {text.iloc[row]!r} in row {row + 2}. Correct them, or leave them "
            "empty and their rows are left out and counted."
        )


def refuse_range(number, text, name):
    """Refuse scores outside [0, 1]; say so if they look like percentages.

    Examples
    --------
    >>> refuse_range(np.array([0.2, 87.0]), pd.Series(["0.2", "87"]), "p")
    Traceback (most recent call last):
    coursekit.errors.BadData: 'p' runs from 0.2 to 87: these look like percentages. \
Add --percent, and they are divided by 100.
    """
    wrong = (number < 0) | (number > 1)
    if not wrong.any():
        return
    low, high = np.nanmin(number), np.nanmax(number)
    if low >= 0 and 2 < high <= 100:
        raise BadData(
            f"{name!r} runs from {low:g} to {high:g}: these look like percentages. "
            "Add --percent, and they are divided by 100."
        )
    row = int(np.argmax(wrong))
    raise BadData(
        f"{name!r} must be probabilities between 0 and 1, but {int(wrong.sum()):,} are "
        f"not, such as {text.iloc[row]!r} in row {row + 2}. Points or log odds are no "
        "probabilities: ask whoever made the model for the probabilities."
    )


def refuse_one_outcome(y, name):
    """Refuse patients of whom nearly all had, or had not, the outcome."""
    n_ill = int(y.sum())
    if min(n_ill, len(y) - n_ill) < FEWEST:
        raise BadData(
            f"{name!r} is 1 in {n_ill:,} of {len(y):,} rows that have a score. An "
            f"audit needs at least {FEWEST} patients with the outcome and {FEWEST} "
            "without. Is it the right column, and are all patients in the file?"
        )


def labels(values):
    """Return a column as names of groups; refuse one with too many.

    Examples
    --------
    >>> labels(pd.Series(["f", ""], name="sex")).tolist()
    ['f', 'not recorded']
    """
    text = text_of(values)
    text = text.mask(text == "", NOT_RECORDED)
    n_groups = text.nunique()
    if n_groups > MOST_GROUPS:
        raise BadData(
            f"{values.name!r} has {n_groups:,} different values, and groups can be at "
            f"most {MOST_GROUPS}. Put numbers (such as age) into bands, and small "
            "groups together, in a column of their own."
        )
    return text


def patients(values):
    """Return the numbers of patients; refuse rows without one."""
    text = text_of(values)
    empty = text == ""
    if empty.any():
        raise BadData(
            f"{values.name!r} is empty in {int(empty.sum()):,} rows, such as row "
            f"{int(np.argmax(empty)) + 2}. Fill it, or leave --patient out."
        )
    return pd.factorize(text)[0]
