"""What each archetype of readmission earns, on one drawn course."""

import dataclasses

import pytest

from coursekit.errors import NotCertified
from coursekit.grading import certificate
from coursekit.grading.certificate import automatic, certified, faults, summary
from coursekit.grading.score import to_bytes


def points(rehearsed, name):
    return {
        kind: each["points"] for kind, each in rehearsed.records[name]["kinds"].items()
    }


def codes(rehearsed, name):
    return {each["code"] for each in rehearsed.records[name]["codes"]}


def test_every_archetype_lands_in_its_band(rehearsed):
    assert set(rehearsed.lock.bands) <= set(rehearsed.records)
    assert rehearsed.misplaced() == []


def test_good_earns_at_least_ninety_of_a_hundred(rehearsed):
    assert automatic(rehearsed.records["good"]) >= 90


def test_biased_keeps_accuracy_and_loses_most_fairness(rehearsed):
    assert points(rehearsed, "biased")["accuracy"] >= 30
    assert points(rehearsed, "biased")["fairness"] <= 10


@pytest.mark.parametrize("name", ["constant", "random"])
def test_fair_but_useless_earns_no_fairness_and_at_most_twenty(rehearsed, name):
    assert points(rehearsed, name)["fairness"] == 0
    assert automatic(rehearsed.records[name]) <= 20


@pytest.mark.parametrize("name", ["biased_flag_80", "biased_flag_1"])
def test_a_silly_cut_off_earns_no_fairness_by_name(rehearsed, name):
    assert points(rehearsed, name)["fairness"] == 0
    assert "OPERATING-POINT" in codes(rehearsed, name)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("leaky", "LEAK-POSTDISCH"),
        ("overfit", "OVERFIT"),
        ("naive", "COST-NO-PROGRAMME-COST"),
        ("constant", "NO-ALERTS"),
    ],
)
def test_a_mistake_is_caught_by_name(rehearsed, name, code):
    assert code in codes(rehearsed, name)


def test_a_leak_costs_all_accuracy_points(rehearsed):
    assert points(rehearsed, "leaky")["accuracy"] == 0


def test_the_oracle_is_flagged_nowhere(rehearsed):
    assert codes(rehearsed, "oracle") == set()
    assert automatic(rehearsed.records["oracle"]) == pytest.approx(100)


def test_adding_the_group_to_a_misrecorded_outcome_makes_the_gap_larger(rehearsed):
    gaps = {
        name: next(
            each["value"]
            for each in rehearsed.records[name]["criteria"]
            if each["id"] == "sensitivity_gap_group"
        )
        for name in ("biased", "biased_with_group")
    }
    assert gaps["biased_with_group"] > gaps["biased"]


def test_a_band_that_is_missed_is_told_in_words(rehearsed):
    record = rehearsed.records["biased"]
    assert faults(record, {"fairness": [20, 30]})[0].startswith("fairness earns")
    assert faults(record, {"codes": ["IMPOSSIBLE"]}) == ["IMPOSSIBLE is not named"]
    assert faults(record, {"never": ["MISSED-IN-GROUP"]}) == [
        "MISSED-IN-GROUP is named"
    ]


def test_a_course_is_redrawn_until_it_certifies(readmission, rehearsed, monkeypatch):
    wrong = dataclasses.replace(rehearsed.lock, bands={"good": {"automatic": [0, 1]}})
    bad = dataclasses.replace(rehearsed, lock=wrong)
    draws = {"s": bad, "s/1": rehearsed}

    def rehearse(assignment, secret, **more):
        return draws[secret]

    monkeypatch.setattr(certificate, "rehearse", rehearse)
    assert certified(readmission, "s", progress=lambda text: None) is rehearsed


def test_a_course_that_never_certifies_is_refused_with_what_was_wrong(
    readmission, rehearsed, monkeypatch
):
    wrong = dataclasses.replace(rehearsed.lock, bands={"good": {"automatic": [0, 1]}})
    bad = dataclasses.replace(rehearsed, lock=wrong)
    monkeypatch.setattr(certificate, "rehearse", lambda _, secret, **more: bad)
    with pytest.raises(NotCertified, match="good: automatic earns"):
        certified(readmission, "s", progress=lambda text: None)


def test_a_certificate_counts_the_secrets_in_band(readmission, rehearsed):
    rows = [(rehearsed.lock, rehearsed.records)] * 3
    certificate = summary(readmission, rows)
    assert certificate["archetypes"]["good"]["in_band"] == 3
    assert certificate["archetypes"]["good"]["share_in_band"][0] == 1.0
    assert certificate["archetypes"]["leaky"]["codes"]["LEAK-POSTDISCH"] == 3


def test_a_record_is_the_same_bytes_each_time(rehearsed):
    record = rehearsed.records["good"]
    assert to_bytes(record) == to_bytes(record)
    assert b"NaN" not in to_bytes(rehearsed.records["constant"])
