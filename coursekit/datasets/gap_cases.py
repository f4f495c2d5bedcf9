"""Cases for a diagnosis: of each, two tables of a course that nobody has seen.

A case asks which mechanisms of `make_gap` are on, and how large the gap is of the
model that is used there. The groups of each case differ in many things that are no
fault. The true answers stand in the cohort, never in the case.
"""

import numpy as np
import pandas as pd
from scipy.special import ndtri

from coursekit.datasets.cases import table_value
from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.drawing import refuse_undrawable
from coursekit.datasets.gap import make_gap
from coursekit.datasets.gap_caused import reference_gap, reference_sensitivities
from coursekit.datasets.gap_model import MECHANISMS
from coursekit.datasets.seeds import ROLES, generator_from

N_PATIENTS = {"train": 8000, "tune": 8000}
STRENGTHS = {  # between which each mechanism is drawn
    "under-ascertainment": (0.5, 0.9),
    "measurement": (0.4, 0.9),
    "under-representation": (0.7, 1.4),
    "proxy-label": (0.7, 1.5),
}
N_SOUND, N_PAIRS = (2, 4), (1, 3)  # of twelve cases, at least and at most
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

    Of twelve cases two to four have no mechanism, one to three a pair of them, the
    others one; each mechanism is alone at least once. How many, which, how strong and
    in which order is drawn; more cases than twelve begin anew with other courses.
    ``differences`` of `make_gap` are on in all.

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
        `coursekit.datasets.cases`): tables of 8,000 patients each, the
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
    cohorts = [draw_cohorts(c, *plan) for c, plan in zip(courses, drawn, strict=True)]
    truths = [
        true_answer(course, *plan, each["tune"])
        for course, plan, each in zip(courses, drawn, cohorts, strict=True)
    ]
    return Cohort(
        role=role,
        X=[as_case(each) for each in cohorts],
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
    >>> len(plan), {len(on) for on, _ in plan}
    (12, {0, 1, 2})
    """
    n_sound, n_pairs = (int(rng.integers(a, b + 1)) for a, b in (N_SOUND, N_PAIRS))
    n_more = 12 - n_sound - n_pairs - len(MECHANISMS)
    alone = [*MECHANISMS, *rng.choice(MECHANISMS, n_more)]
    pairs = [PAIRS[number] for number in rng.permutation(len(PAIRS))[:n_pairs]]
    on = [*((str(name),) for name in alone), *pairs, *[()] * n_sound]
    return [(on[n], draw_strength(on[n], rng)) for n in rng.permutation(12)]


def draw_strength(on, rng):
    """Return a strength that all mechanisms that are on may have.

    Examples
    --------
    >>> draw_strength((), np.random.default_rng(0))
    1.0
    """
    if not on:
        return 1.0
    low, high = zip(*(STRENGTHS[name] for name in on), strict=True)
    return float(rng.uniform(max(low), min(high)))


def draw_cohorts(course, on, strength):
    """Return train and tune of a course, by role.

    Examples
    --------
    >>> len(draw_cohorts("demo", (), 1.0)["train"].y)
    8000
    """
    drawn = {"secret": course, "mechanisms": on, "strength": strength}
    return {
        role: make_gap(n, role=role, differences=True, **drawn)
        for role, n in N_PATIENTS.items()
    }


def as_case(cohorts):
    """Return one case: its tables as they travel.

    Examples
    --------
    >>> tune = make_gap(5, secret="demo", role="tune")
    >>> len(as_case({"tune": tune})["tune"]["table"]["outcome"])
    5
    """
    return {role: table_value(joined(cohort)) for role, cohort in cohorts.items()}


def joined(cohort):
    """Return a cohort as one table: columns, groups and outcome.

    Examples
    --------
    >>> joined(make_gap(5, secret="demo", role="tune"))["outcome"].isin([0, 1]).all()
    np.True_
    """
    return cohort.X.join(cohort.groups[GROUPS]).assign(outcome=cohort.y)


def true_answer(course, on, strength, tune):
    """Return what a case is asked for.

    Examples
    --------
    >>> tune = make_gap(500, secret="demo", role="tune", mechanisms=())
    >>> true_answer("demo", (), 1.0, tune)["found"]
    []
    """
    drawn = (course, on, strength, True)
    half_width = tolerance(reference_sensitivities(*drawn), n_ill(tune))
    return {
        "found": list(on),
        "gap": round(reference_gap(*drawn), 4),
        "gap_tolerance": round(max(LEAST_TOLERANCE, half_width), 4),
    }


def n_ill(tune):
    """Return how many of A and of B are ill.

    Examples
    --------
    >>> len(n_ill(make_gap(500, secret="demo", role="tune")))
    2
    """
    group = tune.groups["group"].to_numpy()
    return [int(np.sum((group == name) & (tune.y == 1))) for name in "AB"]


def tolerance(found, n_ill):
    """Return the 90 % half width of a gap, by sensitivities and numbers of the ill.

    Examples
    --------
    >>> round(tolerance((0.5, 0.5), (1400, 600)), 3)
    0.04
    """
    found, n_ill = np.array(found), np.array(n_ill)
    error = np.sqrt(np.sum(found * (1 - found) / n_ill))
    return float(ndtri((1 + LEVEL) / 2) * error)
