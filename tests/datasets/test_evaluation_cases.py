import numpy as np
import pytest

from coursekit import metrics
from coursekit.datasets import (
    make_calibration_cases,
    make_interval_cases,
    make_subgroup_cases,
)
from coursekit.datasets.cases import open_case
from coursekit.datasets.interval_cases import auroc_and_error
from coursekit.errors import BadInput

MAKERS = (make_interval_cases, make_calibration_cases, make_subgroup_cases)


@pytest.fixture(scope="module")
def intervals():
    return make_interval_cases(400, secret="tests", role="hidden")


@pytest.mark.parametrize("make", MAKERS)
def test_a_secret_and_a_role_draw_the_same_again_and_others_do_not(make):
    first, again, other = (
        make(3, secret=secret, role=role)
        for secret, role in (("a", "tune"), ("a", "tune"), ("a", "hidden"))
    )
    assert first.X == again.X
    assert first.y == again.y
    assert first.X != other.X
    with pytest.raises(BadInput, match="no role"):
        make(3, secret="a", role="test")


@pytest.mark.parametrize("make", MAKERS)
def test_a_case_holds_nothing_but_patients(make):
    cases = make(2, secret="a", role="train")
    told = {name for case in cases.X for name in case}
    assert told <= {"y", "p", "patient", "df"}


def test_the_reference_is_obuchowskis_error_and_covers(intervals):
    for case in map(open_case, intervals.X[:20]):
        y, p, patient = case["y"], case["p"], case["patient"]
        seen = auroc_and_error(y, p, patient)
        assert seen[0] == pytest.approx(metrics.auroc(y, p))
        error = metrics.auroc_standard_error(y, p, patient=patient)
        assert seen[1] == pytest.approx(error)
    held = [t["low"] <= t["auroc"] <= t["high"] for t in intervals.y]
    assert np.mean(held) == pytest.approx(0.95, abs=0.035)


def test_group_b_has_fewer_patients_and_more_rows_of_each(intervals):
    sizes = {"A": [], "B": []}
    for case, truth in zip(intervals.X, intervals.y, strict=True):
        patient = case["patient"]["array"]
        sizes[truth["group"]].append((len(set(patient)), len(patient)))
    a, b = (np.mean(sizes[group], axis=0) for group in "AB")
    assert a[0] > 2 * b[0]
    assert b[1] / b[0] > 2 * a[1] / a[0]


def test_the_next_case_has_another_truth(intervals):
    true = np.array([truth["auroc"] for truth in intervals.y])
    assert len(set(true)) > 350
    assert abs(np.corrcoef(true[:-1], true[1:])[0, 1]) < 0.15


def test_the_scores_alone_do_not_tell_the_auroc(intervals):
    true = [truth["auroc"] for truth in intervals.y]
    for group in "AB":
        rows = [i for i, truth in enumerate(intervals.y) if truth["group"] == group]
        for summary in (np.std, np.mean):
            told = [summary(intervals.X[i]["p"]["array"]) for i in rows]
            seen = np.corrcoef(told, [true[i] for i in rows])[0, 1]
            assert abs(seen) < 0.3


def test_true_calibration_is_what_these_patients_show_within_its_tolerance():
    cases = make_calibration_cases(20, secret="tests", role="hidden")
    near = {"intercept": 0, "slope": 0, "ici": 0}
    for case, truth in zip(map(open_case, cases.X), cases.y, strict=True):
        y, p = case["y"], case["p"]
        seen = {
            "intercept": metrics.calibration_intercept(y, p),
            "slope": metrics.calibration_slope(y, p),
            "ici": metrics.integrated_calibration_index(y, p),
        }
        for name in near:
            near[name] += abs(seen[name] - truth[name]) <= truth[f"{name}_tolerance"]
        assert truth["one_bin"] == pytest.approx(abs(p.mean() - y.mean()), abs=1e-6)
    assert min(near.values()) >= 17


def test_subgroups_that_are_not_different_have_right_risks():
    cases = make_subgroup_cases(60, secret="tests", role="hidden")
    off = {True: [], False: []}
    for case, truth in zip(cases.X, cases.y, strict=True):
        rows = open_case(case)["df"]
        for name, group in rows.groupby("subgroup"):
            spread = np.sqrt((group["p"] * (1 - group["p"])).sum())
            z = (group["y"] - group["p"]).sum() / spread
            off[name in truth["found"]].append(z)
    assert np.std(off[False]) == pytest.approx(1, abs=0.06)
    assert np.median(np.abs(off[True])) > 3
    uncorrected = [len(truth["uncorrected"]) for truth in cases.y]
    reference = [len(truth["reference"]) for truth in cases.y]
    assert np.mean(uncorrected) > np.mean(reference) + 0.7
