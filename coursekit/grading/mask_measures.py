"""The measures of masks that a rubric may name.

Means are over the slices that truly have a lesion, so that no answer chooses the
slices it is judged on.
"""

import numpy as np

from coursekit.grading.film_measures import counted_among, mean_interval
from coursekit.grading.patients import LEVEL
from coursekit.metrics import overlap_intervals
from coursekit.metrics.lesions import lesion_counts


def dice(patients, reply, criterion):
    """Mean overlap with the true mask, over the slices of one kind with a lesion."""
    rows = counted_among(patients, criterion)
    patient = None if patients.patient is None else patients.patient[rows]
    return overlap_intervals.mean_dice_interval(
        patients.y[rows], reply.values[rows], patient=patient, level=LEVEL
    )


def lesion_sensitivity(patients, reply, criterion):
    """Share of the true lesions that are found."""
    return overlap_intervals.lesion_sensitivity_interval(
        patients.y, reply.values, patient=patients.patient, level=LEVEL
    )


def false_lesions(patients, reply, criterion):
    """Mean number of lesions a slice that are none."""
    counts = lesion_counts(patients.y, reply.values)
    return mean_interval(counts.n_false, patients.patient, bounds=(0, np.inf))


def dice_gap(patients, reply, criterion):
    """Largest difference of mean Dice between two groups of one attribute."""
    return overlap_intervals.dice_gap_interval(
        *(patients.y, reply.values, patients.groups[criterion.attribute].to_numpy()),
        patient=patients.patient,
        level=LEVEL,
    )


def volume_bias(patients, reply, criterion):
    """Largest share by which a group's lesions are drawn too large or too small.

    On slices with a lesion: what is drawn into healthy heads is counted as false
    lesions and cannot make up for lesions drawn too small. Without an attribute: that
    of all lesions together.
    """
    rows = patients.y.any(axis=(1, 2))
    group = np.zeros(len(rows), dtype=int)
    if criterion.attribute:
        group = patients.groups[criterion.attribute].to_numpy()
    return overlap_intervals.volume_bias_by_group_interval(
        *(patients.y[rows], reply.values[rows], group[rows]),
        patient=None if patients.patient is None else patients.patient[rows],
        level=LEVEL,
    )
