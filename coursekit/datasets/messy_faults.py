"""The faults of `make_messy_ehr`: what is planted, and the log of every cell.

One rule: nothing is done to a cell that is not logged, and no cell is done to twice.
"""

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from coursekit.datasets.messy_model import OLD_OF_NEW
from coursekit.datasets.messy_names import respelt
from coursekit.datasets.messy_patients import (
    DATES,
    IDENTITY,
    LABS,
    LATER,
    SITES,
    VITALS,
)

FAULTS = {
    "unit-glucose": "Glucose in mg/dL in the column of mmol/L.",
    "unit-temperature": "Temperature in degrees Fahrenheit in the column of Celsius.",
    "duplicate-patient": "A patient registered twice, with another spelling.",
    "copied-forward": "Vital signs copied from the patient's encounter before.",
    "negative-age": "An age below zero.",
    "discharge-first": "Discharge before admission: the two dates are swapped.",
    "old-code": "ICD-9 before the day on which the hospital changed to ICD-10.",
    "date-format": "Day/month/year at one site, year-month-day elsewhere.",
    "sentinel": "-9 or 999 where nothing was measured.",
    "swapped-columns": "Systolic and diastolic pressure in each other's column.",
    "look-ahead": "A column that is filled in at discharge.",
    "not-ordered": "A laboratory value that nobody ordered, in B more often.",
}
MISSING = {"A": 0.10, "B": 0.45}  # share of patients without a laboratory value
TURNED = ("admission", "discharge")
MG_PER_MMOL = 18.02  # glucose, mg/dL for 1 mmol/L
SENTINELS = {
    "weight_kg": (-9.0, 999.0),
    "heart_rate_bpm": (-9.0, 999.0),
    "respiratory_rate_min": (-9.0, 999.0),
    "creatinine_umol_l": (-9.0,),
    "albumin_g_l": (-9.0, 999.0),
}


@dataclass
class Log:
    """Which cells are not as they should be; cells of one mishap share an event."""

    rows: list = field(default_factory=list)
    columns: list = field(default_factory=list)
    faults: list = field(default_factory=list)
    events: list = field(default_factory=list)
    n_events: int = 0

    def add(self, row, columns, fault):
        """Log the cells of a new mishap in one row."""
        self.append(row, columns, fault, self.n_events)
        self.n_events += 1

    def append(self, row, columns, fault, event):
        """Log cells of a mishap by its number."""
        for column in columns:
            self.rows.append(int(row))
            self.columns.append(column)
            self.faults.append(fault)
            self.events.append(event)

    def add_column(self, rows, column, fault):
        """Log a new mishap that is a whole column."""
        for row in rows:
            self.append(row, [column], fault, self.n_events)
        self.n_events += 1

    def by_row(self):
        """Return row -> (fault, event) -> columns."""
        found = defaultdict(lambda: defaultdict(list))
        cells = zip(self.rows, self.columns, self.faults, self.events, strict=True)
        for row, column, fault, event in cells:
            found[row][fault, event].append(column)
        return found

    def table(self):
        """Return the log as a table: row, column, fault, event."""
        return pd.DataFrame(
            {
                "row": np.array(self.rows, dtype=int),
                "column": np.array(self.columns, dtype=object),
                "fault": np.array(self.faults, dtype=object),
                "event": np.array(self.events, dtype=int),
            }
        ).astype({"column": "str", "fault": "str"})


@dataclass
class Mess:
    """A table on its way from clean to messy, column by column."""

    table: dict  # column -> (n,) array
    clean: dict
    person: np.ndarray
    log: Log
    rng: np.random.Generator
    taken: set = field(default_factory=set)  # (row, column) that are done to

    def free(self, row, columns):
        """Return True where none of a row's cells has been done to."""
        return not any((row, column) in self.taken for column in columns)

    def put(self, row, cells, fault):
        """Put wrong values into a row, and log them as one mishap."""
        for column, value in cells.items():
            self.table[column][row] = value
            self.taken.add((row, column))
        self.log.add(row, list(cells), fault)

    def some(self, share):
        """Return rows drawn with a chance of `share` each."""
        return np.flatnonzero(self.rng.random(len(self.person)) < share)


def copy_forward(mess):
    """Copy all vital signs of the encounter before into some later ones."""
    later = np.flatnonzero(mess.person[1:] == mess.person[:-1]) + 1
    for row in later[mess.rng.random(len(later)) < 0.30]:
        source = row - 1
        if not (mess.free(row, VITALS) and mess.free(source, VITALS)):
            continue
        copied = {name: mess.clean[name][source] for name in VITALS}
        mess.put(row, copied, "copied-forward")
        mess.taken |= {(source, name) for name in VITALS}


def leave_unordered(mess, concern):
    """Leave laboratory values out, in B more often; less so where there is concern."""
    look = 0.8 * concern
    for name in LABS:
        for group, share in MISSING.items():
            inside = np.flatnonzero(mess.table["group"] == group)
            order = look[inside] + mess.rng.logistic(0, 1, len(inside))
            n_missing = round(share * len(inside))
            for row in inside[np.argsort(order)[:n_missing]]:
                if mess.free(row, [name]):
                    mess.put(row, {name: np.nan}, "not-ordered")


