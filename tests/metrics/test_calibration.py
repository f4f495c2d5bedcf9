import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.special import expit, logit
from sklearn import metrics as sklearn_metrics
from sklearn.calibration import calibration_curve
from sklearn.linear_model import LogisticRegression

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import calibration
from coursekit.metrics.calibration import (
    brier,
    brier_interval,
    calibration_intercept,
    calibration_intercept_interval,
    calibration_slope,
    calibration_slope_interval,
    log_loss,
    log_loss_influence,
    log_loss_interval,
    mean_calibration_error,
    mean_calibration_error_interval,
    reliability_table,
    scaled_brier,
    scaled_brier_interval,
)

SCALARS = [
    "brier",
    "scaled_brier",
    "log_loss",
    "calibration_slope",
    "calibration_intercept",
    "mean_calibration_error",
]
PATIENTS = st.lists(
    st.tuples(st.integers(0, 1), st.floats(0.01, 0.99)), min_size=4, max_size=40
).filter(lambda rows: 2 <= sum(y for y, _ in rows) <= len(rows) - 2)


def columns(rows):
    y, risk = np.array(rows).T
    return y.astype(int), risk


def drawn(n, seed=0, slope=1.0, intercept=0.0):
    """Return outcomes whose logit is `intercept` + `slope` x that of the risk."""
    rng = np.random.default_rng(seed)
    x = rng.normal(-1, 1, n)
    y = (rng.random(n) < expit(intercept + slope * x)).astype(int)
    return y, expit(x)


@given(PATIENTS)
def test_scikit_learn_agrees_on_brier_and_log_loss(rows):
    y, risk = columns(rows)
    expected = sklearn_metrics.brier_score_loss(y, risk)
    assert brier(y, risk) == pytest.approx(expected)
    assert log_loss(y, risk) == pytest.approx(sklearn_metrics.log_loss(y, risk))


def test_scaled_brier_is_0_for_the_prevalence_and_1_for_the_truth():
    y = np.array([1, 0, 0, 0])
    assert scaled_brier(y, np.full(4, 0.25)) == pytest.approx(0)
    assert scaled_brier(y, y) == 1
    assert scaled_brier(y, 1 - y) < 0


@given(PATIENTS)
def test_scaled_brier_is_one_less_a_ratio_of_two_brier_scores(rows):
    y, risk = columns(rows)
    reference = brier(y, np.full(len(y), y.mean()))
    assert scaled_brier(y, risk) == pytest.approx(1 - brier(y, risk) / reference)


def test_the_slope_is_an_unpenalised_logistic_regressions():
    y, risk = drawn(3000, slope=0.6)
    model = LogisticRegression(C=np.inf, tol=1e-10).fit(logit(risk)[:, None], y)
    assert calibration_slope(y, risk) == pytest.approx(model.coef_[0, 0], rel=1e-5)


@given(PATIENTS)
def test_the_intercept_makes_the_mean_risk_right(rows):
    y, risk = columns(rows)
    moved = expit(logit(risk) + calibration_intercept(y, risk))
    assert moved.mean() == pytest.approx(y.mean(), abs=1e-8)


def test_planted_slope_and_intercept_are_found():
    y, risk = drawn(200_000, slope=0.7, intercept=0.0)
    assert calibration_slope(y, risk) == pytest.approx(0.7, abs=0.02)
    y, risk = drawn(200_000, intercept=0.3)
    assert calibration_intercept(y, risk) == pytest.approx(0.3, abs=0.02)


def test_the_slope_of_hardly_varying_risks_is_found_too():
    y, risk = drawn(5000)
    nearly_constant = expit(logit(risk) / 1000 - 1)
    expected = 1000 * calibration_slope(y, risk)
    assert calibration_slope(y, nearly_constant) == pytest.approx(expected)


def test_certain_risks_give_a_low_slope_and_not_an_error():
    y, _ = drawn(500)
    certain = np.where(np.random.default_rng(0).random(500) < 0.8, y, 1 - y)
    assert 0 < calibration_slope(y, certain) < 0.2


def test_the_sandwich_error_is_the_models_where_the_line_is_true():
    y, risk = drawn(40_000)
    x = np.stack([np.ones(40_000), logit(risk)])
    information = (x * risk * (1 - risk)) @ x.T
    expected = np.sqrt(np.linalg.inv(information)[1, 1])
    found = calibration_slope_interval(y, risk)
    assert found.half_width / 1.645 == pytest.approx(expected, rel=0.03)


@pytest.mark.parametrize("name", SCALARS)
def test_influence_is_what_a_little_less_of_a_row_does(name):
    measure = getattr(calibration, name)
    influence = getattr(calibration, f"{name}_influence")
    y, risk = drawn(40, seed=1)
    many = np.stack([np.tile(y, 300), np.tile(risk, 300)])
    n, whole = 12_000, measure(*many)
    less = [(n - 1) * (whole - measure(*np.delete(many, i, 1))) for i in range(40)]
    phi = influence(y, risk)
    assert phi.sum() == pytest.approx(0, abs=1e-8)
    assert phi == pytest.approx(less, rel=0.01, abs=0.01)


@pytest.mark.parametrize("name", SCALARS)
def test_copies_of_a_patient_leave_the_value_and_add_no_certainty(name):
    interval = getattr(calibration, f"{name}_interval")
    y, risk = drawn(200)
    once = interval(y, risk)
    patient = np.repeat(np.arange(200), 3)
    thrice = interval(np.repeat(y, 3), np.repeat(risk, 3), patient=patient)
    assert thrice.value == pytest.approx(once.value, abs=1e-8)
    assert thrice.half_width == pytest.approx(once.half_width, rel=1e-6)


