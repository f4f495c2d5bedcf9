"""Drawn patients whose readmission risk is known.

One rule: need is the same in both groups, so that whatever a model does to them
differently it has learnt from the records.
"""

from dataclasses import replace

import numpy as np

from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.readmission_model import (
    LABS,
    PREVALENCE,
    draw_coefficients,
)
from coursekit.datasets.readmission_patients import (
    NOT_YET,
    POST_INDEX,
    Hospital,
    draw_care,
    draw_encounters,
    draw_people,
    draw_post_index,
    group_columns,
)
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

ROLES = ("train", "tune", "check", "hidden", "hidden-2", "external", "stress")
EFFECTS = ("intercept", "need", "age_per_decade", "emergency")  # log odds
FAULTS = (
    Fault(
        "under-recorded-outcome",
        (),
        "A share of B's readmissions happened elsewhere and are recorded as none.",
    ),
    Fault("missing-labs", LABS, "Laboratory tests are ordered less often in B."),
    Fault(
        "unequal-access",
        ("prior_admissions_12m",),
        "B is admitted less often for the same need.",
    ),
    Fault(
        "post-discharge-leak",
        POST_INDEX,
        "Filled in after discharge, and different where a readmission was recorded.",
    ),
)
OTHER_HOSPITAL = Hospital(
    share_b=0.20,
    need_mean=0.25,
    age_mean_years=70,
    missing_labs_in_a=0.25,
    missing_labs_in_b=0.35,
    destinations=("home", "home_care_agency", "inpatient_rehab", "skilled_nursing"),
)


def make_readmission(
    n_patients,
    *,
    secret,
    role,
    one_encounter=None,
    missed_in_b=None,
    missing_labs_in_b=None,
    access_in_b=None,
    leak=True,
    share_b=None,
):
    """Draw patients discharged from hospital, and whether they came back in 30 days.

    Group B is served worse: for the same need it is admitted less often, has fewer
    tests, and a share of its readmissions goes to other hospitals and is not
    recorded. Its need, and its risk given need, are those of group A.

    Parameters
    ----------
    n_patients : int
        Number of patients. On train some have several encounters (rows): 1.4 in
        the mean.
    secret : str
        Redraws the coefficients (by up to 20 %) and, with the role, the patients.
        Prevalence (0.25) and the AUROC of the true risk (0.82) stay what they are.
    role : {"train", "tune", "check", "hidden", "hidden-2", "external", "stress"}
        On train the outcome is as recorded and the post-index columns are filled
        in. On the others the outcome is audited, and post-index columns stand as
        at prediction time: nothing has happened yet. "external" is another
        hospital; "stress" is hidden with post-index columns redrawn as in train.
    one_encounter : bool, optional
        One random index encounter a patient; by default on all roles but train.
    missed_in_b : float in [0, 1], optional
        Switch 1, the label: share of B's readmissions that are not recorded on
        train; 0 switches it off. By default drawn from 0.28 to 0.42.
    missing_labs_in_b : float in [0, 1], optional
        Switch 2, measurement: share of B's laboratory values missing. By default
        0.45; 0.10, as in A, switches it off.
    access_in_b : float, optional
        Switch 3, access: log rate ratio of B's admissions at equal need; 0 switches
        it off. By default drawn around -0.9.
    leak : bool, default=True
        Switch 4: False leaves the post-index columns of train as at prediction time.
    share_b : float in [0, 1], optional
        Share of patients in group B. By default 0.30.

    Returns
    -------
    Cohort
        ``X`` has a column for each of: age_years, admission_type,
        length_of_stay_days, prior_admissions_12m, comorbidity_count,
        haemoglobin_g_dl, sodium_mmol_l, creatinine_umol_l, albumin_g_l (NaN: not
        measured), discharge_destination, and the post-index columns
        post_discharge_calls_30d and days_to_next_contact (90: none within 90 days).

    Examples
    --------
    >>> cohort = make_readmission(500, secret="demo", role="hidden")
    >>> len(cohort), sorted(cohort.groups)
    (500, ['age_band', 'group', 'preferred_language', 'sex'])
    >>> cohort.post_index
    ('post_discharge_calls_30d', 'days_to_next_contact')
    """
    shares = {
        "missed_in_b": missed_in_b,
        "missing_labs_in_b": missing_labs_in_b,
        "share_b": share_b,
    }
    refuse_impossible(n_patients, secret, role, **shares)
    coefficients = changed(
        draw_coefficients(secret), missed_in_b=missed_in_b, access_in_b=access_in_b
    )
    if role != "train":
        coefficients = replace(coefficients, missed_in_b=0.0)
    hospital = changed(
        OTHER_HOSPITAL if role == "external" else Hospital(),
        missing_labs_in_b=missing_labs_in_b,
        share_b=share_b,
    )
    if one_encounter is None:
        one_encounter = role != "train"
    rng = generator_from(secret, "readmission", role)
    people = draw_people(n_patients, hospital, rng)
    encounters = draw_encounters(people, one_encounter=one_encounter, rng=rng)
    X = draw_care(encounters, coefficients, hospital, rng)
    truth, y = draw_outcome(encounters, X, coefficients, rng)
    faults = planted_faults(coefficients, hospital, leak=leak and role == "train")
    cohort = Cohort(
        role=role,
        X=X.assign(**post_index_columns(role, y, coefficients, leak, rng)),
        y=y,
        groups=group_columns(encounters),
        patient=patient_numbers(encounters["person"].to_numpy(), role, ROLES, rng),
        truth=replace(truth, faults=faults),
        post_index=POST_INDEX,
    )
    return all_redrawn(cohort, secret) if role == "stress" else cohort


