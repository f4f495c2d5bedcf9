"""How much of the gap in sensitivity each mechanism causes.

A reference model is trained and judged with the mechanisms on, and again with one of
them off, on the same random numbers. What the gap loses is what that mechanism
causes. The patients it is judged on are the same in both groups, once as A and once
as B, and count as ill with their true risk: nothing is left to their luck.
"""

from functools import lru_cache

import numpy as np
from scipy.special import expit

from coursekit.datasets.gap_differences import SHARE_B
from coursekit.datasets.gap_model import course_model
from coursekit.datasets.gap_patients import (
    clinical_columns,
    draw_luck,
    need_of,
    recorded_outcome,
)
from coursekit.datasets.seeds import generator_from

ALERT_RATE = 0.20
N_TRAIN = 20_000
N_JUDGED = 10_000
LOGGED = ("creatinine_umol_l", "crp_mg_l", "cost_12m_eur")


@lru_cache(maxsize=512)
def caused_gaps(secret, on, strength=1, differences=False):
    """Return the gap of the reference model and what each mechanism adds to it.

    Parameters
    ----------
    secret : str
    on : tuple of str
        Mechanisms that are on.
    strength : float
    differences : bool
        As `make_gap` has them.

    Returns
    -------
    dict of str to float
        ``gap``: sensitivity in A less sensitivity in B at 20 % alerts, with these
        mechanisms; ``gap_all_off``: with none; ``caused_by_<mechanism>``: `gap` less
        the gap with this one off; ``alone_<mechanism>``: the gap with only this one
        on, less `gap_all_off`; ``together``: `gap` less `gap_all_off` less all that is
        ``caused_by_``, not 0 where mechanisms help or hide one another.

    Examples
    --------
    >>> sorted(caused_gaps("demo", ("measurement",)))
    ['alone_measurement', 'caused_by_measurement', 'gap', 'gap_all_off', 'together']
    """

    def gap_with(*names):
        return reference_gap(secret, names, strength, differences)

    gap, all_off = gap_with(*on), gap_with()
    caused = {f"caused_by_{n}": gap - gap_with(*without(on, n)) for n in on}
    together = gap - all_off - sum(caused.values())
    alone = {f"alone_{name}": gap_with(name) - all_off for name in on}
    found = {
        "gap": gap,
        "gap_all_off": all_off,
        **caused,
        **alone,
        "together": together,
    }
    return {name: round(value, 6) for name, value in found.items()}


def without(on, name):
    """Return the mechanisms but one.

    Examples
    --------
    >>> without(("measurement", "proxy-label"), "measurement")
    ('proxy-label',)
    """
    return tuple(other for other in on if other != name)


def reference_gap(secret, on, strength=1, differences=False):
    """Return sensitivity in A less sensitivity in B of the reference model.

    Examples
    --------
    >>> abs(reference_gap("demo", ())) < 0.03
    True
    >>> reference_gap("demo", ("measurement",)) > 0.1
    True
    """
    in_a, in_b = reference_sensitivities(secret, on, strength if on else 1, differences)
    return in_a - in_b


@lru_cache(maxsize=1024)
def reference_sensitivities(secret, on, strength=1, differences=False):
    """Return the sensitivity of the reference model in A and in B.

    The reference model is logistic regression without the group, and with a cut-off
    that alerts 20 % of patients (70 % A, 30 % B, if there are no differences).

    Examples
    --------
    >>> in_a, in_b = reference_sensitivities("demo", ("measurement",))
    >>> 0 < in_b < in_a < 1
    True
    """
    model = course_model(secret, strength, differences)
    luck = draw_luck(N_TRAIN, generator_from(secret, "gap", "reference train"))
    in_b = luck["group"] < share_in_train(model, on)
    need = need_of(luck, in_b, model)
    outcome = (luck["outcome"] < model.risk(need, luck["age"])).astype(int)
    recorded, _ = recorded_outcome(luck, outcome, in_b, model, on)
    seen = numbers(clinical_columns(luck, in_b, model, on))
    fitted = fit_logistic(standardised(seen, seen), recorded)
    luck = draw_luck(N_JUDGED, generator_from(secret, "gap", "reference judged"))
    both = [np.full(N_JUDGED, b) for b in (False, True)]
    judged = [numbers(clinical_columns(luck, b, model, on)) for b in both]
    score = [standardised(columns, seen) @ fitted for columns in judged]
    risks = [model.risk(need_of(luck, b, model), luck["age"]) for b in both]
    cut = cut_off(*score, model.differences.share_b)
    found = [
        np.sum(risk[s >= cut]) / np.sum(risk)
        for s, risk in zip(score, risks, strict=True)
    ]
    return float(found[0]), float(found[1])


def share_in_train(model, on):
    """Return the share of group B among the patients of train."""
    if "under-representation" in on:
        return model.share_b_in_train
    return model.differences.share_b_in_train


def numbers(X):
    """Return the columns of the reference model, skewed ones as logs.

    The blood gas is left out, as it is missing in seven of eight patients.

    Examples
    --------
    >>> X = clinical_columns(
    ...     draw_luck(5, np.random.default_rng(0)),
    ...     np.full(5, True),
    ...     course_model("demo"),
    ...     (),
    ... )
    >>> numbers(X).shape
    (5, 11)
    """
    X = X.drop(columns="sao2_percent").astype(float)
    X[list(LOGGED)] = np.log(X[list(LOGGED)] + 0.1)
    return X.to_numpy()


def standardised(columns, like):
    """Return columns in units of the spread of others, after a column of ones.

    Examples
    --------
    >>> standardised(np.array([[3.0]]), np.array([[1.0], [3.0]]))
    array([[1., 1.]])
    """
    scaled = (columns - like.mean(axis=0)) / like.std(axis=0)
    return np.column_stack([np.ones(len(columns)), scaled])


def fit_logistic(columns, y, n_steps=8):
    """Return the coefficients of a logistic regression, by Newton's method.

    Examples
    --------
    >>> columns = np.array([[1.0, -1.0], [1.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    >>> bool(abs(fit_logistic(columns, np.array([0, 1, 0, 1]))[0]) < 1e-6)
    True
    """
    fitted = np.zeros(columns.shape[1])
    ridge = np.eye(columns.shape[1])
    for _ in range(n_steps):
        risk = expit(columns @ fitted)
        slope = columns.T @ (y - risk) - ridge @ fitted
        curve = (columns * (risk * (1 - risk))[:, None]).T @ columns + ridge
        fitted = fitted + np.linalg.solve(curve, slope)
    return fitted


def cut_off(score_a, score_b, share_b=SHARE_B):
    """Return the score above which 20 % of a hospital's patients lie.

    Examples
    --------
    >>> score = np.arange(10.0)
    >>> float(cut_off(score, score))
    8.0
    """
    score = np.concatenate([score_a, score_b])
    weight = np.repeat([1 - share_b, share_b], len(score_a)) / len(score_a)
    order = np.argsort(-score)
    reached = np.searchsorted(np.cumsum(weight[order]), ALERT_RATE - 1e-9)
    return score[order][reached]
