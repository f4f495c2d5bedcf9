"""Cases for one who evaluates: a model's risks, and what is true of them.

Two kinds: how a model is calibrated, and for which of many subgroups it is wrong. One
rule: what a case's patients show is all that there is to know of its truth; the next
case has another.
"""

import numpy as np
import pandas as pd
from scipy.special import expit, logit, ndtr

from coursekit.datasets.cases import array_value, table_value
from coursekit.datasets.cohort import Cohort, Truth
from coursekit.datasets.drawing import refuse_undrawable
from coursekit.datasets.scores import ScoreModel, make_scores
from coursekit.datasets.seeds import ROLES, generator_from

N_CALIBRATED = 3000
KINDS = (  # twenty cases in a row: too extreme or timid, too high or too low
    *(("slope",),) * 8,
    *(("slope", "shift"),) * 6,
    *(("shift",),) * 3,
    *((),) * 3,
)
N_SUBGROUPS = 30
SUBGROUPS = tuple(f"s{number:02}" for number in range(1, N_SUBGROUPS + 1))
FALSE_SHARE = 0.10  # that the reference holds


def make_calibration_cases(n_cases, *, secret, role):
    """Draw cases in which somebody says how well a model is calibrated.

    Parameters
    ----------
    n_cases : int
    secret : str
    role : {"train", "tune", "check", "hidden", "hidden-2"}

    Returns
    -------
    Cohort
        ``X`` is a list of cases: arrays ``y`` (0 or 1) and ``p`` (probabilities) of
        3,000 patients. Its ``y`` is a list of true answers: ``intercept`` (in the
        large, the slope held at 1), ``slope`` and ``ici``, each with its tolerance, as
        ``ici_tolerance``; and ``one_bin``, the distance of mean risk and share of
        events in these patients.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cases = make_calibration_cases(1, secret="demo", role="train")
    >>> sorted(cases.X[0]), sorted(cases.y[0])[:2]
    (['p', 'y'], ['ici', 'ici_tolerance'])
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "calibration-cases", role)
    n_rounds = -(-n_cases // len(KINDS))
    order = np.concatenate([rng.permutation(len(KINDS)) for _ in range(n_rounds)])
    drawn = [draw_calibration(KINDS[kind], rng) for kind in order[:n_cases]]
    cases, answers = zip(*drawn, strict=True)
    return as_cohort(cases, answers, role, ["all"] * n_cases)


def draw_calibration(kind, rng):
    """Draw the patients of one model, and its true calibration."""
    auroc, prevalence = rng.uniform(0.7, 0.85), rng.uniform(0.15, 0.45)
    slope, shift = 1.0, 0.0
    if "slope" in kind:  # told risks are more extreme, or less, about the prevalence
        slope = float(np.exp(rng.choice([-1, 1]) * rng.uniform(0.25, 0.75)))
        shift = (1 - slope) * float(logit(prevalence))
    if "shift" in kind:
        shift += float(rng.choice([-1, 1]) * rng.uniform(0.3, 1.0))
    model = ScoreModel(auroc, prevalence, slope, shift)
    drawn = make_scores(
        N_CALIBRATED,
        auroc=auroc,
        prevalence=prevalence,
        slope=slope,
        shift=shift,
        random_state=rng,
    )
    y, p = drawn["y"].to_numpy(), rounded(drawn["risk"])
    true = {name: round(each, 5) for name, each in model.calibration().items()}
    tolerances = {"intercept": 0.12, "slope": 0.12 * true["slope"], "ici": 0.013}
    answer = true | {f"{name}_tolerance": each for name, each in tolerances.items()}
    answer["one_bin"] = round(float(abs(p.mean() - y.mean())), 6)
    return {"y": array_value(y), "p": array_value(p)}, answer


def make_subgroup_cases(n_cases, *, secret, role):
    """Draw cohorts in which somebody says which subgroups a model serves otherwise.

    Parameters
    ----------
    n_cases : int
    secret : str
    role : {"train", "tune", "check", "hidden", "hidden-2"}

    Returns
    -------
    Cohort
        ``X`` is a list of cases: a table ``df`` with ``subgroup`` (s01 to s30), ``y``
        (0 or 1) and ``p``, one row a patient. Its ``y`` is a list of true answers:
        ``found``, the subgroups whose risks are wrong (none to six);
        ``reference``, those that Benjamini and Hochberg's procedure declares at 0.10;
        and ``uncorrected``, those with p < 0.05.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cases = make_subgroup_cases(1, secret="demo", role="train")
    >>> list(cases.X[0]["df"]["table"]), sorted(cases.y[0])
    (['subgroup', 'y', 'p'], ['found', 'reference', 'uncorrected'])
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "subgroup-cases", role)
    cases, answers = zip(*(draw_subgroups(rng) for _ in range(n_cases)), strict=True)
    return as_cohort(cases, answers, role, ["all"] * n_cases)


def draw_subgroups(rng):
    """Draw one cohort, and which of its subgroups are truly different."""
    from scipy.stats import false_discovery_control  # heavy: no kernel needs it

    sizes = rng.integers(25, 61, N_SUBGROUPS)
    n_wrong = int(rng.choice([0, 1, 2, 3, 4, 5, 6], p=[0.1, *[0.15] * 6]))
    wrong = rng.permutation(N_SUBGROUPS)[:n_wrong]
    moved = np.zeros(N_SUBGROUPS)
    moved[wrong] = rng.choice([-1, 1], n_wrong) * rng.uniform(1.1, 1.9, n_wrong)
    code = rng.permutation(np.repeat(np.arange(N_SUBGROUPS), sizes))
    odds = rng.normal(-0.4, 0.8, len(code)) + rng.normal(0, 0.4, N_SUBGROUPS)[code]
    p = expit(odds).round(4)
    y = (rng.random(len(code)) < expit(odds + moved[code])).astype(int)
    off = np.bincount(code, y - p) / np.sqrt(np.bincount(code, p * (1 - p)))
    chance = 2 * ndtr(-np.abs(off))
    table = pd.DataFrame({"subgroup": np.array(SUBGROUPS)[code], "y": y, "p": p})
    answer = {
        "found": [SUBGROUPS[each] for each in sorted(wrong)],
        "reference": names(false_discovery_control(chance) <= FALSE_SHARE),
        "uncorrected": names(chance < 0.05),
    }
    return {"df": table_value(table)}, answer


def names(chosen):
    """Return the names of the chosen subgroups."""
    return [name for name, each in zip(SUBGROUPS, chosen, strict=True) if each]


def rounded(risk):
    """Return risks of five digits, none of them 0 or 1.

    Examples
    --------
    >>> rounded(pd.Series([0.1234567, 1e-9]))
    array([1.2346e-01, 1.0000e-05])
    """
    return risk.round(5).clip(1e-5, 1 - 1e-5).to_numpy()


def as_cohort(cases, answers, role, groups):
    """Return cases with their true answers as a cohort."""
    answers = list(answers)
    return Cohort(
        role=role,
        X=list(cases),
        y=answers,
        groups=pd.DataFrame({"group": groups}).astype("str"),
        patient=np.arange(len(answers)),
        truth=Truth(answers),
    )
