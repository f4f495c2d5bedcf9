import csv

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit.datasets import load_notes, make_notes
from coursekit.datasets.own_notes import SPAN_COLUMNS
from coursekit.errors import BadData

NOTE = "Denies cough 🙂.\nHas fever."


def write(folder, notes, spans, columns=SPAN_COLUMNS, extra=()):
    for name, header, rows in (
        ("notes.csv", ("note_id", "patient", "note", *extra), notes),
        ("spans.csv", columns, spans),
    ):
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows])
    return folder


def test_own_notes_are_read_with_groups_and_offsets_past_an_emoji(tmp_path):
    spans = [("a", 20, 25, "fever", "present"), ("a", 7, 12, "cough", "absent")]
    write(tmp_path, [("a", "p9", NOTE, "east")], spans, extra=["ward"])
    cohort = load_notes(tmp_path)
    assert cohort.X == [NOTE]
    assert cohort.y == [[[7, 12, "cough", "absent"], [20, 25, "fever", "present"]]]
    assert NOTE[20:25] == "fever"
    assert cohort.groups.to_dict("list") == {"ward": ["east"]}
    assert cohort.truth.risk is None
    assert load_notes(tmp_path / "notes.csv", tmp_path / "spans.csv").y == cohort.y


def test_drawn_notes_written_as_own_notes_come_back(tmp_path):
    drawn = make_notes(20, secret="s", role="tune")
    notes = [(i, drawn.patient[i], note) for i, note in enumerate(drawn.X)]
    spans = [(i, *span) for i, some in enumerate(drawn.y) for span in some]
    cohort = load_notes(write(tmp_path, notes, spans))
    assert (cohort.X, cohort.y) == (drawn.X, drawn.y)
    assert (cohort.patient == drawn.patient).all()
    assert set(cohort.groups["all"]) == {"all"}


@pytest.mark.parametrize(
    ("span", "message"),
    [
        (
            ("a", 7, 99, "cough", "absent"),
            "line 2: 7 to 99 is no place in a note of 26",
        ),
        (("a", 12, 7, "cough", "absent"), "12 to 7 is no place"),
        (("a", -1, 7, "cough", "absent"), "whole numbers from 0"),
        (("a", "7.0", 12, "cough", "absent"), "whole numbers from 0"),
        (("b", 7, 12, "cough", "absent"), "there is no note 'b'"),
        (("a", 7, 12, "Cough", "absent"), "symptom 'Cough' is none of dyspnea"),
        (("a", 7, 12, "cough", "negated"), "status 'negated' is none of present"),
    ],
)
def test_a_span_in_doubt_is_refused_with_its_line(tmp_path, span, message):
    write(tmp_path, [("a", 1, NOTE)], [span])
    with pytest.raises(BadData, match=message):
        load_notes(tmp_path)


def test_overlapping_spans_of_a_symptom_and_notes_of_one_name_are_refused(tmp_path):
    spans = [("a", 7, 12, "cough", "absent"), ("a", 9, 12, "cough", "present")]
    with pytest.raises(BadData, match="two spans of cough overlap in note 'a', at 9"):
        load_notes(write(tmp_path, [("a", 1, NOTE)], spans))
    with pytest.raises(BadData, match="two notes with note_id 'a'"):
        load_notes(write(tmp_path, [("a", 1, NOTE)] * 2, []))


def test_windows_line_ends_need_the_text_and_are_named_when_they_shift_it(tmp_path):
    note = "Denies cough.\r\nHas fever."
    span = ("a", 19, 24, "fever", "present")
    with pytest.raises(BadData, match="Windows line ends"):
        load_notes(write(tmp_path, [("a", 1, note)], [span]))
    columns = (*SPAN_COLUMNS, "text")
    write(tmp_path, [("a", 1, note)], [(*span, "fever")], columns)
    assert [note] == load_notes(tmp_path).X
    shifted = ("a", 18, 23, "fever", "present", "fever")
    with pytest.raises(BadData, match="line ends were counted as one character"):
        load_notes(write(tmp_path, [("a", 1, note)], [shifted], columns))


def test_missing_files_and_columns_are_named(tmp_path):
    with pytest.raises(BadData, match=r"There is no file .*notes\.csv"):
        load_notes(tmp_path)
    write(tmp_path, [("a", 1, NOTE)], [], columns=("note_id", "start"))
    with pytest.raises(BadData, match=r"lacks the column\(s\) end, symptom, status"):
        load_notes(tmp_path)


@settings(max_examples=40, deadline=None)
@given(note=st.text(max_size=12), start=st.integers(-2, 14), end=st.integers(-2, 14))
def test_a_span_is_taken_or_refused_and_never_moved(tmp_path_factory, note, start, end):
    note = note.replace("\0", "").encode("utf-8", "ignore").decode()
    folder = tmp_path_factory.mktemp("own")
    write(folder, [("a", 1, note)], [("a", start, end, "cough", "absent")])
    fits = 0 <= start < end <= len(note) and "\r" not in note
    if fits:
        assert load_notes(folder).y == [[[start, end, "cough", "absent"]]]
    else:
        with pytest.raises(BadData, match="line 2"):
            load_notes(folder)