def mistake_units(mess):
    """Write glucose in mg/dL, mostly at one site, and temperature in Fahrenheit."""
    odd = mess.rng.choice(SITES)
    share = np.where(mess.table["site"] == odd, 0.34, 0.08)
    for row in np.flatnonzero(mess.rng.random(len(share)) < share):
        value = np.round(mess.clean["glucose_mmol_l"][row] * MG_PER_MMOL)
        mess.put(row, {"glucose_mmol_l": value}, "unit-glucose")
    for row in mess.some(0.12):
        if mess.free(row, ["temperature_c"]):
            value = np.round(mess.clean["temperature_c"][row] * 9 / 5 + 32, 1)
            mess.put(row, {"temperature_c": value}, "unit-temperature")


def put_sentinels(mess):
    """Write -9 or 999 where a value is."""
    for name, values in SENTINELS.items():
        for row in mess.some(0.025):
            if mess.free(row, [name]):
                mess.put(row, {name: mess.rng.choice(values)}, "sentinel")


def swap_pressures(mess):
    """Write systolic and diastolic pressure into each other's column."""
    pair = ["systolic_mmhg", "diastolic_mmhg"]
    for row in mess.some(0.03):
        if mess.free(row, pair):
            high, low = (mess.clean[name][row] for name in pair)
            mess.put(row, dict(zip(pair, (low, high), strict=True)), "swapped-columns")


def turn_ages(mess):
    """Write some ages with a minus."""
    for row in mess.some(0.025):
        mess.put(row, {"age_years": -mess.clean["age_years"][row]}, "negative-age")


def change_codes(mess, changed_on):
    """Write ICD-9 for all who were admitted before a day."""
    old = mess.clean["admission_date"] < changed_on
    for row in np.flatnonzero(old):
        code = OLD_OF_NEW[mess.clean["diagnosis"][row]]
        mess.put(row, {"diagnosis": code}, "old-code")


def mistake_dates(mess):
    """Swap admission and discharge in some rows; write one site's dates otherwise."""
    odd = mess.rng.choice(SITES)
    elsewhere = np.flatnonzero(mess.table["site"] != odd)
    for row in elsewhere[mess.rng.random(len(elsewhere)) < 0.045]:
        first, last = (mess.clean[f"{name}_date"][row] for name in TURNED)
        cells = {"admission_date": last, "discharge_date": first}
        mess.put(row, cells, "discharge-first")
    for row in np.flatnonzero(mess.table["site"] == odd):
        cells = {name: day_first(mess.clean[name][row]) for name in DATES}
        mess.put(row, cells, "date-format")


def day_first(date):
    """Return a date as one site writes it.

    Examples
    --------
    >>> day_first("2014-03-09")
    '09/03/2014'
    """
    year, month, day = date.split("-")
    return f"{day}/{month}/{year}"


def register_again(mess):
    """Register some patients anew, under another number and spelling, when they return.

    Such a patient's later encounters stand under the second number.
    """
    starts = np.flatnonzero(np.r_[True, mess.person[1:] != mess.person[:-1]])
    for start, end in zip(starts, [*starts[1:], len(mess.person)], strict=True):
        if end - start > 1 and mess.rng.random() < 0.45:
            first = start + int(mess.rng.integers(1, end - start))
            cells = anew(mess, start)
            for row in range(first, end):
                mess.put(row, cells, "duplicate-patient")


def anew(mess, row):
    """Return how a patient is registered again: number and names."""
    true = [mess.clean[name][row] for name in ("last_name", "first_name")]
    family, first = respelt(*true, mess.rng)
    number = f"P{900_000 + int(mess.rng.integers(0, 99_999))}"
    return dict(zip(IDENTITY, (number, family, first), strict=True))


def add_later_columns(mess, days, outcome):
    """Add what is filled in at discharge, and log it as two mishaps."""
    mess.table["days_in_hospital"] = days.astype(float)
    place = np.where(mess.rng.random(len(days)) < 0.2, "care home", "home")
    worse = mess.rng.random(len(days)) < 0.75
    place = np.where((outcome == 1) & worse, "intensive care", place)
    mess.table["discharged_to"] = place.astype(object)
    for name in LATER:
        mess.log.add_column(range(len(days)), name, "look-ahead")


def plant(mess, people, outcome, changed_on):
    """Plant all faults but the encounters that were entered twice."""
    copy_forward(mess)
    swap_pressures(mess)
    put_sentinels(mess)
    leave_unordered(mess, people.concern)
    mistake_units(mess)
    turn_ages(mess)
    change_codes(mess, changed_on)
    mistake_dates(mess)
    register_again(mess)
    add_later_columns(mess, people.days, outcome)


def enter_twice(table, again, log, rng):
    """Spell appended rows otherwise, and log them with all that is wrong in them.

    Parameters
    ----------
    table : dict of ndarray
        The rows of `again`; those behind the first n are second entries.
    again : ndarray of int
        0 to n - 1, then the rows that were entered a second time.
    log : Log
    rng : numpy.random.Generator
    """
    n = int(again.max()) + 1
    events = log.by_row()
    for copy in range(n, len(again)):
        row = int(again[copy])
        family, first = respelt(
            table["last_name"][copy], table["first_name"][copy], rng
        )
        number = f"P{900_000 + int(rng.integers(0, 99_999))}"
        for name, value in zip(IDENTITY, (number, family, first), strict=True):
            table[name][copy] = value
        for (fault, event), cells in events[row].items():
            cells = [name for name in cells if name not in IDENTITY]
            if fault == "look-ahead":
                log.append(copy, cells, fault, event)
            elif cells:
                log.add(copy, cells, fault)
        log.add(copy, IDENTITY, "duplicate-patient")
        log.append(row, ["encounter_id"], "duplicate-patient", log.n_events)
        log.add(copy, ["encounter_id"], "duplicate-patient")
