"""Patients of `make_label_choice`: what they need, what they have, what they cost.

A patient of B has more conditions and, for the same conditions, costs less. Two numbers
are not chosen but fitted, in `label_choice_fit`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq
from scipy.special import gammaincc

SHARE_B = 0.1225  # 6,079 of 49,618 patients: Obermeyer 2019, table 1
MEAN_NEED = {"A": 1.20, "B": 1.90}  # mean active conditions: the same table
NEED_SHAPE = 1.5  # of the gamma distribution of need within a group
CONDITIONS_LEFT = 0.85  # chance that a condition is still active a year later
COST_BY_CONDITIONS = 1.0  # log cost for one unit of log(1 + conditions)
COST_NOISE = 0.5  # log cost, of one year
LOG_COST = 6.6  # of a patient without conditions, euros
HIGHEST_SHARE = 0.03  # above the 97th percentile patients are enrolled


@dataclass(frozen=True)
class CostModel:
    """How what is spent on patients differs at equal conditions: the fitted numbers."""

    cost_in_b: float  # log ratio of B's cost to A's
    cost_spread: float  # standard deviation of log cost between patients, both years


def draw_illness(n_patients, rng):
    """Draw all that does not hang on the fitted numbers: one row a patient.

    Returns
    -------
    DataFrame
        ``in_b``, ``need``, ``is_female``, ``age_years``, ``conditions_before``,
        ``conditions_next_12m``, and the luck of cost and visits.

    Examples
    --------
    >>> list(draw_illness(2, np.random.default_rng(0)))[:3]
    ['in_b', 'need', 'is_female']
    """
    in_b = rng.random(n_patients) < SHARE_B
    mean = np.where(in_b, MEAN_NEED["B"], MEAN_NEED["A"])
    need = mean * rng.gamma(NEED_SHAPE, 1 / NEED_SHAPE, n_patients)
    before = rng.poisson(need)
    kept = rng.binomial(before, CONDITIONS_LEFT)
    age = np.rint(rng.normal(51, 17, n_patients))
    return pd.DataFrame(
        {
            "in_b": in_b,
            "need": need,
            "is_female": rng.random(n_patients) < 0.63,
            "age_years": np.clip(age, 18, 100).astype(int),
            "conditions_before": before,
            "conditions_next_12m": kept + rng.poisson((1 - CONDITIONS_LEFT) * need),
            "luck_usual": rng.standard_normal(n_patients),
            "luck_before": rng.standard_normal(n_patients),
            "luck_next": rng.standard_normal(n_patients),
            "luck_visits": rng.standard_exponential(n_patients),
        }
    )


def with_cost(illness, model):
    """Return patients with what they cost and how often they came.

    Parameters
    ----------
    illness : DataFrame
        As `draw_illness` returns it.
    model : CostModel

    Returns
    -------
    DataFrame
        With ``visits_12m``, ``cost_12m_eur`` and ``cost_next_12m_eur`` beside it.

    Examples
    --------
    >>> illness = draw_illness(2, np.random.default_rng(0))
    >>> list(with_cost(illness, CostModel(-0.5, 0.3)))[-3:]
    ['visits_12m', 'cost_12m_eur', 'cost_next_12m_eur']
    """
    usual = log_cost(
        illness["conditions_before"], illness["in_b"], illness["luck_usual"], model
    )
    visits = np.exp(0.9 + 0.4 * (usual - LOG_COST)) * illness["luck_visits"]
    return illness.assign(
        visits_12m=np.floor(visits).astype(int),
        cost_12m_eur=np.rint(np.exp(usual + COST_NOISE * illness["luck_before"])),
        cost_next_12m_eur=np.rint(np.exp(usual + COST_NOISE * illness["luck_next"])),
    )


def log_cost(conditions, in_b, own, model):
    """Return the log of what patients usually cost in a year.

    Examples
    --------
    >>> model = CostModel(cost_in_b=-0.2, cost_spread=0.5)
    >>> log_cost(np.array([0, 0]), np.array([False, True]), 0.0, model)
    array([6.6, 6.4])
    """
    by_conditions = COST_BY_CONDITIONS * np.log1p(conditions)
    return LOG_COST + by_conditions + model.cost_spread * own + model.cost_in_b * in_b


def high_need_cut():
    """Return the need that 3 % of patients exceed.

    Examples
    --------
    >>> round(high_need_cut(), 2)
    3.94
    """

    def share_above(cut):
        a, b = (
            gammaincc(NEED_SHAPE, cut / mean * NEED_SHAPE)
            for mean in MEAN_NEED.values()
        )
        return (1 - SHARE_B) * a + SHARE_B * b - HIGHEST_SHARE

    return float(brentq(share_above, 0, 50))
