"""Cases of messy records: whole tables, and some of them again without later rows.

One rule: an early copy differs from its case in nothing but the rows that came later,
so an answer that differs there has looked at them.
"""

import numpy as np
import pandas as pd

from coursekit.datasets.cases import table_value
from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.messy import ROLES, draw_messy, faults_of
from coursekit.datasets.seeds import generator_from

N_PATIENTS = 300
EARLY = 0.6  # share of the encounters that were admitted before the cut


def make_messy_cases(n_cases, *, secret, role):
    """Draw cases of messy encounter tables.

    Parameters
    ----------
    n_cases : int
        Every third is an early copy: another case, without the last 40 % of its
        admissions and with other encounter numbers.
    secret : str
        Redraws, with the role, the weights of the outcome, the patients and faults.
    role : {"train", "tune", "check", "hidden", "hidden-2"}

    Returns
    -------
    Cohort
        ``X`` is a list of ``{"df": table}``: about 480 encounters of 300 patients,
        columns as `make_messy_ehr`. ``y`` is a list of what is true of each table:

        - ``clean``: column -> values, row by row as in the table;
        - ``log``: ``row``, ``column``, ``fault``, ``event`` and ``was``, lists with one
          entry for each cell that is not as it should be;
        - ``person``, ``encounter``, ``outcome``: lists, one value a row;
        - ``early``: 1 for the rows that were admitted before the cut;
        - ``pair``: the same number for a case and its early copy, else None;
          ``whole``: False for the copy; ``place``: the copy's rows in its case.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cohort = make_messy_cases(3, secret="demo", role="train")
    >>> sorted(len(each["early"]) == sum(each["early"]) for each in cohort.y)
    [False, False, True]
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "messy", "cases", role)
    n_copies = n_cases // 3
    cases, log = [], []
    for number in range(n_cases - n_copies):
        drawn = draw_messy(N_PATIENTS, secret, role, "case", number)
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
    admitted = clean["admission_date"].to_numpy("datetime64[D]").astype(int)
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
    """Return a case without its later rows, with other encounter numbers."""
    place = np.flatnonzero(truth["early"])
    numbers = rng.choice(900_000, len(place), replace=False) + 100_000
    cut = {
        name: [values[at] for at in place] for name, values in truth["clean"].items()
    }
    by_row = {
        name: [truth[name][at] for at in place]
        for name in ("person", "encounter", "outcome", "early")
    }
    return (
        table.iloc[place].reset_index(drop=True).assign(encounter_id=numbers),
        {
            **by_row,
            "clean": {**cut, "encounter_id": numbers.tolist()},
            "log": cut_log(truth["log"], place),
            "pair": truth["pair"],
            "whole": False,
            "place": place.tolist(),
        },
    )


def cut_log(log, place):
    """Return the log of some rows, numbered anew; without pairs that were parted."""
    new = {int(row): number for number, row in enumerate(place)}
    kept = [at for at, row in enumerate(log["row"]) if row in new]
    cut = {name: [values[at] for at in kept] for name, values in log.items()}
    return {**cut, "row": [new[row] for row in cut["row"]]}
