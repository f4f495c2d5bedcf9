"""Answers about whole cases: tables travel in them, and verdicts are graded."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from coursekit import datasets
from coursekit.autograde import serve
from coursekit.autograde.wire import encode
from coursekit.datasets import Cohort, Truth
from coursekit.datasets.cases import open_case, table_value
from coursekit.errors import BadRubric, NotEstimable
from coursekit.grading.asking import ask
from coursekit.grading.contract import Reply, breaches
from coursekit.grading.holdout import draw_cases, write_hidden
from coursekit.grading.local import local_check
from coursekit.grading.patients import Patients
from coursekit.grading.rehearsal import Stage
from coursekit.grading.replying import plain
from coursekit.grading.rubric import Answer, Criterion, OperatingPoint, Rubric
from coursekit.grading.rubric_checks import check_names
from coursekit.grading.score import score
from coursekit.grading.serving import ATTEMPTS, read_inputs, servings
from coursekit.grading.verdict_measures import (
    false_accusations,
    verdict_f1,
    within_tolerance,
)

FAULTS = ("late", "shifted")


def make_toy_cases(n_cases, *, secret, role):
    """Cases of one column, whose mean or spread is off, or neither."""
    rng = np.random.default_rng(abs(hash((secret, role))) % 2**32)
    X, y = [], []
    for number in range(n_cases):
        found = [[], ["shifted"], ["late"], []][number % 4]
        values = rng.normal(5.0 * ("shifted" in found), 1 + 5 * ("late" in found), 200)
        X.append({"scores": table_value(pd.DataFrame({"score": values})), "seed": 3})
        mean = float(values.mean())
        y.append({"found": found, "mean": mean, "mean_tolerance": 0.1})
    groups = pd.DataFrame({"site": ["here"] * n_cases})
    return Cohort(role, X, y, groups, np.arange(n_cases), Truth(y))


def audit(scores, seed):
    """An honest audit, which also spoils its own copy of the table."""
    mean, spread = float(scores["score"].mean()), float(scores["score"].std())
    scores["score"] = 0.0
    found = ["shifted"] * (mean > 2) + ["late"] * (spread > 3)
    return {"found": found, "mean": mean}


AUDIT = Answer("audit", "verdict", verdicts=FAULTS, numbers=("mean",))
OWN = dataclasses.replace(AUDIT, generator="make_toy_cases", rows=8, practice=4)


def criterion(measure, **rest):
    rest = {"kind": "accuracy", "points": 10, "floor": 0.0, "full": 1.0, **rest}
    return Criterion(measure, label=measure, measure=measure, answer="audit", **rest)


CASES = Rubric(
    format=1,
    assignment="cases",
    title="Cases",
    version="1",
    generator="make_toy_cases",
    given=(),
    cohorts={"train": 4, "tune": 4, "check": 4, "hidden": 12},
    kinds={"accuracy": 20, "evidence": 10},
    manual={},
    operating_point=OperatingPoint("audit", 0.1, 0.8, measure="verdict_f1"),
    answers=(AUDIT,),
    criteria=(
        criterion("verdict_f1"),
        criterion("within_tolerance", number="mean"),
        criterion("false_accusations", kind="evidence", floor=0.5, full=0.0),
    ),
)


@pytest.fixture(autouse=True)
def toy(monkeypatch):
    monkeypatch.setattr(datasets, "make_toy_cases", make_toy_cases, raising=False)


def points(record):
    return {each["id"]: each["points"] for each in record["criteria"]}


def patients_of(*true):
    return Patients([{"found": list(each)} for each in true], pd.DataFrame())


def said(*found):
    return Reply([{"found": list(each)} for each in found])


def cohorts_of(rubric, secret):
    return {
        role: make_toy_cases(n, secret=secret, role=role)
        for role, n in {**rubric.cohorts, "hidden-2": 4}.items()
    }


def test_a_table_comes_out_of_a_case_as_it_went_in():
    table = pd.DataFrame(
        {
            "age": [61, 70],
            "spo2": [0.5, np.nan],
            "sex": ["F", "M"],
            "ill": [True, False],
        }
    )
    opened = open_case({"train": table_value(table), "alert_rate": 0.2})
    pd.testing.assert_frame_equal(opened["train"], table)
    assert opened["alert_rate"] == 0.2


def test_the_kernel_asks_about_a_case_with_its_tables_open():
    case = make_toy_cases(2, secret="a", role="hidden").X[1]
    spec, payload = encode([case])
    request = {"answer": "audit", "batch": spec, "seconds": 5, "reply": "json"}
    header, reply = serve.respond({"audit": audit}, request, payload)
    assert header == {"status": "ok", "modified": False}
    assert b'"found": ["shifted"]' in reply


def test_cases_are_asked_about_one_at_a_time():
    inputs = {"hidden": make_toy_cases(12, secret="a", role="hidden").X}
    (serving,) = servings(CASES, inputs)
    assert (serving.batch_sizes, serving.repeat_share) == ((1, 1), 0.0)
    assert len(serving.inputs) == 12


def test_honest_work_and_the_oracle_earn_all_points():
    stage = Stage(CASES, cohorts_of(CASES, "a"), "a")
    serving = servings(CASES, stage.inputs)[0]
    for reply in (handed_in(serving), stage.oracle_reply(serving)):
        record = score(CASES, stage.patients, {"audit": reply}, stage.inputs)
        assert points(record) == dict.fromkeys(points(record), 10.0)


def handed_in(serving):
    return ask(audit, serving)


def test_cases_of_its_own_are_written_and_served_beside_the_patients(tmp_path):
    rubric = dataclasses.replace(CASES, answers=(OWN,))
    drawn = draw_cases(rubric, "a")["audit"]
    write_hidden(rubric, cohorts_of(rubric, "a"), tmp_path, secret="a")
    inputs = read_inputs(rubric, tmp_path)
    assert inputs["audit"] == drawn.X
    assert len(inputs["audit"]) == 8
    (serving,) = servings(rubric, inputs)
    assert serving.inputs == drawn.X
    hidden = Patients.of(cohorts_of(rubric, "a")["hidden"])
    patients = {"hidden": hidden, "audit": Patients.of(drawn)}
    record = score(rubric, patients, {"audit": handed_in(serving)}, inputs)
    assert points(record)["within_tolerance"] == 10.0


def test_the_local_check_asks_about_practice_cases():
    rubric = dataclasses.replace(CASES, answers=(OWN,))
    check = cohorts_of(rubric, "a")["check"].shown()
    table = repr(local_check(rubric, check, {"audit": audit}))
    assert "verdict_f1" in table
    assert "1.000" in table


@pytest.mark.parametrize(
    ("verdict", "seen"),
    [
        (None, "None (case 1), not a dict such as"),
        ({"found": []}, "a dict with other keys than found, mean (case 1)"),
        ({"found": "late", "mean": 1}, "a str as found (case 1), not a list"),
        ({"found": ["slow"], "mean": 1}, "'slow' in found (case 1); it may hold late"),
        ({"found": ["late", "late"], "mean": 1}, "a name twice in found (case 1)"),
        ({"found": [{"a": 1}], "mean": 1}, "{'a': 1} in found (case 1)"),
        ({"found": [], "mean": float("inf")}, "inf as mean (case 1), neither a num"),
        ({"found": [], "mean": 10**400}, "as mean (case 1), neither a number"),
        ({"found": [], "mean": True}, "True as mean (case 1)"),
    ],
)
def test_a_verdict_that_is_none_is_named_with_its_case(verdict, seen):
    good = {"found": ["late"], "mean": None}
    (breach,) = breaches(AUDIT, Reply([good, verdict]))
    assert breach.code == "BAD-VERDICT"
    assert breach.seen.startswith("audit returned ")
    assert seen in breach.seen


@pytest.mark.parametrize(
    ("values", "seen"),
    [
        ([[0.1, 0.2]], "returned (1, 2) values for a table of (2, 2) (case 0)."),
        ([[0.1, 0.2], [0.1]], "returned rows of unequal length (case 0)."),
        (
            [[0.1, "x"], [0.1, 0.2]],
            "returned values that are no real numbers (case 0).",
        ),
        (None, "returned () values for a table of (2, 2) (case 0)."),
    ],
)
def test_an_explanation_has_one_number_a_patient_and_column(values, seen):
    case = {"X": {"table": {"age": [61, 70], "sodium": [140.0, 132.0]}}}
    explain = Answer("explain", "explanation")
    assert breaches(explain, Reply([[[1.0, 0.0], [2, 3]]]), inputs=[case]) == []
    (breach,) = breaches(explain, Reply([values]), inputs=[case])
    assert breach.code == "BAD-EXPLANATION"
    assert seen in breach.seen


def test_who_looks_at_no_case_is_not_above_chance():
    true = patients_of(["late"], ["shifted"], [], ["late", "shifted"])
    for found in ([], ["late"], ["shifted"], ["late", "shifted"]):
        assert verdict_f1(true, said(*[found] * 4)).value <= 0
    assert verdict_f1(true, said(*[FAULTS] * 4)).value == 0
    assert verdict_f1(true, said(*[each["found"] for each in true.y])).value == 1


def test_a_name_that_is_true_of_no_case_costs_accusations_only():
    true = patients_of(["late"], [], [], ["late"])
    over = said(["late"], ["shifted"], [], ["late", "shifted"])
    assert verdict_f1(true, over).value == 1
    assert false_accusations(true, over, None).value == 0.5


def test_verdicts_are_not_estimable_where_nothing_or_all_is_wrong():
    for true in (patients_of([], []), patients_of(["late"], ["late"])):
        with pytest.raises(NotEstimable):
            verdict_f1(true, said([], []))
    with pytest.raises(NotEstimable):
        false_accusations(patients_of(["late"]), said([]), None)


def test_a_number_counts_within_the_tolerance_of_its_case():
    true = [
        {"found": [], "gap": 0.1, "gap_tolerance": 0.05},
        {"found": [], "gap": 0.1, "gap_tolerance": 0.2},
        {"found": [], "gap": None},
    ]
    reply = Reply([{"found": [], "gap": 0.2}] * 2 + [{"found": [], "gap": None}])
    seen = within_tolerance(
        Patients(true, pd.DataFrame()), reply, criterion("x", number="gap")
    )
    assert seen.value == 0.5
    everywhere = Reply([{"found": [], "gap": 0.2}] * 3)
    assert (
        within_tolerance(
            Patients(true, pd.DataFrame()), everywhere, criterion("x", number="gap")
        ).value
        == 1 / 3
    )
    none = Reply([{"found": [], "gap": None}] * 3)
    assert (
        within_tolerance(
            Patients(true, pd.DataFrame()), none, criterion("x", number="gap")
        ).value
        == 0
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"verdicts": ()}, "lacks verdicts"),
        ({"rows": None}, "it needs rows"),
        ({"contract": "risk"}, "one of the contracts verdict"),
        ({"name": "check"}, "has the name of a cohort"),
    ],
)
def test_a_rubric_that_cannot_be_asked_is_refused(change, said):
    answer = dataclasses.replace(OWN, **change)
    rubric = dataclasses.replace(CASES, answers=(answer,))
    with pytest.raises(BadRubric, match=said):
        check_names(rubric, "rubric.toml")


@pytest.mark.parametrize("nothing", [None, float("nan")])
def test_a_number_that_is_not_told_costs_only_itself(nothing):
    told = Reply([{"found": ["late"], "mean": nothing}])
    assert breaches(AUDIT, told) == []
    true = [{"found": ["late"], "mean": 0.1, "mean_tolerance": 9.0}]
    seen = within_tolerance(
        Patients(true, pd.DataFrame()), told, criterion("x", number="mean")
    )
    assert seen.value == 0


def test_a_second_attempt_is_asked_about_other_cases(tmp_path):
    rubric = dataclasses.replace(CASES, answers=(OWN,))
    write_hidden(rubric, cohorts_of(rubric, "a"), tmp_path, secret="a")
    first, second = (read_inputs(rubric, tmp_path, each) for each in ATTEMPTS)
    assert set(first) == set(second)
    assert first["audit"] == draw_cases(rubric, "a")["audit"].X
    assert second["audit"] == draw_cases(rubric, "a", "hidden-2")["audit"].X
    assert first["audit"] != second["audit"]


def test_an_error_carries_nothing_out_of_a_hidden_case():
    case = make_toy_cases(1, secret="a", role="hidden").X[0]
    spec, payload = encode([case])
    request = {"answer": "audit", "batch": spec, "seconds": 5, "reply": "json"}

    def telling(scores, seed):
        raise ValueError(f"seed is {seed}")

    header, _ = serve.respond({"audit": telling}, request, payload)
    assert header["reason"] == "audit raised ValueError on a case"
    (serving,) = servings(CASES, {"hidden": [case]})
    assert "seed is 3" in ask(telling, serving).reason


def test_a_table_may_come_back_as_an_explanation():
    table = pd.DataFrame({"age": [0.1, 0.2], "sodium": [0.0, -1.0]})
    assert plain(table) == [[0.1, 0.0], [0.2, -1.0]]
