"""Patients of one hospital: their need, their care, and what was written down.

Need is latent and has the same distribution in group A and group B. What differs
is access: B is admitted less often for the same need, and has fewer tests.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import ndtri

from coursekit.datasets.readmission_model import (
    AGE_LIMITS_YEARS,
    AGE_MEAN_YEARS,
    AGE_SD_YEARS,
    LABS,
    emergency_probability,
)

DESTINATIONS = ("home", "home_with_services", "rehabilitation", "nursing_facility")
AGE_BANDS = ("18-49", "50-64", "65-79", "80+")
POST_INDEX = ("post_discharge_calls_30d", "days_to_next_contact")
NOT_YET = {"post_discharge_calls_30d": 0, "days_to_next_contact": 90}
WITHIN_PATIENT = 0.8  # correlation of need between encounters of one patient
SINGLE_LAB_LOST = 0.03  # a value lost although the blood was drawn


@dataclass(frozen=True)
class Hospital:
    """Whom a hospital admits, and how it keeps its records."""

    share_b: float = 0.30
    need_mean: float = 0.0
    age_mean_years: float = AGE_MEAN_YEARS
    missing_labs_in_a: float = 0.10
    missing_labs_in_b: float = 0.45
    missing_labs_by_need: float = 0.2  # the iller, the more often ordered
    destinations: tuple[str, ...] = DESTINATIONS


def draw_people(n_patients, hospital, rng):
    """Draw one row per patient: what does not change between encounters.

    Returns
    -------
    DataFrame of n_patients rows
        group, preferred_language, sex, age_years, need_mean, usual_need (its
        distance from the mean), n_encounters.
    """
    group = np.where(rng.random(n_patients) < hospital.share_b, "B", "A")
    other = rng.random(n_patients) < np.where(group == "B", 0.76, 0.10)
    age = rng.normal(hospital.age_mean_years, AGE_SD_YEARS, n_patients)
    return pd.DataFrame(
        {
            "group": group,
            "preferred_language": np.where(other, "other", "main"),
            "sex": np.where(rng.random(n_patients) < 0.52, "F", "M"),
            "age_years": np.clip(np.rint(age), *AGE_LIMITS_YEARS).astype(int),
            "need_mean": hospital.need_mean,
            "usual_need": rng.normal(0, 1, n_patients),
            "n_encounters": 1 + rng.poisson(0.4, n_patients),
        }
    )


def draw_encounters(people, *, one_encounter, rng):
    """Draw the encounters of these patients, with the need at each.

    Parameters
    ----------
    one_encounter : bool
        True: one encounter a patient, which is a random one of theirs.

    Returns
    -------
    DataFrame
        As `people`, with ``person`` (position in people) and ``need``.
    """
    n_rows = 1 if one_encounter else people["n_encounters"]
    person = np.repeat(np.arange(len(people)), n_rows)
    encounters = people.iloc[person].reset_index(drop=True)
    usual = encounters["usual_need"] * np.sqrt(WITHIN_PATIENT)
    now = rng.normal(0, np.sqrt(1 - WITHIN_PATIENT), len(encounters))
    return encounters.assign(person=person, need=encounters["need_mean"] + usual + now)


def draw_care(encounters, coefficients, hospital, rng):
    """Draw what is known at discharge: one row per encounter, labs may be NaN.

    Returns
    -------
    DataFrame
        The clinical columns of a cohort, without the post-index ones.
    """
    need = encounters["need"].to_numpy()
    in_b = (encounters["group"] == "B").to_numpy()
    age = encounters["age_years"].to_numpy()
    access = coefficients.access_in_b * in_b
    stay = np.exp(1.15 + coefficients.stay * need) * rng.gamma(3, 1 / 3, len(need))
    prior = np.exp(0.2 + coefficients.utilisation * need + access)
    comorbid = np.exp(0.4 + coefficients.comorbidity * need + 0.006 * (age - 65))
    return pd.DataFrame(
        {
            "age_years": age,
            "admission_type": draw_admission_type(need, rng),
            "length_of_stay_days": np.clip(np.ceil(stay), 1, 90).astype(int),
            "prior_admissions_12m": rng.poisson(prior),
            "comorbidity_count": rng.poisson(comorbid),
            **draw_labs(encounters, coefficients, hospital, rng),
            "discharge_destination": draw_destination(
                need, age, coefficients, hospital, rng
            ),
        }
    )


def draw_admission_type(need, rng):
    """Draw emergency, urgent or elective; the iller, the more often an emergency."""
    emergency = rng.random(len(need)) < emergency_probability(need)
    planned = np.where(rng.random(len(need)) < 0.4, "urgent", "elective")
    return np.where(emergency, "emergency", planned)


def draw_destination(need, age, coefficients, hospital, rng):
    """Draw where patients go: the iller and older, the more help they get."""
    help_needed = coefficients.destination * need + 0.03 * (age - 65)
    noisy = help_needed + rng.logistic(0, 1, len(need))
    level = np.digitize(noisy, [0.4, 1.6, 2.2])
    return np.array(hospital.destinations, dtype=object)[level]


def draw_labs(encounters, coefficients, hospital, rng):
    """Draw the laboratory values at discharge; NaN where none was ordered.

    A value is need times its loading plus noise of size 1, put on the clinical
    scale: haemoglobin, sodium and albumin fall with need, creatinine rises.
    """
    need = encounters["need"].to_numpy()
    shown = [k * need + rng.normal(0, 1, len(need)) for k in coefficients.labs]
    haemoglobin, sodium, creatinine, albumin = shown
    values = {
        "haemoglobin_g_dl": np.round(12.5 - 1.3 * haemoglobin, 1),
        "sodium_mmol_l": np.rint(138.5 - 2.8 * sodium),
        "creatinine_umol_l": np.rint(88 * np.exp(0.28 * creatinine)),
        "albumin_g_l": np.rint(37 - 3.6 * albumin),
    }
    missing = draw_missing_labs(encounters, hospital, rng)
    return {name: np.where(missing[name], np.nan, values[name]) for name in LABS}


def draw_missing_labs(encounters, hospital, rng):
    """Draw which values are missing: mostly all of an encounter's, as blood is drawn.

    The share missing is the hospital's figure for each group where the mean need
    is 0; within a group the iller have fewer missing.
    """
    in_b = (encounters["group"] == "B").to_numpy()
    target = np.where(in_b, hospital.missing_labs_in_b, hospital.missing_labs_in_a)
    one_lost = np.minimum(SINGLE_LAB_LOST, target)
    none_drawn = 1 - (1 - target) / (1 - one_lost)
    by_need = hospital.missing_labs_by_need
    cut = ndtri(none_drawn) * np.sqrt(1 + by_need**2)
    need = encounters["need"].to_numpy()
    not_drawn = rng.normal(0, 1, len(in_b)) + by_need * need < cut
    lost = rng.random((len(LABS), len(in_b))) < one_lost
    return {name: not_drawn | row for name, row in zip(LABS, lost, strict=True)}


def draw_post_index(recorded, coefficients, rng):
    """Draw the columns that follow the recorded outcome, as they stand 30 days on.

    Parameters
    ----------
    recorded : ndarray of shape (n,)
        Whether a readmission was recorded, 0/1.

    Returns
    -------
    dict of str to ndarray of int
        ``post_discharge_calls_30d`` and ``days_to_next_contact`` (1 to 90; 90 means
        none seen within 90 days).
    """
    readmitted = recorded == 1
    calls = np.where(
        readmitted, coefficients.calls_readmitted, coefficients.calls_otherwise
    )
    soon = rng.integers(1, 31, len(recorded))
    later = np.ceil(rng.exponential(60, len(recorded)))
    days = np.clip(np.where(readmitted, soon, later), 1, 90).astype(int)
    return {
        "post_discharge_calls_30d": rng.poisson(calls),
        "days_to_next_contact": days,
    }


def group_columns(encounters):
    """Return the columns by which fairness is measured, all strings."""
    band = np.digitize(encounters["age_years"], [50, 65, 80])
    columns = ["group", "preferred_language", "sex"]
    return encounters[columns].assign(age_band=np.array(AGE_BANDS)[band]).astype("str")
