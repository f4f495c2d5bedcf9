"""What a cleaned table and a split into folds must be, and the first thing wrong.

One rule: a reply is data. Names, numbers and texts are compared with what was asked
about, within caps; nothing in it is computed with before it has passed here.
"""

import math

from coursekit.grading.verdicts import kind, shortly

KEY = "encounter_id"  # the number of a row, by which it is known again
FLAG = "_missing"  # ends the name of an added column: 1 where nothing was recorded
TEXT_CAP = 60  # characters of a text
LARGEST = 1e9  # of a number, with either sign
FEWEST = 0.10  # share of the rows in each fold


def wrong_tables(values, answer, cases):
    """Return what is wrong with the first bad table, in words; empty where none is.

    Parameters
    ----------
    values : list
        One a case: ``{"table": {column: list of values}}``, with the case's columns
        (those of `answer.optional` may be left out) and ``*_missing`` ones.
    answer : Answer
    cases : list of dict
        Each holds one table.

    Returns
    -------
    str

    Examples
    --------
    >>> from coursekit.grading.rubric import Answer
    >>> case = {"df": {"table": {"encounter_id": [7, 8], "age_years": [61, -70]}}}
    >>> clean = Answer("clean", "table")
    >>> reply = {"table": {"encounter_id": [7], "age_years": [61]}}
    >>> wrong_tables([reply], clean, [case])
    ''
    >>> reply["table"]["age_years"] = ["61"]
    >>> wrong_tables([reply], clean, [case])
    "returned '61' in age_years, a column of numbers (case 0)."
    """
    for number, (value, case) in enumerate(zip(values, cases, strict=True)):
        if seen := wrong_table(value, answer, table_of(case)):
            return f"returned {seen} (case {number})."
    return ""


def table_of(case):
    """Return the columns of the one table that a case holds."""
    return next(each["table"] for each in case.values() if isinstance(each, dict))


def wrong_table(value, answer, asked):
    """Return what is wrong with the reply to one table."""
    if not isinstance(value, dict) or list(value) != ["table"]:
        return f"{kind(value)}, not a DataFrame"
    table = value["table"]
    if not isinstance(table, dict) or not all(
        isinstance(c, list) for c in table.values()
    ):
        return "a table that is none"
    lacking = [name for name in asked if name not in (*table, *answer.optional)]
    if lacking:
        return f"a table without {lacking[0]}"
    flags = [f"{name}{FLAG}" for name in asked]
    for name in table:
        if name not in asked and name not in flags:
            return f"a column {shortly(name)} that is none of the table's"
    if len({len(column) for column in table.values()}) > 1:
        return "columns of unequal length"
    return wrong_rows(table[KEY], asked[KEY]) or wrong_cells(table, asked)


def wrong_rows(given, asked):
    """Return what is wrong with the row numbers of a reply."""
    if not all(type(number) in (int, float) for number in given):
        return f"{KEY} that are no numbers"
    known = set(asked)
    for number in given:
        if number not in known:
            return f"{KEY} {shortly(number)}, which was not asked about"
    if len(set(given)) < len(given):
        return f"an {KEY} twice"
    return ""


def wrong_cells(table, asked):
    """Return what is wrong with the first cell that cannot be used."""
    for name, column in table.items():
        if name not in asked:
            odd = [value for value in column if is_text(value) or value not in (0, 1)]
            if odd:
                return f"{shortly(odd[0])} in {name}, which holds 0 and 1"
            continue
        numeric = not any(isinstance(value, str) for value in asked[name])
        for value in column:
            if not is_missing(value) and is_text(value) == numeric:
                what = "numbers" if numeric else "texts"
                return f"{shortly(value)} in {name}, a column of {what}"
            if not within_caps(value):
                return f"{shortly(value)} in {name}"
    return ""


def is_missing(value):
    """Return True for None and NaN.

    Examples
    --------
    >>> is_missing(None), is_missing(float("nan")), is_missing(0), is_missing("")
    (True, True, False, False)
    """
    return value is None or (isinstance(value, float) and math.isnan(value))


def is_text(value):
    """Return True for what is no number: texts, truth values, lists."""
    return type(value) not in (int, float)


def within_caps(value):
    """Return True for a short text, a number of some size, or nothing.

    Examples
    --------
    >>> within_caps("Harbour"), within_caps(1e12), within_caps([1]), within_caps(None)
    (True, False, False, True)
    """
    if is_missing(value):
        return True
    if isinstance(value, str):
        return len(value) <= TEXT_CAP
    return not is_text(value) and abs(value) <= LARGEST


def wrong_folds(values, answer, cases):
    """Return what is wrong with the first bad split; empty where none is.

    Parameters
    ----------
    values : list
        One a case: a list with one fold a row, whole numbers from 0, each fold with
        a tenth of the rows at least.
    answer : Answer
    cases : list of dict

    Returns
    -------
    str

    Examples
    --------
    >>> from coursekit.grading.rubric import Answer
    >>> case = {"df": {"table": {"encounter_id": [7, 8, 9, 10]}}}
    >>> split = Answer("split", "folds", n_folds=2)
    >>> wrong_folds([[0, 1, 1, 0]], split, [case])
    ''
    >>> wrong_folds([[0, 0, 0, 0]], split, [case])
    'returned 0 of 4 rows in fold 1; each fold has a tenth at least (case 0).'
    """
    for number, (value, case) in enumerate(zip(values, cases, strict=True)):
        if seen := wrong_fold(value, answer.n_folds, len(table_of(case)[KEY])):
            return f"returned {seen} (case {number})."
    return ""


def wrong_fold(value, n_folds, n_rows):
    """Return what is wrong with the folds of one table."""
    if not isinstance(value, list):
        return f"{kind(value)}, not a list with one fold a row"
    if len(value) != n_rows:
        return f"{len(value)} folds for {n_rows} rows"
    for fold in value:
        if type(fold) is not int or not 0 <= fold < n_folds:
            return f"{shortly(fold)}, not a whole number from 0 to {n_folds - 1}"
    for fold in range(n_folds):
        n = value.count(fold)
        if n < FEWEST * n_rows:
            return (
                f"{n} of {n_rows} rows in fold {fold}; each fold has a tenth at least"
            )
    return ""
