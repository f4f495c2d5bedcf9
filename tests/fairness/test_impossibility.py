import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.fairness import (
    balance_table,
    error_rates_table,
    false_positive_rate_from,
)


def test_the_identity_holds_in_every_table():
    rng = np.random.default_rng(0)
    for _ in range(50):
        tp, fn, fp, tn = rng.integers(1, 100, 4)
        n = tp + fn + fp + tn
        rate = false_positive_rate_from((tp + fn) / n, tp / (tp + fp), tp / (tp + fn))
        assert rate == pytest.approx(fp / (fp + tn))


def test_what_equal_ppv_and_sensitivity_force_is_equal_only_at_equal_prevalence(scores):
    y, risk, group = scores
    alerts = (risk > 0.4).astype(int)
    b_ill_more = (group == "A") | (y == 1) | (np.arange(len(y)) % 3 == 0)
    same = error_rates_table(y, alerts, group)["forced_false_positive_rate"]
    other = error_rates_table(y[b_ill_more], alerts[b_ill_more], group[b_ill_more])
    assert same["A"] == pytest.approx(same["B"], rel=0.15)
    forced = other["forced_false_positive_rate"]
    assert forced["B"] > 2 * forced["A"]


def test_without_alerts_nothing_is_forced():
    table = error_rates_table([1, 0, 1, 0], [0, 0, 0, 0], list("aabb"))
    assert table["forced_false_positive_rate"].isna().all()


def test_a_calibrated_score_is_balanced_for_neither_where_prevalence_differs():
    rng = np.random.default_rng(0)
    group = np.repeat(["a", "b"], 20_000)
    mean = np.where(group == "a", -1.5, 0.0)
    risk = 1 / (1 + np.exp(-(mean + rng.normal(0, 1, 40_000))))
    y = (rng.random(40_000) < risk).astype(int)
    table = balance_table(y, risk, group)
    assert table["mean_risk"].tolist() == pytest.approx(table["prevalence"], abs=0.01)
    for column in ("mean_risk_ill", "mean_risk_well"):
        assert table.loc["b", column] > table.loc["a", column] + 0.1
    p = table["prevalence"]
    whole = p * table["mean_risk_ill"] + (1 - p) * table["mean_risk_well"]
    assert whole.to_numpy() == pytest.approx(table["mean_risk"].to_numpy())


def test_a_group_without_ill_has_no_mean_risk_of_the_ill():
    table = balance_table([0, 0, 1], [0.1, 0.2, 0.5], list("aab"))
    assert np.isnan(table.loc["a", "mean_risk_ill"])
    assert np.isnan(table.loc["b", "mean_risk_well"])


@pytest.mark.parametrize(("prevalence", "ppv"), [(0, 0.5), (1, 0.5), (0.2, 0)])
def test_impossible_rates_are_refused(prevalence, ppv):
    with pytest.raises(BadInput):
        false_positive_rate_from(prevalence, ppv, 0.5)
