"""Cases of bought models: what a clinic has about each, and which fault it has.

One rule: all that is not the fault is drawn alike for sound models and faulty ones, so
that neither a brochure nor a clinic's looks give anything away.
"""

import numpy as np
import pandas as pd

from coursekit.datasets.cases import table_value
from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.seeds import ROLES, generator_from
from coursekit.datasets.vendor_brochures import brochure
from coursekit.datasets.vendor_models import (
    DRIFTED,
    FAULTS,
    FINE,
    LEAKY,
    MISCALIBRATED,
    UNDER_SERVES,
    compose,
    draw_vendor,
)
from coursekit.datasets.vendor_patients import draw_patients

ABOUT = {
    LEAKY: "Scores made after the outcome was settled know it.",
    DRIFTED: "From a day on the scores rank worse, or are all too high or too low.",
    MISCALIBRATED: "The scores are too high, too low or too extreme all year.",
    UNDER_SERVES: "The scores of patients of one language say little, and are low.",
}


def make_vendor_cases(n_cases, *, secret, role):
    """Draw cases of bought models: scores of a clinic's patients, and a brochure.

    Parameters
    ----------
    n_cases : int
        One bought model each, with about 7,000 patients of one year.
    secret : str
        Redraws, with the role, the models, their faults and the patients.
    role : {"train", "tune", "check", "hidden", "hidden-2"}
        All four faults occur in the first 11 cases of train; elsewhere one of them
        may be absent (never the under-served language).

    Returns
    -------
    Cohort
        ``X`` is a list of cases. A case is a dict of ``scores``, a table with one row
        a patient, and ``claims``, the brochure's ``auroc``, ``sensitivity`` and
        ``prevalence`` and the alert ``threshold`` the vendor advises. Columns:

        - ``score`` in [0, 1]; ``y``, 1 if the outcome happened; ``date`` of admission;
        - ``sex``, ``age_band``, ``language``, ``ward`` as recorded;
        - ``prior_admissions``, a count;
        - ``hour_scored`` and ``hour_settled``: hours from admission until the score
          was made, and until the outcome happened or the patient left.

        ``y`` is a list of ``{"found": [fault] or [], "language": place,
        "language_tolerance": 0}``: the place of the under-served language in the
        sorted names of ``scores["language"]``, from 0, or None. ``truth.detail`` has
        ``fault``, ``way`` (of a drifted or miscalibrated model), ``language`` and
        ``from_day``.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cohort = make_vendor_cases(2, secret="demo", role="train")
    >>> sorted(cohort.X[0]), sorted(cohort.X[0]["claims"])
    (['claims', 'scores'], ['auroc', 'prevalence', 'sensitivity', 'threshold'])
    >>> len(cohort.X[0]["scores"]["table"]["score"]) > 3000
    True
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "vendors", role)
    faults = compose(n_cases, rng, all_faults=role == "train")
    vendors, cases = [], []
    for number, fault in enumerate(faults):
        own = generator_from(secret, "vendors", role, number)
        vendor = draw_vendor(own, fault)
        table, _ = draw_patients(vendor, own)
        home = generator_from(secret, "vendors at home", role, number)
        claims = brochure(vendor, home)
        cases.append({"scores": table_value(table), "claims": claims})
        vendors.append(vendor)
    y = [answer(vendor, case) for vendor, case in zip(vendors, cases, strict=True)]
    return Cohort(
        role=role,
        X=cases,
        y=y,
        groups=pd.DataFrame({"n_languages": ["7"] * n_cases}).astype("str"),
        patient=patient_numbers(np.arange(n_cases), role, ROLES, rng),
        truth=truth_of(vendors, y),
    )


def answer(vendor, case):
    """Return the true answer to a case."""
    found = [] if vendor.fault == FINE else [vendor.fault]
    place = None
    if vendor.worst is not None:
        place = sorted(set(case["scores"]["table"]["language"])).index(vendor.worst)
    return {"found": found, "language": place, "language_tolerance": 0}


def truth_of(vendors, y):
    """Return what is known of the cases on the trusted side."""
    return Truth(
        outcome=y,
        faults=tuple(
            Fault(name, ("score",), ABOUT[name])
            for name in FAULTS
            if name in {vendor.fault for vendor in vendors}
        ),
        detail={
            "fault": [vendor.fault for vendor in vendors],
            "way": [vendor.way for vendor in vendors],
            "language": [vendor.worst for vendor in vendors],
            "from_day": [
                vendor.from_day if vendor.fault == DRIFTED else None
                for vendor in vendors
            ],
        },
    )
