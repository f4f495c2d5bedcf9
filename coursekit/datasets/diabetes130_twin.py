"""A drawn twin of Diabetes 130-US hospitals: its columns and types, nobody's record.

Only shares of single values are taken from the real table (``marginals.json``).
What goes with what is our own model: one latent need per patient moves the counts
and the chance of coming back.
"""

import json
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import expit, ndtr

from coursekit.content import content
from coursekit.datasets.diabetes130 import (
    COLUMNS,
    COUNTS,
    DEATH_OR_HOSPICE,
    DRUGS,
    typed,
)
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

FOLLOWS_NEED = {  # correlation of the normal score of each count with need
    "time_in_hospital": 0.25,
    "num_lab_procedures": 0.25,
    "num_procedures": 0.05,
    "num_medications": 0.25,
    "number_outpatient": 0.25,
    "number_emergency": 0.35,
    "number_inpatient": 0.60,
    "number_diagnoses": 0.25,
}
WITHIN_PATIENT = 0.8  # correlation of need between encounters of one patient
CHANGED_IF_STEADY = 0.38  # share with a change of drugs where no dose went up or down
BASE_LOG_ODDS, LOG_ODDS_PER_NEED = -2.37, 0.95  # of return within 30 days
LATER_SHARE = 0.403  # of those not back within 30 days
HOSPICE_RETURN_SHARE = 0.056  # of those discharged to a hospice, and again later


def make_diabetes130_twin(n_encounters, *, random_state=0):
    """Draw encounters with the columns and types of `load_diabetes130`.

    Parameters
    ----------
    n_encounters : int
    random_state : int, default=0

    Returns
    -------
    DataFrame of shape (n_encounters, 51)
        Each column has the real table's shares of values (diagnoses and specialties
        rarer than 1 in 200 left out); about 1.4 encounters a patient; about 11 % back
        within 30 days. Age, race and sex have no effect on anything: the twin
        cannot show whom a model serves worse.

    Examples
    --------
    >>> twin = make_diabetes130_twin(1000)
    >>> twin.shape, sorted(twin["readmitted"].unique())
    ((1000, 51), ['<30', '>30', 'NO'])
    """
    if n_encounters < 1:
        raise BadInput(f"n_encounters is {n_encounters}; draw at least one.")
    rng = generator_from("diabetes130_twin", random_state)
    person = draw_persons(n_encounters, rng)
    need = draw_need(person, rng)
    shares = read_marginals()
    texts = {
        name: draw_texts(shares["texts"][name], n_encounters, rng) for name in TEXTS
    }
    for name in PER_PATIENT:
        texts[name] = draw_texts(shares["texts"][name], person[-1] + 1, rng)[person]
    counts = {
        name: draw_counts(shares["numbers"][name], need, FOLLOWS_NEED[name], rng)
        for name in COUNTS
    }
    frame = pd.DataFrame({**identifiers(person, rng), **texts, **counts})
    frame = frame.assign(**treatment(frame, rng))
    ending = frame["discharge_disposition_id"]
    frame["readmitted"] = draw_return(need, ending, rng)
    return typed(frame[list(COLUMNS)].replace({"": np.nan}).astype(TEXT_TYPES))


PER_PATIENT = ("race", "gender", "age")
TEXTS = tuple(
    name
    for name in COLUMNS
    if name not in (*COUNTS, *PER_PATIENT, "encounter_id", "patient_nbr")
    and name not in ("change", "diabetesMed", "readmitted")
)
TEXT_TYPES = dict.fromkeys(
    (*TEXTS, *PER_PATIENT, "change", "diabetesMed", "readmitted"), "str"
)


@lru_cache(maxsize=1)
def read_marginals():
    """Return the shares of values per column: ``texts`` and ``numbers``."""
    path = content("datasets") / "diabetes130_twin" / "marginals.json"
    return json.loads(path.read_text(encoding="utf-8"))


def draw_persons(n_encounters, rng):
    """Return the person of each encounter, ascending from 0; most have one."""
    sizes = rng.choice(
        [1, 2, 3, 4, 6], n_encounters, p=[0.765, 0.146, 0.047, 0.02, 0.022]
    )
    return np.repeat(np.arange(n_encounters), sizes)[:n_encounters]


def draw_need(person, rng):
    """Return the need at each encounter: standard normal, alike within a patient."""
    usual = rng.normal(0, np.sqrt(WITHIN_PATIENT), person[-1] + 1)[person]
    return usual + rng.normal(0, np.sqrt(1 - WITHIN_PATIENT), len(person))


def draw_texts(shares, n_rows, rng):
    """Draw values with these shares; the empty text stands for a missing one."""
    weight = np.array(list(shares.values()))
    return rng.choice(
        np.array(list(shares), dtype=object), n_rows, p=weight / weight.sum()
    )


def draw_counts(shares, need, correlation, rng):
    """Draw numbers with these shares, the higher the need the higher."""
    noise = rng.normal(0, 1, len(need))
    score = correlation * need + np.sqrt(1 - correlation**2) * noise
    values = np.array([int(value) for value in shares])
    up_to = np.cumsum(list(shares.values()))
    position = np.searchsorted(up_to / up_to[-1], ndtr(score))
    return values[np.minimum(position, len(values) - 1)]


def identifiers(person, rng):
    """Number encounters and patients at random."""
    return {
        "encounter_id": 10_000 + 7 * rng.permutation(len(person)),
        "patient_nbr": 100 + 9 * rng.permutation(person[-1] + 1)[person],
    }


def treatment(frame, rng):
    """Return whether any diabetes drug was given, and whether that was changed."""
    drugs = frame[list(DRUGS)]
    given = (drugs != "No").any(axis=1)
    dose_moved = drugs.isin(["Up", "Down"]).any(axis=1)
    changed = dose_moved | (given & (rng.random(len(frame)) < CHANGED_IF_STEADY))
    return {
        "diabetesMed": np.where(given, "Yes", "No"),
        "change": np.where(changed, "Ch", "No"),
    }


def draw_return(need, ending, rng):
    """Draw when patients come back: ``<30`` days, ``>30`` or ``NO``."""
    in_hospice = ending.isin(["13", "14"]).to_numpy()
    dead = ending.isin(DEATH_OR_HOSPICE).to_numpy() & ~in_hospice
    soon = expit(BASE_LOG_ODDS + LOG_ODDS_PER_NEED * need)
    soon = np.where(in_hospice, HOSPICE_RETURN_SHARE, np.where(dead, 0, soon))
    later = np.where(in_hospice, HOSPICE_RETURN_SHARE, np.where(dead, 0, LATER_SHARE))
    is_soon, is_later = rng.random((2, len(need))) < [soon, later]
    return np.where(is_soon, "<30", np.where(is_later, ">30", "NO"))
