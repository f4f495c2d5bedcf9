"""Drawn patients whom a model serves unequally, by causes that are known.

One rule: the risk given need is the same in both groups, and so is need, unless
``differences`` are asked for. Four mechanisms can be switched on, and each that is off
leaves no trace.
"""

from dataclasses import replace

import numpy as np

from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.gap_caused import caused_gaps, share_in_train
from coursekit.datasets.gap_model import course_model, read_mechanisms
from coursekit.datasets.gap_patients import (
    clinical_columns,
    draw_luck,
    group_columns,
    has_high_cost,
    need_of,
    recorded_outcome,
    true_saturation,
)
from coursekit.datasets.seeds import ROLES, generator_from
from coursekit.errors import BadInput

FAULTS = {
    "under-ascertainment": Fault(
        "under-ascertainment",
        (),
        "A share of B's events is not in the label of train.",
    ),
    "measurement": Fault(
        "measurement",
        ("spo2_percent",),
        "The pulse oximeter reads high in B when saturation is low.",
    ),
    "under-representation": Fault(
        "under-representation",
        ("albumin_g_l", "haemoglobin_g_dl"),
        "Train has few patients of B, in whom need shows in haemoglobin, not albumin.",
    ),
    "proxy-label": Fault(
        "proxy-label",
        ("cost_12m_eur",),
        "Train's label is high cost, not illness; B costs less at equal need.",
    ),
}


def make_gap(
    n_patients,
    *,
    secret,
    role,
    mechanisms=None,
    share_b=None,
    strength=1,
    differences=False,
):
    """Draw patients, who of them falls ill, and what a course's train says about it.

    The true risk given need is the same in group A and group B, and so is need, unless
    ``differences`` are on. The mechanisms make a model find fewer of B's ill.

    Parameters
    ----------
    n_patients : int
        One row each.
    secret : str
        Redraws the coefficients, how strong each mechanism is and, with the role,
        the patients. Prevalence (0.25) and the AUROC of the true risk (0.82) stay.
    role : {"train", "tune", "check", "hidden", "hidden-2"}
        On train the outcome is as recorded, on the others it is audited. What
        mechanisms do to values (not to labels) they do on all roles.
    mechanisms : sequence of str, or None
        Which are on; ``()`` is none. None draws none, one or two from the secret:

        - ``"under-ascertainment"``: on train, a share of B's events is not recorded.
        - ``"measurement"``: the pulse oximeter hides most of a fall in B's
          saturation; a blood gas, taken of one patient in eight, does not.
        - ``"under-representation"``: train has 2 to 3.5 % of B, and in B need shows in
          haemoglobin instead of albumin.
        - ``"proxy-label"``: the label of train is high cost in the next 12 months,
          and B costs less at equal need.
    share_b : float in [0, 1], optional
        Share of patients in group B; by default 0.30, on train with
        under-representation 0.02 to 0.035.
    strength : float in [0.25, 1.5]
        Of all four mechanisms, in units of what the secret drew: of the share of
        events that is missed (at most 0.9), of what the oximeter hides (at most 0.97),
        of how much B's need shows in haemoglobin, of the log ratio of costs.
    differences : bool
        Whether the groups differ where nothing is wrong, as the secret draws it
        (`gap_differences.Differences`): how ill B is, its share of the patients and of
        train, its saturation, albumin and haemoglobin, what cost tells.

    Returns
    -------
    Cohort
        ``truth.effects`` has the gap in sensitivity of a reference model, and how much
        of it each mechanism causes (`gap_caused.caused_gaps`). ``truth.detail`` has,
        one value a patient, ``need``, ``sao2_percent`` (of everybody), ``high_cost``
        and ``missed`` (an event that train does not record).

    Raises
    ------
    BadInput
        If an argument is out of range or a mechanism unknown.

    References
    ----------
    Sjoding et al. 2020, N Engl J Med 383:2477-2478 (measurement).
    Obermeyer et al. 2019, Science 366:447-453 (proxy-label).

    Examples
    --------
    >>> cohort = make_gap(500, secret="demo", role="train", mechanisms=["measurement"])
    >>> [fault.name for fault in cohort.truth.faults]
    ['measurement']
    >>> cohort.truth.effects["caused_by_measurement"] > 0.1
    True
    """
    refuse_undrawable(n_patients, secret, role, ROLES)
    if share_b is not None and not 0 <= share_b <= 1:
        raise BadInput(f"share_b is {share_b}; it is a share, from 0 to 1.")
    on = read_mechanisms(mechanisms, secret)
    model = course_model(secret, strength, differences)
    rng = generator_from(secret, "gap", role)
    luck = draw_luck(n_patients, rng)
    share_b = usual_share(role, model, on) if share_b is None else share_b
    in_b = luck["group"] < share_b
    truth, y = draw_outcome(luck, in_b, model, on, role)
    return Cohort(
        role=role,
        X=clinical_columns(luck, in_b, model, on),
        y=y,
        groups=group_columns(luck, in_b),
        patient=patient_numbers(np.arange(n_patients), role, ROLES, rng),
        truth=replace(truth, effects=caused_gaps(secret, on, strength, differences)),
    )


def usual_share(role, model, on):
    """Return the share of B in a role."""
    return share_in_train(model, on) if role == "train" else model.differences.share_b


def draw_outcome(luck, in_b, model, on, role):
    """Return the truth about these patients, and their label in this role.

    Returns
    -------
    truth : Truth
    y : ndarray of int, shape (n,)
    """
    need = need_of(luck, in_b, model)
    risk = model.risk(need, luck["age"])
    outcome = (luck["outcome"] < risk).astype(int)
    y, missed = recorded_outcome(luck, outcome, in_b, model, on)
    if role != "train":
        y, missed = outcome, np.zeros(len(outcome), bool)
    unrecorded = role == "train" and "under-ascertainment" in on
    detail = {
        "need": need,
        "sao2_percent": true_saturation(luck, in_b, model),
        "high_cost": has_high_cost(luck, in_b, model, on),
        "missed": missed,
    }
    truth = Truth(
        outcome,
        risk=risk,
        label_error={"A": 0.0, "B": model.missed_in_b if unrecorded else 0.0},
        faults=tuple(FAULTS[name] for name in on),
        detail=detail,
    )
    return truth, y
