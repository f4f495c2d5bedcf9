import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.datasets import STATUSES, SYMPTOMS
from coursekit.errors import BadInput
from coursekit.nlp import extract_by_rules, lexicon

NOTE = """HPI: 67F w/ h/o CHF c/o SOB. Denies CP, cough, or
fever. Pt says "my head hurts" but no N/V.
PMH: HTN, syncope
FH: palpitations
ROS:
- Neuro: dizziness - no
- GI: abd pain
A/P: possible syncope.
Return precautions: fever
Seen by Mr. Fevers"""
SAID = [
    ("SOB", "dyspnea", "present"),
    ("CP", "chest pain", "absent"),
    ("cough", "cough", "absent"),
    ("fever", "fever", "absent"),
    ("my head hurts", "headache", "present"),
    ("N/V", "nausea", "absent"),
    ("syncope", "syncope", "historical"),
    ("palpitations", "palpitations", "family"),
    ("dizziness", "dizziness", "absent"),
    ("abd pain", "abdominal pain", "present"),
    ("syncope", "syncope", "possible"),
    ("fever", "fever", "hypothetical"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_note_is_read_with_its_sections_sentences_and_lists(end):
    note = NOTE.replace("\n", end)
    spans = extract_by_rules(note)
    found = [(note[start:end], *kind) for start, end, *kind in spans]
    assert found == SAID


@given(
    st.lists(
        st.one_of(st.sampled_from(["no ", "cough", "\r\nFH: ", "CP. "]), st.text())
    )
)
def test_spans_of_any_note_are_sorted_inside_it_and_apart(pieces):
    note = "".join(pieces)
    spans = extract_by_rules(note)
    edges = [offset for start, end, *_ in spans for offset in (start, end)]
    assert edges == sorted(edges)
    assert all(0 <= start < end <= len(note) for start, end, *_ in spans)
    assert all(s in SYMPTOMS and t in STATUSES for _, _, s, t in spans)


def test_methods_differ_in_what_they_know():
    note = "FH: syncope.\nHPI: No fever, but cough."
    found = {
        method: [status for *_, status in extract_by_rules(note, method=method)]
        for method in ("keyword", "window", "sentence", "negex", "context")
    }
    assert found == {
        "keyword": ["present", "present", "present"],
        "window": ["present", "absent", "absent"],
        "sentence": ["present", "absent", "absent"],
        "negex": ["present", "absent", "present"],
        "context": ["family", "absent", "present"],
    }
    with pytest.raises(BadInput, match="no method 'bert'; there are keyword"):
        extract_by_rules(note, method="bert")


def test_without_lay_words_who_is_quoted_is_not_heard():
    assert extract_by_rules("I can't breathe", lexicon(lay=False)) == []
    assert len(extract_by_rules("I can't breathe")) == 1


def test_a_section_speaks_for_the_lines_of_its_list():
    note = "PMH:\n- syncope\nFamily history:\n- cough\nROS:\n- fever"
    found = [status for *_, status in extract_by_rules(note)]
    assert found == ["historical", "family", "present"]
