import numpy as np
import pytest

from coursekit.datasets import make_explained_cases
from coursekit.errors import NotEstimable
from coursekit.grading import explanation_measures as measures
from coursekit.grading.assignment import find_assignment
from coursekit.grading.contract import Breach, Reply
from coursekit.grading.explain import own_factor
from coursekit.grading.explanation_mistakes import explanation_mistakes
from coursekit.grading.patients import Patients
from coursekit.grading.rubric import Answer, Criterion
from coursekit.grading.unfinished import left_open
from coursekit.grading.usefulness import Usefulness, ramp_for

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


def test_values_of_twins_that_are_swapped_are_wrong_and_not_conditional(cases):
    swapped = [true.copy() for true in truth(cases)]
    for values, each in zip(swapped, cases.y, strict=True):
        values[:, each["twins"]] = values[:, each["twins"][::-1]]
    told = reply(swapped)
    assert measures.local_error(cases, told).value > 0.25
    assert measures.importance_order(cases, told).value < 0.8
    assert codes(cases, swapped) == []


def test_what_is_half_wrong_for_all_alike_earns_less_for_that(cases):
    for size, share in ((0.95, 1), (0.75, 0.5), (0.65, 1 / 6), (0.61, 1 / 30)):
        told = reply([size * each for each in truth(cases)])
        assert measures.error_gap(cases, told, None).value < 1e-6
        assert measures.share_explained(cases, told) == pytest.approx(share)
    told = reply([0.59 * each for each in truth(cases)])
    with pytest.raises(NotEstimable, match="explains nothing"):
        measures.error_gap(cases, told, None)


def test_an_explanation_is_multiplied_by_what_it_explains_and_not_by_the_verdict(cases):
    rubric = find_assignment("explain").rubric
    gap = next(each for each in rubric.criteria if each.id == "error_gap")
    accuses = next(each for each in rubric.criteria if each.id == "false_accusations")
    told = {"explain": reply([0.75 * each for each in truth(cases)]), "judge": None}
    given = Usefulness(ramp=0.1), {"hidden": cases}, told
    assert ramp_for(rubric, gap, *given) == pytest.approx(0.5)
    assert ramp_for(rubric, accuses, *given) == 0.1
    died = {"explain": [], "judge": [Breach("CUT-OFF", "It died.", "contract")]}
    assert left_open(rubric, gap, died) == ""
    assert left_open(rubric, accuses, died).startswith("It died.")
    assert (
        "For the rows of `explain` it is 1 up to a local error of 0.100, and 0 from "
        "0.400 on."
    ) in own_factor(rubric)


def test_one_fault_is_judged_above_who_finds_it_everywhere():
    verdicts = Patients([{"found": each} for each in (["p"], [], [], ["p"])], None)
    criterion = Criterion(
        *("x", "fairness", "", "fault_f1", "judge", 1.0, 0.0, 1.0), attribute="p"
    )
    for said, value in {"p--p": 1, "pppp": 0, "----": -2}.items():
        told = Reply([{"found": ["p"] if letter == "p" else []} for letter in said])
        found = measures.fault_f1(verdicts, told, criterion).value
        assert found == pytest.approx(value)
