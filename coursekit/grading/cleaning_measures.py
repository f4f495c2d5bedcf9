"""The measures of cleaned tables that a rubric may name, and the one of splits.

The truth of a case is a log of every cell that is not as it should be, and the table as
it should be, as `coursekit.datasets.make_messy_cases` has them. Early copies of cases
count for `filled_the_same` alone.
"""

from functools import lru_cache

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.grading.cleaned import (
    LOOK_AHEAD,
    NAMES,
    NOT_ORDERED,
    TWICE,
    blank,
    cleaned,
)
from coursekit.grading.downstream import auroc_of, prepared, truly
from coursekit.grading.fold_measures import patients_together
from coursekit.grading.tables import KEY
from coursekit.grading.verdict_measures import exactly

FILLED = 0.9  # share of missing values that must be filled in to be judged
NO_BETTER = 1.15  # error from which filling in is worse than one value for all
SLIGHT = 0.01  # share added to both shares of rows, so that none is not divided by
AGAIN = 1e-3  # relative difference of values that are filled in alike


LAST = {}  # the reply that was looked at last, and what came of it


def pairs_of(patients, reply):
    """Return each case's reply beside its truth, as pairs (truth, Cleaned).

    Every measure needs them, so those of the last reply are kept.
    """
    if not (LAST.get("truth") is patients.y and LAST.get("reply") is reply):
        pairs = [
            (truth, cleaned(truth, said))
            for truth, said in zip(patients.y, reply.values, strict=True)
        ]
        LAST.update(truth=patients.y, reply=reply, pairs=pairs)
    return LAST["pairs"]


def whole(patients, reply):
    """Return the cases that are no early copies, each as `Cleaned`."""
    return [each for truth, each in pairs_of(patients, reply) if truth["whole"]]


def fault_recall(patients, reply, criterion=None):
    """Share of the mishaps that were found: the mean over the kinds of fault.

    A mishap is found where one of its cells was changed or blanked; a column that is
    not known yet, where it was left out; an encounter entered twice, where one row was.
    """
    return exactly(np.mean(list(recall_by_fault(patients, reply).values())))


def recall_by_fault(patients, reply):
    """Return fault -> share of its mishaps that were found."""
    n_there, n_found = {}, {}
    for case in whole(patients, reply):
        for fault, found in mishaps(case):
            n_there[fault] = n_there.get(fault, 0) + 1
            n_found[fault] = n_found.get(fault, 0) + found
    return {fault: n_found[fault] / n for fault, n in n_there.items()}


@lru_cache(maxsize=32)
def mishaps(case):
    """Return the mishaps of a case that were to be found: (fault, was it found)."""
    spoilt = {}
    changed = case.changes
    there = {name: ~blank(values) for name, values in case.given.items()}
    excused = case.dropped_rightly()
    cells = zip(
        *(case.log[k] for k in ("row", "column", "fault", "event")), strict=True
    )
    for row, name, fault, event in cells:
        if fault == TWICE and name == KEY:
            spoilt.setdefault((fault, event), []).append(not case.kept[row])
        elif fault == LOOK_AHEAD:
            gone = name not in there or not there[name][row]
            spoilt.setdefault((fault, event), []).append(gone)
        elif fault not in (TWICE, NOT_ORDERED) and not excused[row]:
            spoilt.setdefault((fault, event), []).append(bool(changed[name][row]))
    return [
        (fault, all(seen) if fault == LOOK_AHEAD else any(seen))
        for (fault, _), seen in spoilt.items()
    ]


def fault_precision(patients, reply, criterion=None):
    """Share of what was changed that was wrong: the mean over columns.

    What was missing and is filled in does not count, nor do names. Rows that were left
    out count as one more column; right are those that were entered twice.

    Raises
    ------
    NotEstimable
        If nothing was changed.
    """
    n_right, n_changed = {}, {}
    for case in whole(patients, reply):
        for name, (right, changed) in changes(case).items():
            n_right[name] = n_right.get(name, 0) + right
            n_changed[name] = n_changed.get(name, 0) + changed
    shares = [n_right[name] / n for name, n in n_changed.items() if n]
    if not shares:
        raise NotEstimable("Nothing in these tables was changed.")
    return exactly(np.mean(shares))


def changes(case):
    """Return column -> how many changes were right, and how many there were."""
    counted = {}
    for name in case.true:
        if name not in (KEY, *NAMES):
            changed = case.changes[name]
            right = int((changed & case.logged(name)).sum())
            counted[name] = right, int(changed.sum())
    dropped = int((~case.kept).sum())
    return counted | {"rows": (int(case.dropped_rightly().sum()), dropped)}


def cleaning_f1(patients, reply, criterion=None):
    """Harmonic mean of `fault_recall` and `fault_precision`; 0 if nothing was found."""
    recall = fault_recall(patients, reply).value
    try:
        precision = fault_precision(patients, reply).value
    except NotEstimable:
        return exactly(0.0)
    total = recall + precision
    return exactly(2 * recall * precision / total if total else 0.0)


