import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.nlp import sentences

PIECES = [
    "Dr. ",
    "b.i.d.",
    "2.5",
    ". ",
    "? ",
    "\r\n",
    "\n\n",
    "- ",
    "1. ",
    "ROS:",
    "    ",
]
ODD = st.lists(st.one_of(st.sampled_from([*PIECES, "**NAME[AAA. B", "]"]), st.text()))


def cut(note):
    return [note[start:end].strip() for start, end in sentences(note)]


@given(ODD.map("".join))
def test_sentences_are_the_whole_note_without_gaps_and_none_is_blank(note):
    stretches = sentences(note)
    assert "".join(note[start:end] for start, end in stretches) == note
    if note.strip():
        assert all(note[start:end].strip() for start, end in stretches)


@pytest.mark.parametrize(
    "whole",
    [
        "Seen by Dr. Brown and Mrs. Green vs. CT.",
        "Lasix 2.5 mg b.i.d. with food.",
        "Seen by **NAME[AAA. BBB] and [**First Name. X**] at noon.",
        "Cough? No.",
        "He came in with a cough that he has had for a week, with no fever or\nchills",
    ],
)
def test_nothing_is_cut_within(whole):
    assert cut(whole) == [whole]


@pytest.mark.parametrize(
    "parts",
    [
        ["No fever.", "Has cough b.i.d.", "He is well."],
        ["no fever.", "has a cough"],
        ["No pain.Denies"[:8], "Denies cough"],
    ],
)
def test_full_stops_end_sentences(parts):
    assert cut(" ".join(parts)) == parts


def test_a_full_stop_without_white_space_ends_one_too():
    assert cut("No fever.Has cough.") == ["No fever.", "Has cough."]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lists_headings_and_short_lines_are_sentences(end):
    lines = ["ROS:", "- no fever", "- cough", "1. Edema", "2) Nausea", "Neuro: dizzy"]
    assert cut(end.join(lines)) == lines


@pytest.mark.parametrize("item", ["- cough", "1. cough", "Neuro: dizzy"])
def test_a_full_line_before_an_item_of_a_list_does_not_run_into_it(item):
    line = "She has been well since the last visit and denies any new fever today"
    assert cut(f"{line}\n{item}") == [line, item]


def test_a_number_of_a_list_is_not_a_sentence():
    assert cut("1. Chest pain. Stable.") == ["1. Chest pain.", "Stable."]


def test_what_was_a_new_line_is_seen_by_its_wide_gap():
    assert cut("No fever     IMPRESSION:  Cough") == ["No fever", "IMPRESSION:  Cough"]


def test_an_empty_note_has_no_sentences():
    assert sentences("") == []
