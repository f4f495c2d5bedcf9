import re
from pathlib import Path

import numpy as np
import pytest

import coursekit.nlp
from coursekit.datasets import make_notes
from coursekit.errors import BadInput
from coursekit.nlp import (
    extract_by_rules,
    find_mentions,
    label_by_rules,
    lexicon,
    marked_wordings,
    missed_share,
    united,
    voted,
    with_ruled_status,
)

COUGH = [3, 8, "cough", "absent"]
FEVER = [10, 15, "fever", "present"]


@pytest.fixture(scope="module")
def train():
    return make_notes(80, secret="weak", role="train", missed_lay=0.9)


def test_rules_need_no_torch_of_their_own():
    room = Path(coursekit.nlp.__file__).parent
    learned = ("tagger", "bilstm")
    for path in room.glob("*.py"):
        if path.stem not in learned:
            code = path.read_text("utf-8")
            assert not re.search(r"^\s*(import|from) torch", code, re.MULTILINE)
            names = [f"coursekit.nlp.{name} import" for name in learned]
            assert not any(f"\nfrom {name}" in code for name in names)


def test_rules_label_each_note_with_the_lexicon_given(train):
    bare = lexicon(lay=False)
    labels = label_by_rules(train.X[:10], bare)
    assert labels == [extract_by_rules(note, bare) for note in train.X[:10]]


def test_marked_wordings_are_found_by_the_lexicon_that_is_given_them():
    notes = ["My  Beast Roars today"]
    spans = [[[4, 15, "cough", "present"]]]
    more = marked_wordings(notes, spans)
    assert more["cough"] == ["beast roars"]
    assert more["fever"] == []
    assert find_mentions(notes[0], lexicon(more=more)) == [[4, 15, "cough"]]


def test_a_ruled_status_leaves_places_and_symptoms_alone(train):
    wrong = [[[*span[:3], "family"] for span in spans] for spans in train.y]
    judged = with_ruled_status(train.X, wrong)
    places = [[span[:3] for span in spans] for spans in train.y]
    assert [[span[:3] for span in spans] for spans in judged] == places
    true = [span[3] for spans in train.y for span in spans]
    ruled = [span[3] for spans in judged for span in spans]
    assert np.mean([a == b for a, b in zip(true, ruled, strict=True)]) > 0.7


def test_what_a_busy_annotator_missed_is_seen_only_against_the_audit(train):
    truth = train.truth.outcome
    assert missed_share(train.y, train.y) == missed_share(truth, truth) == 0
    assert 0.1 < missed_share(truth, train.y) < 0.5
    assert np.isnan(missed_share([[]], [[COUGH]]))


def test_a_mention_with_another_status_is_marked_and_with_another_symptom_missed():
    assert missed_share([[COUGH]], [[[0, 9, "cough", "present"]]]) == 0
    assert missed_share([[COUGH]], [[[3, 8, "fever", "absent"]]]) == 1


def test_sources_that_miss_different_things_miss_less_together(train):
    rules = label_by_rules(train.X)
    both = united(train.y, rules)
    truth = train.truth.outcome
    alone = [missed_share(truth, source) for source in (train.y, rules)]
    assert missed_share(truth, both) < min(alone)
    assert all(spans == sorted(spans) for spans in both)


def test_the_first_of_the_sources_is_believed_about_place_and_status():
    other = [1, 8, "cough", "present"]
    assert united([[COUGH]], [[other, FEVER]]) == [[COUGH, FEVER]]
    assert united([[FEVER, other]], [[COUGH]]) == [[other, FEVER]]


def test_silence_of_a_source_that_misses_much_says_little():
    sources = [[[]], [[COUGH]]]
    assert voted(sources, misses=[0.05, 0.2], wrong=[0.01, 0.4]) == [[]]
    assert voted(sources, misses=[0.9, 0.2], wrong=[0.01, 0.4]) == [[COUGH]]


def test_among_three_alike_the_majority_is_kept():
    sources = [[[COUGH]], [[COUGH, FEVER]], [[]]]
    assert voted(sources, misses=[0.2] * 3, wrong=[0.2] * 3) == [[COUGH]]


def test_a_rare_kind_of_mention_needs_more_than_an_even_vote():
    shares = {"misses": [0.2], "wrong": [0.2]}
    assert voted([[[COUGH]]], **shares) == [[COUGH]]
    assert voted([[[COUGH]]], **shares, prior=0.1) == [[]]


def test_sources_and_shares_that_do_not_fit_are_refused():
    with pytest.raises(BadInput, match="1 notes on one side and 2"):
        united([[]], [[], []])
    with pytest.raises(BadInput, match="one of each for each source"):
        voted([[[]]], misses=[0.1, 0.1], wrong=[0.1])
    with pytest.raises(BadInput, match="between 0 and 1"):
        voted([[[]]], misses=[0.0], wrong=[0.1])
