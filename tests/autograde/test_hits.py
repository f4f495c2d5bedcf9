"""Each limit that a cell hits has a name, and one sentence with its number."""

import pytest
from nbformat.v4 import new_code_cell, new_output

from coursekit.autograde.hits import hits_of
from coursekit.autograde.limits import Limits
from coursekit.autograde.outputs import trimmed

LIMITS = Limits(seconds_per_cell=5, disk_mb=10, processes=80)


def hits(*outputs, took=1.0):
    return hits_of(new_code_cell(outputs=list(outputs)), 4, took, LIMITS)


def error(name, text=""):
    return new_output("error", ename=name, evalue=text, traceback=[])


@pytest.mark.parametrize(
    ("name", "text", "limit"),
    [
        ("OSError", "[Errno 28] No space left on device", "disk-full"),
        ("OSError", "[Errno 27] File too large", "disk-full"),
        ("BlockingIOError", "[Errno 11] Resource tempor…", "too-many-processes"),
        ("RuntimeError", "can't start new thread", "too-many-processes"),
        ("MemoryError", "", "out-of-memory"),
        ("_ArrayMemoryError", "Unable to allocate 9 GiB", "out-of-memory"),
        ("RuntimeError", "DefaultCPUAllocator: can't allocate memory", "out-of-memory"),
        ("OSError", "[Errno 12] Cannot allocate memory", "out-of-memory"),
    ],
)
def test_an_error_stands_for_a_limit(name, text, limit):
    (hit,) = hits(error(name, text))
    assert (hit["limit"], hit["cell"]) == (limit, 4)
    assert hit["note"].startswith("Cell 4 ")
    assert hit["note"].endswith("; the cells after it ran.")


def test_an_interrupt_is_a_limit_only_after_the_time_of_a_cell():
    interrupted = error("KeyboardInterrupt")
    assert hits(interrupted, took=4.9) == []
    (hit,) = hits(interrupted, took=5.0)
    assert hit["note"] == (
        "Cell 4 took longer than 5 s and was interrupted; the cells after it ran."
    )


def test_outputs_that_were_cut_are_said_so():
    long = trimmed([new_output("stream", text="x" * 9000)], 100, 10_000)
    (hit,) = hits(*long)
    assert hit["note"] == "Cell 4 showed more than can be kept; the rest is left out."


def test_an_ordinary_error_is_no_limit():
    assert hits(error("KeyError", "'age'"), new_output("stream", text="done")) == []
