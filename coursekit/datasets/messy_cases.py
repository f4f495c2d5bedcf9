"""Cases of messy records: whole tables, and some of them again as they were earlier.

One rule: an early copy differs from its case in nothing but what nobody could know by
then (the last rows, and what is filled in at discharge), so an answer that differs
there has looked at it.
"""

import numpy as np
import pandas as pd

from coursekit.datasets.cases import table_value
from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.messy import ROLES, draw_messy, faults_of
from coursekit.datasets.messy_patients import LATER
from coursekit.datasets.seeds import generator_from

N_PATIENTS = (220, 330)  # so that a copy is not known by its size
EARLY = 0.6  # share of the encounters to which a model is fitted
COPIED = 0.8  # share of the encounters that an early copy holds


def make_messy_cases(n_cases, *, secret, role):
    """Draw cases of messy encounter tables.

    Parameters
    ----------
    n_cases : int
        Every third is an early copy: another case, without the last fifth of its
        admissions, with other encounter numbers, and with the columns that are filled
        in at discharge drawn anew.
    secret : str
        Redraws, with the role, the weights of the outcome, the patients and faults.
    role : {"train", "tune", "check", "hidden", "hidden-2"}

    Returns
    -------
    Cohort
        ``X`` is a list of ``{"df": table}``: 330 to 580 encounters of 220 to 330
        patients, columns as `make_messy_ehr`. ``y`` is a list of what is true of
        each table:

        - ``clean``: column -> values, row by row as in the table;
        - ``log``: ``row``, ``column``, ``fault``, ``event`` and ``was``, lists with one
          entry for each cell that is not as it should be;
        - ``person``, ``encounter``, ``outcome``: lists, one value a row;
        - ``early``: 1 for the first three fifths of the admissions;
        - ``pair``: the same number for a case and its early copy, else None;
          ``whole``: False for the copy; ``place``: the copy's rows in its case.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cohort = make_messy_cases(3, secret="demo", role="train")
    >>> sorted(each["whole"] for each in cohort.y)
    [False, True, True]
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "messy", "cases", role)
    n_copies = n_cases // 3
    cases, log = [], []
    for number in range(n_cases - n_copies):
        n_patients = int(rng.integers(*N_PATIENTS))
        drawn = draw_messy(n_patients, secret, role, "case", number)
        whole = open_drawn(drawn, number if number < n_copies else None)
        cases.append(whole)
        log.append(drawn["log"])
        if number < n_copies:
            cases.append(early_copy(*whole, rng))
    order = rng.permutation(n_cases)
    y = [cases[at][1] for at in order]
    return Cohort(
        role=role,
        X=[{"df": table_value(cases[at][0])} for at in order],
        y=y,
        groups=pd.DataFrame({"kind": ["table"] * n_cases}).astype("str"),
        patient=patient_numbers(np.arange(n_cases), role, ROLES, rng),
        truth=Truth(outcome=y, faults=faults_of(pd.concat(log))),
    )


def open_drawn(drawn, pair):
    """Return a messy table and what is true of it, in plain values."""
    table, clean, log = drawn["table"], drawn["clean"], drawn["log"]
    admitted = days_of(clean["admission_date"])
    shown = table_value(table)["table"]
    cells = zip(log["row"], log["column"], strict=True)
    truth = {
        "clean": table_value(clean)["table"],
        "log": {
            **{name: log[name].tolist() for name in log},
            "was": [shown[name][row] for row, name in cells],
        },
        **{name: drawn[name].tolist() for name in ("person", "encounter", "outcome")},
        "early": (admitted < np.quantile(admitted, EARLY)).astype(int).tolist(),
        "pair": pair,
        "whole": True,
        "place": None,
    }
    return table, truth


def early_copy(table, truth, rng):
    """Return a case as it was earlier, with other encounter numbers."""
    admitted = days_of(truth["clean"]["admission_date"])
    place = np.flatnonzero(admitted < np.quantile(admitted, COPIED))
    numbers = rng.choice(900_000, len(place), replace=False) + 100_000
    cut = {
        name: [values[at] for at in place] for name, values in truth["clean"].items()
    }
    by_row = {
        name: [truth[name][at] for at in place]
        for name in ("person", "encounter", "outcome", "early")
    }
    again = table.iloc[place].reset_index(drop=True).assign(encounter_id=numbers)
    for name in LATER:
        again[name] = again[name].to_numpy()[rng.permutation(len(place))]
    return (
        again,
        {
            **by_row,
            "clean": {**cut, "encounter_id": numbers.tolist()},
            "log": cut_log(truth["log"], place),
            "pair": truth["pair"],
            "whole": False,
            "place": place.tolist(),
        },
    )


def days_of(dates):
    """Return dates as numbers of days.

    Examples
    --------
    >>> days_of(["1970-01-03"])
    array([2])
    """
    return np.array(list(dates), dtype="datetime64[D]").astype(int)


def cut_log(log, place):
    """Return the log of some rows, numbered anew; without pairs that were parted."""
    new = {int(row): number for number, row in enumerate(place)}
    kept = [at for at, row in enumerate(log["row"]) if row in new]
    cut = {name: [values[at] for at in kept] for name, values in log.items()}
    return {**cut, "row": [new[row] for row in cut["row"]]}
