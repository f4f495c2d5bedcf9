import json
import math

import numpy as np
import pytest

from coursekit.datasets import make_phenotype_cases
from coursekit.errors import NotEstimable
from coursekit.grading import clustering_measures as measures
from coursekit.grading.clustering_mistakes import clustering_mistakes, widest
from coursekit.grading.contract import Reply, breaches
from coursekit.grading.patients import Patients
from coursekit.grading.rehearsal import clustering_of
from coursekit.grading.rubric import Answer

ANSWER = Answer("phenotypes", "clustering")
COHORTS = make_phenotype_cases(24, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def cases():
    return Patients.of(COHORTS)


def reply(labels, stability=0.9):
    return Reply(
        [
            {"labels": each, "k": len(set(each)), "stability": stability}
            for each in (np.asarray(one).tolist() for one in labels)
        ]
    )


def truth(cases, shift=0):
    return [[kind + shift for kind in each["endotype"]] for each in cases.y]


def codes(cases, labels):
    found = clustering_mistakes(ANSWER, cases, reply(labels), COHORTS.X, "accuracy")
    return [breach.code for breach in found]


def values(cases, said):
    return {name: f(cases, said).value for name, f in measures.MEASURES.items()}


def test_the_truth_is_right_in_every_measure_whatever_its_labels_are_called(cases):
    for shift in (0, 7):
        seen = values(cases, reply(truth(cases, shift), stability=1.0))
        for name in ("endotype_ari", "k_close", "no_structure", "stability"):
            assert seen[name] == pytest.approx(1), name
        assert seen["stability_told"] == seen["assignment_gap"] == 0
        assert seen["site_ari"] < 0.1
        assert codes(cases, truth(cases, shift)) == []
    oracle = [clustering_of(each) for each in cases.y]
    assert breaches(ANSWER, Reply(oracle), inputs=COHORTS.X) == []


def test_one_answer_to_all_is_worth_nothing(cases):
    n = len(COHORTS.X[0]["df"]["table"]["inr"])
    for k in range(1, 7):
        seen = values(cases, reply([np.arange(n) % k for _ in cases.y]))
        assert abs(seen["endotype_ari"]) < 0.02
        assert seen["k_close"] <= 0
        assert seen["no_structure"] == 0
        assert seen["stability"] < 0.05


def test_chance_gains_nothing(cases):
    rng = np.random.default_rng(0)
    labels = [rng.integers(0, rng.integers(1, 7), 480) for _ in cases.y]
    seen = values(cases, reply(labels))
    assert seen["endotype_ari"] < 0.02
    assert seen["stability"] < 0.02
    assert abs(seen["no_structure"]) < 0.35


def test_stability_is_seen_in_the_patients_that_two_cases_share(cases):
    labels = truth(cases)
    broken = [
        np.random.default_rng(at).permutation(each) if at % 2 else each
        for at, each in enumerate(labels)
    ]
    whole, part = (
        measures.stability(cases, reply(each)).value for each in (labels, broken)
    )
    assert whole == pytest.approx(1)
    assert part < 0.9


def test_a_stability_that_is_not_told_is_one_off(cases):
    for nothing in (None, math.nan):
        told = reply(truth(cases), stability=nothing)
        assert measures.stability_told(cases, told).value == 1
    assert measures.stability_told(cases, reply(truth(cases), 0.8)).value == (
        pytest.approx(0.2)
    )


def test_all_in_one_cluster_is_not_stable(cases):
    assert measures.stability(cases, reply([[0] * 480] * 24)).value == 0


def test_a_group_whose_patients_are_sorted_at_random_makes_a_gap(cases):
    rng = np.random.default_rng(0)
    labels = [
        np.where(np.array(true["group"]) == "B", rng.permutation(each), each)
        for true, each in zip(cases.y, truth(cases), strict=True)
    ]
    assert measures.assignment_gap(cases, reply(labels)).value > 0.5


def test_sites_are_seen_in_two_measures(cases):
    seen = values(cases, reply([each["site"] for each in cases.y]))
    assert seen["site_ari"] == seen["one_site_clusters"] == 1
    assert seen["endotype_ari"] < 0.1


def test_the_best_single_number_is_worth_nothing_and_one_off_a_half(cases):
    one_more = [
        np.where(np.arange(480) == 0, 99, each) if true["k"] > 1 else each
        for true, each in zip(cases.y, truth(cases), strict=True)
    ]
    k = np.array([true["k"] for true in cases.y if true["k"] > 1])
    best = max(measures.closeness(number, k).mean() for number in range(1, 7))
    expected = (0.5 - best) / (1 - best)
    assert measures.k_close(cases, reply(one_more)).value == pytest.approx(expected)


def test_cohorts_of_one_kind_only_cannot_be_told_apart():
    some = COHORTS.take([i for i, each in enumerate(COHORTS.y) if each["k"] > 1][:2])
    with pytest.raises(NotEstimable, match="both needed"):
        measures.no_structure(Patients.of(some), reply(truth(Patients.of(some))))


def test_what_clusters_are_instead_is_named(cases):
    tables = [item["df"]["table"] for item in COHORTS.X]
    high = [np.array(t["lab_orders_per_day"]) > 7 for t in tables]
    assert codes(cases, [each.astype(int) for each in high])[-1] == "CLUSTERS-ARE-CARE"
    columns = [
        np.array(t[widest(item)]) for t, item in zip(tables, COHORTS.X, strict=True)
    ]
    cut = [np.digitize(c, np.quantile(c, [0.3, 0.6, 0.9])) for c in columns]
    assert "UNSCALED-CLUSTERS" in codes(cases, cut)
    many = [np.arange(480) % 15 for _ in tables]
    assert codes(cases, many) == ["SAME-K", "OVER-CLUSTERED"]
    assert codes(cases, [[0] * 480 for _ in tables]) == ["NEVER-STRUCTURE"]


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        ({"labels": [0] * 479}, "479 labels for 480 patients"),
        ({"labels": [0.5] * 480}, "the label 0.5"),
        ({"labels": [True] * 480}, "the label True"),
        ({"labels": [10**400] * 480}, "the label 1000"),
        ({"labels": [[0]] * 480}, "the label [0]"),
        ({"labels": ["a"] + [0] * 479, "k": 2}, "some of which are texts"),
        ({"labels": "0" * 480}, "a str as labels"),
        ({"labels": {"{0}": 1}}, "a dict as labels"),
        ({"k": 2}, "k = 2 for 1 different labels"),
        ({"k": True}, "k = True"),
        ({"k": 10**400}, "k = 1000"),
        ({"stability": 1.5}, "1.5 as stability"),
        ({"stability": math.inf}, "inf as stability"),
        ({"stability": "high"}, "'high' as stability"),
        ({"extra": 1}, "other keys"),
    ],
)
def test_a_clustering_that_is_none_is_named_and_never_raises(change, seen):
    good = {"labels": [0] * 480, "k": 1, "stability": None}
    bad = Reply([good, json.loads(json.dumps(good | change))])
    (breach,) = breaches(ANSWER, bad, inputs=COHORTS.X[:2])
    assert breach.code == "BAD-CLUSTERING"
    assert seen in breach.seen
    assert "(case 1)" in breach.seen


@pytest.mark.parametrize("value", [None, [], "none", 3])
def test_something_else_than_a_dict_is_named(value):
    (breach,) = breaches(ANSWER, Reply([value]), inputs=COHORTS.X[:1])
    assert "not a dict such as {" in breach.seen
