"""A cleaned table beside what was found and what is true: aligned, row by row."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from coursekit.grading.tables import FLAG, KEY, is_missing

NOT_ORDERED = "not-ordered"  # nothing to be found: a value that is missing
LOOK_AHEAD = "look-ahead"
TWICE = "duplicate-patient"
NAMES = ("patient_id", "last_name", "first_name")  # may be spelt as one likes
SAME = 0.001  # relative difference of two numbers that are the same


@dataclass(frozen=True, eq=False)
class Cleaned:
    """One case: (n,) arrays by column, in the order of the table asked about."""

    true: dict  # column -> what should be there
    found: dict  # column -> what was there
    given: dict  # column -> what was returned; missing where the row was not
    kept: np.ndarray  # (n,) True where the row was returned
    log: dict  # row, column, fault, event: (n_cells,) arrays
    group: np.ndarray
    encounter: np.ndarray  # the same for rows that were entered twice
    early: np.ndarray
    outcome: np.ndarray
    flagged: tuple  # columns that were returned with a flag

    @cached_property
    def changes(self):
        """Column -> where what was there was changed or blanked, (n,) bool."""
        return {name: self.changed(name) for name in self.true}

    def missing(self, name):
        """Return where nobody ordered a value of this column, (n,) bool."""
        there = (self.log["column"] == name) & (self.log["fault"] == NOT_ORDERED)
        rows = np.zeros(len(self.kept), dtype=bool)
        rows[self.log["row"][there]] = True
        return rows

    def changed(self, name):
        """Return where what was there was changed or blanked, (n,) bool."""
        was, now = self.found[name], self.given[name]
        return self.kept & ~blank(was) & ~same(was, now)

    def logged(self, name):
        """Return where a column is not as it should be, (n,) bool."""
        rows = np.zeros(len(self.kept), dtype=bool)
        rows[self.log["row"][self.log["column"] == name]] = True
        return rows

    def dropped_rightly(self):
        """Return which rows were left out whose encounter stands in another row."""
        others = np.bincount(self.encounter, self.kept)[self.encounter] > 0
        return ~self.kept & others


def cleaned(truth, reply):
    """Return a case's reply beside its truth.

    Parameters
    ----------
    truth : dict
        As `make_messy_cases` has it.
    reply : dict
        A table that has kept its contract.

    Returns
    -------
    Cleaned
    """
    numbers = truth["clean"][KEY]
    place = {number: row for row, number in enumerate(numbers)}
    rows = np.array([place[int(number)] for number in reply["table"][KEY]], dtype=int)
    kept = np.zeros(len(numbers), dtype=bool)
    kept[rows] = True
    true = {name: array(values) for name, values in truth["clean"].items()}
    given = {
        name: at_rows(values, rows, len(numbers))
        for name, values in reply["table"].items()
    }
    log = {
        name: np.array(truth["log"][name])
        for name in ("row", "column", "fault", "event")
    }
    return Cleaned(
        true=true,
        found=as_found(true, truth["log"]),
        given={name: given[name] for name in given if not name.endswith(FLAG)},
        kept=kept,
        log=log,
        group=true["group"],
        encounter=np.array(truth["encounter"]),
        early=np.array(truth["early"], dtype=bool),
        outcome=np.array(truth["outcome"]),
        flagged=tuple(name.removesuffix(FLAG) for name in given if name.endswith(FLAG)),
    )


def array(values):
    """Return a column as floats where it holds numbers, else as texts or None.

    Examples
    --------
    >>> array([1, None]), array(["a", float("nan")])
    (array([ 1., nan]), array(['a', None], dtype=object))
    """
    there = [None if is_missing(value) else value for value in values]
    if any(isinstance(value, str) for value in there):
        return np.array(there, dtype=object)
    return np.array(there, dtype=float)


def at_rows(values, rows, n_rows):
    """Return a returned column in the order of the table asked about."""
    column = array(values)
    placed = np.full(n_rows, None if column.dtype == object else np.nan, column.dtype)
    placed[rows] = column
    return placed


def as_found(true, log):
    """Return the columns as they were found: true but for the cells of the log."""
    found = {name: values.copy() for name, values in true.items()}
    for row, name, was in zip(log["row"], log["column"], log["was"], strict=True):
        if name in found:
            found[name][row] = was
    return found


def true_table(truth):
    """Return the reply of one who knows the truth: each encounter once, as it was."""
    first = {}
    for row, encounter in enumerate(truth["encounter"]):
        first.setdefault(encounter, row)
    rows = list(first.values())
    clean = truth["clean"].items()
    return {"table": {name: [values[row] for row in rows] for name, values in clean}}


def true_folds(truth, n_folds):
    """Return folds that no patient is in two of.

    Examples
    --------
    >>> true_folds({"person": [4, 9, 4]}, 2)
    [0, 1, 0]
    """
    return [person % n_folds for person in truth["person"]]


def blank(values):
    """Return which values of a column are missing.

    Examples
    --------
    >>> blank(np.array([1.0, np.nan])), blank(np.array(["a", None], dtype=object))
    (array([False,  True]), array([False,  True]))
    """
    if values.dtype == object:
        return np.array([value is None for value in values], dtype=bool)
    return np.isnan(values)


def same(one, other):
    """Return where two columns say the same: numbers within 0.1 %, texts exactly.

    Of a day with a time behind it, the time does not count.

    Examples
    --------
    >>> same(np.array([5.5, 99.0]), np.array([5.502, np.nan]))
    array([ True, False])
    """
    if one.dtype == object:
        return np.array(
            [a == b or spoken(a) == spoken(b) for a, b in zip(one, other, strict=True)],
            dtype=bool,
        )
    if other.dtype == object:
        return np.zeros(len(one), dtype=bool)
    return np.abs(one - other) <= SAME * np.abs(one) + 1e-9


def spoken(value):
    """Return a text without the time of day at its end.

    Examples
    --------
    >>> spoken("2014-03-09 00:00:00"), spoken("Hill")
    ('2014-03-09', 'Hill')
    """
    text = str(value).strip()
    return text[:10] if text[10:].lstrip(" T").startswith("00:00") else text
