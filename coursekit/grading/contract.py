"""What an answer promises, and what is said when it breaks the promise.

A reply is what came back for one serving: plain numbers or JSON values. The
checks here look at nothing else, so they are the same for the local check, the
certificate and the marks.
"""

from dataclasses import dataclass, field

import numpy as np

from coursekit.grading.clusterings import wrong_clusterings
from coursekit.grading.dealing import adrift, too_even
from coursekit.grading.repeats import cause, fingerprints, first_batch
from coursekit.grading.spans import FEW, without_wrong, wrong_spans
from coursekit.grading.tables import wrong_folds, wrong_tables
from coursekit.grading.verdicts import (
    wrong_explanations,
    wrong_numbers,
    wrong_verdicts,
)

CASES = ("verdict", "numbers", "explanation", "clustering", "table", "folds")

SCORE_TOLERANCE = 1e-5  # scores of the same patient in two batches
FLIP_SHARE = 0.001  # decisions of the same patient in two batches


@dataclass(frozen=True)
class Reply:
    """What an answer replied to one serving."""

    values: object  # (n,) float64, (n, h, w) of a map or mask, or a list of JSON values
    repeats: np.ndarray = field(default_factory=lambda: np.empty((0, 3)))
    status: str = "ok"  # "cut-off": the run ended before all was answered
    reason: str = ""
    modified_input: bool = False
    dealt: np.ndarray | None = None  # (n_asked, 2) batch and row, as they were asked


@dataclass(frozen=True)
class Breach:
    """One thing that went wrong: a feedback code and what was seen."""

    code: str
    seen: str
    kind: str = "contract"  # the points under which a student reads about it


def breaches(answer, reply, groups=None, inputs=None):
    """Return the promises that a reply breaks, the gravest first.

    Parameters
    ----------
    answer : Answer
    reply : Reply
    groups : DataFrame, optional
        Of the patients; rates made equal between groups in each batch are found.
    inputs : object, optional
        What was asked about; spans are checked against the notes that they are of.

    Returns
    -------
    list of Breach
        Empty where the contract is kept.

    Examples
    --------
    >>> from coursekit.grading.rubric import Answer
    >>> reply = Reply(np.array([0.2, 1.4]))
    >>> [breach.code for breach in breaches(Answer("model", "risk"), reply)]
    ['OUT-OF-RANGE']
    """
    if reply.status == "cut-off":
        return [Breach("CUT-OFF", reply.reason)]
    if reply.status != "ok":
        return [Breach("NO-REPLY", reply.reason or reply.status)]
    if answer.contract == "function":
        return []
    found = broken_values(answer, reply.values, inputs)
    if answer.contract not in CASES:  # each of them comes once, and by itself
        found = (
            found
            or broken_repeats(answer, reply)
            or broken_dealing(answer, reply, groups)
        )
    if reply.modified_input:
        found.append(Breach("INPUT-MODIFIED", "The table that was handed in changed."))
    return found


def broken_values(answer, values, inputs=None):
    """Find values that are not finite, not in range, or not decisions."""
    if answer.contract == "spans":
        return broken_spans(answer, values, inputs)
    if answer.contract in CASES:
        return broken_cases(answer, values, inputs)
    n_bad = int(np.sum(~np.isfinite(values)))
    if n_bad:
        return [Breach("NOT-FINITE", f"{n_bad} of {values.size} values are no number.")]
    if answer.contract == "mask" and values.max(initial=0) > 1:
        seen = f"{answer.name} returned {values.max():g}, not 0 or 1."
        return [Breach("NOT-A-MASK", seen)]
    if answer.contract == "map":
        seen = f"{answer.name} returned {values.min():.3g}."
        return [Breach("NEGATIVE-MAP", seen)] if values.min() < 0 else []
    if answer.contract == "decision":
        odd = ~np.isin(values, (0.0, 1.0))
        if odd.any():
            seen = f"{answer.name} returned {values[odd][0]:g}, not 0 or 1."
            return [Breach("NOT-A-DECISION", seen)]
    elif answer.contract == "risk" and (values.min() < 0 or values.max() > 1):
        seen = f"Values run from {values.min():.3g} to {values.max():.3g}."
        return [Breach("OUT-OF-RANGE", seen)]
    return []


def broken_cases(answer, values, cases):
    """Find answers about cases that are none."""
    match answer.contract:
        case "verdict":
            seen, code = wrong_verdicts(values, answer), "BAD-VERDICT"
        case "numbers":
            seen, code = wrong_numbers(values, answer), "BAD-NUMBERS"
        case "explanation":
            seen, code = wrong_explanations(values, cases), "BAD-EXPLANATION"
        case "table":
            seen, code = wrong_tables(values, answer, cases), "BAD-TABLE"
        case "folds":
            seen, code = wrong_folds(values, answer, cases), "BAD-FOLDS"
        case "clustering":
            seen, code = wrong_clusterings(values, cases), "BAD-CLUSTERING"
    return [Breach(code, f"{answer.name} {seen}")] if seen else []


def broken_spans(answer, values, notes):
    """Find spans that are none; in a few notes only, they cost the contract alone."""
    seen = wrong_spans(values, notes)
    if not seen:
        return []
    n_wrong = without_wrong(values, notes)[1]
    seen = f"{answer.name} {seen} {n_wrong} of {len(values)} notes have such spans."
    few = n_wrong <= FEW * len(values)
    return [Breach("FEW-BAD-SPANS" if few else "BAD-SPANS", seen)]


def broken_repeats(answer, reply):
    """Find patients who got another answer when they came again, and name the cause."""
    first, second = reply.repeats[:, 1], reply.repeats[:, 2]
    differs = ~(np.abs(first - second) <= tolerance(answer, reply.values))
    allowed = 0
    if answer.contract == "decision":
        allowed = max(1, FLIP_SHARE * len(first))
    if differs.sum() <= allowed:
        return []
    seen = (
        f"{answer.name} gave {int(differs.sum())} of {len(first)} patients another "
        "answer when they came a second time."
    )
    if reply.dealt is None:
        return [Breach("BATCH-DEPENDENT", seen)]
    values = fingerprints(reply.values)
    return [Breach(cause(values, reply.repeats, reply.dealt), seen)]


def tolerance(answer, values):
    """Return by how much two answers for one patient may differ: a mask by a pixel.

    Sums of another order, as in a batch of another size, move a risk by a rounding
    and now and then a pixel over its cut-off.
    """
    if answer.contract == "mask":
        return 1 / np.sqrt(values[0].size)
    return SCORE_TOLERANCE


def broken_dealing(answer, reply, groups):
    """Find batches that differ less, or more, than patients dealt at random would."""
    if reply.dealt is None:
        return []
    values = fingerprints(reply.values)
    batch = first_batch(reply.dealt, len(values))
    groups = None if groups is None else groups.iloc[: len(values)]
    found = {
        "BATCH-DEPENDENT": too_even(values, batch, groups),
        "DRIFTING-ANSWERS": adrift(values, batch),
    }
    return [
        Breach(code, f"{answer.name}: {seen}") for code, seen in found.items() if seen
    ]


def gravely(found):
    """Return the breaches that make an answer ungradable."""
    harmless = {"INPUT-MODIFIED", "FEW-BAD-SPANS"}
    return [breach for breach in found if breach.code not in harmless]
