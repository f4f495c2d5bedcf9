"""Copies are found however they are dressed up; what all may write alike is none."""

import time

import pytest
from copied_answers import ANOTHER, MINE, RENAMED, WHY

from coursekit.similarity import compare
from coursekit.similarity.tokens import CELL

LINES = RENAMED.replace(",\n", ", ")  # one for each statement


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


@pytest.mark.parametrize(("n", "n_pairs"), [(3, 3), (6, 0)])
def test_what_more_than_a_few_of_a_class_have_is_no_evidence(n, n_pairs):
    class_of = {f"s{number}": code(MINE) for number in range(n)}
    class_of |= {f"t{number}": code(f"a = {number}") for number in range(20)}
    assert len(compare(class_of, {})) == n_pairs


def test_of_what_is_ours_only_the_nearest_is_told():
    ours = {"solution": code(MINE), "archetype": code(MINE)}
    found = compare({"ann": code(RENAMED)}, {}, ours)
    assert names(found) == [("ann", "archetype", "code")]


def test_a_copied_solution_is_told_however_many_have_it():
    class_of = {f"s{number}": code(RENAMED) for number in range(9)}
    found = compare(class_of, {}, {"solution": code(MINE)})
    assert {pair.other for pair in found} == {"solution"}
    assert len(found) == 9


def test_another_terms_submission_is_told():
    found = compare({"ann": code(RENAMED)}, {}, None, {"old/eve": code(MINE)})
    assert names(found) == [("ann", "old/eve", "code")]


@pytest.mark.parametrize(
    "dressed",
    [
        "%%time\n" + RENAMED,
        RENAMED + CELL + "x = ",
        LINES.replace("\n    ", ";\n    ").replace("):;", "):"),
        LINES.replace("\n    ", "\n    pass\n    ").replace('"', "'"),
        RENAMED.replace("\n", "\r"),
        ("#" * 100 + "\n") * 3_000 + RENAMED,
    ],
)
def test_a_copy_is_found_however_it_is_dressed_up(dressed):
    found = compare({"ann": code(MINE), "bob": code(dressed)}, {})
    assert names(found) == [("ann", "bob", "code")]


@pytest.mark.parametrize(
    "hidden", ["\u200b".join(WHY), WHY.replace(" ", "<b></b> "), f"<!--{WHY}-->" + WHY]
)
def test_what_cannot_be_seen_in_a_text_hides_nothing(hidden):
    found = compare({"ann": {"text": WHY}, "bob": {"text": hidden}}, {})
    assert names(found) == [("ann", "bob", "text")]


def test_a_script_without_spaces_is_compared_too():
    text = "因为随访在其他医院没有记录所以模型学会了遗漏这一组的患者"
    found = compare({"ann": {"text": text}, "bob": {"text": "我想" + text}}, {})
    assert names(found) == [("ann", "bob", "text")]


@pytest.mark.parametrize(
    "text", ["def (", "\0" * 50, "(" * 5000, "a " * 200_000, "'''", "\\", "é\ud800=1"]
)
def test_what_is_no_python_stops_nothing(text):
    found = compare({"ann": code(text + MINE), "bob": code(MINE)}, {})
    assert {pair.kind for pair in found} <= {"code"}


@pytest.mark.parametrize(
    "text", ["<!--" * 500_000, "a" + "\u0301" * 10**6, "<a" * 10**6]
)
def test_no_text_takes_long(text):
    began = time.monotonic()
    compare({"ann": {"text": text}, "bob": {"text": text}}, {})
    assert time.monotonic() - began < 20  # hours, where a hostile text is quadratic


def test_ones_own_first_attempt_crowds_nobody_out(monkeypatch):
    monkeypatch.setattr("coursekit.similarity.comparing.MOST_PAIRS", 1)
    mine, yours = code(MINE), code(RENAMED + "\nextra = [each for each in range(9)]")
    found = compare(
        {"ann": mine, "bob": yours}, {}, None, {"1/ann": mine}, own="1/{}".format
    )
    assert names(found) == [("ann", "bob", "code")]


def test_only_the_most_alike_are_told(monkeypatch):
    monkeypatch.setattr("coursekit.similarity.comparing.MOST_PAIRS", 1)
    class_of = {"ann": code(MINE), "bob": code(RENAMED), "cy": code(MINE[:300])}
    assert names(compare(class_of, {})) == [("ann", "bob", "code")]
