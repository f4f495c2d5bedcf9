import numpy as np
import pytest

from coursekit.datasets import make_explained_cases
from coursekit.errors import NotEstimable
from coursekit.grading import explanation_measures as measures
from coursekit.grading.contract import Reply
from coursekit.grading.explanation_mistakes import explanation_mistakes
from coursekit.grading.patients import Patients
from coursekit.grading.rubric import Answer, Criterion

ANSWER = Answer("explain", "explanation")


@pytest.fixture(scope="module")
def cases():
    return Patients.of(make_explained_cases(16, secret="tests", role="hidden"))


def reply(values):
    return Reply([np.asarray(each, float).tolist() for each in values])


def truth(cases):
    return [np.array(each["values"]) for each in cases.y]


def codes(cases, values):
    found = explanation_mistakes(ANSWER, cases, reply(values), "accuracy")
    return [breach.code for breach in found]


def with_sums(cases, name):
    """Return values that add up to the answer to another question."""
    return [
        true + (np.array(each["sums"][name]) - true.sum(axis=1))[:, None] / 8
        for true, each in zip(truth(cases), cases.y, strict=True)
    ]


def shared(cases):
    """Return values of which the twin that is not used has two fifths."""
    values = truth(cases)
    for true, each in zip(values, cases.y, strict=True):
        both = true[:, each["twins"]].sum(axis=1)
        unused = measures.unused_column(each)
        used = sum(each["twins"]) - unused
        true[:, unused], true[:, used] = 0.4 * both, 0.6 * both
    return values


def test_the_truth_is_right_in_every_measure_and_nothing_is_named(cases):
    told = reply(truth(cases))
    for name, best in {
        "local_error": 0,
        "error_gap": 0,
        "distractor_on_top": 0,
        "importance_order": 1,
        "changes_with_model": 1,
    }.items():
        estimate = measures.MEASURES[name](cases, told, None)
        assert estimate.value == pytest.approx(best, abs=1e-6), name
    assert codes(cases, truth(cases)) == []


def test_nothing_said_is_an_error_of_one_and_judges_no_gap_or_rank(cases):
    nothing = reply([np.zeros((40, 8))] * 16)
    assert measures.local_error(cases, nothing).value == 1
    assert measures.importance_order(cases, nothing).value == 0
    assert measures.changes_with_model(cases, nothing).value == 0
    for measure in (measures.error_gap, measures.distractor_on_top):
        with pytest.raises(NotEstimable, match="explains nothing"):
            measure(cases, nothing, None)


def test_an_explanation_that_is_the_same_for_two_models_shows_no_change(cases):
    values = [truth(cases)[each["pair"] * 2] for each in cases.y]
    assert measures.changes_with_model(cases, reply(values)).value == 0
    halved = [0.5 * each for each in truth(cases)]
    assert measures.changes_with_model(cases, reply(halved)).value > 0.999


def test_a_larger_error_in_one_group_is_a_gap(cases):
    values = truth(cases)
    for true, each in zip(values, cases.y, strict=True):
        in_b = np.array(each["groups"]) == "B"
        true *= np.where(in_b, 0.7, 0.9)[:, None]
    gap = measures.error_gap(cases, reply(values), None)
    assert gap.value == pytest.approx(0.2, abs=1e-6)


def test_an_unused_twin_on_top_is_seen(cases):
    values = truth(cases)
    for true, each in zip(values, cases.y, strict=True):
        size = measures.importance(true)
        if each["unused"]:
            third = np.sort(size)[-3]
            true[:, measures.unused_column(each)] = 1.01 * third
    assert measures.distractor_on_top(cases, reply(values)).value == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("other class", "WRONG-CLASS"),
        ("probability of the other class", "WRONG-CLASS"),
        ("probability", "LOG-ODDS"),
        ("X as background", "BACKGROUND-IS-TEST"),
    ],
)
def test_what_the_values_add_up_to_tells_what_was_explained(cases, name, code):
    assert codes(cases, with_sums(cases, name)) == [code]


def test_the_same_row_for_every_patient_is_named(cases):
    values = [np.tile(np.abs(v).mean(axis=0), (40, 1)) for v in truth(cases)]
    assert codes(cases, values) == ["SAME-FOR-ALL"]


def test_a_conditional_answer_is_named_and_loses_nothing(cases):
    told = reply(shared(cases))
    assert codes(cases, shared(cases)) == ["CONDITIONAL"]
    assert measures.local_error(cases, told).value < 1e-6
    assert measures.importance_order(cases, told).value == pytest.approx(1)
    assert measures.error_gap(cases, told, None).value < 1e-6


def test_one_fault_is_judged_above_who_finds_it_everywhere():
    verdicts = Patients([{"found": each} for each in (["p"], [], [], ["p"])], None)
    criterion = Criterion(
        *("x", "fairness", "", "fault_f1", "judge", 1.0, 0.0, 1.0), attribute="p"
    )
    for said, value in {"p--p": 1, "pppp": 0, "----": -2}.items():
        told = Reply([{"found": ["p"] if letter == "p" else []} for letter in said])
        found = measures.fault_f1(verdicts, told, criterion).value
        assert found == pytest.approx(value)
