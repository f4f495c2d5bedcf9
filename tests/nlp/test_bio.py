import pytest

from coursekit.datasets import make_notes
from coursekit.errors import BadInput
from coursekit.nlp import from_tags, lost_in_tags, to_tags, tokens


def test_the_spans_of_drawn_notes_come_back_as_they_were():
    cohort = make_notes(60, secret="bio", role="hidden")
    for note, spans in zip(cohort.X, cohort.y, strict=True):
        tags, statuses = to_tags(note, spans)
        assert len(tags) == len(statuses) == len(tokens(note))
        assert from_tags(note, tags, statuses) == [list(span) for span in spans]
        assert lost_in_tags(note, spans) == []


def test_spans_that_touch_stay_two():
    spans = [[0, 5, "cough", "present"], [6, 11, "cough", "absent"]]
    tags, _ = to_tags("cough cough", spans)
    assert tags == ["B-cough", "B-cough"]
    assert lost_in_tags("cough cough", spans) == []


def test_offsets_are_kept_in_a_note_with_odd_characters():
    note = "İ 😀 Fie\u0301vre:\r\n no cough"
    spans = [[note.index("cough"), len(note), "cough", "absent"]]
    assert from_tags(note, *to_tags(note, spans)) == spans


def test_a_span_within_a_token_is_lost_and_the_whole_token_comes_back():
    half = [[0, 5, "fever", "present"]]
    assert lost_in_tags("feverish", half) == half
    back = from_tags("feverish", *to_tags("feverish", half))
    assert back == [[0, 8, "fever", "present"]]


def test_of_two_spans_that_share_a_token_the_later_is_lost():
    first, second = [0, 10, "chest pain", "present"], [6, 10, "cough", "present"]
    assert lost_in_tags("chest pain", [first, second]) == [second]


def test_what_no_span_gives_is_still_read():
    note = "a b c d"
    tags = ["I-cough", "I-fever", "I-fever", "O"]
    statuses = ["absent", "present", "absent", ""]
    assert from_tags(note, tags, statuses) == [
        [0, 1, "cough", "absent"],
        [2, 5, "fever", "present"],
    ]


@pytest.mark.parametrize(
    ("span", "message"),
    [
        ([0, 99, "cough", "present"], "holds no word"),
        ([2, 2, "cough", "present"], "holds no word"),
        ([5, 6, "cough", "present"], "holds no word"),
        ([0, 5, "coughing", "present"], "unknown symptom or status"),
        ([0, 5, "cough", "maybe"], "unknown symptom or status"),
    ],
)
def test_a_span_that_cannot_be_tagged_is_refused(span, message):
    with pytest.raises(BadInput, match=message):
        to_tags("cough and fever", [span])


def test_tags_of_another_note_are_refused():
    with pytest.raises(BadInput, match="has 1 tokens; there are 2 tags"):
        from_tags("cough", ["O", "O"], ["", ""])
