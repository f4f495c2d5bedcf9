import numpy as np
import pytest

from coursekit.datasets import (
    make_calibration_cases,
    make_interval_cases,
    make_subgroup_cases,
)
from coursekit.errors import BadRubric, NotEstimable
from coursekit.grading import evaluation_measures as measures
from coursekit.grading.contract import Reply, breaches
from coursekit.grading.evaluation_mistakes import evaluation_mistakes
from coursekit.grading.patients import Patients
from coursekit.grading.rubric import Answer
from coursekit.grading.rubric_checks import check_cases
from coursekit.grading.serving import cases_serving

INTERVAL = Answer("auc_ci", "numbers", numbers=("low", "high"))
REPORT = Answer("report", "numbers", numbers=("intercept", "slope", "ici"))
TABLE = Answer("table", "verdict", verdicts=tuple(f"s{k:02}" for k in range(1, 31)))


def drawn(make, n):
    return Patients.of(make(n, secret="tests", role="hidden"))


@pytest.fixture(scope="module")
def cases():
    return drawn(make_interval_cases, 300)


@pytest.fixture(scope="module")
def cohorts():
    return drawn(make_subgroup_cases, 80)


def reply(low, high):
    return Reply(
        [{"low": a, "high": b} for a, b in np.broadcast(low, high)],
    )


def around(cases, name=None, times=1.0):
    """Return intervals about the reference's middle, of another width."""
    ends = measures.true_ends(cases)
    middle, width = ends.mean(axis=1), np.ptp(ends, axis=1)
    if name:
        width = np.array([truth[name] for truth in cases.y])
    return reply(middle - times * width / 2, middle + times * width / 2)


def codes(answer, cases, given):
    return [each.code for each in evaluation_mistakes(answer, cases, given, "x")]


def value(name, cases, given):
    return measures.MEASURES[name](cases, given, None).value


def test_the_reference_is_worth_one_and_nothing_is_named(cases):
    given = reply(*measures.true_ends(cases).T)
    assert value("interval_worth", cases, given) == 1
    assert value("interval_width", cases, given) == 1
    assert value("coverage", cases, given) == pytest.approx(0.95, abs=0.04)
    assert value("coverage_gap", cases, given) < 0.05
    assert codes(INTERVAL, cases, given) == []


def test_to_say_less_or_more_than_is_known_is_worth_less(cases):
    worth = [
        value("interval_worth", cases, around(cases, times=t))
        for t in (0.3, 0.6, 1, 2, 3)
    ]
    assert worth.index(max(worth)) == 2
    assert value("interval_worth", cases, reply(np.zeros(300), 1)) < 0.3
    assert value("coverage", cases, reply(np.zeros(300), 1)) == 1


def test_rows_taken_for_patients_cover_group_b_less(cases):
    given = around(cases, "by_row")
    assert value("coverage", cases, given) < 0.88
    assert value("coverage_gap", cases, given) > 0.1
    assert codes(INTERVAL, cases, given) == ["ROWS-NOT-PATIENTS"]
    assert codes(INTERVAL, cases, around(cases, "naive")) == ["NAIVE-WIDTH"]


def test_one_interval_and_one_width_are_named(cases):
    middle = measures.true_ends(cases).mean(axis=1)
    same = reply(np.full(300, 0.7), 0.8)
    assert codes(INTERVAL, cases, same) == ["SAME-INTERVAL"]
    inside = np.clip(middle, 0.1, 0.9)
    assert codes(INTERVAL, cases, reply(inside - 0.08, inside + 0.08)) == ["ONE-WIDTH"]


@pytest.mark.parametrize("odd", [(None, 0.9), (float("nan"), 0.9), (0.9, 0.6)])
def test_an_interval_that_is_none_misses_and_costs_most(odd, cases):
    given = Reply([dict(zip(("low", "high"), odd, strict=True))] * 300)
    assert breaches(INTERVAL, given) == []
    assert value("coverage", cases, given) == 0
    assert value("interval_worth", cases, given) < 0.05
    assert value("interval_width", cases, given) > 3
    assert codes(INTERVAL, cases, given) == []


