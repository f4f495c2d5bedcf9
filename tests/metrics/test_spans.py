"""Agreement of spans, against counts by hand and against resampling."""

import numpy as np
import pytest

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics import (
    false_assertion_rate,
    macro_f1,
    macro_f1_interval,
    span_counts,
)

COUGH, FEVER = [3, 8, "cough", "present"], [12, 17, "fever", "absent"]


def drawn(n_notes, seed=0):
    """Notes in which a span is found, with the wrong status, or not at all."""
    rng = np.random.default_rng(seed)
    true, said = [], []
    for _ in range(n_notes):
        spans = [
            [at, at + 4, str(rng.choice(["cough", "fever"])), "absent"]
            for at in range(0, 10 * rng.integers(0, 4), 10)
        ]
        true.append(spans)
        kept = [span for span in spans if rng.random() < 0.8]
        said.append(
            [[*s[:3], "present" if rng.random() < 0.2 else "absent"] for s in kept]
        )
    return true, said


def test_strict_agreement_needs_the_same_ends_and_relaxed_only_an_overlap():
    said = [[[3, 7, "cough", "present"], FEVER]]
    assert span_counts([[COUGH, FEVER]], said).f1().tolist() == [0, 1]
    assert span_counts([[COUGH, FEVER]], said, relaxed=True).f1().tolist() == [1, 1]


@pytest.mark.parametrize("relaxed", [False, True])
@pytest.mark.parametrize(
    "wrong", [[3, 8, "cough", "absent"], [3, 8, "fever", "present"]]
)
def test_another_status_or_label_is_wrong(wrong, relaxed):
    counts = span_counts([[COUGH]], [[wrong]], relaxed=relaxed)
    assert counts.n_right.sum() == 0


def test_two_true_spans_are_not_both_found_by_one_that_covers_them():
    true = [[[0, 5, "cough", "present"], [6, 11, "cough", "present"]]]
    counts = span_counts(true, [[[0, 11, "cough", "present"]]], relaxed=True)
    assert (counts.recall(), counts.precision()) == (0.5, 1.0)


def test_f1_by_hand():
    true = [[COUGH], [COUGH], []]
    said = [[COUGH], [], [COUGH]]
    assert macro_f1(true, said) == pytest.approx(2 * 1 / (2 + 2))


def test_a_span_that_is_said_and_never_true_counts_against_its_label():
    assert macro_f1([[COUGH]], [[COUGH, FEVER]]) == 0.5


def test_nothing_to_find_is_no_number():
    assert np.isnan(macro_f1([[]], [[]]))
    with pytest.raises(NotEstimable, match="no spans"):
        macro_f1_interval([[]], [[]])


def test_the_interval_of_macro_f1_is_that_of_resampled_patients():
    true, said = drawn(600)
    patient = np.arange(600) // 2
    interval = macro_f1_interval(true, said, patient=patient)
    rng = np.random.default_rng(1)
    values = []
    for _ in range(300):
        rows = (2 * rng.integers(0, 300, 300)[:, None] + [0, 1]).ravel()
        values.append(macro_f1([true[i] for i in rows], [said[i] for i in rows]))
    assert interval.half_width == pytest.approx(1.645 * np.std(values), rel=0.15)


def test_absent_mentions_that_are_asserted_are_counted_whatever_their_ends():
    true = [[[3, 8, "cough", "absent"], [20, 25, "fever", "absent"]], [COUGH]]
    said = [[[2, 6, "cough", "present"], [20, 25, "fever", "possible"]], [COUGH]]
    assert false_assertion_rate(true, said).value == 0.5


def test_without_an_absent_mention_there_is_no_false_assertion_rate():
    with pytest.raises(NotEstimable, match="No mention is absent"):
        false_assertion_rate([[COUGH]], [[COUGH]])


def test_lists_of_other_notes_are_refused():
    with pytest.raises(BadInput, match="2 notes with true spans and 1"):
        span_counts([[], []], [[]])
