"""The measures of spans in notes that a rubric may name."""

import numpy as np

from coursekit.grading.film_measures import mean_interval
from coursekit.grading.patients import LEVEL
from coursekit.metrics import gaps, spans
from coursekit.metrics.intervals import Estimate


def span_f1(patients, reply, criterion=None):
    """Macro-F1 over symptoms: a span is right with its ends, symptom and status."""
    return spans.macro_f1_interval(
        patients.y, reply.values, patient=patients.patient, level=LEVEL
    )


def false_assertions(patients, reply, criterion):
    """Share of the absent mentions that are said to be present."""
    return spans.false_assertion_rate(
        patients.y, reply.values, patient=patients.patient, level=LEVEL
    )


def recall_gap(patients, reply, criterion):
    """Largest difference in recall between two kinds of mentions or of notes.

    The attribute is a group column, or a detail of the truth with one label a span. A
    mention is found by a span that overlaps it and has its symptom and status.
    """
    gap = recall_gap_between(patients, reply, criterion)
    return Estimate(gap.value, gap.low, gap.high, LEVEL)


def recall_gap_between(patients, reply, criterion):
    """Return the gap in recall, with simultaneous limits, clustered by patient."""
    found = [
        spans.found_in_note(true, said, relaxed=True)
        for true, said in zip(patients.y, reply.values, strict=True)
    ]
    n_spans = [len(each) for each in found]
    rows = np.arange(len(found)) if patients.patient is None else patients.patient
    return gaps.gap_interval(
        np.ones(sum(n_spans), dtype=int),
        np.concatenate(found).astype(int),
        kinds(patients, criterion.attribute, n_spans),
        "sensitivity",
        patient=np.repeat(rows, n_spans),
        level=LEVEL,
    )


def kinds(patients, attribute, n_spans):
    """Return the label of every true span, of its own or of its note: (n_spans,)."""
    if attribute in patients.detail:
        return np.concatenate([np.array(each) for each in patients.detail[attribute]])
    return np.repeat(patients.groups[attribute].to_numpy(), n_spans)


def marked_identifiers(patients, reply, criterion):
    """Mean number of spans a note that touch a name, number or address."""
    touched = [
        sum(any(spans.overlaps(span, each) for each in identifiers) for span in said)
        for said, identifiers in zip(reply.values, patients.detail["phi"], strict=True)
    ]
    return mean_interval(np.array(touched), patients.patient, bounds=(0, np.inf))
