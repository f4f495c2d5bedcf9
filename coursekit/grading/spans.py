"""What spans in a note must be, and the first thing that is wrong with some.

A span is ``[start, end, symptom, status]``: where the wording stands in the note, in
characters from 0 with the end outside, what it names, and how it is meant.
"""

import json
from itertools import pairwise

from coursekit.datasets.note_words import STATUSES, SYMPTOMS

FEW = 0.01  # of the notes may have bad spans, which then count as nothing found


def wrong_spans(values, notes):
    """Return what is wrong with the first bad spans, in words; empty where none are.

    Parameters
    ----------
    values : list
        For each note what came back: a list of spans, sorted by start, then end.
    notes : list of str

    Returns
    -------
    str

    Examples
    --------
    >>> wrong_spans([[[0, 5, "cough", "present"]]], ["Cough."])
    ''
    >>> wrong_spans([[[0, 9, "cough", "present"]]], ["Cough."])
    'returned [0, 9, "cough", "present"] for a note of 6 characters (note 0).'
    """
    for number, (spans, note) in enumerate(zip(values, notes, strict=True)):
        if seen := wrong_in_note(spans, note):
            return f"returned {seen} (note {number})."
    return ""


def without_wrong(values, notes):
    """Return the spans of each note, none where they are wrong, and how many were.

    Examples
    --------
    >>> cough = [[0, 5, "cough", "present"]]
    >>> without_wrong([cough, [[0, 9, "cough", "present"]]], ["Cough.", "Cough."])
    ([[[0, 5, 'cough', 'present']], []], 1)
    """
    wrong = [bool(wrong_in_note(*each)) for each in zip(values, notes, strict=True)]
    kept = [[] if bad else spans for spans, bad in zip(values, wrong, strict=True)]
    return kept, sum(wrong)


def wrong_in_note(spans, note):
    """Return what is wrong with the spans of one note, in words."""
    if spans is None:
        return "None, not a list of spans: is a return missing?"
    if not isinstance(spans, list):
        return f"{shortly(spans)}, not a list of spans"
    for span in spans:
        if seen := wrong_in_span(span, len(note)):
            return f"{shortly(span)} {seen}"
    for one, other in pairwise(spans):
        if one[:2] > other[:2]:
            return f"{shortly(other)} after {shortly(one)}: sort them by their start"
    return overlapping(spans)


def wrong_in_span(span, n_characters):
    """Return what is wrong with one span, in words."""
    if not isinstance(span, list) or len(span) != 4:
        return "as a span; it must be (start, end, symptom, status)"
    start, end, symptom, status = span
    if type(start) is not int or type(end) is not int:
        return "as a span; start and end must be whole numbers"
    if not 0 <= start < end <= n_characters:
        return f"for a note of {n_characters} characters"
    if symptom not in SYMPTOMS:
        return f"with a symptom that is none of {', '.join(SYMPTOMS)}"
    if status not in STATUSES:
        return f"with a status that is none of {', '.join(STATUSES)} (small letters)"
    return ""


def overlapping(spans):
    """Return which two spans of the same symptom overlap, in words."""
    last = {}
    for span in spans:
        before = last.get(span[2])
        if before is not None and span[0] < before[1]:
            return f"{shortly(before)} and {shortly(span)}, which overlap"
        last[span[2]] = span
    return ""


def shortly(value):
    """Return a value as JSON, in at most 80 characters.

    Examples
    --------
    >>> shortly([1, 2, "cough"])
    '[1, 2, "cough"]'
    """
    text = json.dumps(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
