import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.datasets import SYMPTOMS
from coursekit.errors import BadInput
from coursekit.nlp import find_mentions, lexicon
from coursekit.nlp.lexicon import wordings

ODD = st.text(st.sampled_from([*" \r\n.😀İßéx", "\u0301", "\u200d"]), max_size=20)


def named(note, **options):
    found = find_mentions(note, lexicon(**options) if options else None)
    return [(note[start:end], symptom) for start, end, symptom in found]


@given(ODD, ODD)
def test_offsets_are_right_among_odd_characters(before, after):
    note = f"{before} SOB {after} Chest\r\npain"
    assert named(note) == [("SOB", "dyspnea"), ("Chest\r\npain", "chest pain")]


def test_offsets_are_right_after_a_very_long_line():
    note = "İ" * 200_000 + " word" * 50_000 + " cough"
    assert named(note) == [("cough", "cough")]


def test_only_whole_words_are_mentions():
    assert named("tcp, cpr, coughdrop, sobbing, fe\u0301ver, feverish, CP_1") == [
        ("CP", "chest pain")
    ]


def test_every_wording_is_found_as_its_own_symptom():
    for symptom in SYMPTOMS:
        for kind in ("clinician", "lay"):
            for wording in wordings()[symptom][kind]:
                note = wording.replace(" / ", "/").replace(" - ", "-").upper()
                assert named(note) == [(note, symptom)], wording


def test_lay_wording_is_heard_only_if_asked_for():
    note = "My head hurts, I am short of breath and burning up."
    assert [symptom for _, symptom in named(note)] == ["headache", "dyspnea", "fever"]
    assert [symptom for _, symptom in named(note, lay=False)] == ["dyspnea"]


def test_wordings_can_be_added_but_no_symptoms():
    more = {"dyspnea": ["my air is gone"]}
    assert named("My air is gone", more=more) == [("My air is gone", "dyspnea")]
    with pytest.raises(BadInput, match="no symptoms \\['rash'\\]"):
        lexicon(more={"rash": ["hives"]})


def test_the_longest_wording_wins_and_cough_syrup_is_no_cough():
    assert named("pleuritic chest pain; cough syrup") == [
        ("pleuritic chest pain", "chest pain")
    ]


def test_one_text_in_the_place_of_a_list_is_refused():
    with pytest.raises(BadInput, match="give a list"):
        lexicon(more={"cough": "hacking"})
