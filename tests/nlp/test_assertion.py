import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.errors import BadInput
from coursekit.nlp import assertion_status
from coursekit.nlp.assertion import place_of


def test_case_and_white_space_of_the_concept_do_not_matter():
    assert assertion_status("No CHEST   PAIN today", "chest pain") == "absent"


def test_the_place_with_the_same_letters_is_asked_about():
    sentence = "No cough last week, but now COUGH"
    assert assertion_status(sentence, "cough") == "absent"
    assert assertion_status(sentence, "COUGH") == "present"


def test_a_heading_or_a_part_of_a_word_is_asked_about_only_if_nothing_else_is_there():
    assert place_of("pain", "PAIN: painful, no Pain") == (18, 22)
    assert place_of("pain", "Pain: absent") == (0, 4)
    assert place_of("pe", "PE's before, no PE") == (16, 18)
    assert place_of("tachy", "tachycardia") == (0, 5)


def test_of_several_sentences_the_one_with_the_concept_counts():
    assert assertion_status("No fever. Cough.", "cough") == "present"
    assert assertion_status("Cough. No fever.", "fever") == "absent"


@pytest.mark.parametrize("concept", ["", " \n", "fever"])
def test_a_concept_that_is_not_there_is_refused(concept):
    with pytest.raises(BadInput, match="concept"):
        assertion_status("No cough.", concept)


@given(st.text(), st.text())
def test_any_text_around_a_concept_gets_a_status(before, after):
    status = assertion_status(f"{before} cough {after}", "cough")
    assert status in (
        *("present", "absent", "possible", "historical", "hypothetical", "family"),
    )
