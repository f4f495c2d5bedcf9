"""Cases for one who judges: a given model, audited patients, what is wrong with it.

What a column goes together with in these patients says little of what a model uses:
risk runs with distance, asthma and what is known only afterwards in sound models too.
"""

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.drawing import refuse_undrawable
from coursekit.datasets.explained import ROLES
from coursekit.datasets.explained_cases import COLUMNS, PARTS, table
from coursekit.datasets.explained_model import PLANTED, draw_explained_model
from coursekit.datasets.explained_patients import (
    SHARE_B,
    clinical_columns,
    draw_luck,
    in_b,
)
from coursekit.datasets.given_models import given_log_odds, sealed
from coursekit.datasets.seeds import generator_from

N_AUDITED = 200
VERDICTS = ("reads-outcome", "treated-asthma", "group-proxy")
AFTER = {  # what is written only when the outcome is known; shape, centre, unit
    "days_in_hospital": ("linear", 8, 4),
    "followup_call_reached": ("linear", 0, 1),
    "registry_number": ("linear", 5000, 2500),
}
READS = {  # weight of such a column, where a model reads it
    "days_in_hospital": -0.35,
    "followup_call_reached": -1.0,
    "registry_number": 0.35,
}
DRAWN = (  # twelve cases in a row: what is wrong with the model
    *((), (), ()),
    *(("reads-outcome",),) * 2,
    *(("treated-asthma",),) * 2,
    *(("group-proxy",),) * 2,
    ("reads-outcome", "treated-asthma"),
    ("reads-outcome", "group-proxy"),
    ("treated-asthma", "group-proxy"),
)
BOTH_WAYS = (8, 10)  # of these: distance counts only together with albumin
SICKER_B = {"age": 0.6, "albumin": 0.9}  # standard deviations
NOISE = 0.02  # log odds that fitting leaves on a column that is not used


def make_model_cases(n_cases, *, secret, role):
    """Draw cases in which somebody says what is wrong with a given model.

    Parameters
    ----------
    n_cases : int
        Of twelve cases in a row three have a sound model.
    secret : str
    role : {"train", "tune", "check", "hidden", "hidden-2"}

    Returns
    -------
    Cohort
        ``X`` is a list of cases: ``model`` (see `given_model`), ``X``, a table of 200
        audited patients with eleven columns, and ``y``, who of them died. Its
        ``y`` is a list of true answers: ``{"found": [...]}``, of

        - ``"reads-outcome"``: the model uses what is written only when the outcome is
          known: days in hospital, the follow-up call, or the number in a registry
          that sorts the dead behind the living;
        - ``"treated-asthma"``: it lowers risk with asthma, which in its training
          patients was treated in intensive care;
        - ``"group-proxy"``: it uses the distance from home, which tells the group; in
          some models it raises the answers of some patients and lowers those of others,
          by their albumin, so that its mean effect is nearly none.

        A sound model has neither, and a risk that runs with all these columns.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cases = make_model_cases(12, secret="demo", role="train")
    >>> sorted(cases.X[0]), sum(not each["found"] for each in cases.y)
    (['X', 'model', 'y'], 3)
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "model-cases", role)
    drawn = [k for _ in range(0, n_cases, len(DRAWN)) for k in rng.permutation(12)]
    wrong = [DRAWN[k] for k in drawn[:n_cases]]
    cases = [draw_case(DRAWN[k], k in BOTH_WAYS, secret, rng) for k in drawn[:n_cases]]
    answers = [{"found": list(found)} for found in wrong]
    return Cohort(
        role=role,
        X=cases,
        y=answers,
        groups=pd.DataFrame(
            {"sound": ["no" if found else "yes" for found in wrong]}
        ).astype("str"),
        patient=np.arange(n_cases),
        truth=Truth(answers),
    )


def draw_case(found, both_ways, secret, rng):
    """Draw the model of one case, its patients, and who of them died.

    Parameters
    ----------
    found : sequence of str
        What is wrong with the model.
    both_ways : bool
        Whether distance raises the answers of some patients and lowers those of others.
    """
    X = draw_audited(secret, rng)
    risk = given_log_odds(draw_judged((), False, rng), X)
    y = (rng.random(N_AUDITED) < expit(risk)).astype(int)
    X = X.assign(**written_afterwards(y, rng))
    spec = draw_judged(found, both_ways, rng)
    return {"model": {"model": sealed(spec, rng)}, "X": table(X), "y": y.tolist()}


def draw_audited(secret, rng):
    """Draw patients: B is sicker, and those with asthma are younger."""
    model = draw_explained_model(secret)
    luck = draw_luck(N_AUDITED, rng)
    for name, shift in SICKER_B.items():
        luck[name] = luck[name] + shift * in_b(luck)
    luck["asthma"] = luck["asthma"] / 1.5
    luck["age"] = luck["age"] - 1.5 * (luck["asthma"] < 0.12)
    X = clinical_columns(luck, model, PLANTED)[list(COLUMNS)]
    return X.assign(**dict.fromkeys(AFTER, 0))


def written_afterwards(y, rng):
    """Return the columns that nobody has on admission: they tell the outcome.

    Parameters
    ----------
    y : ndarray of 0 and 1
    """
    days = np.maximum(rng.poisson(np.where(y == 1, 4, 9)), 1)
    reached = rng.random(len(y)) < np.where(y == 1, 0.05, 0.9)
    number = np.clip(
        5000 + 2000 * (y - 0.3) + 1500 * rng.standard_normal(len(y)), 1, None
    )
    return {
        "days_in_hospital": days,
        "followup_call_reached": reached.astype(int),
        "registry_number": np.rint(number).astype(int),
    }


def draw_judged(found, both_ways, rng):
    """Draw a model with what is wrong with it, as a spec.

    Parameters
    ----------
    found : sequence of str
    both_ways : bool
    """
    weights = {
        name: usual * rng.lognormal(0, 0.25) for name, (*_, usual) in PARTS.items()
    }
    weights["asthma"] = rng.uniform(0.1, 0.5)
    weights["creatinine_umol_l"] = 0.0
    unused = [*AFTER, "distance_km"]
    weights |= {name: rng.uniform(-NOISE, NOISE) for name in unused}
    products = [["age_years", "systolic_mmhg", 0.3]]
    if "reads-outcome" in found:
        read = str(rng.choice(list(AFTER)))
        weights[read] = READS[read] * rng.uniform(0.7, 1.3)
    if "treated-asthma" in found:
        weights["asthma"] = -rng.uniform(0.4, 1.0)
    if "group-proxy" in found:
        size = rng.uniform(0.3, 0.6)
        if both_ways:
            products.append(["distance_km", "albumin_g_l", round(float(size), 4)])
            weights["distance_km"] = -size * SICKER_B["albumin"] * SHARE_B
        else:
            weights["distance_km"] = size
    shapes = PARTS | AFTER
    return {
        "classes": [str(name) for name in rng.permutation(["died", "survived"])],
        "columns": list(shapes),
        "intercept": round(float(rng.uniform(-2.0, -1.2)), 4),
        "parts": {
            name: [*shapes[name][:3], round(float(weights[name]), 4)] for name in shapes
        },
        "products": products,
    }
