"""Patients of `make_gap`: first their luck, then what follows from it.

All random numbers are drawn before any mechanism is looked at, so the same patients
can be seen with a mechanism on and off: what differs is what the mechanism does.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtr, ndtri, pdtr

from coursekit.datasets.gap_differences import FULL_SATURATION

AGE_BANDS = ("18-49", "50-64", "65-79", "80+")
NORMALS = (
    "age",
    "need",
    "albumin",
    "haemoglobin",
    "creatinine",
    "crp",
    "saturation",
    "device",
    "respiration",
    "conditions",
    "visits",
    "cost",
    "next_cost",
    "distance",
)
UNIFORMS = ("group", "language", "sex", "blood_gas", "outcome", "missed")
FARTHER_IN_B_KM = 8.0
RISES_IN_B = 0.5  # of albumin in B, where it falls in A
COST_SD = 0.6
NEXT_COST_BY_NEED = 0.6
LOG_COST = 7.6  # of a patient of mean need, euros
HIGH_COST_SHARE = 0.25  # of A's patients


def draw_luck(n_patients, rng):
    """Draw all that is random about patients: one row each.

    Returns
    -------
    dict of str to ndarray of shape (n_patients,)
        Standard normal, or uniform in [0, 1).

    Examples
    --------
    >>> luck = draw_luck(3, np.random.default_rng(0))
    >>> len(luck), luck["need"].shape
    (20, (3,))
    """
    luck = {name: rng.standard_normal(n_patients) for name in NORMALS}
    return {**luck, **{name: rng.random(n_patients) for name in UNIFORMS}}


def clinical_columns(luck, in_b, model, on):
    """Return what is known about patients when the model is asked.

    Parameters
    ----------
    luck : dict
        As `draw_luck` returns it.
    in_b : ndarray of bool, shape (n,)
        Who is in group B.
    model : GapModel
    on : sequence of str
        Mechanisms that are on.

    Returns
    -------
    DataFrame of n rows
    """
    need = need_of(luck, in_b, model)
    shown = {name: k * need + luck[name] for name, k in model.shown.items()}
    albumin, haemoglobin = low_values(luck, in_b, model, on)
    saturation = true_saturation(luck, in_b, model)
    return pd.DataFrame(
        {
            "age_years": age_years(luck),
            "distance_km": distance_km(luck, in_b),
            "albumin_g_l": np.rint(37 - 3.6 * albumin),
            "haemoglobin_g_dl": np.round(12.5 - 1.3 * haemoglobin, 1),
            "creatinine_umol_l": np.rint(88 * np.exp(0.28 * shown["creatinine"])),
            "crp_mg_l": np.round(20 * np.exp(0.6 * shown["crp"]), 1),
            "respiratory_rate_per_min": np.rint(18 + 3 * shown["respiration"]),
            "spo2_percent": device_reading(saturation, luck, in_b, model, on),
            "sao2_percent": blood_gas(saturation, luck),
            "chronic_conditions": count(shown["conditions"], 1.5),
            "visits_12m": count(shown["visits"], 4.0),
            "cost_12m_eur": np.rint(np.exp(log_cost(luck, in_b, model, on))),
        }
    )


def need_of(luck, in_b, model):
    """Return need, in standard deviations from the mean of A."""
    return luck["need"] + model.differences.need_in_b * in_b


def age_years(luck):
    """Return whole years, from 18 to 100."""
    return np.clip(np.rint(62 + 15 * luck["age"]), 18, 100).astype(int)


def distance_km(luck, in_b):
    """Return how far patients live from the hospital; it has no effect on risk."""
    kilometres = 12 + 5 * luck["distance"] + FARTHER_IN_B_KM * in_b
    return np.clip(np.round(kilometres, 1), 0.5, None)


def count(shown, mean):
    """Return counts of a Poisson distribution, the higher, the more is shown."""
    up_to = pdtr(np.arange(50), mean)
    return np.searchsorted(up_to, ndtr(shown / np.sqrt(1 + 0.35**2)))


def low_values(luck, in_b, model, on):
    """Return how far albumin and haemoglobin have fallen, in units of noise.

    Need shows in low albumin. With under-representation on, it shows in B in low
    haemoglobin instead, and albumin even rises a little, at a strength of 1.
    """
    instead = np.where(in_b & ("under-representation" in on), model.other_signs, 0.0)
    falling = model.shown["albumin"] * need_of(luck, in_b, model)
    albumin = luck["albumin"] + (1 - (1 + RISES_IN_B) * instead) * falling
    haemoglobin = luck["haemoglobin"] + instead * falling
    lower = model.differences
    return (
        albumin + lower.albumin_in_b * in_b,
        haemoglobin + lower.haemoglobin_in_b * in_b,
    )


def true_saturation(luck, in_b, model):
    """Return the arterial oxygen saturation, percent, 60 to 100."""
    need = need_of(luck, in_b, model)
    shown = model.shown["saturation"] * need + luck["saturation"]
    falls = np.where(in_b, model.differences.falls_in_b, 1.0) * 2.2 * shown
    return np.clip(96 + level_of(in_b, model) - falls, 60, 100)


def level_of(in_b, model):
    """Return by how much the saturation of healthy people is higher, percent."""
    apart = model.differences
    return apart.saturation + apart.saturation_in_b * in_b


def device_reading(saturation, luck, in_b, model, on):
    """Return what the pulse oximeter shows, whole percent, at most 100.

    With measurement on it hides in B a share of each fall below what is full there,
    98 percent at sea level.
    """
    full = FULL_SATURATION + level_of(in_b, model)
    hidden = model.device_loss * np.maximum(full - saturation, 0)
    high = np.where(in_b & ("measurement" in on), hidden, 0)
    high = high + model.differences.device_offset
    return np.clip(np.rint(saturation + high + luck["device"]), 60, 100)


def blood_gas(saturation, luck):
    """Return the saturation by blood gas, where one was taken: one patient in eight."""
    return np.where(luck["blood_gas"] < 0.125, np.round(saturation, 1), np.nan)


def access_to_care(in_b, model, on):
    """Return the log ratio of what is spent on a patient to what is spent on A."""
    return np.where(in_b & ("proxy-label" in on), model.cost_in_b, 0.0)


def log_cost(luck, in_b, model, on):
    """Return the log of the cost of the past 12 months."""
    own = model.shown["cost"] * need_of(luck, in_b, model) + luck["cost"]
    return LOG_COST + COST_SD * own + access_to_care(in_b, model, on)


def has_high_cost(luck, in_b, model, on):
    """Return who costs more in the next 12 months than three quarters of A do."""
    again = model.differences.cost_kept * COST_SD
    need = NEXT_COST_BY_NEED * need_of(luck, in_b, model)
    new = model.differences.next_cost_sd
    cost = need + again * luck["cost"] + new * luck["next_cost"]
    spread = np.hypot(np.hypot(NEXT_COST_BY_NEED, again), new)
    cut = spread * ndtri(1 - HIGH_COST_SHARE)
    return cost + access_to_care(in_b, model, on) > cut


def recorded_outcome(luck, outcome, in_b, model, on):
    """Return the label of train, and whose event is missing in it.

    Returns
    -------
    recorded : ndarray of int, shape (n,)
    missed : ndarray of bool, shape (n,)
    """
    label = outcome
    if "proxy-label" in on:
        label = has_high_cost(luck, in_b, model, on).astype(int)
    chosen = in_b & (luck["missed"] < model.missed_in_b)
    missed = chosen & (label == 1) & ("under-ascertainment" in on)
    return np.where(missed, 0, label), missed


def group_columns(luck, in_b):
    """Return the columns by which fairness is measured, all strings."""
    other = luck["language"] < np.where(in_b, 0.70, 0.10)
    band = np.digitize(age_years(luck), [50, 65, 80])
    return pd.DataFrame(
        {
            "group": np.where(in_b, "B", "A"),
            "preferred_language": np.where(other, "other", "main"),
            "sex": np.where(luck["sex"] < 0.52, "F", "M"),
            "age_band": np.array(AGE_BANDS)[band],
        }
    ).astype("str")
