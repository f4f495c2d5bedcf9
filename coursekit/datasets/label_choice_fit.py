"""The fit of `make_label_choice` to what was published: two shares, two numbers.

Obermeyer and others (2019) report that 17.7 % of the patients above the 97th percentile
of a risk score that predicts cost were Black, and 46.5 % in a simulation in which the
score means the same illness in both groups. `fit_cost_model` made the two
numbers in `FITTED`: ``python -c "from coursekit.datasets.label_choice_fit import
fit_cost_model; print(fit_cost_model())"``, half a minute.
"""

import numpy as np
from scipy.optimize import brentq

from coursekit.datasets.label_choice_patients import (
    HIGHEST_SHARE,
    CostModel,
    draw_illness,
    with_cost,
)

PUBLISHED = {"by_cost": 0.177, "equally_ill": 0.465}
FITTED = CostModel(cost_in_b=-0.432, cost_spread=0.408)
HIGH_COST_EUR = 7100  # what 3 % of patients exceed in the next year
KNOWN = ("conditions_before", "visits_12m", "cost_12m_eur")


def predicted_label(patients, label):
    """Return the prediction of a label by a linear model of what is known before.

    Least squares on logs, without the group, fitted on these patients themselves:
    with four coefficients and thousands of patients that makes no difference.

    Parameters
    ----------
    patients : DataFrame
        With the columns of `make_label_choice`.
    label : str
        Such as ``"cost_next_12m_eur"`` or ``"conditions_next_12m"``.

    Returns
    -------
    ndarray of shape (n,)
        Predicted log of (1 + label).

    Examples
    --------
    >>> patients = with_cost(draw_illness(99, np.random.default_rng(0)), FITTED)
    >>> predicted_label(patients, "conditions_next_12m").shape
    (99,)
    """
    known = np.log1p(patients[list(KNOWN)].to_numpy(dtype=float))
    known = np.column_stack([np.ones(len(known)), known])
    wanted = np.log1p(patients[label].to_numpy(dtype=float))
    return known @ np.linalg.lstsq(known, wanted, rcond=None)[0]


def highest(score, share=HIGHEST_SHARE):
    """Return who is in the highest share of the score; of equal ones the first.

    Examples
    --------
    >>> highest(np.array([0.1, 0.9, 0.5, 0.5]), share=0.5).tolist()
    [False, True, True, False]
    """
    chosen = np.zeros(len(score), bool)
    n_chosen = round(share * len(score))
    chosen[np.argsort(-np.asarray(score), kind="stable")[:n_chosen]] = True
    return chosen


def swap_until_equally_ill(chosen, illness, in_b):
    """Exchange chosen patients of A for sicker ones of B until there are none.

    Taught in lab 09_label_choice. The simulation of Obermeyer 2019, as we read it: the
    healthiest of A who is enrolled gives the place to the sickest of B who is not,
    as long as the one of B is sicker.

    Parameters
    ----------
    chosen : ndarray of bool, shape (n,)
        Who is enrolled.
    illness : ndarray of shape (n,)
        Such as the number of active conditions.
    in_b : ndarray of bool, shape (n,)

    Returns
    -------
    ndarray of bool, shape (n,)
        As many as before.

    References
    ----------
    Obermeyer et al. 2019, Science 366:447-453.

    Examples
    --------
    >>> chosen, in_b = np.array([True, True, False, False]), np.array([0, 0, 1, 1]) == 1
    >>> swap_until_equally_ill(chosen, np.array([1, 5, 3, 2]), in_b).tolist()
    [False, True, True, False]
    """
    chosen, illness = np.array(chosen, bool), np.asarray(illness)
    leaving = np.flatnonzero(chosen & ~in_b)
    coming = np.flatnonzero(~chosen & in_b)
    leaving = leaving[np.argsort(illness[leaving], kind="stable")]
    coming = coming[np.argsort(-illness[coming], kind="stable")]
    n_pairs = min(len(leaving), len(coming))
    sicker = illness[coming[:n_pairs]] > illness[leaving[:n_pairs]]
    n_swaps = int(sicker.sum())  # sicker is True first, then False
    chosen[leaving[:n_swaps]], chosen[coming[:n_swaps]] = False, True
    return chosen


def shares_of_b(patients):
    """Return the share of B among the enrolled, by label and after the swaps.

    Parameters
    ----------
    patients : DataFrame
        As `label_choice_patients.with_cost` returns it.

    Returns
    -------
    dict of str to float
        ``by_cost``, ``by_conditions``, ``by_need`` (nobody knows it in life) and
        ``equally_ill``: by cost, after swaps.

    Examples
    --------
    >>> patients = with_cost(draw_illness(2000, np.random.default_rng(0)), FITTED)
    >>> list(shares_of_b(patients))
    ['by_cost', 'by_conditions', 'by_need', 'equally_ill']
    """
    in_b = patients["in_b"].to_numpy()
    by_cost = highest(predicted_label(patients, "cost_next_12m_eur"))
    illness = patients["conditions_next_12m"].to_numpy()
    chosen = {
        "by_cost": by_cost,
        "by_conditions": highest(predicted_label(patients, "conditions_next_12m")),
        "by_need": highest(patients["need"].to_numpy()),
        "equally_ill": swap_until_equally_ill(by_cost, illness, in_b),
    }
    return {name: float(in_b[rows].mean()) for name, rows in chosen.items()}


def fit_cost_model(n_patients=600_000, random_state=0):
    """Find the two numbers with which the published shares come out.

    Parameters
    ----------
    n_patients : int
    random_state : int
        The same luck serves all tries, so that only the numbers differ.

    Returns
    -------
    model : CostModel
    high_cost_eur : float
        What 3 % of these patients exceed in the next year.

    Examples
    --------
    >>> model, high_cost_eur = fit_cost_model(5000)
    >>> -1 < model.cost_in_b < 0 < model.cost_spread
    True
    """
    illness = draw_illness(n_patients, np.random.default_rng(random_state))

    def miss(cost_in_b, cost_spread, name):
        patients = with_cost(illness, CostModel(cost_in_b, cost_spread))
        return shares_of_b(patients)[name] - PUBLISHED[name]

    def cost_in_b_at(spread):
        return brentq(lambda x: miss(x, spread, "by_cost"), -1.5, 0.5, xtol=1e-3)

    spread = brentq(
        lambda x: miss(cost_in_b_at(x), x, "equally_ill"), 0.2, 0.8, xtol=1e-3
    )
    model = CostModel(round(cost_in_b_at(spread), 3), round(spread, 3))
    cost = with_cost(illness, model)["cost_next_12m_eur"]
    return model, float(round(np.quantile(cost, 1 - HIGHEST_SHARE), -2))
