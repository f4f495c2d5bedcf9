import fairlearn.metrics as fairlearn
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import BadInput
from coursekit.metrics import groups
from coursekit.metrics.groups import group_table, sensitivity_by_group
from coursekit.metrics.intervals import wilson
from coursekit.metrics.rates import (
    RATES,
    correlation_of,
    grouped_cells,
    rate_of_counts,
    residual_sums,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from("abc")),
    min_size=1,
    max_size=40,
)
# Y, ALERTS, GROUP: in "f" 2 found, 1 missed, 1 false alarm, 2 spared; "m": 0, 1, 0, 1
Y = [1, 1, 1, 0, 0, 0, 1, 0]
ALERTS = [1, 1, 0, 1, 0, 0, 0, 0]
GROUP = list("ffffffmm")
BY_HAND = {
    "sensitivity": [2 / 3, 0],
    "specificity": [2 / 3, 1],
    "false_positive_rate": [1 / 3, 0],
    "ppv": [2 / 3, np.nan],
    "npv": [2 / 3, 1 / 2],
    "alert_rate": [1 / 2, 0],
    "prevalence": [1 / 2, 1 / 2],
}
NAMED = {
    "sensitivity": (Y, ALERTS, GROUP),
    "specificity": (Y, ALERTS, GROUP),
    "false_positive_rate": (Y, ALERTS, GROUP),
    "ppv": (Y, ALERTS, GROUP),
    "npv": (Y, ALERTS, GROUP),
    "alert_rate": (ALERTS, GROUP),
    "prevalence": (Y, GROUP),
}


@pytest.mark.parametrize("rate", RATES)
def test_every_rate_is_as_counted_by_hand(rate):
    found = getattr(groups, f"{rate}_by_group")(*NAMED[rate])
    assert found.name == rate
    assert found.index.tolist() == ["f", "m"]
    assert found.tolist() == pytest.approx(BY_HAND[rate], nan_ok=True)


@pytest.mark.parametrize(
    ("rate", "referee"),
    [
        ("sensitivity", fairlearn.true_positive_rate),
        ("specificity", fairlearn.true_negative_rate),
        ("false_positive_rate", fairlearn.false_positive_rate),
        ("alert_rate", fairlearn.selection_rate),
    ],
)
def test_fairlearn_agrees_in_every_group_that_can_be_judged(rate, referee):
    rng = np.random.default_rng(0)
    y, alerts = rng.integers(0, 2, (2, 500))
    frame = pd.DataFrame(rng.integers(0, 3, (500, 2)), columns=["sex", "ward"])
    theirs = fairlearn.MetricFrame(
        metrics=referee, y_true=y, y_pred=alerts, sensitive_features=frame
    ).by_group
    ours = groups.rate_by_group(y, alerts, frame, rate)
    assert ours.index.equals(theirs.index)
    assert ours.to_numpy() == pytest.approx(theirs.to_numpy())


def test_a_group_without_cases_gets_nan_where_fairlearn_says_0():
    y, alerts, group = [1, 1, 0], [1, 1, 0], ["f", "f", "m"]
    assert np.isnan(sensitivity_by_group(y, alerts, group)["m"])
    frame = fairlearn.MetricFrame(
        metrics=fairlearn.true_positive_rate,
        y_true=y,
        y_pred=alerts,
        sensitive_features=group,
    )
    assert frame.by_group["m"] == 0


@given(ROWS)
def test_rates_are_shares_or_nan_exactly_where_nobody_is_counted(rows):
    y, alerts, group = zip(*rows, strict=True)
    counts = grouped_cells(y, alerts, group).counts
    for rate, (_, below) in RATES.items():
        values = rate_of_counts(counts, rate)
        nobody = counts @ np.array(below) == 0
        assert (np.isnan(values) == nobody).all()
        assert ((values >= 0) & (values <= 1) | nobody).all()


@given(ROWS)
def test_the_counts_of_all_groups_add_up_to_the_rows(rows):
    table = group_table(*zip(*rows, strict=True))
    y, alerts, _ = (np.array(column) for column in zip(*rows, strict=True))
    assert table["n_rows"].sum() == len(rows)
    assert table["n_ill"].sum() == y.sum()
    assert table["n_alerts"].sum() == alerts.sum()


