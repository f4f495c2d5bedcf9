from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import BadInput
from coursekit.metrics.intervals import wilson
from coursekit.metrics.programme import check_possible
from coursekit.metrics.utility import (
    Programme,
    break_even_effectiveness,
    decision_curve,
    expected_cost,
    expected_cost_interval,
    net_benefit,
    net_benefit_influence,
    net_benefit_interval,
    programme_savings,
    saved_cost,
    share_saved,
)

SHARE = st.floats(0, 1)
MONEY = st.floats(0, 1e6)
PROGRAMMES = st.builds(
    Programme,
    n_patients=st.floats(0, 1e6),
    prevalence=SHARE,
    sensitivity=SHARE,
    alert_rate=SHARE,
    effectiveness=SHARE,
    cost_per_readmission=MONEY,
    cost_per_enrolled=MONEY,
    fixed_cost=MONEY,
)
VISITS = Programme(
    n_patients=1000,
    prevalence=0.2,
    sensitivity=0.5,
    alert_rate=0.25,
    effectiveness=0.1,
    cost_per_readmission=12_000,
    cost_per_enrolled=200,
    fixed_cost=10_000,
)


def patients(n=500, seed=0):
    rng = np.random.default_rng(seed)
    risk = rng.beta(2, 5, n)
    return (rng.random(n) < risk).astype(int), risk


def test_net_benefit_is_counted_by_hand():
    y, alerts = [1, 1, 0, 0, 0], [1, 0, 1, 1, 0]
    assert net_benefit(y, alerts, 0.2) == pytest.approx(1 / 5 - 2 / 5 * 0.25)


def test_no_alerts_are_worth_nothing_and_all_are_worth_what_the_formula_says():
    y, _ = patients()
    assert net_benefit(y, np.zeros(500), 0.3) == 0
    expected = y.mean() - (1 - y.mean()) * 0.3 / 0.7
    assert net_benefit(y, np.ones(500), 0.3) == pytest.approx(expected)


def test_flagging_everyone_at_the_prevalence_gains_nothing():
    y, _ = patients()
    assert net_benefit(y, np.ones(500), y.mean()) == pytest.approx(0)


@pytest.mark.parametrize("threshold", [0, 1, 20, -0.1])
def test_a_threshold_that_is_no_probability_is_refused(threshold):
    with pytest.raises(BadInput, match="threshold_probability"):
        net_benefit([1, 0], [1, 0], threshold)


def test_the_influence_of_net_benefit_is_its_mean_taken_apart():
    y, risk = patients()
    phi = net_benefit_influence(y, risk > 0.3, 0.3)
    assert phi.sum() == pytest.approx(0, abs=1e-9)
    found = net_benefit_interval(y, risk > 0.3, 0.3)
    expected = 1.648 * phi.std(ddof=1) / np.sqrt(500)
    assert found.half_width == pytest.approx(expected, rel=1e-3)


def test_copies_of_a_patient_add_no_certainty_to_net_benefit():
    y, risk = patients()
    once = net_benefit_interval(y, risk > 0.3, 0.3)
    copies = np.repeat(y, 3), np.repeat(risk > 0.3, 3)
    patient = np.repeat(np.arange(500), 3)
    thrice = net_benefit_interval(*copies, 0.3, patient=patient)
    assert thrice.half_width == pytest.approx(once.half_width)


def test_a_decision_curve_is_net_benefit_threshold_by_threshold():
    y, risk = patients()
    risk = risk.round(2)
    curve = decision_curve(y, risk)
    slow = [net_benefit(y, risk >= p, p) for p in curve["threshold_probability"]]
    rate = [np.mean(risk >= p) for p in curve["threshold_probability"]]
    assert curve["net_benefit"].to_numpy() == pytest.approx(slow)
    assert curve["alert_rate"].to_numpy() == pytest.approx(rate)
    everyone = net_benefit(y, np.ones(500), 0.25)
    assert curve.set_index("threshold_probability")["alert_all"][0.25] == (
        pytest.approx(everyone)
    )


def test_a_decision_curve_of_the_well_alone_gains_nothing():
    curve = decision_curve([0, 0], [0.1, 0.3], [0.2])
    assert curve["net_benefit"].tolist() == pytest.approx([-0.125])


