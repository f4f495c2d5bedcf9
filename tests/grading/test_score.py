"""The rules of the score, on patients small enough to think about."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coursekit.grading.contract import Reply
from coursekit.grading.patients import Patients
from coursekit.grading.rubric import (
    Answer,
    Criterion,
    Mistake,
    OperatingPoint,
    Probe,
    Rubric,
)
from coursekit.grading.score import score, to_bytes

N = 20_000
SAVINGS = {
    "n_patients": 1000,
    "prevalence": 0.2,
    "sensitivity": 0.5,
    "alert_rate": 0.2,
    "effectiveness": 0.2,
    "cost_per_readmission": 10_000,
    "cost_per_enrolled": 300,
    "fixed_cost": 1000,
}


def criterion(identity, kind, measure, answer, points, floor, full, **more):
    return Criterion(
        id=identity,
        kind=kind,
        label=identity,
        measure=measure,
        answer=answer,
        points=points,
        floor=floor,
        full=full,
        **more,
    )


LOCK = Rubric(
    format=1,
    assignment="demo",
    title="Demo",
    version="1",
    generator="make_readmission",
    given=(),
    cohorts={"hidden": N},
    kinds={"accuracy": 40, "fairness": 30, "evidence": 20, "contract": 10},
    manual={},
    operating_point=OperatingPoint(
        "decide", 0.01, 0.04, alert_rate=(0.18, 0.22), threshold_probability=0.25
    ),
    answers=(
        Answer("model", "risk"),
        Answer("decide", "decision"),
        Answer(
            "savings",
            "function",
            reference="coursekit.metrics.utility:programme_savings",
            mistakes=(
                Mistake(
                    "COST-NO-PROGRAMME-COST", {"cost_per_enrolled": 0, "fixed_cost": 0}
                ),
            ),
        ),
    ),
    criteria=(
        criterion("auroc", "accuracy", "auroc", "model", 40, 0.6, 0.75),
        criterion(
            "gap",
            "fairness",
            "sensitivity_gap",
            "decide",
            30,
            0.14,
            0.06,
            attribute="group",
            ramped=True,
            at_operating_point=True,
        ),
        criterion("savings", "evidence", "share_right", "savings", 20, 0.4, 1.0),
        criterion("kept", "contract", "contract", "model", 10, 0, 1),
    ),
    probes=(
        Probe("later", "redraw", "model", "LEAK-POSTDISCH", 0.01, "accuracy"),
        Probe("seen", "train", "model", "OVERFIT", 0.1),
    ),
)
INPUTS = {"savings": [SAVINGS, {**SAVINGS, "effectiveness": 0.01}]}


@pytest.fixture
def patients():
    rng = np.random.default_rng(3)
    risk = rng.beta(1, 3, N)
    groups = pd.DataFrame({"group": np.where(rng.random(N) < 0.3, "B", "A")})
    return Patients(y=(rng.random(N) < risk) * 1, groups=groups, risk=risk)


@pytest.fixture
def replies(patients):
    rng = np.random.default_rng(4)
    noisy = np.clip(patients.risk + rng.normal(0, 0.05, N), 0.001, 0.999)
    right = [200_000 * each["effectiveness"] * 5 - 61_000 for each in INPUTS["savings"]]
    return {
        "model": Reply(noisy),
        "decide": Reply((noisy > np.quantile(noisy, 0.8)) * 1.0),
        "savings": Reply(right),
    }


def grade(patients, replies, lock=LOCK, **others):
    return score(lock, {"hidden": patients, **others}, replies, INPUTS)


def points(record):
    return {kind: each["points"] for kind, each in record["kinds"].items()}


def codes(record):
    return [each["code"] for each in record["codes"]]


def test_honest_work_earns_its_points_and_no_code(patients, replies):
    record = grade(patients, replies)
    assert points(record) == {
        "accuracy": 40,
        "fairness": 30,
        "evidence": 20,
        "contract": 10,
    }
    assert codes(record) == []


def test_flagging_nobody_has_no_gap_and_earns_nothing_by_name(patients, replies):
    replies["decide"] = Reply(np.zeros(N))
    record = grade(patients, replies)
    assert points(record)["fairness"] == 0
    assert codes(record) == ["NO-ALERTS"]


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.8, 1.0])
def test_alerts_outside_the_band_earn_no_fairness_by_name(patients, replies, share):
    risk = replies["model"].values
    replies["decide"] = Reply((risk >= np.quantile(risk, 1 - share)) * 1.0)
    record = grade(patients, replies)
    assert points(record)["fairness"] == 0
    assert codes(record) == ["OPERATING-POINT"]


def test_alerts_at_random_are_fair_and_earn_nothing(patients, replies):
    replies["decide"] = Reply((np.random.default_rng(5).random(N) < 0.2) * 1.0)
    record = grade(patients, replies)
    gap = next(each for each in record["criteria"] if each["id"] == "gap")
    assert gap["value"] < 0.06
    assert gap["points"] == 0
    assert gap["codes"] == ["NOT-USEFUL"]


def test_missing_the_ill_of_one_group_costs_fairness_and_nothing_else(
    patients, replies
):
    in_b = (patients.groups["group"] == "B").to_numpy()
    lower = np.where(in_b, replies["model"].values / 2, replies["model"].values)
    replies["decide"] = Reply((lower > np.quantile(lower, 0.8)) * 1.0)
    record = grade(patients, replies)
    assert points(record)["fairness"] == 0
    assert points(record)["accuracy"] == 40


def test_better_than_the_true_risks_is_withheld_for_a_person(patients, replies):
    replies["model"] = Reply(np.where(patients.y == 1, 0.9, 0.1))
    record = grade(patients, replies)
    assert points(record)["accuracy"] is None
    assert codes(record) == ["IMPOSSIBLE"]


def test_the_true_risks_themselves_are_not_impossible(patients, replies):
    replies["model"] = Reply(patients.risk)
    assert codes(grade(patients, replies)) == []


def test_where_no_truth_is_known_nothing_is_impossible(patients, replies):
    replies["model"] = Reply(np.where(patients.y == 1, 0.9, 0.1))
    assert codes(grade(replace(patients, risk=None), replies)) == []


def test_listening_to_a_later_column_costs_all_accuracy_by_name(patients, replies):
    moved = np.clip(replies["model"].values[:2000] + 0.05, 0, 1)
    replies["model~redraw=calls"] = Reply(moved)
    record = grade(patients, replies)
    assert points(record)["accuracy"] == 0
    assert codes(record) == ["LEAK-POSTDISCH"]
    assert "calls by 0.0" in record["codes"][0]["seen"]


def test_doing_far_better_on_seen_patients_is_named(patients, replies):
    seen = Patients(y=patients.y[:2000], groups=patients.groups[:2000])
    replies["model~train"] = Reply(np.where(seen.y == 1, 0.9, 0.1))
    record = grade(patients, replies, train=seen)
    assert codes(record) == ["OVERFIT"]


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1.5, -0.1])
def test_a_value_that_is_no_risk_earns_nothing_from_the_model(patients, replies, bad):
    values = replies["model"].values.copy()
    values[7] = bad
    replies["model"] = Reply(values)
    record = grade(patients, replies)
    assert points(record)["accuracy"] == points(record)["contract"] == 0
    assert len(codes(record)) == 1


def test_a_silent_answer_leaves_the_others_graded(patients, replies):
    replies["model"] = Reply(None, status="failed", reason="model raised KeyError")
    record = grade(patients, replies)
    assert points(record)["accuracy"] == 0
    assert points(record)["fairness"] == 30
    assert record["codes"][0]["seen"] == "model raised KeyError"


def test_leaving_the_programme_out_of_the_cost_is_named(patients, replies):
    wrong = [200_000 * each["effectiveness"] * 5 for each in INPUTS["savings"]]
    replies["savings"] = Reply(wrong)
    record = grade(patients, replies)
    assert points(record)["evidence"] == 0
    assert codes(record) == ["COST-NO-PROGRAMME-COST"]


@pytest.mark.parametrize("odd", ["-61000", None, [1.0], True, float("nan"), {}])
def test_a_function_reply_that_is_no_number_is_wrong(patients, replies, odd):
    replies["savings"] = Reply([odd, odd])
    assert points(grade(patients, replies))["evidence"] == 0


def test_a_model_that_will_not_be_probed_loses_what_the_probe_guards(patients, replies):
    silent = Reply(None, status="failed", reason="model raised ValueError")
    replies["model~redraw=calls"] = silent
    record = grade(patients, replies)
    assert points(record)["accuracy"] == 0
    assert codes(record) == ["LEAK-POSTDISCH"]


def test_a_number_too_large_to_compare_is_wrong(patients, replies):
    replies["savings"] = Reply([10**400, -(10**400)])
    assert points(grade(patients, replies))["evidence"] == 0


def test_risks_that_hardly_differ_show_no_slope(patients, replies):
    slope = criterion(
        "slope", "accuracy", "calibration_slope", "model", 40, 0.4, 0, band=(0.8, 1.25)
    )
    lock = replace(LOCK, criteria=(slope, *LOCK.criteria[1:]))
    jitter = np.random.default_rng(6).random(N) * 1e-6
    replies["model"] = Reply(patients.y.mean() + jitter)
    record = grade(patients, replies, lock)
    assert points(record)["accuracy"] == 0
    assert "NOT-ESTIMABLE" in codes(record)


def test_a_record_with_a_name_that_is_no_text_can_still_be_written(patients, replies):
    record = {**grade(patients, replies), "notes": ["notes\udcff.txt"]}
    assert b"notes?.txt" in to_bytes(record)


def test_good_decisions_lend_no_calibration_points_to_a_model_that_knows_nothing(
    patients, replies
):
    error = criterion(
        "error",
        "accuracy",
        "mean_error_by_group",
        "model",
        40,
        0.08,
        0.03,
        attribute="group",
        ramped=True,
    )
    lock = replace(LOCK, criteria=(error, *LOCK.criteria[1:]))
    assert points(grade(patients, replies, lock))["accuracy"] == 40
    jitter = np.random.default_rng(6).random(N) * 1e-3
    replies["model"] = Reply(patients.y.mean() + jitter)
    record = grade(patients, replies, lock)
    assert points(record)["accuracy"] == 0
    assert points(record)["fairness"] == 30


# What a run that ended early leaves open.

DIED = "The run ended before it was asked to the end. The kernel died."


def cut(replies, *names):
    """Return replies of which some were cut off by the end of the run."""
    off = {name: Reply(None, status="cut-off", reason=DIED) for name in names}
    return {**replies, **off}


def criteria(record):
    return {each["id"]: each for each in record["criteria"]}


def test_decisions_that_were_cut_off_are_withheld_and_the_rest_is_graded(
    patients, replies
):
    record = grade(patients, cut(replies, "decide", "savings"))
    assert points(record) == {
        "accuracy": 40,
        "fairness": None,
        "evidence": None,
        "contract": 10,
    }
    assert codes(record) == ["CUT-OFF"]
    gap = criteria(record)["gap"]
    assert (gap["verdict"], gap["codes"]) == ("withheld", ["CUT-OFF"])
    assert gap["sentence"].startswith(DIED)
    assert record["usefulness"]["ramp"] is None


def test_a_model_that_was_cut_off_is_neither_0_nor_full(patients, replies):
    record = grade(patients, cut(replies, "model"))
    assert points(record)["accuracy"] is points(record)["contract"] is None
    assert points(record)["fairness"] == 30


def test_what_the_decisions_weigh_is_withheld_where_they_were_cut_off(
    patients, replies
):
    lock = replace(
        LOCK, criteria=(replace(LOCK.criteria[0], ramped=True), *LOCK.criteria[1:])
    )
    record = grade(patients, cut(replies, "decide"), lock)
    assert points(record)["accuracy"] is None
    assert "depends on the decisions" in criteria(record)["auroc"]["sentence"]


def test_a_kind_of_which_a_part_was_cut_off_has_no_total_but_keeps_its_parts(
    patients, replies
):
    mixed = replace(LOCK.criteria[2], kind="accuracy")
    lock = replace(LOCK, criteria=(*LOCK.criteria[:2], mixed, LOCK.criteria[3]))
    record = grade(patients, cut(replies, "savings"), lock)
    assert points(record)["accuracy"] is None
    assert criteria(record)["auroc"]["points"] == 40


def test_an_answer_that_broke_its_promise_is_graded_though_another_was_cut_off(
    patients, replies
):
    lock = replace(
        LOCK, criteria=(replace(LOCK.criteria[0], ramped=True), *LOCK.criteria[1:])
    )
    replies["model"] = Reply(np.full(N, np.nan))
    record = grade(patients, cut(replies, "decide"), lock)
    assert points(record)["accuracy"] == points(record)["contract"] == 0
    assert "NOT-FINITE" in codes(record)


def test_what_a_probe_guards_is_withheld_where_the_probe_was_cut_off(patients, replies):
    record = grade(patients, cut(replies, "model~redraw=calls"))
    assert points(record)["accuracy"] is None
    assert criteria(record)["auroc"]["sentence"].startswith(DIED)
    assert points(record)["contract"] == 10


def test_a_leak_that_was_found_counts_though_another_column_was_not_reached(
    patients, replies
):
    moved = np.clip(replies["model"].values[:2000] + 0.05, 0, 1)
    replies["model~redraw=calls"] = Reply(moved)
    record = grade(patients, cut(replies, "model~redraw=visits"))
    assert points(record)["accuracy"] == 0
    assert codes(record) == ["LEAK-POSTDISCH"]


def test_a_probe_that_costs_no_points_withholds_none(patients, replies):
    assert points(grade(patients, cut(replies, "model~train")))["accuracy"] == 40


def test_a_record_of_a_run_that_ended_early_is_the_same_bytes_each_time(
    patients, replies
):
    first, second = (grade(patients, cut(replies, "decide")) for _ in range(2))
    assert to_bytes(first) == to_bytes(second)


def test_rates_made_equal_in_each_batch_are_named_though_no_repeat_differs(
    patients, replies
):
    rng = np.random.default_rng(8)
    batch = rng.permutation(np.arange(N) % 20)
    dealt = np.column_stack([np.sort(batch), np.argsort(batch, kind="stable")])
    group = patients.groups["group"].to_numpy()
    flagged = np.zeros(N)
    risk = replies["model"].values
    for number in range(20):
        share = np.mean(risk[batch == number] > 0.4)
        for label in ("A", "B"):
            rows = np.flatnonzero((batch == number) & (group == label))
            best = np.argsort(-risk[rows])
            flagged[rows[best[: round(share * len(rows))]]] = 1
    replies["decide"] = Reply(flagged, dealt=dealt)
    record = grade(patients, replies)
    assert points(record)["fairness"] == 0
    assert codes(record) == ["BATCH-DEPENDENT"]
    assert "group 'A' against 'B' varied" in record["codes"][0]["seen"]
    honest = replace(replies["decide"], values=(risk > 0.4) * 1.0)
    assert "BATCH-DEPENDENT" not in codes(grade(patients, replies | {"decide": honest}))
