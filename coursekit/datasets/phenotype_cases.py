"""Cases for one who looks for phenotypes: cohorts with endotypes, and without.

Every cohort is asked about twice: a second case has four of five of its patients, and
new ones in the place of the rest, so that stability can be seen.
"""

import numpy as np
import pandas as pd

from coursekit.datasets.cases import table_value
from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.drawing import refuse_undrawable
from coursekit.datasets.phenotypes import ENDOTYPES, ROLES, make_phenotypes
from coursekit.datasets.seeds import generator_from

N_PATIENTS = 480
N_SHARED = 384
WITHOUT = (0.25, 0.45)  # share of cohorts that have no structure
SEPARATIONS = (3.2, 4.0)


def make_phenotype_cases(n_cases, *, secret, role):
    """Draw cases in which somebody looks for phenotypes, or finds that there are none.

    Of the cohorts a quarter to nearly a half have no structure; the others have 2 to 6
    endotypes, each number about as often. Which, and in what order, is drawn.

    Parameters
    ----------
    n_cases : int
        Two of a cohort; the last one stands alone where the number is odd.
    secret : str
        Redraws everything.
    role : {"train", "tune", "check", "hidden", "hidden-2"}
        No cohort stands in two roles.

    Returns
    -------
    Cohort
        ``X``: list of cases with one table ``df`` of 480 patients, the columns of
        `make_phenotypes`. ``y``: list of dicts: ``endotype`` (of each patient, all 0
        without structure), ``k`` (how many there are; 1 without structure), ``group``
        and ``site`` of each patient, ``cohort`` (a number, the same in two cases) and
        ``patient`` (numbers, the same for one patient in both).

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cases = make_phenotype_cases(2, secret="demo", role="check")
    >>> list(cases.X[0]), len(set(cases.y[0]["patient"]) & set(cases.y[1]["patient"]))
    (['df'], 384)
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "phenotype cases", role)
    n_cohorts = -(-n_cases // 2)
    cases = []
    for number, (k, separation) in enumerate(draw_plan(n_cohorts, rng)):
        cohort = make_phenotypes(
            2 * N_PATIENTS - N_SHARED,
            secret=f"{secret}/phenotype case/{role}/{number}",
            role=role,
            n_endotypes=max(k, 2) if k > 1 else int(rng.choice(ENDOTYPES)),
            structure=k > 1,
            separation=separation,
        )
        cases += both_cases(cohort, number, k, rng)
    cases = [cases[at] for at in rng.permutation(2 * n_cohorts)[:n_cases]]
    answers = [answer for _, answer in cases]
    names = {"structure": ["yes" if a["k"] > 1 else "no" for a in answers]}
    return Cohort(
        role=role,
        X=[case for case, _ in cases],
        y=answers,
        groups=pd.DataFrame(names).astype("str"),
        patient=np.arange(n_cases),
        truth=Truth(answers),
    )


def draw_plan(n_cohorts, rng):
    """Draw for each cohort the number of endotypes (1: no structure), and how clear.

    Returns
    -------
    list of (int, float)

    Examples
    --------
    >>> plan = draw_plan(12, np.random.default_rng(0))
    >>> len(plan), sum(k == 1 for k, _ in plan) in (3, 4, 5)
    (12, True)
    """
    n_without = round(n_cohorts * rng.uniform(*WITHOUT))
    n_with = n_cohorts - n_without
    rounds = -(-n_with // len(ENDOTYPES))
    numbers = np.concatenate([rng.permutation(ENDOTYPES) for _ in range(rounds)])
    k = np.concatenate([numbers[:n_with], np.ones(n_without, int)])
    clear = np.linspace(*SEPARATIONS, n_cohorts)
    order = rng.permutation(n_cohorts)
    return [(int(k[at]), float(each)) for at, each in zip(order, clear, strict=True)]


def both_cases(cohort, number, k, rng):
    """Return the two cases of a cohort, with their true answers.

    Returns
    -------
    list of (dict, dict)
    """
    order = rng.permutation(len(cohort))
    first, second = order[:N_PATIENTS], order[-N_PATIENTS:]
    return [
        one_case(cohort.take(rng.permutation(rows)), number, k)
        for rows in (first, second)
    ]


def one_case(cohort, number, k):
    """Return one case with its true answer."""
    answer = {
        "endotype": cohort.y.tolist(),
        "k": k,
        "group": cohort.groups["group"].tolist(),
        "site": cohort.groups["site"].tolist(),
        "cohort": number,
        "patient": cohort.patient.tolist(),
    }
    return {"df": table_value(cohort.X)}, answer
