"""Patients of `make_explained`: first their luck, then what follows from it."""

import numpy as np
import pandas as pd

AGE_BANDS = ("18-49", "50-64", "65-79", "80+")
NORMALS = (
    "age",
    "pressure",
    "respiration",
    "urea",
    "creatinine",
    "albumin",
    "temperature",
    "distance",
)
UNIFORMS = ("group", "sex", "asthma", "care_home", "outcome")
SHARE_B = 0.30
ASTHMA_SHARE = 0.12
CARE_HOME_SHARE = 0.12


def draw_luck(n_patients, rng):
    """Draw all that is random about patients: one row each.

    Returns
    -------
    dict of str to ndarray of shape (n_patients,)
        Standard normal, or uniform in [0, 1).

    Examples
    --------
    >>> luck = draw_luck(3, np.random.default_rng(0))
    >>> len(luck), luck["age"].shape
    (13, (3,))
    """
    luck = {name: rng.standard_normal(n_patients) for name in NORMALS}
    return {**luck, **{name: rng.random(n_patients) for name in UNIFORMS}}


def clinical_columns(luck, model, on):
    """Return what is known about patients on admission.

    Parameters
    ----------
    luck : dict
        As `draw_luck` returns it.
    model : ExplainedModel
    on : sequence of str
        What is planted.

    Returns
    -------
    DataFrame of n rows
    """
    pressure = np.clip(np.rint(124 + 22 * luck["pressure"]), 60, 220).astype(int)
    rate = np.clip(np.rint(22 + 6 * luck["respiration"]), 8, 50).astype(int)
    creatinine = np.rint(90 * np.exp(0.4 * kidney(luck, model, on))).astype(int)
    return pd.DataFrame(
        {
            "age_years": age_years(luck),
            "systolic_mmhg": pressure,
            "respiratory_rate_per_min": rate,
            "urea_mmol_l": np.round(7 * np.exp(0.5 * luck["urea"]), 1),
            "creatinine_umol_l": creatinine,
            "albumin_g_l": np.clip(np.rint(36 - 5 * luck["albumin"]), 12, 56).astype(
                int
            ),
            "temperature_c": np.round(37.8 + 0.8 * luck["temperature"], 1),
            "asthma": (luck["asthma"] < ASTHMA_SHARE).astype(int),
            "care_home": (luck["care_home"] < CARE_HOME_SHARE).astype(int),
            "distance_km": distance_km(luck, model, on),
        }
    )


def age_years(luck):
    """Return whole years, from 18 to 100."""
    return np.clip(np.rint(68 + 14 * luck["age"]), 18, 100).astype(int)


def kidney(luck, model, on):
    """Return what creatinine shows, standard normal; it runs with urea if planted."""
    if "distractor" not in on:
        return luck["creatinine"]
    r = model.correlation
    return r * luck["urea"] + np.sqrt(1 - r**2) * luck["creatinine"]


def distance_km(luck, model, on):
    """Return how far patients live from the hospital; B farther, if planted."""
    farther = model.farther_in_b_km * (in_b(luck) & ("group-proxy" in on))
    return np.clip(np.round(12 + 4 * luck["distance"] + farther, 1), 0.5, None)


def in_b(luck):
    """Return who is in group B."""
    return luck["group"] < SHARE_B


def group_columns(luck, X):
    """Return the columns by which fairness is measured, all strings."""
    band = np.digitize(X["age_years"], [50, 65, 80])
    return pd.DataFrame(
        {
            "group": np.where(in_b(luck), "B", "A"),
            "sex": np.where(luck["sex"] < 0.48, "F", "M"),
            "age_band": np.array(AGE_BANDS)[band],
        }
    ).astype("str")
