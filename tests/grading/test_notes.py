"""Spans in notes are checked strictly and graded by who is heard."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import ShownCohort
from coursekit.grading.asking import ask
from coursekit.grading.contract import breaches
from coursekit.grading.local import local_check
from coursekit.grading.patients import Patients
from coursekit.grading.rubric import Answer, Criterion, OperatingPoint, Rubric
from coursekit.grading.score import score
from coursekit.grading.serving import servings
from coursekit.grading.spans import wrong_spans

N = 400
EXTRACT = Answer("extract", "spans")


def criterion(name, kind="accuracy", **rest):
    rest = {"measure": name, "floor": 0.0, "full": 1.0, **rest}
    return Criterion(name, kind, name, answer="extract", points=10, **rest)


def falling(name, kind, **rest):
    return criterion(name, kind, **{"floor": 0.5, "full": 0.05, **rest})


NOTES = Rubric(
    format=1,
    assignment="notes",
    title="Notes",
    version="1",
    generator="make_notes",
    given=(),
    cohorts={"hidden": N},
    kinds={"accuracy": 20, "fairness": 20, "evidence": 20},
    manual={},
    operating_point=OperatingPoint("extract", 0.2, 0.8, measure="span_f1"),
    answers=(EXTRACT,),
    criteria=(
        criterion("span_f1"),
        falling("false_assertions", "accuracy"),
        falling(
            "recall_gap",
            "fairness",
            attribute="wording",
            low_code="NOT-HEARD",
            hidden_only=True,
        ),
        replace(
            falling("recall_gap", "fairness", attribute="style", ramped=True),
            id="style",
        ),
        falling("marked_identifiers", "evidence", hidden_only=True),
        falling(
            *("span_f1_drop", "evidence"),
            against="inside",
            at_least=0.6,
            low_code="TEMPLATES-BY-HEART",
        ),
    ),
    batch_sizes=(20, 40),
)


def note(number):
    """A note with one clinician's word, one of the patient's, and a name."""
    style = "nurse" if number % 3 else "physician"
    start = (
        "Mrs. Payne 😀 no fever, " if style == "nurse" else "Mr. Coughlin. No fever, "
    )
    text = start + "short of breath; coughing up a storm."
    at = {word: text.index(word) for word in ("fever", "short of", "coughing")}
    spans = [
        [at["fever"], at["fever"] + 5, "fever", "absent"],
        [at["short of"], at["short of"] + 15, "dyspnea", "present"],
        [at["coughing"], at["coughing"] + 19, "cough", "present"],
    ]
    name = text.split()[1].rstrip(".")
    at = text.index(name)
    return text, spans, style, [[at, at + len(name), "name"]]


@pytest.fixture(scope="module")
def notes():
    texts, spans, styles, names = map(list, zip(*map(note, range(N)), strict=True))
    patients = Patients(
        y=spans,
        groups=pd.DataFrame({"style": styles}),
        detail={"wording": [["clinician", "clinician", "lay"]] * N, "phi": names},
    )
    return texts, patients


def finding(*words):
    """Return an extractor that finds some of the words, with the right status."""
    known = {
        "fever": ("fever", "absent"),
        "short of breath": ("dyspnea", "present"),
        "coughing up a storm": ("cough", "present"),
        "Payne": ("cough", "present"),
    }

    def extract(text):
        found = [
            (text.index(word), text.index(word) + len(word), *known[word])
            for word in words
            if word in text
        ]
        return sorted(found)

    return extract


def graded(extract, notes):
    texts, patients = notes
    inputs = {"hidden": texts, "inside": texts}
    replies = {each.name: ask(extract, each) for each in servings(NOTES, inputs)}
    cohorts = {"hidden": patients, "inside": patients}
    return score(NOTES, cohorts, replies, inputs)


def points(record):
    return {each["id"]: each["points"] for each in record["criteria"]}


ALL = ("fever", "short of breath", "coughing up a storm")


def test_who_finds_every_span_earns_all_points(notes):
    assert set(points(graded(finding(*ALL), notes)).values()) == {10}


def test_who_does_not_know_the_patients_words_loses_by_name(notes):
    record = graded(finding(*ALL[:2]), notes)
    assert points(record)["recall_gap"] == 0
    assert "NOT-HEARD" in {each["code"] for each in record["codes"]}
    assert record["criteria"][2]["value"] == pytest.approx(1.0)
    assert points(record)["false_assertions"] == 10


def test_an_absent_symptom_that_is_asserted_costs(notes):
    def extract(text):
        return [(*span[:3], "present") for span in finding(*ALL)(text)]

    record = graded(extract, notes)
    assert points(record)["false_assertions"] == 0
    assert points(record)["span_f1"] == pytest.approx(20 / 3, abs=0.01)


def test_a_name_that_is_marked_as_a_symptom_costs(notes):
    record = graded(finding(*ALL, "Payne"), notes)
    (marked,) = [e for e in record["criteria"] if e["id"] == "marked_identifiers"]
    assert marked["value"] == pytest.approx(2 / 3, abs=0.01)
    assert marked["points"] == 0


def test_one_style_of_notes_that_is_read_worse_is_seen(notes):
    def extract(text):
        return finding(*ALL)(text) if text.startswith("Mr.") else finding("fever")(text)

    record = graded(extract, notes)
    assert record["criteria"][3]["value"] == pytest.approx(2 / 3, abs=0.01)


def test_finding_nothing_is_fair_and_earns_nothing_for_it(notes):
    record = graded(lambda text: [], notes)
    assert points(record)["style"] == 0
    assert record["usefulness"]["ramp"] == 0


def codes(extract, notes, share=0.2):
    texts, patients = notes
    (serving,) = servings(replace(NOTES, criteria=()), {"hidden": texts})
    reply = ask(extract, replace(serving, repeat_share=share))
    found = breaches(EXTRACT, reply, patients.groups, texts)
    return [each.code for each in found]


def test_an_extractor_that_changes_on_the_way_is_named(notes):
    asked = []

    def extract(text):
        asked.append(text)
        return finding(*ALL)(text) if len(asked) < N / 2 else []

    assert codes(extract, notes, share=0.0) == ["DRIFTING-ANSWERS"]


def test_an_extractor_that_draws_is_named(notes):
    rng = np.random.default_rng(0)

    def extract(text):
        return [s for s in finding(*ALL)(text) if rng.random() < 0.5]

    assert codes(extract, notes) == ["RANDOM-ANSWERS"]


def test_numbers_of_numpy_are_numbers(notes):
    def extract(text):
        return [
            (np.int64(a), np.int64(b), *rest) for a, b, *rest in finding(*ALL)(text)
        ]

    assert codes(extract, notes) == []


def test_an_extractor_that_fails_on_a_note_is_told_so(notes):
    assert codes(lambda text: text.index("no such word"), notes) == ["NO-REPLY"]


def test_the_note_that_fails_is_told_by_its_length_without_a_word_of_it(notes):
    texts, _ = notes
    (serving,) = servings(replace(NOTES, criteria=()), {"hidden": texts[:1]})

    def extract(text):
        raise KeyError(text)

    told = f"extract raised KeyError on a text of {len(texts[0])} characters"
    assert ask(extract, serving).reason == told


@pytest.mark.parametrize(
    ("spans", "seen"),
    [
        ("cough", "not a list of spans"),
        ([[0, 5]], "(start, end, symptom, status)"),
        ([[0.0, 5, "cough", "present"]], "whole numbers"),
        ([[True, 5, "cough", "present"]], "whole numbers"),
        ([[-1, 5, "cough", "present"]], "a note of 12 characters"),
        ([[5, 5, "cough", "present"]], "a note of 12 characters"),
        ([[0, 13, "cough", "present"]], "a note of 12 characters"),
        ([[0, 5, "coughing", "present"]], "none of dyspnea"),
        ([[0, 5, ["cough"], "present"]], "none of dyspnea"),
        ([[0, 5, "cough", "yes"]], "none of present"),
        ([[6, 8, "fever", "absent"], [0, 5, "cough", "absent"]], "sort them"),
        ([[0, 5, "cough", "absent"], [3, 8, "cough", "present"]], "which overlap"),
    ],
)
def test_spans_that_are_none_are_named_with_their_note(spans, seen):
    told = wrong_spans([[], spans], ["", "Cough 😀 e\u0301\r\n"])
    assert seen in told
    assert "(note 1)" in told


def test_spans_of_two_symptoms_may_overlap():
    both = [[0, 5, "cough", "present"], [2, 8, "fever", "present"]]
    assert wrong_spans([both], ["cough fever"]) == ""


def test_a_bad_span_breaks_the_contract_and_earns_nothing(notes):
    record = graded(lambda text: [(0, len(text) + 1, "cough", "present")], notes)
    assert {each["code"] for each in record["codes"]} == {"BAD-SPANS"}
    assert set(points(record).values()) == {0}


def test_a_few_bad_notes_cost_the_contract_and_themselves_and_no_more(notes):
    texts, patients = notes
    texts = [f"{text} {number}" for number, text in enumerate(texts)]

    def one_bad(text):
        found = finding(*ALL)(text)
        return [*found, found[-1]] if text.endswith(" 7") else found

    inputs = {"hidden": texts, "inside": texts}
    replies = {each.name: ask(one_bad, each) for each in servings(NOTES, inputs)}
    record = score(NOTES, dict.fromkeys(inputs, patients), replies, inputs)
    assert {each["code"] for each in record["codes"]} == {"FEW-BAD-SPANS"}
    assert 0.99 < record["criteria"][0]["value"] < 1
    assert "1 of 400 notes" in record["codes"][0]["seen"]


def test_who_loses_little_is_not_told_that_much_was_lost(notes):
    record = graded(lambda text: [], notes)
    (drop,) = [each for each in record["criteria"] if each["id"] == "span_f1_drop"]
    assert drop["points"] == 0
    assert "counts as at least 0.600" in drop["sentence"]
    assert "TEMPLATES-BY-HEART" not in {each["code"] for each in record["codes"]}


def test_the_local_check_shows_what_check_notes_can_show(notes):
    texts, patients = notes
    shown = ShownCohort("check", texts, patients.y, patients.groups, np.arange(N))
    check = local_check(NOTES, shown, {"extract": finding(*ALL)})
    told = {row["label"].partition(" (")[0]: row["value"] for row in check.rows}
    assert told["span_f1"] == 1.0
    assert told["span_f1_drop"] is None


@pytest.mark.parametrize(
    ("limit", "points", "codes"),
    [(None, 10.0, []), (1.0, 10.0, []), (0.9, None, ["BEYOND-REACH"])],
)
def test_what_lies_above_honest_work_waits_for_a_person(notes, limit, points, codes):
    texts, patients = notes
    f1 = replace(NOTES.criteria[0], withheld_above=limit)
    rubric = replace(NOTES, criteria=(f1, *NOTES.criteria[1:]))
    cohorts = {"hidden": patients, "inside": patients}
    inputs = {"hidden": texts, "inside": texts}
    replies = {each.name: ask(finding(*ALL), each) for each in servings(rubric, inputs)}
    record = score(rubric, cohorts, replies, inputs)
    first = record["criteria"][0]
    assert (first["points"], first["codes"]) == (points, codes)
    assert record["kinds"]["accuracy"]["points"] == (None if codes else 20.0)


def test_the_local_check_withholds_nothing(notes):
    texts, patients = notes
    f1 = replace(NOTES.criteria[0], withheld_above=0.5)
    rubric = replace(NOTES, criteria=(f1, *NOTES.criteria[1:]))
    shown = ShownCohort(
        "check", texts, patients.y, patients.groups, np.arange(len(texts))
    )
    check = local_check(rubric, shown, {"extract": finding(*ALL)})
    assert "BEYOND-REACH" not in repr(check)
    assert "1.000" in repr(check).splitlines()[1]