def changed(settings, **switches):
    """Return a dataclass with the switches that were given; None means: as it is."""
    given = {name: value for name, value in switches.items() if value is not None}
    return replace(settings, **given)


def draw_outcome(encounters, X, coefficients, rng):
    """Draw what happened, and what of it is on record.

    Returns
    -------
    truth : Truth
    y : ndarray of shape (n,)
        0/1 as recorded: some of B's readmissions are written down as none.
    """
    risk = coefficients.risk(
        encounters["need"].to_numpy(),
        X["age_years"].to_numpy(),
        (X["admission_type"] == "emergency").to_numpy(),
    )
    outcome = (rng.random(len(X)) < risk).astype(int)
    in_b = (encounters["group"] == "B").to_numpy()
    missed = in_b & (rng.random(len(X)) < coefficients.missed_in_b)
    label_error = {"A": 0.0, "B": coefficients.missed_in_b}
    effects = {name: getattr(coefficients, name) for name in EFFECTS}
    truth = Truth(outcome, risk=risk, label_error=label_error, effects=effects)
    return truth, np.where(missed, 0, outcome)


def post_index_columns(role, y, coefficients, leak, rng):
    """Return the post-index columns: filled in on train, else not yet happened."""
    if role == "train" and leak:
        return draw_post_index(y, coefficients, rng)
    return NOT_YET


def planted_faults(coefficients, hospital, *, leak):
    """Return the faults that are switched on in a cohort."""
    on = {
        "under-recorded-outcome": coefficients.missed_in_b > 0,
        "missing-labs": hospital.missing_labs_in_b > hospital.missing_labs_in_a,
        "unequal-access": coefficients.access_in_b < 0,
        "post-discharge-leak": leak,
    }
    return tuple(fault for fault in FAULTS if on[fault.name])


def redraw_post_index(cohort, column, *, secret, random_state):
    """Redraw one post-index column as it is distributed in train.

    The values are drawn without a look at the patient, so they tell nothing about
    anybody; a model whose answers move has learnt from what comes after discharge.

    Parameters
    ----------
    cohort : Cohort
        Any role of `make_readmission`.
    column : str
        One of ``cohort.post_index``.
    secret : str
        The secret that the cohort was drawn with.
    random_state : int
        Seed of the draw.

    Returns
    -------
    DataFrame
        ``cohort.X`` with only this column changed.

    Examples
    --------
    >>> hidden = make_readmission(100, secret="demo", role="hidden")
    >>> int(hidden.X["post_discharge_calls_30d"].max())
    0
    >>> X = redraw_post_index(
    ...     hidden, "post_discharge_calls_30d", secret="demo", random_state=0
    ... )
    >>> bool(X["post_discharge_calls_30d"].max() > 5)
    True
    """
    if column not in cohort.post_index:
        raise BadInput(
            f"{column!r} is not a post-index column of this cohort; there are "
            f"{', '.join(cohort.post_index) or 'none'}."
        )
    coefficients = draw_coefficients(secret)
    rng = np.random.default_rng(random_state)
    recorded = PREVALENCE * (1 - Hospital().share_b * coefficients.missed_in_b)
    readmitted = (rng.random(len(cohort)) < recorded).astype(int)
    drawn = draw_post_index(readmitted, coefficients, rng)
    return cohort.X.assign(**{column: drawn[column]})


def all_redrawn(cohort, secret):
    """Return the cohort with each post-index column redrawn on its own."""
    for number, column in enumerate(cohort.post_index):
        X = redraw_post_index(cohort, column, secret=secret, random_state=number)
        cohort = replace(cohort, X=X)
    return cohort


def refuse_impossible(n_patients, secret, role, **shares):
    """Raise BadInput for arguments that no cohort can be drawn from."""
    refuse_undrawable(n_patients, secret, role, ROLES)
    for name, share in shares.items():
        if share is not None and not 0 <= share <= 1:
            raise BadInput(f"{name} is {share}; it is a share, from 0 to 1.")
