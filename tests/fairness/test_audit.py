import numpy as np
import pandas as pd
import pytest

from coursekit.fairness import audit_table, calibration_within_groups
from coursekit.fairness.audit import INSUFFICIENT, NO_GAP, WORSE
from coursekit.metrics import group_table


def hospital(found_a, found_b, n=500):
    y = np.ones(2 * n, int)
    alerts = np.concatenate([np.arange(n) < found_a * n, np.arange(n) < found_b * n])
    return y, alerts.astype(int), ["a"] * n + ["b"] * n


def test_the_group_whose_ill_are_found_less_often_is_served_worse():
    assert audit_table(*hospital(0.6, 0.4))["verdict"].tolist() == [NO_GAP, WORSE]
    assert audit_table(*hospital(0.4, 0.6))["verdict"].tolist() == [WORSE, NO_GAP]


def test_a_high_false_positive_rate_is_the_worse_one():
    y, alerts, group = hospital(0.6, 0.4)
    table = audit_table(1 - y, alerts, group, rate="false_positive_rate")
    assert table["verdict"].tolist() == [WORSE, NO_GAP]


def test_a_small_difference_is_no_gap_shown():
    assert set(audit_table(*hospital(0.50, 0.49))["verdict"]) == {NO_GAP}


def test_a_small_group_gets_insufficient_evidence_and_accuses_nobody():
    y, alerts, group = hospital(0.6, 0.6)
    y, alerts = np.append(y, [1] * 20), np.append(alerts, [1] * 19 + [0])
    table = audit_table(y, alerts, [*group, *["c"] * 20], most_half_width=0.05)
    assert table["verdict"].tolist() == [NO_GAP, NO_GAP, INSUFFICIENT]


def test_a_group_without_ill_patients_cannot_be_judged():
    y, alerts, group = hospital(0.6, 0.4)
    table = audit_table(np.append(y, 0), np.append(alerts, 0), [*group, "c"])
    assert table["verdict"].tolist() == [NO_GAP, WORSE, INSUFFICIENT]
    assert np.isnan(table.loc["c", "sensitivity"])


def test_one_group_that_can_be_judged_is_compared_with_nobody():
    table = audit_table([1] * 210, [1, 0] * 105, ["a"] * 200 + ["b"] * 10)
    assert table["verdict"].tolist() == [NO_GAP, INSUFFICIENT]


def test_intersections_show_a_gap_that_both_columns_hide():
    n = 400
    groups = pd.DataFrame({"sex": ["f", "f", "m", "m"] * n, "ward": list("xyxy") * n})
    crossed = (groups["sex"] == "f") == (groups["ward"] == "x")
    rng = np.random.default_rng(0)
    alerts = (rng.random(4 * n) < np.where(crossed, 0.7, 0.4)).astype(int)
    y = np.ones(4 * n, int)
    for column in groups:
        assert WORSE not in set(audit_table(y, alerts, groups[column])["verdict"])
    table = audit_table(y, alerts, groups)
    worse = table.index[table["verdict"] == WORSE]
    assert set(worse) == {("f", "y"), ("m", "x")}


def test_the_intervals_are_those_of_the_group_table(scores):
    y, risk, group = scores
    alerts = (risk > 0.4).astype(int)
    mine, theirs = audit_table(y, alerts, group), group_table(y, alerts, group)
    assert mine["low"].tolist() == theirs["sensitivity_low"].tolist()
    assert mine["n_ill"].tolist() == theirs["n_ill"].tolist()


def test_fair_groups_are_rarely_called_served_worse():
    rng = np.random.default_rng(0)
    group = np.repeat(list("abcd"), 250)
    accused = [
        WORSE
        in set(audit_table(np.ones(1000), rng.random(1000) < 0.5, group)["verdict"])
        for _ in range(60)
    ]
    assert np.mean(accused) < 0.25


def test_calibration_is_looked_at_within_each_group(scores):
    y, risk, group = scores
    table = calibration_within_groups(y, risk, group)
    assert table["group"].tolist() == ["A"] * 5 + ["B"] * 5
    off = np.where(group == "B", np.clip(risk + 0.2, 0, 1), risk)
    table = calibration_within_groups(y, off, group)
    error = (table["mean_risk"] - table["event_share"]).groupby(table["group"]).mean()
    assert error["B"] - error["A"] == pytest.approx(0.2, abs=0.03)


def test_where_no_group_can_be_judged_all_get_insufficient_evidence():
    table = audit_table(*hospital(0.6, 0.4, n=10))
    assert table["verdict"].tolist() == [INSUFFICIENT, INSUFFICIENT]
