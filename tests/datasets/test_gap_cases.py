import json

import numpy as np
import pytest

from coursekit.datasets import make_gap, make_gap_cases
from coursekit.datasets.cases import open_case
from coursekit.datasets.gap_caused import reference_gap
from coursekit.datasets.gap_model import MECHANISMS
from coursekit.errors import BadInput
from coursekit.fairness import compare_signs, device_bias, label_audit, shares_in

GROUPS = ["group", "preferred_language", "sex", "outcome"]


@pytest.fixture(scope="module")
def cases():
    return make_gap_cases(12, secret="tests", role="hidden")


def found_by_the_rooms_tests(train, tune):
    X, audited = train.drop(columns=GROUPS), tune.drop(columns=GROUPS)
    b, b_audited = train["group"] == "B", tune["group"] == "B"
    y, y_audited = train["outcome"], tune["outcome"]
    bias = device_bias(tune["spo2_percent"], tune["sao2_percent"], tune["group"])
    share = shares_in(train["group"], tune["group"]).loc["B"]
    signs = compare_signs(audited[~b_audited], y_audited[~b_audited], X[~b], y[~b])
    in_b = label_audit(
        X[b], y[b], train["group"][b], audited[b_audited], y_audited[b_audited]
    )
    proxy = signs.loc["cost_12m_eur", "z"] > 5
    told = {
        "under-ascertainment": in_b.loc["B", "high"] < 0.85 and not proxy,
        "measurement": bias.loc["B", "low"] - bias.loc["A", "high"] > 0.4,
        "under-representation": share["share_train"] < share["share_audited"] / 2,
        "proxy-label": proxy,
    }
    return [name for name in MECHANISMS if told[name]]


def test_the_rooms_tests_tell_the_mechanisms_of_a_case(cases):
    right = [
        found_by_the_rooms_tests(**open_case(case)) == true["found"]
        for case, true in zip(cases.X, cases.y, strict=True)
    ]
    assert np.mean(right) > 0.9


def test_each_mechanism_is_on_alone_twice_and_none_twice(cases):
    found = [tuple(true["found"]) for true in cases.y]
    assert all(found.count((name,)) == 2 for name in MECHANISMS)
    assert found.count(()) == 2
    pairs = [names for names in found if len(names) == 2]
    assert len(set(pairs)) == len(pairs) == 2
    assert ("under-ascertainment", "proxy-label") not in pairs


def test_no_single_number_is_near_the_gap_of_more_than_half_of_the_cases(cases):
    for number in np.linspace(-0.1, 0.6, 71):
        near = [abs(number - y["gap"]) <= y["gap_tolerance"] for y in cases.y]
        assert np.mean(near) <= 0.5


def test_a_case_shows_no_truth_and_twelve_are_small_enough_to_send(cases):
    text = json.dumps(cases.X)
    assert len(text) < 15e6
    assert not any(name in text for name in (*MECHANISMS, "gap", "strength"))
    tables = open_case(cases.X[0])
    assert [len(tables[role]) for role in ("train", "tune")] == [4000, 8000]


def test_other_roles_and_secrets_draw_other_courses_in_another_order(cases):
    others = [
        make_gap_cases(12, secret="tests", role="check"),
        make_gap_cases(12, secret="others", role="hidden"),
    ]
    for other in others:
        assert [y["found"] for y in other.y] != [y["found"] for y in cases.y]
        first = [each.X[0]["tune"]["table"]["age_years"] for each in (other, cases)]
        assert first[0] != first[1]
    again = make_gap_cases(12, secret="tests", role="hidden")
    assert again.y == cases.y


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_weak_mechanism_makes_a_smaller_gap_and_a_strong_one_a_larger(name):
    weak, usual = (reference_gap("tests", (name,), s) for s in (0.5, 1))
    strong = reference_gap("tests", (name,), 1.5)
    assert 0.02 < weak < usual - 0.03
    assert strong > usual - 0.01
    assert strong > weak + 0.05


@pytest.mark.parametrize("strength", [0, 0.2, 1.6])
def test_a_strength_out_of_range_is_refused(strength):
    with pytest.raises(BadInput, match=r"it lies between 0\.25 and 1\.5"):
        make_gap(10, secret="s", role="tune", strength=strength)
