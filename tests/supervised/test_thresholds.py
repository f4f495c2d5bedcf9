import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.metrics.utility import programme_savings
from coursekit.supervised import cut_off_for_alert_rate, threshold_from_costs

COSTS = {"cost_per_enrolled": 300, "cost_per_readmission": 8000}


def test_at_the_threshold_a_place_neither_saves_nor_costs():
    risk = threshold_from_costs(**COSTS, effectiveness=0.15)
    one_patient = {"n_patients": 1, "sensitivity": 1, "alert_rate": 1, "fixed_cost": 0}
    saved = programme_savings(
        prevalence=risk, effectiveness=0.15, **one_patient, **COSTS
    )
    assert saved == pytest.approx(0)


def test_where_the_programme_hardly_works_nobody_is_above_the_threshold():
    assert threshold_from_costs(**COSTS, effectiveness=0.01) > 1


@pytest.mark.parametrize("effectiveness", [0, -0.1, 1.1])
def test_an_impossible_effectiveness_is_refused(effectiveness):
    with pytest.raises(BadInput, match=r"must be in \(0, 1\]"):
        threshold_from_costs(**COSTS, effectiveness=effectiveness)


def test_a_place_that_costs_nothing_has_no_threshold():
    with pytest.raises(BadInput, match="above 0"):
        threshold_from_costs(
            cost_per_enrolled=0, cost_per_readmission=1, effectiveness=0.1
        )


@pytest.mark.parametrize("alert_rate", [0.05, 0.2, 0.5])
def test_as_many_are_flagged_as_there_are_places(alert_rate):
    risk = np.random.default_rng(0).random(1000)
    flagged = risk >= cut_off_for_alert_rate(risk, alert_rate)
    assert flagged.mean() == pytest.approx(alert_rate, abs=0.001)


def test_a_coarse_score_comes_as_close_to_the_places_as_it_can():
    points = np.repeat([1, 2, 3], [600, 250, 150])
    assert cut_off_for_alert_rate(points, 0.20) == 3
    assert cut_off_for_alert_rate(points, 0.35) == 2


@pytest.mark.parametrize(("risk", "rate"), [([], 0.2), ([0.1], 0), ([0.1], 1)])
def test_no_cut_off_without_risks_or_with_all_or_no_places(risk, rate):
    with pytest.raises(BadInput, match="A cut-off needs risks"):
        cut_off_for_alert_rate(risk, rate)
