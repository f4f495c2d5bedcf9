"""Ask a student's kernel one serving, and collect what it answers."""

import functools
from dataclasses import dataclass, field

import numpy as np

from coursekit.autograde.frames import BadReply, words
from coursekit.autograde.link import Broken, Overdue, Stopped
from coursekit.autograde.plan import plan, twins
from coursekit.autograde.wire import (
    VALUES_CAP,
    decode_numbers,
    decode_values,
    size_of,
    spelling,
)
from coursekit.datasets.cohort import take_rows
from coursekit.grading.repeats import fingerprints

JSON_CAP = 10_000_000  # bytes of all JSON answers to one serving
GRACE = 5.0  # seconds after a batch's deadline, which the kernel watches first
TROUBLES = ("failed", "missing", "timeout", "bad-reply")


@dataclass
class Collected:
    """What one serving has brought so far."""

    name: str
    rows: int
    values: object  # (rows, ...) numbers, NaN or 0 where never answered; or a list
    repeats: list = field(default_factory=list)  # of (row, first, second)
    asked: np.ndarray | None = None  # (rows,) True where answered
    dealt: list = field(default_factory=list)  # of (n, 2) batch and row, as asked
    n_bytes: int = 0  # of all replies
    finished: bool = False  # False: the run ended before this serving did
    status: str = "missing"
    reason: str = "It was not asked."
    modified: bool = False

    def state(self):
        """Return what stands in run.json about this serving."""
        return {
            "status": self.status,
            "reason": self.reason,
            "rows": self.rows,
            "answered": int(self.asked.sum()),
            "repeated": len(self.repeats),
            "modified_input": self.modified,
            "finished": self.finished,
        }


def nothing_yet(serving):
    """Return a `Collected` before the first answer."""
    rows = len(serving.inputs)
    if serving.reply == "json":
        values = [None] * rows
    else:
        values = np.zeros(serving.reply_shape, dtype=serving.reply)
        if values.dtype.kind == "f":
            values[:] = np.nan
    return Collected(serving.name, rows, values, asked=np.zeros(rows, dtype=bool))


def collect(link, serving, seed, seconds, collected, tell):
    """Serve all batches of one serving; what goes wrong is its status.

    Parameters
    ----------
    link : Link
    serving : Serving
    seed : str
        Where the order of the rows comes from.
    seconds : float
        Time for one batch.
    collected : Collected
        Filled in place, so that a run that is stopped keeps its part.
    tell : callable
        Called with the number of batches answered and of all.
    """
    batches = plan(len(serving.inputs), serving.batch_sizes, serving.repeat_share, seed)
    collected.status, collected.reason = "ok", ""
    for number, rows in enumerate(batches):
        tell(number, len(batches))
        try:
            answer = ask_batch(link, serving, rows, seconds, collected)
        except BadReply as error:
            fail(collected, "bad-reply", f"{serving.answer}: {error}")
        if collected.status != "ok":
            break
        note_answers(collected, number, rows, answer)
    collected.finished = True


@functools.lru_cache(maxsize=64)
def spelling_of(serving):
    """Return what spells rows of a serving: made once for a class."""
    return spelling(serving.inputs)


def ask_batch(link, serving, rows, seconds, collected):
    """Serve one batch and return its answers, or None with the trouble noted."""
    spec, payload = spelling_of(serving)(rows)
    request = {
        "answer": serving.answer,
        "contract": serving.contract,
        "reply": serving.reply,
        "rows": len(rows),
        "shape": (len(rows), *serving.item_shape),
        "seconds": seconds,
        "batch": spec,
    }
    numeric = serving.reply != "json"
    cap = size_of(request["shape"], serving.reply) if numeric else VALUES_CAP
    try:
        header, reply = link.ask(request, payload, seconds + GRACE, cap)
    except (Overdue, Stopped) as stop:
        raise interrupted(collected, serving, seconds, stop) from None
    if header.get("status") != "ok":
        fail(collected, *trouble(header))
        return None
    collected.modified |= header.get("modified") is True
    collected.n_bytes += len(reply)
    if not numeric and collected.n_bytes > JSON_CAP:
        raise BadReply(f"the answers take more than {JSON_CAP} bytes in all.")
    if numeric:
        return decode_numbers(reply, request["shape"], serving.reply)
    return decode_values(reply, len(rows))


def interrupted(collected, serving, seconds, stop):
    """Note on a serving that the run ends here; return the Stopped to raise."""
    if isinstance(stop, Overdue):
        reason = f"{serving.answer} took longer than {seconds:g} s for a batch."
        stop = Stopped("timeout", reason)
    if stop.status == "kernel-died":
        reason = f"The kernel died while {serving.answer} was asked."
        stop = Stopped("kernel-died", reason)
    status = "timeout" if stop.status == "timeout" else "failed"
    status = "bad-reply" if isinstance(stop, Broken) else status
    fail(collected, status, str(stop))
    return stop


def trouble(header):
    """Return status and reason of a reply that brings no answer."""
    status, reason = header.get("status"), header.get("reason")
    if status not in TROUBLES or not isinstance(reason, str):
        raise BadReply("a reply came that says neither answer nor reason.")
    return status, words(reason)


def fail(collected, status, reason):
    """Note why there is no further answer."""
    collected.status, collected.reason = status, reason


def note_answers(collected, number, rows, answer):
    """Put a batch's answers to their rows; a second answer goes to the repeats."""
    collected.dealt.append(np.column_stack([np.full(len(rows), number), rows]))
    again = collected.asked[rows]
    again[twins(rows)] = True
    put(collected.values, rows, answer, np.flatnonzero(~again))
    collected.asked[rows] = True
    at = np.flatnonzero(again)
    first, second = told(collected.values, rows[at]), told(answer, at)
    collected.repeats += zip(rows[at].tolist(), first, second, strict=True)


def told(answers, places):
    """Return the fingerprints of the answers at some places."""
    return fingerprints(take_rows(answers, places)).tolist()


def put(values, rows, answer, places):
    """Put the answers at some places of a batch to their rows."""
    if isinstance(values, np.ndarray):
        values[rows[places]] = answer[places]
        return
    for at in places.tolist():
        values[rows[at]] = answer[at]
