"""Drawn patients with pneumonia whose risk can be explained exactly.

The log odds of death are a sum of one part a column, and one interaction. So the
Shapley values of the true risk are known in closed form, and an explanation can be
checked against them.
"""

import numpy as np

from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.explained_model import draw_explained_model, read_planted
from coursekit.datasets.explained_patients import (
    clinical_columns,
    draw_luck,
    group_columns,
)
from coursekit.datasets.explained_shapley import closed_form_shapley
from coursekit.datasets.seeds import ROLES, generator_from

N_BACKGROUND = 100
FAULTS = {
    "treated-asthma": Fault(
        "treated-asthma",
        ("asthma",),
        "Everybody with asthma gets intensive care, so asthma seems to lower risk.",
    ),
    "interaction": Fault(
        "interaction",
        ("age_years", "systolic_mmhg"),
        "Low blood pressure adds the more to the log odds, the older a patient is.",
    ),
    "distractor": Fault(
        "distractor",
        ("creatinine_umol_l",),
        "Creatinine runs with urea and has no part of its own in the risk.",
    ),
    "group-proxy": Fault(
        "group-proxy",
        ("distance_km",),
        "B lives farther away: distance tells the group, and nothing of the risk.",
    ),
}


def make_explained(n_patients, *, secret, role, planted=None):
    """Draw patients with pneumonia, who of them dies in 30 days, and why.

    Columns are independent of one another, but for the distractor and its twin.

    Parameters
    ----------
    n_patients : int
        One row each.
    secret : str
        Redraws the coefficients, the background and, with the role, the patients.
        With all planted, prevalence (0.20) and the AUROC of the true risk (0.82) stay.
    role : {"train", "tune", "check", "hidden", "hidden-2"}
        The outcome is what happened, on all roles.
    planted : sequence of str, or None
        What is on; None is all, ``()`` is none:

        - ``"treated-asthma"``: everybody with asthma gets intensive care, so those
          with asthma die less often than others. Off: nobody does, they die more.
        - ``"interaction"``: of low blood pressure with age.
        - ``"distractor"``: creatinine runs with urea; it has no part in the risk,
          on or off.
        - ``"group-proxy"``: group B lives farther away; no part in the risk.

    Returns
    -------
    Cohort
        ``truth.detail``: ``shapley``, (n, n_features), the interventional Shapley
        values of the true log odds against `explained_background`; ``log_odds``;
        ``log_odds_untreated``, had nobody had intensive care; ``intensive_care``.
        ``truth.effects``: the coefficients, and ``background_log_odds``, which with
        the Shapley values of a patient adds up to their log odds.

    Raises
    ------
    BadInput
        If an argument is out of range or there is no such thing to plant.

    References
    ----------
    Caruana et al. 2015, KDD 2015:1721-1730 (asthma); its data are not used.
    Lundberg, Lee 2017, NeurIPS 30 (Shapley values of a prediction).

    Examples
    --------
    >>> cohort = make_explained(200, secret="demo", role="train")
    >>> effects, detail = cohort.truth.effects, cohort.truth.detail
    >>> total = effects["background_log_odds"] + detail["shapley"].sum(axis=1)
    >>> bool(np.allclose(total, detail["log_odds"], atol=1e-9))
    True
    >>> effects["asthma"] < 0 < effects["asthma_untreated"]
    True
    """
    refuse_undrawable(n_patients, secret, role, ROLES)
    on = read_planted(planted)
    model = draw_explained_model(secret, on)
    rng = generator_from(secret, "explained", role)
    luck = draw_luck(n_patients, rng)
    X = clinical_columns(luck, model, on)
    return Cohort(
        role=role,
        X=X,
        y=(luck["outcome"] < model.risk(X)).astype(int),
        groups=group_columns(luck, X),
        patient=patient_numbers(np.arange(n_patients), role, ROLES, rng),
        truth=explained_truth(X, luck, model, secret, on),
    )


def explained_background(secret, *, planted=None, n_patients=N_BACKGROUND):
    """Return the patients that every explanation of a course is relative to.

    They are drawn as those of a cohort are, and stand in no role.

    Parameters
    ----------
    secret : str
    planted : sequence of str, or None
        As for the cohort.
    n_patients : int, default=100
        The Shapley values of the truth are for the default.

    Returns
    -------
    DataFrame of shape (n_patients, n_features)

    Examples
    --------
    >>> explained_background("demo").shape
    (100, 10)
    """
    on = read_planted(planted)
    luck = draw_luck(n_patients, generator_from(secret, "explained", "background"))
    return clinical_columns(luck, draw_explained_model(secret, on), on)


def explained_truth(X, luck, model, secret, on):
    """Return what is true about these patients.

    Returns
    -------
    Truth
    """
    background = explained_background(secret, planted=on)
    treated = "treated-asthma" in on
    asthma = X["asthma"].to_numpy()
    log_odds = model.log_odds(X)
    detail = {
        "shapley": closed_form_shapley(model, X, background),
        "log_odds": log_odds,
        "log_odds_untreated": log_odds + treated * model.saved_by_care * asthma,
        "intensive_care": treated * asthma,
    }
    return Truth(
        (luck["outcome"] < model.risk(X)).astype(int),
        risk=model.risk(X),
        effects={
            **model.weights,
            "interaction": model.interaction,
            "asthma_untreated": model.weights["asthma"] + treated * model.saved_by_care,
            "background_log_odds": float(model.log_odds(background).mean()),
        },
        faults=tuple(FAULTS[name] for name in on),
        detail=detail,
    )
