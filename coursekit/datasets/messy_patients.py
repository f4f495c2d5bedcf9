"""The patients of `make_messy_ehr` and their encounters, as they truly were."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coursekit.datasets.messy_model import DIAGNOSES
from coursekit.datasets.messy_names import FAMILY, FEMALE, MALE

SHARE_B = 0.30
SITES = ("Harbour", "Hill", "Mill")
N_DAYS = 1095  # of the admissions of one hospital
VISITS = (0.58, 0.26, 0.16)  # share of patients with 1, 2 and 3 encounters
STEP = {  # the smallest step in which a column is recorded
    "age_years": 1.0,
    "weight_kg": 0.1,
    "temperature_c": 0.1,
    "heart_rate_bpm": 1.0,
    "systolic_mmhg": 1.0,
    "diastolic_mmhg": 1.0,
    "respiratory_rate_min": 1.0,
    "glucose_mmol_l": 0.1,
    "creatinine_umol_l": 1.0,
    "lactate_mmol_l": 0.1,
    "albumin_g_l": 0.1,
}
NUMBERS = tuple(STEP)
VITALS = (
    "temperature_c",
    "heart_rate_bpm",
    "systolic_mmhg",
    "diastolic_mmhg",
    "respiratory_rate_min",
)
DATES = ("birth_date", "admission_date", "discharge_date")
IDENTITY = ("patient_id", "last_name", "first_name")
LATER = ("days_in_hospital", "discharged_to")  # known at discharge only
LABS = ("lactate_mmol_l", "albumin_g_l")  # not ordered for everybody
KNOWN = (
    *("encounter_id", *IDENTITY, "sex", "group", "site", *DATES, "diagnosis"),
    *NUMBERS,
)


@dataclass(frozen=True, eq=False)
class Encounters:
    """Encounters as they truly were, one row each."""

    clean: pd.DataFrame  # all columns but those of `LATER` and the encounter's number
    person: np.ndarray  # (n,) ints from 0
    concern: np.ndarray  # (n,) a clinician's impression, standard normal
    severity: np.ndarray  # (n,)
    days: np.ndarray  # (n,) days in hospital, from 1


def draw_encounters(n_patients, rng):
    """Draw patients and their encounters without any fault.

    Parameters
    ----------
    n_patients : int
    rng : numpy.random.Generator

    Returns
    -------
    Encounters
        Sorted by patient, each patient's encounters by date.

    Examples
    --------
    >>> people = draw_encounters(100, np.random.default_rng(0))
    >>> len(set(people.person)), 130 < len(people.clean) < 190
    (100, True)
    """
    who = draw_people(n_patients, rng)
    person = np.repeat(
        np.arange(n_patients), rng.choice([1, 2, 3], n_patients, p=VISITS)
    )
    n = len(person)
    first_day = np.datetime64("2011-01-01") + int(rng.integers(0, 1500))
    day = rng.integers(0, N_DAYS, n)
    order = np.lexsort((day, person))
    person, day = person[order], day[order]
    admitted = first_day + day
    days = 1 + rng.poisson(5.0, n)
    rows = who.iloc[person].reset_index(drop=True)
    age = age_on(rows["birth_date"].to_numpy("datetime64[D]"), admitted)
    in_b = (rows["group"] == "B").to_numpy()
    severity = rng.normal(0, 1, n) + 0.8 * in_b
    measured = draw_measurements(rows, age, severity, rng)
    table = rows.drop(columns="usual_kg").assign(
        site=draw_sites(person, rng),
        admission_date=admitted.astype(str),
        discharge_date=(admitted + days).astype(str),
        birth_date=rows["birth_date"].to_numpy("datetime64[D]").astype(str),
        diagnosis=rng.choice(DIAGNOSES, n),
        age_years=age,
        **measured,
    )
    clean = table[[name for name in KNOWN if name != "encounter_id"]]
    return Encounters(clean, person, rng.normal(0, 1, n), severity, days)


def age_on(born, day):
    """Return the age in whole years, (n,) floats.

    Examples
    --------
    >>> born = np.array(["1950-03-10", "1950-03-10"], dtype="datetime64[D]")
    >>> age_on(born, np.array(["2015-03-09", "2015-03-10"], dtype="datetime64[D]"))
    array([64., 65.])
    """
    born, day = pd.DatetimeIndex(born), pd.DatetimeIndex(day)
    before = (day.month * 100 + day.day) < (born.month * 100 + born.day)
    return (day.year - born.year - before).to_numpy(float)


def draw_people(n_patients, rng):
    """Draw who the patients are: name, sex, group, day of birth, usual weight."""
    group = np.where(rng.random(n_patients) < SHARE_B, "B", "A")
    sex = np.where(rng.random(n_patients) < 0.52, "F", "M")
    age = np.where(
        group == "B", rng.normal(76, 8, n_patients), rng.normal(58, 11, n_patients)
    )
    age = np.clip(age, 19, 101)
    born = np.datetime64("2013-06-01") - (age * 365.25).astype(int)
    family = rng.choice(FAMILY, n_patients)
    twins = np.flatnonzero(rng.random(n_patients - 1) < 0.01) if n_patients > 1 else []
    for one in twins:  # innocent: born on one day, with one family name
        born[one + 1], family[one + 1] = born[one], family[one]
    first = np.where(
        sex == "F", rng.choice(FEMALE, n_patients), rng.choice(MALE, n_patients)
    )
    kilos = rng.normal(76, 14, n_patients)
    heavy = rng.random(n_patients) < 0.012
    kilos = np.where(heavy, rng.uniform(165, 215, n_patients), np.clip(kilos, 42, 135))
    return pd.DataFrame(
        {
            "patient_id": [f"P{100_000 + 7 * i}" for i in rng.permutation(n_patients)],
            "last_name": family,
            "first_name": first,
            "sex": sex,
            "group": group,
            "birth_date": born,
            "usual_kg": kilos,
        }
    )


def draw_sites(person, rng):
    """Draw where each encounter was: mostly at the patient's usual site."""
    usual = rng.choice(SITES, person[-1] + 1, p=[0.4, 0.3, 0.3])[person]
    other = rng.choice(SITES, len(person))
    return np.where(rng.random(len(person)) < 0.8, usual, other)


