"""Drawn patients of a care programme that chooses by cost, conditions, or true need.

One rule: what makes B lose the places is the label. B needs more, and costs less at
equal illness; the sizes reproduce a published shift.
"""

import numpy as np
import pandas as pd

from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.label_choice_fit import FITTED, HIGH_COST_EUR, PUBLISHED
from coursekit.datasets.label_choice_patients import (
    draw_illness,
    high_need_cut,
    with_cost,
)
from coursekit.datasets.seeds import ROLES, generator_from

KNOWN_BEFORE = ("age_years", "conditions_before", "visits_12m", "cost_12m_eur")
LABELS = ("cost_next_12m_eur", "conditions_next_12m")
FAULT = Fault(
    "proxy-label",
    ("cost_next_12m_eur",),
    "Train's label is high cost, not high need; B costs less at equal illness.",
)


def make_label_choice(n_patients, *, secret, role):
    """Draw patients of whom 3 % get a place, and the labels to choose them by.

    Parameters
    ----------
    n_patients : int
        One row each. Shares among the enrolled need many: of 50,000 patients 1,500
        are enrolled.
    secret : str
        With the role, redraws the patients. The coefficients are always the same,
        since they are fitted to published shares (`label_choice_fit`).
    role : {"train", "tune", "check", "hidden", "hidden-2"}
        On train the outcome is the label that somebody chose: cost in the next year
        above its 97th percentile. On the others it is need above its 97th percentile.

    Returns
    -------
    Cohort
        ``X`` has age_years, conditions_before, visits_12m and cost_12m_eur, known
        before; and, as post-index columns, the labels that could be chosen instead:
        cost_next_12m_eur and conditions_next_12m. ``truth.detail["need"]`` is the
        need of each patient, ``truth.effects`` the fitted numbers and what they
        reproduce.

    Raises
    ------
    BadInput
        If no patient can be drawn, or there is no such role.

    References
    ----------
    Obermeyer et al. 2019, Science 366:447-453.

    Examples
    --------
    >>> cohort = make_label_choice(500, secret="demo", role="train")
    >>> cohort.post_index
    ('cost_next_12m_eur', 'conditions_next_12m')
    >>> cohort.truth.effects["equally_ill"]
    0.465
    """
    refuse_undrawable(n_patients, secret, role, ROLES)
    rng = generator_from(secret, "label_choice", role)
    patients = with_cost(draw_illness(n_patients, rng), FITTED)
    need = patients["need"].to_numpy()
    outcome = (need > high_need_cut()).astype(int)
    high_cost = (patients["cost_next_12m_eur"] > HIGH_COST_EUR).to_numpy().astype(int)
    truth = Truth(
        outcome,
        effects={
            "cost_in_b": FITTED.cost_in_b,
            "cost_spread": FITTED.cost_spread,
            **PUBLISHED,
        },
        faults=(FAULT,),
        detail={"need": need},
    )
    return Cohort(
        role=role,
        X=patients[[*KNOWN_BEFORE, *LABELS]],
        y=high_cost if role == "train" else outcome,
        groups=group_columns(patients),
        patient=patient_numbers(np.arange(n_patients), role, ROLES, rng),
        truth=truth,
        post_index=LABELS,
    )


def group_columns(patients):
    """Return the columns by which fairness is measured, all strings."""
    band = np.digitize(patients["age_years"], [50, 65])
    return pd.DataFrame(
        {
            "group": np.where(patients["in_b"], "B", "A"),
            "sex": np.where(patients["is_female"], "F", "M"),
            "age_band": np.array(["18-49", "50-64", "65+"])[band],
        }
    ).astype("str")
