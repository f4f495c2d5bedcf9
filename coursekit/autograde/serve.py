"""Answer for the student: runs in the student's own kernel, after the last cell.

Each request names one of the answers handed in and carries a batch of inputs. The
student's function gets a copy; what it returns leaves as plain numbers or JSON. If
it raises, takes too long or returns something else, the reply says so in words and
the next request is served. Nothing here is trusted: the runner checks every byte.
"""

import json
import signal
import socket
import struct
import sys
from contextlib import contextmanager

import numpy as np

from coursekit.autograde.frames import pack
from coursekit.autograde.wire import VALUES_CAP, decode
from coursekit.grading.replying import (
    ItemFailed,
    as_type,
    ask_each,
    copied,
    described,
    each_is,
    plain,
    same_input,
)

REASON_CAP = 500  # characters


class OutOfTimeError(BaseException):
    """An answer took longer than its batch may; not for the student to catch."""


class WrongAnswerError(Exception):
    """An answer returned something that cannot be sent."""


def serve(descriptor):
    """Serve requests from an inherited socket until the runner says ``end``."""
    with socket.socket(fileno=descriptor) as link, link.makefile("rb") as requests:
        answers = handed_in()
        link.sendall(pack({"answers": sorted(answers)}))
        while (request := read_request(requests)) is not None:
            link.sendall(pack(*respond(answers, *request)))


def handed_in():
    """Return the answers registered by submit(); empty if it never ran."""
    handin = sys.modules.get("coursekit.grading.handin")
    return handin.answers() if handin else {}


def read_request(requests):
    """Return the next header and payload, or None at the end."""
    size = requests.read(4)
    if len(size) < 4:
        return None
    header = json.loads(requests.read(*struct.unpack("<I", size)))
    return None if header.get("end") else (header, requests.read(header["bytes"]))


def respond(answers, request, payload):
    """Return header and payload of the reply to one request."""
    name = request["answer"]
    if name not in answers:
        return failure("missing", f"No answer {name!r} was handed in.")
    batch = decode(request["batch"], payload)
    untouched = copied(batch)
    try:
        with at_most(request["seconds"]):
            reply = ask(answers[name], request, batch)
    except OutOfTimeError:
        seconds = request["seconds"]
        return failure("timeout", f"{name} took longer than {seconds:g} s for a batch.")
    except WrongAnswerError as error:
        return failure("bad-reply", f"{name} returned {error}")
    except ItemFailed as error:
        return failure("failed", f"{name} {error}")
    except BaseException as error:
        return failure("failed", f"{name} raised {described(error)}")
    return {"status": "ok", "modified": not same_input(untouched, batch)}, reply


def failure(status, reason):
    """Return the reply that says why there is no answer."""
    return {"status": status, "reason": reason[:REASON_CAP]}, b""


@contextmanager
def at_most(seconds):
    """Raise `OutOfTimeError` in this block after so many seconds."""

    def ring(signum, frame):
        raise OutOfTimeError

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def ask(answer, request, batch):
    """Put a batch to an answer; return the reply's bytes."""
    if request["reply"] == "json":
        return values(ask_each(answer, batch, fatal=OutOfTimeError))
    return numbers(answer(batch), request["shape"], request["reply"]).tobytes()


def numbers(replied, shape, wanted):
    """Return what an answer replied as numbers of the wanted type.

    Text that looks like numbers is refused, as is any other shape.
    """
    array = np.asarray(replied)
    if array.shape != tuple(shape):
        raise WrongAnswerError(
            f"an array of shape {array.shape} for {shape[0]} rows; it must be "
            f"{tuple(shape)}, one {each_is(shape[1:])} a row."
        )
    try:
        return as_type(array, np.dtype(wanted).newbyteorder("<"))
    except ValueError as error:
        raise WrongAnswerError(str(error)) from None


def values(replied):
    """Return what an answer replied as the text of a JSON list."""
    try:
        text = json.dumps(replied, default=plain).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise WrongAnswerError(f"what JSON cannot say: {described(error)}.") from None
    if len(text) > VALUES_CAP:
        raise WrongAnswerError(f"{len(text)} bytes; {VALUES_CAP} are allowed.")
    return text