def draw_measurements(rows, age, severity, rng):
    """Draw what was measured, in the units of the columns, a few true extremes in it.

    Laboratory values rise with age and severity, so they can be told from the rest.
    """
    n, s = len(age), severity

    def noise(spread):
        return rng.normal(0, spread, n)

    years = age - 65
    systolic = np.clip(126 - 9 * s + noise(12), 66, 215)
    drawn = {
        "weight_kg": rows["usual_kg"].to_numpy() + noise(1.5),
        "temperature_c": np.clip(37.2 + 0.4 * s + noise(0.6), 34.0, 40.5),
        "heart_rate_bpm": np.clip(86 + 10 * s + noise(10), 42, 165),
        "systolic_mmhg": systolic,
        "diastolic_mmhg": np.minimum(0.45 * systolic + 18 + noise(6), systolic - 14),
        "respiratory_rate_min": np.clip(18 + 2.6 * s + noise(2.2), 9, 40),
        "glucose_mmol_l": np.clip(np.exp(1.95 + 0.10 * s + noise(0.3)), 3.2, 22),
        "creatinine_umol_l": np.exp(4.45 + 0.011 * years + 0.14 * s + noise(0.26)),
        "lactate_mmol_l": np.clip(1.9 + 0.036 * years + 0.44 * s + noise(0.28), 0.4, 9),
        "albumin_g_l": np.clip(38.0 - 0.22 * years - 2.5 * s + noise(1.7), 12, 54),
    }
    extremes = {
        "temperature_c": (40.8, 41.9),
        "heart_rate_bpm": (172, 205),
        "glucose_mmol_l": (24, 33),
        "creatinine_umol_l": (420, 900),
    }
    for name, (low, high) in extremes.items():
        there = rng.random(n) < 0.012
        drawn[name] = np.where(there, rng.uniform(low, high, n), drawn[name])
    return {name: stepped(name, values) for name, values in drawn.items()}


def stepped(name, values):
    """Return values rounded to the step in which their column is recorded.

    Examples
    --------
    >>> stepped("temperature_c", np.array([37.04, 38.16]))
    array([37. , 38.2])
    """
    return np.round(values, 1 if STEP[name] < 1 else 0)
