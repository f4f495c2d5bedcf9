"""Copies are found however they are dressed up; what all may write alike is none."""

import pytest
from copied_answers import ANOTHER, MINE, RENAMED, WHY

from coursekit.similarity import compare


def code(text):
    return {"code": text}


def names(pairs):
    return [(pair.one, pair.other, pair.kind) for pair in pairs]


def test_a_copy_with_other_names_comments_and_spaces_is_alike():
    found = compare({"ann": code(MINE), "bob": code(RENAMED), "cy": code(ANOTHER)}, {})
    assert names(found) == [("ann", "bob", "code")]
    assert found[0].share > 0.9
    assert found[0].passage.startswith("risk = model")


def test_the_answer_to_the_question_in_words_is_compared_too():
    mine, yours = {"text": WHY}, {"text": "I think: " + WHY.upper()}
    found = compare({"ann": mine, "bob": yours, "cy": {"text": MINE}}, {})
    assert names(found) == [("ann", "bob", "text")]


def test_what_was_handed_out_is_nobodys_own():
    class_of = {"ann": code(MINE), "bob": code(RENAMED)}
    assert compare(class_of, {"code": MINE}) == []


@pytest.mark.parametrize(("n", "n_pairs"), [(3, 3), (5, 0)])
def test_what_more_than_a_few_of_a_class_have_is_no_evidence(n, n_pairs):
    class_of = {f"s{number}": code(MINE) for number in range(n)}
    class_of |= {f"t{number}": code(f"a = {number}") for number in range(20)}
    assert len(compare(class_of, {})) == n_pairs


def test_the_teachers_solution_is_named_and_not_compared_with_others_of_ours():
    ours = {"solution": code(MINE), "archetype": code(MINE)}
    found = compare({"ann": code(RENAMED)}, {}, ours)
    assert names(found) == [("ann", "archetype", "code"), ("ann", "solution", "code")]


@pytest.mark.parametrize(
    "text", ["def (", "\0" * 50, "(" * 5000, "a " * 200_000, "'''", "\\", "é\ud800=1"]
)
def test_what_is_no_python_stops_nothing(text):
    found = compare({"ann": code(text + MINE), "bob": code(MINE)}, {})
    assert {pair.kind for pair in found} <= {"code"}


def test_only_the_most_alike_are_told(monkeypatch):
    monkeypatch.setattr("coursekit.similarity.comparing.MOST_PAIRS", 1)
    class_of = {"ann": code(MINE), "bob": code(RENAMED), "cy": code(MINE[:300])}
    assert names(compare(class_of, {})) == [("ann", "bob", "code")]
