import pytest

from coursekit.errors import BadInput
from coursekit.metrics.span_recall import recall_by_attribute

SPANS = [[0, 5, "cough", "present"], [9, 14, "fever", "absent"]]


def test_a_wrong_status_or_symptom_finds_nothing_even_relaxed():
    wrong = [[0, 5, "cough", "absent"], [9, 14, "cough", "absent"]]
    assert recall_by_attribute([SPANS], [wrong], [["lay", "lay"]]) == {"lay": (0, 2)}


def test_an_overlap_finds_a_span_only_if_relaxed_and_a_touch_never():
    near, beside = [[3, 8, "cough", "present"]], [[5, 9, "cough", "present"]]
    for said, relaxed, n in ((near, True, 1), (near, False, 0), (beside, True, 0)):
        found = recall_by_attribute([SPANS[:1]], [said], [["a"]], relaxed=relaxed)
        assert found == {"a": (n, 1)}


def test_one_predicted_span_does_not_find_two_true_ones():
    two = [[0, 5, "cough", "present"], [6, 11, "cough", "present"]]
    said = [[0, 11, "cough", "present"]]
    assert recall_by_attribute([two], [said], [["a", "b"]]) == {
        "a": (1, 1),
        "b": (0, 1),
    }


def test_notes_and_spans_must_be_the_same_in_all_three():
    with pytest.raises(BadInput, match="1 notes with true spans, 2 with predicted"):
        recall_by_attribute([SPANS], [SPANS, []], [["a", "b"]])
    with pytest.raises(BadInput, match="2 spans but 1 attributes"):
        recall_by_attribute([SPANS], [SPANS], [["a"]])
