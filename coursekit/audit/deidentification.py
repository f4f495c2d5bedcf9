"""Looking for columns that could point at a person.

Columns are judged by their names and by what their cells look like. No cell that
looks like an identifier is ever kept or shown: only the column, the kind and a count.
A table in which nothing is found is not thereby de-identified.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.audit.reading import text_of

MOST_LOOKED_AT = 20_000  # rows a column, evenly spread
FEW = 11  # patients; groups smaller than this could point at a person
OLDEST = 89  # years; HIPAA's Safe Harbor counts ages above as an identifier

NAMES = {
    "name": r"(first|last|full|given|sur|family|patient|middle)_?name|^name$|^nombre$",
    "record number": r"mrn|medical_?record|ssn|social_?security|passport|account|"
    r"insurance_?(id|number)|^nhs(_?number)?$",
    "date of birth": r"birth|^dob$|_dob$|^dob_",
    "telephone number": r"phone|mobile|^tel$|^fax",
    "e-mail address": r"e_?mail",
    "address": r"address|street|zip|post_?code",
}
CELLS = {
    "e-mail address": r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}",
    "social security number": r"\d{3}-\d{2}-\d{4}",
    "telephone number": r"(\+\d{1,3}[ .-]?)?(\(\d{2,4}\)|\d{3})[ .-]\d{3}[ .-]\d{3,4}",
    "address": r"\d+ [A-Za-z .]+ (street|st|avenue|ave|road|rd|lane|drive)\.?",
}
ADVICE = {
    "name": "Remove the column.",
    "record number": "Remove it, or replace it by a number that means nothing.",
    "date of birth": "Replace it by an age band.",
    "telephone number": "Remove the column.",
    "e-mail address": "Remove the column.",
    "social security number": "Remove the column.",
    "address": "Remove it, or keep a region of at least 20,000 people.",
    "free text": "Remove it: notes often name people.",
    "age above 89": "Write these ages as 90 or older.",
    "different in nearly every row": "It may be a record number. Remove it unless it "
    "is a number made for this table.",
}


@dataclass(frozen=True)
class Suspicion:
    """A column that could point at a person.

    Examples
    --------
    >>> Suspicion("mail", "e-mail address", 12).advice
    'Remove the column.'
    """

    column: str
    kind: str
    n_cells: int | None  # that look so; None where the column's name gave it away

    @property
    def advice(self):
        """What to do with the column."""
        return ADVICE[self.kind]


@dataclass(frozen=True)
class RareGroups:
    """How few patients share the same values of the group columns.

    Examples
    --------
    >>> rare_groups(pd.DataFrame({"sex": ["f"] * 20 + ["m"]})).n_rows
    1
    """

    smallest: int
    n_combinations: int
    n_rare: int  # combinations of fewer than 11 rows
    n_rows: int  # rows in them


def suspicions(table, columns):
    """Return the columns that look as if they could point at a person.

    Parameters
    ----------
    table : DataFrame
    columns : Columns
        The outcome, score and date are known for what they are.

    Examples
    --------
    >>> from coursekit.audit.columns import Columns
    >>> table = pd.DataFrame({"y": ["1"], "p": ["0.2"], "contact": ["a@example.org"]})
    >>> [(each.column, each.kind) for each in suspicions(table, Columns("y", "p"))]
    [('contact', 'e-mail address')]
    """
    known = {columns.truth, columns.score, columns.date}
    step = max(1, len(table) // MOST_LOOKED_AT)
    found = []
    for name in table:
        if name not in known:
            sampled = text_of(table[name].iloc[::step])
            number = name in columns.groups or name == columns.patient
            found.append(suspicion(name, sampled, identifier_expected=number))
    return tuple(each for each in found if each is not None)


def suspicion(name, text, *, identifier_expected=False):
    """Return what a column's name and cells make it look like, or None.

    Examples
    --------
    >>> suspicion("patient_name", pd.Series(["x"])).kind
    'name'
    >>> suspicion("ward", pd.Series(["a", "b", "a"])) is None
    True
    """
    tidy = re.sub(r"(?<=[a-z])(?=[A-Z])|[^A-Za-z0-9]+", "_", name).lower().strip("_")
    for kind, pattern in NAMES.items():
        if re.search(pattern, tidy):
            return Suspicion(name, kind, None)
    cells = text[text != ""]
    if not len(cells):
        return None
    for kind, pattern in CELLS.items():
        n_cells = int(cells.str.fullmatch(pattern, flags=re.IGNORECASE).sum())
        if n_cells:
            return Suspicion(name, kind, n_cells)
    return suspicion_of_values(name, tidy, cells, identifier_expected)


def suspicion_of_values(name, tidy, cells, identifier_expected):
    """Return whether cells are free text, high ages or one of a kind, or None.

    Examples
    --------
    >>> suspicion_of_values("age", "age", pd.Series(["91", "40"]), False).kind
    'age above 89'
    """
    if re.search(r"(^|_)age(_years)?$", tidy):
        ages = pd.to_numeric(cells, errors="coerce")
        n_old = int((ages > OLDEST).sum())
        return Suspicion(name, "age above 89", n_old) if n_old else None
    n_words = cells.str.count(r"\s+") + 1
    n_long = int((n_words >= 6).sum())
    if n_long > 0.05 * len(cells) and cells[n_words >= 6].nunique() > 0.5 * n_long:
        return Suspicion(name, "free text", n_long)
    whole = cells.str.fullmatch(r"[A-Za-z]{0,4}-?\d{5,}").mean() > 0.9
    one_of_a_kind = len(cells) >= 50 and cells.nunique() > 0.95 * len(cells)
    if one_of_a_kind and whole and not identifier_expected:
        return Suspicion(name, "different in nearly every row", None)
    return None


def rare_groups(groups):
    """Return how many rows share their group values with few others, or None.

    References
    ----------
    Sweeney 2002, Int. J. Uncertainty, Fuzziness and Knowledge-Based Systems 10:557-570
    (k-anonymity).
    """
    if groups.shape[1] == 0:
        return None
    sizes = groups.groupby(list(groups.columns)).size().to_numpy()
    rare = sizes < FEW
    return RareGroups(
        smallest=int(sizes.min()),
        n_combinations=len(sizes),
        n_rare=int(rare.sum()),
        n_rows=int(np.where(rare, sizes, 0).sum()),
    )
