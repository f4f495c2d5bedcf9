"""Cases for one who says how sure an AUROC is: scores, and the AUROC that is true.

Some patients have several rows, and group B has fewer patients with more rows each.
Neither the scores alone nor the case before tell the AUROC of a case.
"""

import numpy as np
from scipy.special import expit, logit, ndtri

from coursekit.datasets.cases import array_value
from coursekit.datasets.drawing import refuse_undrawable
from coursekit.datasets.evaluation_cases import ROLES, as_cohort, rounded
from coursekit.datasets.scores import ScoreModel, make_scores
from coursekit.datasets.seeds import generator_from

Z = float(ndtri(0.975))
DESIGNS = {  # group -> patients, rows of a patient, correlation of their scores
    "A": ((200, 270), (1, 2), 0.5),
    "B": ((65, 90), (2, 6), 0.85),
}
AUROCS = (0.56, 0.93)


def make_interval_cases(n_cases, *, secret, role):
    """Draw cases in which somebody says between which numbers an AUROC lies.

    Parameters
    ----------
    n_cases : int
        Every second one is of group B: fewer patients, with more rows each.
    secret : str
    role : {"train", "tune", "check", "hidden", "hidden-2"}

    Returns
    -------
    Cohort
        ``X`` is a list of cases: arrays ``y`` (0 or 1), ``p`` (scores in [0, 1]) and
        ``patient`` (numbers), one value a row. Its ``y`` is a list of true answers:
        ``auroc``; ``low`` and ``high``, the ends of the reference, an interval of 95 %
        that sums components by patient; ``by_row`` and ``naive``, the widths of two
        that do not; and ``group``.

    Raises
    ------
    BadInput
        If an argument is out of range.

    Examples
    --------
    >>> cases = make_interval_cases(2, secret="demo", role="train")
    >>> sorted(cases.X[0]), [truth["group"] for truth in cases.y]
    (['p', 'patient', 'y'], ['A', 'B'])
    >>> cases.y[0]["low"] < cases.y[0]["high"]
    True
    """
    refuse_undrawable(n_cases, secret, role, ROLES)
    rng = generator_from(secret, "interval-cases", role)
    groups = ["AB"[number % 2] for number in range(n_cases)]
    cases, answers = zip(*(draw_interval(g, rng) for g in groups), strict=True)
    return as_cohort(cases, answers, role, groups)


def draw_interval(group, rng):
    """Draw one case of a group and its true answer."""
    patients, rows, shared = DESIGNS[group]
    auroc = round(float(rng.uniform(*AUROCS)), 4)
    prevalence = rng.uniform(0.3, 0.5)
    slope, shift = disguise(ScoreModel(auroc, prevalence), rng)
    drawn = make_scores(
        int(rng.integers(*patients)),
        auroc=auroc,
        prevalence=prevalence,
        rows=rows,
        shared=shared,
        slope=slope,
        shift=shift,
        random_state=rng,
    )
    drawn = drawn.iloc[rng.permutation(len(drawn))]
    name = rng.permutation(int(drawn["patient"].max()) + 1)
    y, p = drawn["y"].to_numpy(), rounded(drawn["risk"])
    patient = name[drawn["patient"].to_numpy()]
    seen, by_patient = auroc_and_error(y, p, patient)
    by_row = auroc_and_error(y, p, np.arange(len(y)))[1]
    low, high = logit_ends(seen, by_patient)
    answer = {
        "auroc": auroc,
        "low": low,
        "high": high,
        "by_row": round(2 * Z * by_row, 5),
        "naive": round(2 * Z * float(np.sqrt(seen * (1 - seen) / len(y))), 5),
        "group": group,
    }
    arrays = {"y": y, "p": p, "patient": patient}
    return {name: array_value(each) for name, each in arrays.items()}, answer


def disguise(model, rng):
    """Draw slope and shift of what is told such that its spread tells no AUROC.

    They leave the ranking as it is.
    """
    d, spread = model.distance, model.prevalence * (1 - model.prevalence)
    slope = rng.lognormal(0.1, 0.3) / (d * np.sqrt(1 + spread * d**2))
    centre = logit(model.prevalence) + d**2 * (model.prevalence - 0.5)
    return float(slope), float(rng.normal(-0.5, 0.5) - slope * centre)


def auroc_and_error(y, p, patient):
    """Return the AUROC and its standard error, its components summed by patient.

    The plain form, by the table of wins, for patients whose rows have one outcome.

    References
    ----------
    Obuchowski 1997, Biometrics 53:567-578.

    Examples
    --------
    >>> y, p = np.array([1, 1, 0, 0]), np.array([0.9, 0.8, 0.2, 0.1])
    >>> auroc_and_error(y, p, np.arange(4))
    (1.0, 0.0)
    """
    ill, well = p[y == 1], p[y == 0]
    wins = (ill[:, None] > well) + (ill[:, None] == well) / 2
    value, variance = float(wins.mean()), 0.0
    for components, of in ((wins.mean(1), y == 1), (wins.mean(0), y == 0)):
        sums = np.bincount(patient[of], components - value)
        n = len(np.unique(patient[of]))
        variance += n / (n - 1) * (sums**2).sum() / of.sum() ** 2
    return value, float(np.sqrt(variance))


def logit_ends(value, error):
    """Return the ends of an interval that is symmetric on the logit scale.

    Examples
    --------
    >>> [round(end, 2) for end in logit_ends(0.8, 0.05)]
    [0.68, 0.88]
    """
    inside = float(np.clip(value, 0.005, 0.995))
    reach = Z * error / (inside * (1 - inside))
    return [round(float(expit(logit(inside) + side * reach)), 5) for side in (-1, 1)]