def auroc_loss(patients, reply, criterion=None):
    """How much AUROC a fixed model loses on the cleaned tables, against the true ones.

    The grader fits it to what was admitted early, and ranks what came later.

    Raises
    ------
    NotEstimable
        If a table holds columns that are filled in at discharge.
    """
    cases = whole(patients, reply)
    if recall_by_fault(patients, reply).get(LOOK_AHEAD, 1.0) < 1:
        raise NotEstimable(
            "Columns that are filled in at discharge are in these tables: how a model "
            "would do that has not got them yet cannot be seen."
        )
    best = auroc_of([prepared(truly(case)) for case in cases])
    return exactly(best - auroc_of([prepared(case) for case in cases]))


def imputation_ratio(patients, reply, criterion=None):
    """Error of the values filled in for group B, divided by that for group A.

    The error is absolute, in standard deviations of the column. Group A's counts as
    at most that of the median for all: to fill in A badly makes no ratio better.

    Raises
    ------
    NotEstimable
        If fewer than 90 % were filled in, in either group, or the error is so large
        that the median for all were better.
    """
    cases = whole(patients, reply)
    errors, plainest = {"A": [], "B": []}, {"A": [], "B": []}
    for name in unordered(cases):
        true = np.concatenate([case.true[name] for case in cases])
        spread, middle = np.std(true), np.median(true)
        for case in cases:
            rows = case.missing(name) & case.kept
            for group, seen in errors.items():
                there = rows & (case.group == group)
                seen.append((case.given[name] - case.true[name])[there] / spread)
                plainest[group].append((middle - case.true[name])[there] / spread)
    errors, plainest = (
        {group: np.abs(np.concatenate(seen)) for group, seen in each.items()}
        for each in (errors, plainest)
    )
    refuse_unfilled(errors, plainest)
    in_a = min(np.nanmean(errors["A"]), plainest["A"].mean())
    in_b = np.nanmean(errors["B"])
    return exactly(in_b / max(in_a, 1e-9) if in_b > 1e-9 else 1.0)


def unordered(cases):
    """Return the columns in which some values were not ordered."""
    return sorted(
        {
            str(name)
            for case in cases
            for name in case.log["column"][case.log["fault"] == NOT_ORDERED]
        }
    )


def refuse_unfilled(errors, plainest):
    """Raise NotEstimable where values were left out, or filled in without sense."""
    for group, seen in errors.items():
        if not len(seen) or np.isnan(seen).mean() > 1 - FILLED:
            raise NotEstimable(f"Missing values of group {group} were not filled in.")
    seen, plain = (np.concatenate([*each.values()]) for each in (errors, plainest))
    if np.nanmean(seen) > NO_BETTER * plain.mean():
        raise NotEstimable("The values filled in are worse than the median for all.")


def dropped_ratio(patients, reply, criterion=None):
    """Share of encounters of group B that were left out, divided by that of A.

    An encounter that was entered twice is left out where both rows are. Both shares
    count one in a hundred more, so that a single row decides nothing.
    """
    lost = {"A": [], "B": []}
    for case in whole(patients, reply):
        for group, seen in lost.items():
            inside = (case.group == group) & ~case.dropped_rightly()
            seen.append(~case.kept[inside])
    shares = {group: np.concatenate(seen).mean() for group, seen in lost.items()}
    return exactly((shares["B"] + SLIGHT) / (shares["A"] + SLIGHT))


def filled_the_same(patients, reply, criterion=None):
    """Share of the values filled in that stay as they are without the later rows.

    Raises
    ------
    NotEstimable
        If no case has an early copy, or values were not filled in.
    """
    by_pair = {}
    for truth, case in pairs_of(patients, reply):
        if truth["pair"] is not None:
            by_pair.setdefault(truth["pair"], {})[truth["whole"]] = truth, case
    alike = []
    for each in by_pair.values():
        if len(each) == 2:
            alike += filled_alike(each[True][1], *each[False])
    if not alike or np.mean([seen is None for seen in alike]) > 1 - FILLED:
        raise NotEstimable("Missing values were not filled in.")
    return exactly(np.mean([seen for seen in alike if seen is not None]))


def filled_alike(case, truth, copy):
    """Return which missing values were filled in alike; None where they were not."""
    found = []
    for name in unordered([copy]):
        rows = np.flatnonzero(copy.missing(name))
        one, other = (
            case.given[name][np.array(truth["place"])[rows]],
            copy.given[name][rows],
        )
        apart = np.abs(one - other) <= AGAIN * np.abs(one)
        unfilled = np.isnan(one) | np.isnan(other)
        found += [
            None if no else bool(yes) for no, yes in zip(unfilled, apart, strict=True)
        ]
    return found


MEASURES = {
    "fault_recall": fault_recall,
    "fault_precision": fault_precision,
    "cleaning_f1": cleaning_f1,
    "auroc_loss": auroc_loss,
    "imputation_ratio": imputation_ratio,
    "dropped_ratio": dropped_ratio,
    "filled_the_same": filled_the_same,
    "patients_together": patients_together,
}
FALLING = ("auroc_loss", "imputation_ratio", "dropped_ratio")
WORDS = {
    "fault_recall": "share of faults found",
    "fault_precision": "share of changes that were right",
    "cleaning_f1": "F1 of faults found",
    "auroc_loss": "loss of AUROC",
    "imputation_ratio": "ratio of errors",
    "dropped_ratio": "ratio of rows left out",
    "filled_the_same": "share of values that stay",
    "patients_together": "share of patients in one fold above chance",
}
