import numpy as np
import pytest
from scipy.special import expit

from coursekit.datasets import ScoreModel, make_scores
from coursekit.errors import NotEstimable
from coursekit.metrics import (
    brier,
    brier_decomposition,
    calibration_curve,
    calibration_hierarchy,
    integrated_calibration_index,
)


@pytest.mark.parametrize(("slope", "shift"), [(1.0, 0.0), (1.8, 0.3), (0.6, -0.7)])
def test_curve_and_index_come_near_the_known_ones(slope, shift):
    model = ScoreModel(0.8, 0.3, slope, shift)
    drawn = make_scores(40_000, prevalence=0.3, slope=slope, shift=shift)
    y, risk = drawn["y"].to_numpy(), drawn["risk"].to_numpy()
    known = model.calibration()
    curve = calibration_curve(y, risk)
    assert np.abs(curve - model.true_risk_at(risk)).mean() < 0.006
    index = integrated_calibration_index(y, risk)
    assert index == pytest.approx(known["ici"], abs=0.006)
    table = calibration_hierarchy(y, risk)
    assert table.loc["intercept", "low"] < known["intercept"]
    assert known["intercept"] < table.loc["intercept", "high"]
    assert table.loc["slope", "low"] < known["slope"] < table.loc["slope", "high"]


def test_right_risks_have_the_slope_one_and_an_index_of_chance():
    assert ScoreModel().calibration() == pytest.approx(
        {"intercept": 0, "slope": 1, "ici": 0}, abs=1e-9
    )
    drawn = make_scores(1000)
    assert 0 < integrated_calibration_index(drawn["y"], drawn["risk"]) < 0.03


def test_a_bent_curve_is_seen_where_the_line_says_all_is_well():
    x = np.random.default_rng(0).standard_normal(20_000)
    risk, true = expit(x), expit(x + 0.3 * (x**2 - 1))
    y = np.random.default_rng(1).random(20_000) < true
    table = calibration_hierarchy(y, risk)
    assert abs(table.loc["mean risk less event share", "value"]) < 0.04
    assert table.loc["slope", "value"] == pytest.approx(1, abs=0.15)
    index = table.loc["integrated calibration index", "value"]
    assert index == pytest.approx(np.abs(risk - true).mean(), abs=0.006)


def test_one_risk_for_all_has_no_curve():
    with pytest.raises(NotEstimable, match="no curve"):
        calibration_curve([1, 0], [0.5, 0.5])


def test_the_parts_of_a_brier_score_add_up_whatever_the_bins():
    drawn = make_scores(500, slope=1.5)
    for n_bins in (1, 4, 20):
        parts = brier_decomposition(drawn["y"], drawn["risk"], n_bins=n_bins)
        assert parts.brier == pytest.approx(brier(drawn["y"], drawn["risk"]))


def test_with_one_value_a_bin_nothing_is_left_over():
    drawn = make_scores(500).round({"risk": 1})
    parts = brier_decomposition(drawn["y"], drawn["risk"], n_bins=50)
    assert parts.within == pytest.approx(0, abs=1e-12)
    one_bin = brier_decomposition(drawn["y"], drawn["risk"], n_bins=1)
    assert one_bin.resolution == 0
    assert one_bin.reliability < parts.reliability
