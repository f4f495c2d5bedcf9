"""What went wrong in a cleaned table, where a measure alone does not say it."""

import numpy as np

from coursekit.grading.cleaned import blank
from coursekit.grading.cleaning_measures import recall_by_fault, unordered, whole
from coursekit.grading.contract import Breach

HALF = 0.5
EXTREME = 0.01  # share of a column's true values at either end
CUT = 0.3  # share of true extremes that were changed
UNSEEN = 0.05  # share of later encounters with a code that no earlier one has


def cleaning_mistakes(answer, patients, reply, kind):
    """Name what was done to tables that should not be, or was not.

    Parameters
    ----------
    answer : Answer
    patients : Patients
        With the true answers of cases as `y`.
    reply : Reply
        Of tables that have kept their contract.
    kind : str
        Of the points beside which a student reads it.

    Returns
    -------
    list of Breach
        They take no points; the measures do.
    """
    cases = whole(patients, reply)
    recall = recall_by_fault(patients, reply)
    seen = {
        "UNITS-LEFT": units_left(recall),
        "LOOK-AHEAD": look_ahead(recall),
        "CODES-UNSEEN": codes_unseen(cases),
        "MEAN-IMPUTED": mean_imputed(cases),
        "CLIPPED": clipped(cases),
    }
    return [
        Breach(code, f"{answer.name}: {text}", kind)
        for code, text in seen.items()
        if text
    ]


def units_left(recall):
    """Return in words how many values in another unit were left; empty if few.

    Examples
    --------
    >>> units_left({"unit-glucose": 0.0, "unit-temperature": 0.75})
    'of the glucose values in mg/dL 100 % were left.'
    """
    names = {
        "unit-glucose": "glucose values in mg/dL",
        "unit-temperature": "temperatures in Fahrenheit",
    }
    left = [
        f"of the {name} {1 - recall[fault]:.0%} were left".replace("%", " %")
        for fault, name in names.items()
        if recall.get(fault, 1.0) < HALF
    ]
    return f"{' and '.join(left)}." if left else ""


def look_ahead(recall):
    """Return in words that columns were returned which are not known yet."""
    if recall.get("look-ahead", 1.0) > HALF:
        return ""
    return "columns were returned that are filled in at discharge."


def codes_unseen(cases):
    """Return in words how many later diagnoses no earlier encounter has."""
    code = np.concatenate([case.given["diagnosis"] for case in cases])
    early = np.concatenate([case.early for case in cases])
    there = ~blank(code)
    later = there & ~early
    if not later.any():
        return ""
    share = 1 - np.isin(code[later], code[there & early]).mean()
    if share < UNSEEN:
        return ""
    return (
        f"{share:.0%} of the later diagnoses have a code that no earlier encounter has."
    ).replace("%", " %")


def mean_imputed(cases):
    """Return in words that a column got one value for all, and no flag."""
    named = [
        name
        for name in unordered(cases)
        if not any(name in case.flagged for case in cases)
        and all(one_value(case, name) for case in cases)
    ]
    if not named:
        return ""
    return f"all missing values of {' and '.join(named)} got one value, with no flag."


def one_value(case, name):
    """Return True where all that was filled into a column of a case is one value."""
    filled = case.given[name][case.missing(name) & case.kept]
    filled = filled[~blank(filled)]
    return len(filled) > 1 and np.ptp(filled) < 1e-9


def clipped(cases):
    """Return in words how many true extremes were changed."""
    n_there = n_changed = 0
    numbers = [n for n, values in cases[0].true.items() if values.dtype != object]
    for name in numbers:
        true = np.concatenate([case.true[name] for case in cases])
        low, high = np.quantile(true, [EXTREME, 1 - EXTREME])
        for case in cases:
            far = (case.true[name] < low) | (case.true[name] > high)
            far &= case.kept & ~case.logged(name)
            n_there += far.sum()
            n_changed += (far & case.changes[name]).sum()
    if n_changed <= CUT * n_there:
        return ""
    return f"{n_changed} of {n_there} true extremes were changed."
