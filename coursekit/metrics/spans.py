"""How well spans marked in notes agree with the true ones.

A span is ``[start, end, label, status]``: where the wording stands in the note, what it
names, and how it is meant. *Strict* agreement is the same span; *relaxed* agreement is
a span that overlaps it and has the same label and status. Spans of one label do not
overlap within a note.
"""

from dataclasses import dataclass

import numpy as np

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.intervals import interval_from_influence


@dataclass(frozen=True)
class SpanCounts:
    """How many spans of each label there are in each note: (n_notes, n_labels) each."""

    labels: tuple
    n_true: np.ndarray
    n_predicted: np.ndarray
    n_right: np.ndarray  # true spans that are predicted

    def f1(self):
        """Return F1 by label, (n_labels,); NaN where there is nothing to find."""
        right, marked = 2 * self.n_right.sum(0), (self.n_true + self.n_predicted).sum(0)
        f1 = np.full(len(self.labels), np.nan)
        return np.divide(right, marked, out=f1, where=marked > 0)

    def precision(self):
        """Return the share of the predicted spans that are right, NaN of none."""
        return share(self.n_right.sum(), self.n_predicted.sum())

    def recall(self):
        """Return the share of the true spans that are predicted, NaN of none."""
        return share(self.n_right.sum(), self.n_true.sum())


def span_counts(true, predicted, *, relaxed=False):
    """Count true, predicted and rightly predicted spans by note and label.

    Parameters
    ----------
    true, predicted : list of list of spans, one list a note
        A span is ``[start, end, label, status]``.
    relaxed : bool, default=False
        True: an overlapping span of the same label and status is right.

    Returns
    -------
    SpanCounts
        Of all labels that occur, in the order of the alphabet.

    Raises
    ------
    BadInput
        If there are not as many lists of predicted as of true spans.

    Examples
    --------
    >>> true = [[[0, 5, "cough", "present"], [9, 14, "fever", "absent"]]]
    >>> said = [[[0, 5, "cough", "present"], [9, 14, "fever", "present"]]]
    >>> counts = span_counts(true, said)
    >>> counts.labels, counts.f1()
    (('cough', 'fever'), array([1., 0.]))
    """
    refuse_other_notes(true, predicted)
    found = [
        found_in_note(*pair, relaxed=relaxed)
        for pair in zip(true, predicted, strict=True)
    ]
    labels = tuple(
        sorted(
            {span[2] for each in (true, predicted) for note in each for span in note}
        )
    )
    right = [
        [s for s, hit in zip(note, hits, strict=True) if hit]
        for note, hits in zip(true, found, strict=True)
    ]
    return SpanCounts(
        labels, *(tally(each, labels) for each in (true, predicted, right))
    )


def refuse_other_notes(true, predicted):
    """Raise BadInput where two lists are not of the same notes."""
    if len(true) != len(predicted):
        raise BadInput(
            f"There are {len(true)} notes with true spans and {len(predicted)} with "
            "predicted ones; give one list for each note, an empty one for none."
        )


def tally(notes, labels):
    """Return how many spans of each label stand in each note."""
    place = {label: at for at, label in enumerate(labels)}
    counts = np.zeros((len(notes), len(labels)), dtype=int)
    for row, spans in enumerate(notes):
        for span in spans:
            counts[row, place[span[2]]] += 1
    return counts


def found_in_note(true, predicted, *, relaxed=False):
    """Return for each true span of a note whether it is predicted.

    Each predicted span is used once, from left to right.

    Examples
    --------
    >>> found_in_note([[0, 9, "cough", "absent"]], [[3, 9, "cough", "absent"]])
    [False]
    >>> found_in_note([[0, 9, "cough", "absent"]], [[3, 9, "cough", "absent"]],
    ...     relaxed=True)
    [True]
    """
    left = sorted(map(tuple, predicted))
    found = []
    for span in true:
        match = next((other for other in left if agrees(span, other, relaxed)), None)
        if match is not None:
            left.remove(match)
        found.append(match is not None)
    return found


def agrees(span, other, relaxed):
    """Return True where a predicted span agrees with a true one."""
    if relaxed:
        return overlaps(span, other) and tuple(span[2:]) == tuple(other[2:])
    return tuple(span) == tuple(other)


def overlaps(span, other):
    """Return True where two spans share a character."""
    return span[0] < other[1] and other[0] < span[1]


def share(part, whole):
    """Return a share, NaN of nothing."""
    return float(part / whole) if whole else float("nan")


def macro_f1(true, predicted, *, relaxed=False):
    """Return the mean of F1 over the labels that occur, NaN where none does.

    Parameters
    ----------
    true, predicted, relaxed
        As for `span_counts`.

    Returns
    -------
    float
        In [0, 1].

    Examples
    --------
    >>> true = [[[0, 5, "cough", "present"], [9, 14, "fever", "absent"]]]
    >>> macro_f1(true, [[[0, 5, "cough", "present"]]])
    0.5
    """
    f1 = span_counts(true, predicted, relaxed=relaxed).f1()
    return float(np.nanmean(f1)) if np.isfinite(f1).any() else float("nan")


def macro_f1_interval(true, predicted, *, relaxed=False, patient=None, level=0.90):
    """Return macro-F1 with its interval, clustered by patient.

    From influence values: F1 is a ratio of sums over notes.

    Parameters
    ----------
    true, predicted, relaxed
        As for `span_counts`.
    patient : array-like of shape (n_notes,), optional
        None means one note a patient.
    level : float in (0, 1)

    Returns
    -------
    Estimate

    Raises
    ------
    NotEstimable
        If there is no span at all.

    Examples
    --------
    >>> true = [[[0, 5, "cough", "present"]]] * 4
    >>> macro_f1_interval(true, [*true[:3], []]).value
    0.8571428571428571
    """
    counts = span_counts(true, predicted, relaxed=relaxed)
    if not counts.labels:
        raise NotEstimable("There are no spans, neither true nor predicted.")
    f1 = counts.f1()
    marked = counts.n_true + counts.n_predicted
    influence = (2 * counts.n_right - f1 * marked) / marked.mean(axis=0)
    return interval_from_influence(
        f1.mean(), influence.mean(axis=1), patient, level, (0, 1)
    )


def false_assertion_rate(true, predicted, *, patient=None, level=0.90):
    """Return the share of absent mentions that are said to be present.

    Parameters
    ----------
    true, predicted
        As for `span_counts`.
    patient, level
        As for `macro_f1_interval`.

    Returns
    -------
    Estimate

    Raises
    ------
    NotEstimable
        If no mention is absent.

    Examples
    --------
    >>> true = [[[3, 8, "cough", "absent"]], [[3, 8, "fever", "absent"]]]
    >>> false_assertion_rate(true, [[[3, 8, "cough", "present"]], []]).value
    0.5
    """
    refuse_other_notes(true, predicted)
    absent = [[span for span in note if span[3] == "absent"] for note in true]
    n_absent = np.array([len(note) for note in absent])
    wrong = np.array(
        [
            sum(found_in_note(asserted(note), said, relaxed=True))
            for note, said in zip(absent, predicted, strict=True)
        ]
    )
    if not n_absent.any():
        raise NotEstimable("No mention is absent in these notes.")
    rate = wrong.sum() / n_absent.sum()
    influence = (wrong - rate * n_absent) / n_absent.mean()
    return interval_from_influence(rate, influence, patient, level, (0, 1))


def asserted(spans):
    """Return spans as if they were present."""
    return [[*span[:3], "present"] for span in spans]