def test_huge_ends_are_cut_where_an_auroc_ends(cases):
    given = reply(np.full(300, -1e308), 1e308)
    assert value("interval_width", cases, given) == pytest.approx(
        value("interval_width", cases, reply(np.zeros(300), 1))
    )


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ([0.7, 0.9], "a list"),
        (None, "None"),
        ({"low": 0.7}, "other keys"),
        ({"low": 0.7, "high": 0.9, "mid": 0.8}, "other keys"),
        ({"low": "0.7", "high": 0.9}, "a str as low"),
        ({"low": 0.7, "high": float("inf")}, "a float as high"),
        ({"low": 0.7, "high": 10**400}, "a int as high"),
        ({"low": True, "high": 0.9}, "a bool as low"),
        ({"low": {"a": "{case}"}, "high": 0.9}, "a dict as low"),
    ],
)
def test_what_is_no_pair_of_numbers_is_said_in_words(said, seen):
    found = breaches(INTERVAL, Reply([{"low": 0.7, "high": 0.9}, said]))
    assert [each.code for each in found] == ["BAD-NUMBERS"]
    assert seen in found[0].seen
    assert "(case 1)" in found[0].seen


def test_one_bin_is_named_and_a_curve_is_not():
    cases = drawn(make_calibration_cases, 20)
    for name, expected in (("one_bin", ["ONE-BIN"]), ("ici", [])):
        said = [{"intercept": 0, "slope": 1, "ici": t[name]} for t in cases.y]
        assert codes(REPORT, cases, Reply(said)) == expected
    silent = Reply([{"intercept": None, "slope": None, "ici": None}] * 20)
    assert codes(REPORT, cases, silent) == []


def found(cohorts, name):
    return Reply([{"found": truth[name]} for truth in cohorts.y])


def test_declaring_without_correction_finds_more_and_says_more_that_is_false(cohorts):
    held, not_held = found(cohorts, "reference"), found(cohorts, "uncorrected")
    assert value("relative_power", cohorts, held) == 1
    assert value("relative_power", cohorts, not_held) > 1
    assert value("false_discoveries", cohorts, held) < 0.13
    assert value("false_discoveries", cohorts, not_held) > 0.2
    assert codes(TABLE, cohorts, held) == []
    assert codes(TABLE, cohorts, not_held) == ["UNCORRECTED"]


def test_no_missing_correction_is_named_where_it_would_change_nothing(cohorts):
    same = [t for t in cohorts.y if set(t["reference"]) == set(t["uncorrected"])]
    assert same
    few = Patients(same, cohorts.groups.iloc[: len(same)])
    assert codes(TABLE, few, found(few, "uncorrected")) == []


def test_who_declares_nothing_is_not_praised_for_saying_nothing_false(cohorts):
    silent = Reply([{"found": []}] * 80)
    assert value("relative_power", cohorts, silent) == 0
    with pytest.raises(NotEstimable, match="too little"):
        value("false_discoveries", cohorts, silent)


def test_cases_without_anything_to_find_cannot_show_power(cohorts):
    sound = [n for n, truth in enumerate(cohorts.y) if not truth["found"]][:3]
    few = Patients([cohorts.y[n] for n in sound], cohorts.groups.iloc[sound])
    with pytest.raises(NotEstimable, match="different"):
        value("relative_power", few, Reply([{"found": []}] * len(sound)))
    missed = [dict(cohorts.y[-1], found=["s01"], reference=[])]
    with pytest.raises(NotEstimable, match="any procedure"):
        value(
            "relative_power",
            Patients(missed, cohorts.groups.iloc[:1]),
            Reply([{"found": []}]),
        )


def test_verdicts_about_other_cases_have_no_such_mistakes():
    audited = Patients([{"found": []}], None)
    assert evaluation_mistakes(TABLE, audited, Reply([{"found": []}]), "x") == []


def test_small_cases_travel_together_and_need_names():
    cases = make_interval_cases(2, secret="tests", role="train").X
    assert cases_serving(INTERVAL, cases).batch_sizes == (20, 40)
    assert cases_serving(TABLE, cases).batch_sizes == (1, 1)
    with pytest.raises(BadRubric, match="lacks numbers"):
        check_cases(None, Answer("auc_ci", "numbers"), "rubric")
