"""Cases for one who explains: a given model, patients, a background, the truth."""

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.drawing import refuse_undrawable
from coursekit.datasets.explained import ROLES
from coursekit.datasets.explained_model import PLANTED, draw_explained_model
from coursekit.datasets.explained_patients import (
    clinical_columns,
    draw_luck,
    group_columns,
)
from coursekit.datasets.given_models import (
    given_log_odds,
    given_shapley,
    sealed,
)
from coursekit.datasets.seeds import generator_from

N_PATIENTS, N_BACKGROUND = 40, 60
PARTS = {  # column -> shape, centre, unit, usual weight
    "age_years": ("linear", 68, 14, 0.75),
    "systolic_mmhg": ("below", 120, 20, 0.70),
    "urea_mmol_l": ("doublings", 7, 1, 0.60),
    "creatinine_umol_l": ("doublings", 90, 0.8, 0.60),
    "albumin_g_l": ("linear", 36, -5, 0.55),
    "asthma": ("linear", 0, 1, 0.90),
    "care_home": ("linear", 0, 1, 1.20),
    "distance_km": ("linear", 14, 5, 0.50),
}
COLUMNS = tuple(PARTS)
TWINS = ("urea_mmol_l", "creatinine_umol_l")
NEVER_USED = 0.25  # how often a model has no use for one of the others
PARTNERS = ("systolic_mmhg", "albumin_g_l", "care_home", "distance_km")
SICKER = {"age": 0.6, "urea": 0.5, "albumin": 0.5, "pressure": -0.4}


def make_explained_cases(n_cases, *, secret, role):
    """Draw cases in which somebody explains a given model of pneumonia patients.

    Two neighbouring cases share their patients and have different models, so an
    explanation that does not depend on the model can be seen.

    Parameters
    ----------
    n_cases : int
    secret : str
        With the role, draws everything.
    role : {"train", "tune", "check", "hidden", "hidden-2"}

    Returns
    -------
    Cohort
        ``X`` is a list of cases: ``model`` (see `given_model`), ``X`` (40 patients of
        a ward, sicker than usual) and ``background`` (60 usual patients), tables of
        eight columns. ``y`` is a list of true answers: ``values``, the interventional
        Shapley values of the log odds of death, 40 rows of 8 numbers; ``groups``, A
        or B of each patient; and for who judges an answer ``pair`` (which cases share
        patients), ``twins`` (the two columns that run together), ``unused`` (the twin
        that the model does not use, or None) and ``sums`` (what the values of a patient
        add up to on other scales, for the other class, or against X itself).

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cases = make_explained_cases(2, secret="demo", role="train")
    >>> sorted(cases.X[0]), np.shape(cases.y[0]["values"])
    (['X', 'background', 'model'], (40, 8))
    >>> cases.X[0]["X"] == cases.X[1]["X"], cases.X[0]["model"] == cases.X[1]["model"]
    (True, False)
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "explained-cases", role)
    cases, answers = [], []
    for number in range(n_cases):
        if number % 2 == 0:
            X, background, groups = draw_ward(secret, rng)
        spec, unused = draw_spec(rng)
        cases.append(
            {
                "model": {"model": sealed(spec, rng)},
                "X": table(X),
                "background": table(background),
            }
        )
        truth = true_answer(spec, X, background)
        answers.append(
            truth | {"groups": groups, "pair": number // 2, "unused": unused}
        )
    names = pd.DataFrame(
        {"distractor": ["no" if a["unused"] is None else "yes" for a in answers]}
    ).astype("str")
    return Cohort(
        role=role,
        X=cases,
        y=answers,
        groups=names,
        patient=np.arange(n_cases),
        truth=Truth(answers),
    )


def table(X):
    """Return a DataFrame as the JSON of a case."""
    return {"table": {name: X[name].tolist() for name in X}}


def draw_ward(secret, rng):
    """Draw the patients who are explained, the background, and the patients' groups.

    Returns
    -------
    X, background : DataFrame
    groups : list of str
    """
    model = draw_explained_model(secret)
    luck = draw_luck(N_PATIENTS, rng)
    for name, shift in SICKER.items():
        luck[name] = luck[name] + shift
    luck["asthma"] = luck["asthma"] / 2
    luck["care_home"] = luck["care_home"] / 2
    X = clinical_columns(luck, model, PLANTED)
    background = clinical_columns(draw_luck(N_BACKGROUND, rng), model, PLANTED)
    groups = group_columns(luck, X)["group"].tolist()
    return X[list(COLUMNS)], background[list(COLUMNS)], groups


def draw_spec(rng):
    """Draw a given model, and which of the two twins it does not use.

    Returns
    -------
    spec : dict
    unused : str or None
    """
    weights = {
        name: usual * rng.lognormal(0, 0.35) for name, (*_, usual) in PARTS.items()
    }
    for name in COLUMNS:
        if name not in TWINS and rng.random() < NEVER_USED:
            weights[name] = 0.0
    if rng.random() < 0.5:
        weights["asthma"] *= -1
    unused = rng.choice([*TWINS, ""], p=[0.3, 0.5, 0.2])
    if unused:
        weights[unused] = 0.0
    partner = str(rng.choice(PARTNERS))
    product = ["age_years", partner, round(float(rng.uniform(0.25, 0.5)), 4)]
    parts = {
        name: [*PARTS[name][:3], round(float(weights[name]), 4)] for name in COLUMNS
    }
    spec = {
        "classes": [str(name) for name in rng.permutation(["died", "survived"])],
        "columns": list(COLUMNS),
        "intercept": round(float(rng.uniform(-2.2, -1.4)), 4),
        "parts": parts,
        "products": [product],
    }
    return spec, str(unused) or None


def true_answer(spec, X, background):
    """Return the true values of a case, and what other questions would add up to."""
    here, there = given_log_odds(spec, X), given_log_odds(spec, background)
    sums = {
        "other class": there.mean() - here,
        "probability": expit(here) - expit(there).mean(),
        "probability of the other class": expit(there).mean() - expit(here),
        "X as background": here - here.mean(),
    }
    return {
        "values": np.round(given_shapley(spec, X, background), 6).tolist(),
        "twins": [COLUMNS.index(name) for name in TWINS],
        "sums": {name: np.round(each, 6).tolist() for name, each in sums.items()},
    }
