"""What an answer promises, and what is said when it breaks the promise.

A reply is what came back for one serving: plain numbers or JSON values. The
checks here look at nothing else, so they are the same for the local check, the
certificate and the marks.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from coursekit.grading.dealing import adrift, too_even
from coursekit.grading.repeats import cause, fingerprints, first_batch

SCORE_TOLERANCE = 1e-5  # scores of the same patient in two batches
FLIP_SHARE = 0.001  # decisions of the same patient in two batches
N_BATCHES = 16  # in this process; enough to show batches that were made equal


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


def breaches(answer, reply, groups=None):
    """Return the promises that a reply breaks, the gravest first.

    Parameters
    ----------
    answer : Answer
    reply : Reply
    groups : DataFrame, optional
        Of the patients; rates made equal between groups in each batch are found.

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
    found = (
        broken_values(answer, reply.values)
        or broken_repeats(answer, reply)
        or broken_dealing(answer, reply, groups)
    )
    if reply.modified_input:
        found.append(Breach("INPUT-MODIFIED", "The table that was handed in changed."))
    return found


def broken_values(answer, values):
    """Find values that are not finite, not in range, or not decisions."""
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
    harmless = {"INPUT-MODIFIED"}
    return [breach for breach in found if breach.code not in harmless]


def ask(function, serving, *, n_batches=N_BATCHES, random_state=0):
    """Put a serving to a function in this process and return its reply.

    The rows are shuffled into a few batches and some come twice, as when the
    hidden patients are served. An exception in the function becomes a reply that
    says so.

    Parameters
    ----------
    function : callable
    serving : Serving
    n_batches : int, default=16
    random_state : int, default=0

    Returns
    -------
    Reply
    """
    try:
        if serving.reply == "json":
            return Reply([function(**item) for item in serving.inputs])
        return ask_in_batches(function, serving, n_batches, random_state)
    except Exception as error:
        reason = f"{serving.answer} raised {type(error).__name__}: {error}"
        return Reply(None, status="failed", reason=reason[:500])


def ask_in_batches(function, serving, n_batches, random_state):
    """Ask batch by batch, with some rows repeated in another batch or in the same."""
    from coursekit.datasets.cohort import take_rows

    n_rows = len(serving.inputs)
    rng = np.random.default_rng(random_state)
    batches = np.array_split(rng.permutation(n_rows), max(1, min(n_batches, n_rows)))
    values = np.zeros(serving.reply_shape, dtype=serving.reply)
    repeats, dealt, modified = [], [], False
    for number, rows in enumerate(batches):
        again = come_again(batches, number, serving.repeat_share, rng)
        asked = np.concatenate([rows, again]).astype(int)
        batch = take_rows(serving.inputs, asked)
        before = batch.copy()
        replied = numbers(function(batch), len(asked), serving)
        modified = modified or not same_input(before, batch)
        values[rows] = replied[: len(rows)]
        twice = fingerprints(values[again]), fingerprints(replied[len(rows) :])
        repeats.append(np.column_stack([again, *twice]))
        dealt.append(np.column_stack([np.full(len(asked), number), asked]))
    repeats, dealt = np.concatenate(repeats), np.concatenate(dealt)
    return Reply(values, repeats, modified_input=modified, dealt=dealt)


def come_again(batches, number, share, rng):
    """Return rows of the batch before to repeat in this one, and some of its own."""
    before, own = batches[number - 1], batches[number]
    n_before = round(share * len(own)) if number else 0
    n_own = round(share * len(own) / 4)
    own = rng.choice(own, n_own, replace=False)
    return np.concatenate([rng.choice(before, n_before, replace=False), own])


def same_input(before, after):
    """Return True where a batch is as it was before an answer saw it."""
    if isinstance(before, pd.DataFrame):
        return before.equals(after)
    return np.array_equal(before, after)


def numbers(replied, n_rows, serving):
    """Return a reply as the numbers that were asked for, or say what is wrong.

    Raises
    ------
    ValueError
        If it has another shape, or values of another type.
    """
    values = np.asarray(replied)
    shape = (n_rows, *serving.item_shape)
    if values.shape != shape:
        raise ValueError(
            f"{serving.answer} returned an array of shape {values.shape} for {n_rows} "
            f"patients; it must be {shape}, one {each_is(serving.item_shape)} each."
        )
    try:
        return as_type(values, serving.reply)
    except ValueError as error:
        raise ValueError(f"{serving.answer} returned {error}") from None


def each_is(item_shape):
    """Return in a word what comes back for one row."""
    return "picture" if item_shape else "number"


def as_type(values, wanted):
    """Return numbers as the type in which they travel.

    Raises
    ------
    ValueError
        If they are no numbers, or cannot be told in that type.

    Examples
    --------
    >>> as_type(np.array([True, False]), "float64")
    array([1., 0.])
    >>> as_type(np.array([0.5]), "uint8")
    Traceback (most recent call last):
        ...
    ValueError: 0.5, where a mask has only 0 and 1: (risk >= 0.5).astype(np.uint8).
    """
    if values.dtype.kind not in "biuf":
        raise ValueError(f"values of type {values.dtype}; they must be numbers.")
    if np.dtype(wanted).kind == "u":
        odd = ~((values >= 0) & (values <= 255) & (values == np.floor(values)))
        if odd.any():
            raise ValueError(
                f"{values[odd][0]:g}, where a mask has only 0 and 1: "
                "(risk >= 0.5).astype(np.uint8)."
            )
    with np.errstate(over="ignore"):
        return values.astype(wanted)
