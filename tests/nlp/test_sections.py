import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.nlp import sections

ODD = st.lists(
    st.one_of(st.sampled_from(["\nPMH:", "\r\nFH: ", "HPI", ". A: "]), st.text())
)


@given(ODD.map("".join))
def test_sections_are_the_whole_note_without_gaps(note):
    parts = sections(note)
    assert "".join(note[part.start : part.end] for part in parts) == note


@pytest.mark.parametrize(
    ("heading", "kind", "status"),
    [
        ("HPI:", "present illness", "present"),
        ("PAST MEDICAL HISTORY", "past history", "historical"),
        ("Family Hx:", "family history", "family"),
        ("ROS:", "review of systems", "present"),
        ("**Plan**:", "plan", "present"),
        ("Return  precautions:", "instructions", "hypothetical"),
    ],
)
def test_a_heading_is_known_in_its_usual_forms(heading, kind, status):
    part = sections(f"Seen today\r\n{heading}\r\ncough")[-1]
    assert (part.kind, part.status) == (kind, status)


def test_a_heading_may_follow_a_full_stop_on_its_line():
    note = "HPI: cough. PMH: syncope. FH: none"
    assert [part.heading for part in sections(note)] == ["HPI", "PMH", "FH"]


def test_words_of_a_sentence_and_lone_letters_are_no_headings():
    note = "She gave a family history: none.\nA\nplan B was made\nPMHx of note"
    assert [part.kind for part in sections(note)] == ["none"]


def test_an_empty_note_has_no_sections():
    assert sections("") == []
