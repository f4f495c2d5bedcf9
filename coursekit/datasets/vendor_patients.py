"""The patients of one vendor's case, their outcomes and the scores they were given."""

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.datasets.vendor_models import (
    DRIFTED,
    LEAKY,
    MISCALIBRATED,
    UNDER_SERVES,
)

AGE_BANDS = ("18-49", "50-64", "65-79", "80+")
AGE_SHARES = (0.24, 0.27, 0.31, 0.18)
AGE_SHIFT = (-0.8, -0.2, 0.25, 0.5)
WARDS = ("medical", "surgical")
N_DAYS = 365


def draw_patients(vendor, rng):
    """Draw a clinic's table of one year.

    Parameters
    ----------
    vendor : Vendor
    rng : numpy.random.Generator

    Returns
    -------
    table : DataFrame
        Columns as `make_vendor_cases` says.
    risk : ndarray of shape (n,)
        What the score would be without the fault; the outcome is drawn from it.

    Examples
    --------
    >>> from coursekit.datasets.vendor_models import draw_vendor
    >>> rng = np.random.default_rng(0)
    >>> table, risk = draw_patients(draw_vendor(rng, "fine"), rng)
    >>> bool((abs(table["score"] - risk) < 1e-4).all())
    True
    """
    who = draw_people(vendor, rng)
    odds, centre = true_log_odds(vendor, who, rng)
    y = (rng.random(len(odds)) < expit(odds)).astype(int)
    settled, scored, late = draw_hours(vendor, len(y), rng)
    score = expit(score_log_odds(vendor, who, odds, centre, y & late, late, rng))
    admissions = rng.poisson(np.exp(0.35 * (odds - odds.mean()) - 0.3))
    first = np.datetime64(vendor.first_date)
    table = pd.DataFrame(
        {
            "score": np.clip(np.round(score, 4), 0.0001, 0.9999),
            "y": y,
            "date": (first + who["day"]).astype(str),
            "sex": who["sex"],
            "age_band": np.array(AGE_BANDS)[who["age"]],
            "language": who["language"],
            "ward": who["ward"],
            "prior_admissions": admissions,
            "hour_scored": scored,
            "hour_settled": settled,
        }
    )
    return table, expit(odds)


def draw_people(vendor, rng):
    """Draw who comes on which day, sorted by day."""
    n = vendor.n_patients
    names = list(vendor.shares)
    return {
        "day": np.sort(rng.integers(0, N_DAYS, n)),
        "age": rng.choice(len(AGE_BANDS), n, p=AGE_SHARES),
        "sex": rng.choice(["F", "M"], n, p=[0.53, 0.47]),
        "language": rng.choice(names, n, p=list(vendor.shares.values())),
        "ward": rng.choice(WARDS, n, p=[0.7, 0.3]),
    }


def true_log_odds(vendor, who, rng):
    """Return the log odds of each patient's true risk, and of the like of them.

    Returns
    -------
    odds, centre : ndarray of shape (n,)
        `centre` is what age, ward, language and season alone say.
    """
    shift = pd.Series(who["language"]).map(vendor.language_shift).to_numpy()
    centre = (
        shift
        + np.array(AGE_SHIFT)[who["age"]]
        - 0.4 * (who["ward"] == "surgical")
        + vendor.season * (who["day"] / N_DAYS - 0.5)
    )
    own = vendor.spread * rng.standard_normal(len(centre))
    level = solve_level(centre + own, vendor.prevalence)
    return level + centre + own, level + centre


def solve_level(odds, prevalence):
    """Return what to add to log odds so that the mean risk is the prevalence.

    Examples
    --------
    >>> abs(solve_level(np.zeros(3), 0.5)) < 1e-6
    True
    """
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        if expit(odds + middle).mean() < prevalence:
            low = middle
        else:
            high = middle
    return middle


def draw_hours(vendor, n, rng):
    """Return when each outcome was settled, when the score was made, and if later.

    Returns
    -------
    settled, scored : ndarray of float, shape (n,)
        Hours since admission.
    late : ndarray of int, shape (n,)
        1 where the score was made after the outcome was settled.
    """
    settled = np.round(np.clip(rng.gamma(2.0, 40.0, n), 6.0, 700.0), 1)
    late = (rng.random(n) < vendor.late_share).astype(int)
    before = settled * rng.uniform(0.05, 0.9, n)
    after = settled + rng.uniform(1.0, 30.0, n)
    return settled, np.round(np.where(late, after, before), 1), late


def score_log_odds(vendor, who, odds, centre, ill_late, late, rng):
    """Return the log odds that the vendor's model gives."""
    noise = vendor.spread * rng.standard_normal(len(odds))
    own = odds - centre
    lost = np.sqrt(max(1 - vendor.kept**2, 0.0)) * noise
    if vendor.kept > 1:  # too extreme, about the mean of all
        failing = odds.mean() + vendor.kept * (odds - odds.mean())
    else:
        failing = centre + vendor.kept * own + lost
    failing = failing + vendor.shift
    if vendor.fault == LEAKY:
        return odds + late * sign_of_outcome(vendor, ill_late, rng)
    where = {
        DRIFTED: who["day"] >= vendor.from_day,
        MISCALIBRATED: np.full(len(odds), True),
        UNDER_SERVES: who["language"] == vendor.worst,
    }.get(vendor.fault, False)
    return np.where(where, failing, odds)


def sign_of_outcome(vendor, ill, rng):
    """Return what a sign recorded after the outcome adds to the log odds.

    The model weighs the sign as often as it is there among ill and others, so its
    scores stay calibrated.
    """
    in_ill, in_others = vendor.seen
    there = rng.random(len(ill)) < np.where(ill == 1, in_ill, in_others)
    yes = np.log(in_ill / in_others)
    no = np.log((1 - in_ill) / (1 - in_others))
    return np.where(there, yes, no)
