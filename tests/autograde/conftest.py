"""A student's kernel without a kernel: the far ends of both lines, in this process."""

import os
import socket
import sys
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coursekit.autograde.link import Link
from coursekit.autograde.serve import serve
from coursekit.grading.serving import Serving


@dataclass
class FarEnds:
    """A link, and the ends of its lines that would be in the sandbox."""

    link: Link
    report: socket.socket
    serve: socket.socket


@pytest.fixture
def lines():
    report, report_end = socket.socketpair()
    near, far = socket.socketpair()
    errors, errors_end = os.pipe()
    with report, report_end, near, far:
        link = Link(report, near, errors, watch=lambda: None, cap=10_000)
        yield FarEnds(link, report_end, far)
    os.close(errors)
    os.close(errors_end)


@pytest.fixture
def kernel(lines, monkeypatch):
    """Serve these answers from a thread, as the student's kernel does.

    No alarm rings in a thread, so batches have no deadline of their own here.
    """
    monkeypatch.setattr("coursekit.autograde.serve.at_most", lambda _: nullcontext())
    threads = []

    def start(**answers):
        monkeypatch.setattr("coursekit.autograde.serve.handed_in", lambda: answers)
        far = lines.serve.detach()
        threads.append(threading.Thread(target=serve, args=(far,)))
        threads[0].start()
        assert lines.link.next_reply(float("inf"), 1000)[0]["answers"]
        return lines.link

    yield start
    lines.link.serve.sock.close()
    for thread in threads:
        thread.join()


@pytest.fixture
def patients():
    """1,000 patients whose risk is their number / 1000."""
    notes = pd.Series(["discharged home", None] * 500, dtype="str")
    return pd.DataFrame({"number": np.arange(1000), "note": notes})


@pytest.fixture
def serving(patients):
    return Serving("model", "model", "risk", "float64", patients, (90, 200))


@pytest.fixture
def as_nobody():
    """The command that runs another as nobody, who may read this Python.

    Where Python lies in a folder that only root may enter, that folder is replaced,
    for this command alone, by one that holds nothing but Python.
    """
    prefix = Path(sys.base_prefix)
    parents = reversed([*prefix.parents])
    closed = next((path for path in parents if not path.stat().st_mode & 1), None)
    opened = "" if closed is None else OPENED.format(closed=closed, prefix=prefix)
    become = 'exec runuser -u nobody -- env HOME=/tmp "$@"'
    script = f"set -e\n{opened}cd /\n{become}"
    return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script, "sh"]


OPENED = """
mount -t tmpfs -o mode=0755 none /mnt
mkdir /mnt/python
mount --bind '{prefix}' /mnt/python
mount -t tmpfs -o mode=0755 none '{closed}'
mkdir -p '{prefix}'
mount --bind /mnt/python '{prefix}'
"""
