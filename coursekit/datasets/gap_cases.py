"""Cases for a diagnosis: of each, two tables of a course that nobody has seen.

A case asks which mechanisms of `make_gap` are on, and how large the gap is that they
make. The true answers stand in the cohort, never in the case.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from coursekit.datasets.cases import table_value
from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.drawing import refuse_undrawable
from coursekit.datasets.gap import make_gap
from coursekit.datasets.gap_caused import reference_gap, reference_sensitivities
from coursekit.datasets.gap_model import MECHANISMS, PREVALENCE, SHARE_B
from coursekit.datasets.seeds import generator_from

ROLES = ("train", "tune", "check", "hidden", "hidden-2")
N_PATIENTS = {"train": 4000, "tune": 8000}
WEAK, USUAL, STRONG = (0.4, 0.6), (0.8, 1.2), (1.2, 1.5)  # strengths
PAIRS = (  # whose two mechanisms can be told apart
    ("under-ascertainment", "measurement"),
    ("under-ascertainment", "under-representation"),
    ("measurement", "under-representation"),
    ("measurement", "proxy-label"),
    ("under-representation", "proxy-label"),
)
GROUPS = ["group", "preferred_language", "sex"]
LEAST_TOLERANCE = 0.05
LEVEL = 0.90


def make_gap_cases(n_cases, *, secret, role):
    """Draw cases: a train and a tune of one course each, and what is wrong there.

    Of twelve cases each mechanism is on alone in two (once weak, once strong), two
    pairs of mechanisms are on in one each, and in two none is. The order is
    drawn; more cases than twelve begin anew with other courses.

    Parameters
    ----------
    n_cases : int
    secret : str
        Redraws the courses of the cases, the pairs and the order.
    role : {"train", "tune", "check", "hidden", "hidden-2"}
        No course stands in two roles.

    Returns
    -------
    Cohort
        ``X``: list of cases, keyword arguments ``train`` and ``tune`` (see
        `coursekit.datasets.cases`): tables of 4,000 and 8,000 patients, the
        columns of `make_gap`, ``group``, ``preferred_language``, ``sex`` and
        ``outcome``, 0 or 1, as recorded in ``train`` and audited in ``tune``.
        ``y``: list of dicts: ``found`` (mechanisms that are on), ``gap`` (sensitivity
        in A less that in B
        of the reference model, `gap_caused.reference_gap`) and ``gap_tolerance``: the
        90 % half width of a gap seen on one such tune, at least 0.05.
        ``truth.detail["strength"]``: as `make_gap` has it.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cohort = make_gap_cases(1, secret="demo", role="check")
    >>> sorted(cohort.X[0]), sorted(cohort.y[0])
    (['train', 'tune'], ['found', 'gap', 'gap_tolerance'])
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "gap cases", role)
    drawn = [plan for _ in range(-(-n_cases // 12)) for plan in draw_plan(rng)]
    drawn = drawn[:n_cases]
    courses = [f"{secret}/gap case/{role}/{number}" for number in range(n_cases)]
    truths = [true_answer(c, *plan) for c, plan in zip(courses, drawn, strict=True)]
    return Cohort(
        role=role,
        X=[draw_case(c, *plan) for c, plan in zip(courses, drawn, strict=True)],
        y=truths,
        groups=pd.DataFrame({"case": ["case"] * n_cases}).astype("str"),
        patient=np.arange(n_cases),
        truth=Truth(truths, detail={"strength": np.array([s for _, s in drawn])}),
    )


def draw_plan(rng):
    """Draw for twelve cases which mechanisms are on, and how strong they are.

    Returns
    -------
    list of (tuple of str, float)

    Examples
    --------
    >>> plan = draw_plan(np.random.default_rng(0))
    >>> len(plan), sorted(len(on) for on, _ in plan)
    (12, [0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2])
    """
    alone = [
        ((name,), rng.uniform(*strengths))
        for name in MECHANISMS
        for strengths in (WEAK, STRONG)
    ]
    chosen = rng.choice(len(PAIRS), 2, replace=False)
    pairs = [(PAIRS[number], rng.uniform(*USUAL)) for number in chosen]
    cases = [*alone, *pairs, ((), 1.0), ((), 1.0)]
    return [cases[number] for number in rng.permutation(len(cases))]


def draw_case(course, on, strength):
    """Return one case: train and tune of a course as they travel.

    Examples
    --------
    >>> case = draw_case("demo", (), 1.0)
    >>> len(case["train"]["table"]["outcome"])
    4000
    """
    drawn = {"secret": course, "mechanisms": on, "strength": strength}
    cohorts = {role: make_gap(n, role=role, **drawn) for role, n in N_PATIENTS.items()}
    return {role: table_value(joined(cohort)) for role, cohort in cohorts.items()}


def joined(cohort):
    """Return a cohort as one table: columns, groups and outcome.

    Examples
    --------
    >>> joined(make_gap(5, secret="demo", role="tune"))["outcome"].isin([0, 1]).all()
    np.True_
    """
    return cohort.X.join(cohort.groups[GROUPS]).assign(outcome=cohort.y)


def true_answer(course, on, strength):
    """Return what a case is asked for.

    Examples
    --------
    >>> true_answer("demo", (), 1.0)["found"]
    []
    """
    gap = reference_gap(course, on, strength)
    half_width = tolerance(*reference_sensitivities(course, on, strength))
    return {
        "found": list(on),
        "gap": round(gap, 4),
        "gap_tolerance": round(max(LEAST_TOLERANCE, half_width), 4),
    }


def tolerance(in_a, in_b):
    """Return the 90 % half width of a gap seen on one tune.

    Examples
    --------
    >>> round(tolerance(0.5, 0.5), 3)
    0.04
    """
    n_ill = N_PATIENTS["tune"] * PREVALENCE * np.array([1 - SHARE_B, SHARE_B])
    found = np.array([in_a, in_b])
    error = np.sqrt(np.sum(found * (1 - found) / n_ill))
    return float(ndtri((1 + LEVEL) / 2) * error)