def test_mean_calibration_error_is_the_difference_of_two_means():
    y, risk = np.array([1, 0, 1, 1]), np.array([0.5, 0.25, 0.25, 0.25])
    found = groups.mean_calibration_error_by_group(y, risk, [1, 1, 2, 2])
    assert found.to_dict() == {1: -0.125, 2: -0.75}


def test_a_group_table_holds_counts_rates_and_wilson_limits():
    table = group_table(Y, ALERTS, GROUP)
    assert table.loc["f", ["n_rows", "n_ill", "n_alerts"]].tolist() == [6, 3, 3]
    expected = wilson(2, 3)
    assert table.loc["f", "sensitivity_low"] == pytest.approx(expected.low)
    assert table.loc["f", "sensitivity_high"] == pytest.approx(expected.high)
    assert table.loc["m", ["ppv", "ppv_low", "ppv_high"]].isna().all()
    assert table.loc["m", ["sensitivity", "sensitivity_low"]].tolist() == [0, 0]


def test_several_rows_of_a_patient_widen_the_table_and_are_counted_once():
    rng = np.random.default_rng(0)
    y, alerts = rng.integers(0, 2, (2, 300))
    group = np.repeat(["a", "b", "c"], 100)
    once = group_table(y, alerts, group, risk=alerts / 2)
    thrice = group_table(
        *(np.repeat(column, 3) for column in (y, alerts, group)),
        risk=np.repeat(alerts / 2, 3),
        patient=np.repeat(np.arange(300), 3),
    )
    assert thrice["n_patients"].tolist() == [100, 100, 100]
    assert thrice["n_rows"].tolist() == [300, 300, 300]
    for name in once.filter(regex="_(low|high)$"):
        assert thrice[name].to_numpy() == pytest.approx(once[name].to_numpy(), abs=0.02)


def test_patients_of_one_row_each_change_nothing():
    rng = np.random.default_rng(0)
    y, alerts = rng.integers(0, 2, (2, 60))
    group = np.repeat(["a", "b"], 30)
    plain = group_table(y, alerts, group)
    named = group_table(y, alerts, group, patient=np.arange(60))
    pd.testing.assert_frame_equal(plain, named)


def test_a_group_of_one_patient_has_an_error_but_no_limits():
    table = group_table([1, 0, 1], [1, 0, 1], ["a", "a", "b"], risk=[0.7, 0.1, 0.5])
    row = table.loc["b"].filter(like="mean_calibration")
    assert row.tolist() == pytest.approx([-0.5, np.nan, np.nan], nan_ok=True)


def test_intersections_are_named_by_their_columns():
    frame = pd.DataFrame({"sex": ["f", "f", "m"], "ward": [1, 2, 1]})
    found = sensitivity_by_group([1, 1, 0], [1, 0, 0], frame)
    assert found.index.names == ["sex", "ward"]
    assert found[("f", 2)] == 0
    assert np.isnan(found[("m", 1)])


def test_the_index_of_a_series_is_never_used_to_align():
    y = pd.Series([1, 0], index=[5, 6])
    found = sensitivity_by_group(y, [1, 0], pd.Series(["f", "m"], index=[6, 5]))
    assert found["f"] == 1


def test_a_wrong_alert_is_named_as_an_alert():
    with pytest.raises(BadInput, match="alerts contains 3"):
        groups.alert_rate_by_group([1, 3], ["f", "m"])


def test_an_unknown_rate_is_refused_with_those_there_are():
    with pytest.raises(BadInput, match="'recall' is no rate; there are sensitivity"):
        groups.rate_by_group(Y, ALERTS, GROUP, "recall")


def test_groups_that_share_patients_are_correlated():
    rng = np.random.default_rng(0)
    hit = np.repeat(rng.random(200) < 0.5, 2)
    code = np.tile([0, 1], 200)
    patients = np.repeat(np.arange(200), 2), 200
    rate = np.array([hit[code == 0].mean(), hit[code == 1].mean()])
    sums, n_patients = residual_sums(hit, np.full(400, True), code, rate, patients)
    assert n_patients.tolist() == [200, 200]
    assert correlation_of(sums.T @ sums)[0, 1] == pytest.approx(1)
