"""Put a serving to a function in this process, as the runner puts it to a kernel."""

import json

import numpy as np

from coursekit.datasets.cohort import take_rows
from coursekit.grading.contract import Reply
from coursekit.grading.repeats import fingerprints
from coursekit.grading.replying import (
    ItemFailed,
    as_type,
    ask_each,
    copied,
    each_is,
    plain,
    same_input,
)

N_BATCHES = 16  # enough to show batches that were made equal


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
        return ask_in_batches(function, serving, n_batches, random_state)
    except ItemFailed as error:
        reason = f"{serving.answer} {error}"
        return Reply(None, status="failed", reason=reason[:500])
    except Exception as error:
        reason = f"{serving.answer} raised {type(error).__name__}: {error}"
        return Reply(None, status="failed", reason=reason[:500])


def ask_in_batches(function, serving, n_batches, random_state):
    """Ask batch by batch, with some rows repeated in another batch or in the same."""
    n_rows = len(serving.inputs)
    rng = np.random.default_rng(random_state)
    batches = np.array_split(rng.permutation(n_rows), max(1, min(n_batches, n_rows)))
    values = no_answers(serving)
    repeats, dealt, modified = [], [], False
    for number, rows in enumerate(batches):
        again = come_again(batches, number, serving.repeat_share, rng)
        asked = np.concatenate([rows, again]).astype(int)
        batch = take_rows(serving.inputs, asked)
        before = copied(batch)
        replied = answers_of(function, batch, serving)
        modified = modified or not same_input(before, batch)
        put(values, rows, replied)
        first, second = take_rows(values, again), replied[len(rows) :]
        repeats.append(
            np.column_stack([again, fingerprints(first), fingerprints(second)])
        )
        dealt.append(np.column_stack([np.full(len(asked), number), asked]))
    repeats, dealt = np.concatenate(repeats), np.concatenate(dealt)
    return Reply(values, repeats, modified_input=modified, dealt=dealt)


def no_answers(serving):
    """Return where all answers to a serving go: an array of zeros, or a list."""
    if serving.reply == "json":
        return [None] * len(serving.inputs)
    return np.zeros(serving.reply_shape, dtype=serving.reply)


def put(values, rows, replied):
    """Put the first answers of a batch to their rows."""
    if isinstance(values, np.ndarray):
        values[rows] = replied[: len(rows)]
        return
    for at, row in enumerate(rows):
        values[row] = replied[at]


def answers_of(function, batch, serving):
    """Put a batch to a function; return its answers as they would travel."""
    if serving.reply == "json":
        replied = ask_each(function, batch, shown=True)
        return json.loads(json.dumps(replied, default=plain))
    return numbers(function(batch), len(batch), serving)


def come_again(batches, number, share, rng):
    """Return rows of the batch before to repeat in this one, and some of its own."""
    before, own = batches[number - 1], batches[number]
    n_before = round(share * len(own)) if number else 0
    n_own = round(share * len(own) / 4)
    own = rng.choice(own, n_own, replace=False)
    return np.concatenate([rng.choice(before, n_before, replace=False), own])


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
