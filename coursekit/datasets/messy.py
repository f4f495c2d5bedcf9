"""Encounters of a messy record: twelve kinds of fault, each logged cell by cell.

One rule: all that is needed to see a fault stands in the table, and true extremes
stand beside it.
"""

import numpy as np
import pandas as pd

from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.messy_faults import FAULTS, Log, Mess, enter_twice, plant
from coursekit.datasets.messy_model import draw_messy_model
from coursekit.datasets.messy_patients import KNOWN, LATER, NUMBERS, draw_encounters
from coursekit.datasets.seeds import ROLES, generator_from

TWICE = 0.05  # share of encounters that were entered twice
BY_ROW = ("person", "encounter", "outcome", "risk")
CHANGED = (0.62, 0.75)  # share of the admissions before the codes changed


def make_messy_ehr(n_patients, *, secret, role):
    """Draw the encounter table of a hospital as it is found, and as it should be.

    Parameters
    ----------
    n_patients : int
        Each has one to three encounters, in three years.
    secret : str
        Redraws, with the role, the weights of the outcome, the patients and faults.
    role : {"train", "tune", "check", "hidden", "hidden-2"}
        Of equal kind; no patient stands in two roles.

    Returns
    -------
    Cohort
        ``X`` is the messy table, one row an encounter, in no order. `show_dataset`
        ("messy_ehr") tells columns and units. ``y`` is 1 where the patient went to
        intensive care or died within 30 days of admission (25 % of a large cohort),
        ``groups`` has ``group``, A or B. ``patient`` is the true patient, behind
        spelling variants. ``truth.risk`` is the true probability (AUROC 0.82), and
        ``truth.detail`` holds

        - ``clean``: the table as it should be, row by row, without the two columns
          that are filled in at discharge; values that nobody ordered are known there;
        - ``log``: for each row a list of ``{"column", "fault", "event", "true"}``,
          one for each cell that is not as it should be. Cells of one event were
          spoiled together; of an encounter that was entered twice both rows have
          one, in column ``encounter_id``.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cohort = make_messy_ehr(200, secret="demo", role="train")
    >>> sorted({each["fault"] for row in cohort.truth.detail["log"] for each in row})
    ['copied-forward', 'date-format', 'discharge-first', 'duplicate-patient', ...
    >>> bool((cohort.X["age_years"] < 0).any())
    True
    """
    refuse_undrawable(n_patients, secret, role, ROLES)
    messy = draw_messy(n_patients, secret, role, "ehr")
    rng = generator_from(secret, "messy", role, "numbers")
    return Cohort(
        role=role,
        X=messy["table"],
        y=messy["outcome"],
        groups=messy["clean"][["group"]].copy(),
        patient=numbered(messy["person"], role, rng),
        truth=Truth(
            outcome=messy["outcome"],
            risk=messy["risk"],
            faults=faults_of(messy["log"]),
            detail={
                "clean": messy["clean"],
                "log": by_row(messy["log"], messy["clean"]),
            },
        ),
    )


def numbered(person, role, rng):
    """Return numbers of patients that stand in no other role."""
    order = np.sort(person)
    return patient_numbers(order, role, ROLES, rng)[np.searchsorted(order, person)]


def faults_of(log):
    """Return the faults that occur, with the columns they are in."""
    return tuple(
        Fault(name, tuple(sorted(set(log["column"][log["fault"] == name]))), about)
        for name, about in FAULTS.items()
        if (log["fault"] == name).any()
    )


def by_row(log, clean):
    """Return the log as one list a row."""
    rows = [[] for _ in range(len(clean))]
    for row, column, fault, event in log.itertuples(index=False):
        known = column in clean and column != "encounter_id"
        true = clean.at[row, column] if known else None
        true = true.item() if isinstance(true, np.generic) else true
        cell = {"column": column, "fault": fault, "event": int(event), "true": true}
        rows[row].append(cell)
    return rows


def draw_messy(n_patients, *parts):
    """Draw one hospital's table with everything that is true about it.

    Parameters
    ----------
    n_patients : int
    *parts : str or int
        The secret, and what tells this table from others.

    Returns
    -------
    dict
        ``table`` and ``clean`` (DataFrames of n rows), ``log`` (row, column, fault,
        event), ``person``, ``encounter`` (the same for rows that were entered
        twice), ``outcome``, ``risk``, all (n,), and ``changed_on``, a date.

    Examples
    --------
    >>> messy = draw_messy(50, "demo", "train")
    >>> len(messy["table"]) == len(messy["clean"]) == len(messy["risk"])
    True
    """
    rng = generator_from(parts[0], "messy", *parts[1:])
    people = draw_encounters(n_patients, rng)
    risk = draw_messy_model(parts[0]).risk(people.clean, people.concern)
    outcome = (rng.random(len(risk)) < risk).astype(int)
    changed_on = np.quantile(
        people.clean["admission_date"].to_numpy("datetime64[D]").astype(int),
        rng.uniform(*CHANGED),
    )
    changed_on = str(np.datetime64(int(changed_on), "D"))
    mess = Mess(columns(people.clean), columns(people.clean), people.person, Log(), rng)
    plant(mess, people, outcome, changed_on)
    again = np.r_[np.arange(len(risk)), np.flatnonzero(rng.random(len(risk)) < TWICE)]
    table = {name: values[again] for name, values in mess.table.items()}
    enter_twice(table, again, mess.log, rng)
    drawn = {
        "table": pd.DataFrame(table),
        "clean": people.clean.iloc[again].reset_index(drop=True),
        "log": mess.log.table(),
        "person": people.person[again],
        "encounter": again,
        "outcome": outcome[again],
        "risk": risk[again],
    }
    return {**in_no_order(drawn, rng), "changed_on": changed_on}


def columns(table):
    """Return the columns of a table as arrays that may be written to."""
    return {
        name: table[name].to_numpy(float if name in NUMBERS else object).copy()
        for name in table
    }


def in_no_order(drawn, rng):
    """Return everything with its rows shuffled and its encounters numbered."""
    n = len(drawn["person"])
    order = rng.permutation(n)
    place = np.argsort(order)
    shuffled = {name: values[order] for name, values in drawn.items() if name in BY_ROW}
    for name in ("table", "clean"):
        shuffled[name] = drawn[name].iloc[order].reset_index(drop=True)
    numbers = rng.choice(900_000, n, replace=False) + 100_000
    for name in ("table", "clean"):
        shuffled[name].insert(0, "encounter_id", numbers)
    shuffled["table"] = shuffled["table"][[*KNOWN, *LATER]]
    log = drawn["log"]
    shuffled["log"] = log.assign(row=place[log["row"].to_numpy()])
    return shuffled