def test_expected_cost_is_counted_by_hand():
    y, alerts = [1, 1, 0, 0, 0], [1, 0, 1, 1, 0]
    costs = {"cost_missed": 10, "cost_needless": 2, "cost_found": 3, "cost_spared": 1}
    assert expected_cost(y, alerts, **costs) == pytest.approx((3 + 10 + 2 + 2 + 1) / 5)


def test_the_interval_of_a_cost_is_that_of_the_share_it_counts():
    y, alerts = np.ones(2000), np.repeat([0, 1], [400, 1600])
    found = expected_cost_interval(y, alerts, cost_missed=1, cost_needless=0)
    share = wilson(400, 2000)
    ends = (share.low, share.high)
    assert (found.low, found.high) == pytest.approx(ends, abs=1e-3)


def test_what_a_programme_saves_is_counted_by_hand():
    # 250 enrolled, of whom 100 would come back; 10 of them do not
    assert (VISITS.n_enrolled, VISITS.n_reached) == (250, 100)
    assert VISITS.n_prevented == 10
    assert saved_cost(VISITS) == 10 * 12_000 - 250 * 200 - 10_000
    assert share_saved(VISITS) == 60_000 / (200 * 12_000)


def test_counting_simulated_patients_one_by_one_agrees():
    rng = np.random.default_rng(0)
    n = 4_000_000
    ill = rng.random(n) < 0.2
    flagged = rng.random(n) < np.where(ill, 0.5, 0.15 / 0.8)
    prevented = ill & flagged & (rng.random(n) < 0.1)
    saved = prevented.sum() * 12_000 - flagged.sum() * 200 - 10_000
    expected = saved_cost(replace(VISITS, n_patients=n))
    assert saved == pytest.approx(expected, rel=0.03)


@given(PROGRAMMES)
def test_plain_numbers_and_a_programme_save_the_same(programme):
    assert programme_savings(**vars(programme)) == saved_cost(programme)


@given(PROGRAMMES)
def test_without_effect_a_programme_only_costs(programme):
    useless = replace(programme, effectiveness=0)
    assert saved_cost(useless) == -programme.programme_cost <= 0


@given(PROGRAMMES)
def test_at_the_break_even_effectiveness_nothing_is_saved(programme):
    at = break_even_effectiveness(programme)
    if 0 <= at <= 1:
        saved = saved_cost(replace(programme, effectiveness=at))
        assert saved == pytest.approx(0, abs=1e-6 * (1 + programme.programme_cost))


def test_where_nobody_is_reached_no_effectiveness_pays():
    nobody = replace(VISITS, sensitivity=0)
    assert break_even_effectiveness(nobody) == np.inf
    free = replace(nobody, cost_per_enrolled=0, fixed_cost=0)
    assert np.isnan(break_even_effectiveness(free))


def test_to_forget_the_programmes_cost_makes_every_programme_look_good():
    forgotten = replace(VISITS, cost_per_enrolled=0, fixed_cost=0, effectiveness=0.01)
    assert saved_cost(forgotten) > 0 > saved_cost(replace(VISITS, effectiveness=0.01))


@pytest.mark.parametrize("value", [-1, np.nan, np.inf])
def test_assumptions_are_real_numbers_of_at_least_0(value):
    with pytest.raises(BadInput, match="fixed_cost is"):
        replace(VISITS, fixed_cost=value)


def test_a_percentage_is_no_share():
    with pytest.raises(BadInput, match="prevalence is 20; a share is at most 1"):
        replace(VISITS, prevalence=20)


@pytest.mark.parametrize(
    ("alert_rate", "why"), [(0.05, "Raise alert_rate"), (0.95, "Lower alert_rate")]
)
def test_assumptions_that_contradict_each_other_are_refused(alert_rate, why):
    with pytest.raises(BadInput, match=why):
        check_possible(replace(VISITS, alert_rate=alert_rate))


def test_flagging_exactly_the_ill_found_or_all_the_well_too_is_possible():
    check_possible(replace(VISITS, alert_rate=0.1))
    check_possible(replace(VISITS, alert_rate=0.9))