@pytest.mark.parametrize("name", SCALARS)
def test_a_higher_level_makes_a_wider_interval(name):
    interval = getattr(calibration, f"{name}_interval")
    y, risk = drawn(200)
    narrow, wide = interval(y, risk, level=0.8), interval(y, risk, level=0.99)
    assert wide.low < narrow.low < narrow.value < narrow.high < wide.high


def test_mean_error_has_the_sign_of_the_risks_mistake():
    y = np.array([1, 0, 0, 0])
    assert mean_calibration_error(y, np.full(4, 0.35)) == pytest.approx(0.1)
    assert mean_calibration_error(y, np.full(4, 0.15)) == pytest.approx(-0.1)


def test_a_wrong_certainty_has_an_infinite_log_loss():
    found = log_loss_interval([1, 0], [0.0, 0.5])
    assert (found.low, found.value, found.high) == (np.inf, np.inf, np.inf)
    with pytest.raises(NotEstimable, match="risk of 0 or 1 was wrong"):
        log_loss_influence([1, 0], [0.0, 0.5])


def test_a_right_certainty_costs_nothing():
    assert log_loss([1, 0], [1.0, 0.0]) == 0


@pytest.mark.parametrize(
    "measure",
    [scaled_brier, scaled_brier_interval, calibration_slope, calibration_intercept],
)
def test_one_outcome_alone_shows_no_calibration(measure):
    with pytest.raises(NotEstimable, match="same outcome"):
        measure([1, 1, 1], [0.2, 0.4, 0.9])


def test_a_constant_risk_has_no_slope_but_an_intercept():
    y = [1, 0, 0, 0]
    with pytest.raises(NotEstimable, match="same risk"):
        calibration_slope(y, [0.1 + 0.2, 0.3, 0.3, 0.3])
    found = calibration_intercept(y, [0.5] * 4)
    assert found == pytest.approx(logit(0.25))


@given(PATIENTS, st.booleans(), st.booleans())
def test_risks_that_separate_have_no_slope(rows, turned, tied):
    y, risk = columns(rows)
    y, risk = np.sort(y), np.sort(risk)
    first = np.argmax(y)
    risk[first] = risk[first - 1] if tied else risk[first]
    assume(np.ptp(logit(risk)) > 1e-6)
    with pytest.raises(NotEstimable, match="separate"):
        calibration_slope(1 - y if turned else y, risk)


@pytest.mark.parametrize("y", [[1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 0]])
@pytest.mark.parametrize("middle", [0.6, 0.1])
def test_so_few_that_they_separate_have_no_slope(y, middle):
    with pytest.raises(NotEstimable, match="separate"):
        calibration_slope(y, [0.9, 0.6, middle, 0.1])


def test_every_interval_stays_where_the_measure_can_be():
    y, risk = [1, 0, 0], [0.0, 1.0, 0.1]
    assert brier_interval(y, risk).high == 1
    assert mean_calibration_error_interval(y, risk).low == -1
    assert scaled_brier_interval([1, 0, 1], [0.9, 0.1, 0.4], level=0.99).high == 1
    assert log_loss_interval([1, 0, 1], [0.1, 0.8, 0.9]).low == 0
    assert calibration_intercept_interval([1, 1, 0], [0.5] * 3).low < 0


def test_a_reliability_table_is_counted_by_hand():
    y = [0, 1, 0, 1, 1, 1]
    risk = [0.1, 0.3, 0.2, 0.8, 0.6, 0.7]
    table = reliability_table(y, risk, n_bins=2)
    assert table["n_rows"].tolist() == [3, 3]
    assert table["n_ill"].tolist() == [1, 3]
    assert table["mean_risk"].tolist() == pytest.approx([0.2, 0.7])
    assert table["event_share"].tolist() == pytest.approx([1 / 3, 1])
    assert table["risk_from"].tolist() == [0.1, 0.6]
    assert table["risk_to"].tolist() == [0.3, 0.8]
    assert table["high"].iloc[1] == 1
    assert table["low"].iloc[1] == pytest.approx(3 / (3 + 1.6448536**2))


def test_scikit_learn_draws_the_same_uniform_bins():
    y, risk = drawn(2000)
    table = reliability_table(y, risk, n_bins=7, strategy="uniform")
    share, mean = calibration_curve(y, risk, n_bins=7)
    assert table["event_share"].to_numpy() == pytest.approx(share)
    assert table["mean_risk"].to_numpy() == pytest.approx(mean)


def test_equal_risks_share_a_bin_and_every_row_is_in_one():
    y, _ = drawn(100)
    risk = np.repeat([0.1, 0.4], [90, 10])
    table = reliability_table(y, risk)
    assert table["n_rows"].tolist() == [90, 10]
    assert isinstance(table.index, pd.RangeIndex)


def test_several_rows_a_patient_widen_the_bins():
    y, risk = drawn(200)
    patient = np.repeat(np.arange(200), 3)
    once = reliability_table(y, risk, n_bins=2)
    thrice = reliability_table(
        np.repeat(y, 3), np.repeat(risk, 3), n_bins=2, patient=patient
    )
    assert thrice["event_share"].tolist() == once["event_share"].tolist()
    width = [(t["high"] - t["low"]).to_numpy() for t in (once, thrice)]
    assert width[1] == pytest.approx(width[0], rel=0.03)


@pytest.mark.parametrize("wrong", [{"n_bins": 0}, {"strategy": "deciles"}])
def test_bins_that_make_no_sense_are_refused(wrong):
    with pytest.raises(BadInput, match="at least one bin"):
        reliability_table([1, 0], [0.2, 0.3], **wrong)


def test_a_score_outside_0_and_1_has_no_calibration():
    with pytest.raises(BadInput, match="a probability lies"):
        brier([1, 0], [1.5, 0.2])
