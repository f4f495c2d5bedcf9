"""The measure of a split: whether a patient's rows are in one fold."""

import numpy as np

from coursekit.grading.verdict_measures import exactly


def patients_together(patients, reply, criterion=None):
    """Share of patients with several rows who are in one fold, above chance.

    0 is what comes to who deals rows by lot; 1: no patient is in two folds.
    """
    seen, chance = [], []
    for truth, folds in zip(patients.y, reply.values, strict=True):
        if truth["whole"]:
            person, fold = np.array(truth["person"]), np.array(folds)
            sizes = np.bincount(fold) / len(fold)
            for one in np.flatnonzero(np.bincount(person) > 1):
                rows = person == one
                seen.append(len(set(fold[rows])) == 1)
                chance.append(np.sum(sizes ** rows.sum()))
    by_lot = np.mean(chance)
    return exactly((np.mean(seen) - by_lot) / (1 - by_lot))
