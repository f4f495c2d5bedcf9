"""One process at a time works on an assignment; the second is told who does."""

import json
import os
import subprocess
import sys
import threading
import time

import pytest

from coursekit.autograde import turn as turns
from coursekit.autograde.turn import turn
from coursekit.errors import BadCourse

HOLD = """
import os, pathlib, subprocess, sys
from coursekit.autograde.turn import turn

with turn(pathlib.Path(sys.argv[1]), "tiny", "graded") as descriptor:
    if len(sys.argv) > 2:
        subprocess.Popen(["sleep", sys.argv[2]], pass_fds=[descriptor])
        os._exit(9)
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def held(tmp_path):
    """A lock that another process holds until its standard input is closed."""
    path = tmp_path / ".tiny.lock"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", HOLD, path], **pipes) as holder:
        assert holder.stdout.readline() == "held\n"
        yield path, holder


def enter(path, **how):
    with turn(path, "tiny", "graded", **how):
        return json.loads(path.read_text())


def test_the_second_is_told_who_holds_it_and_since_when(held):
    path, holder = held
    since = json.loads(path.read_text())["since"]
    told = f"tiny is being graded by process {holder.pid} on .* since {since[:10]}"
    began = time.monotonic()
    with pytest.raises(BadCourse, match=told):
        enter(path)
    assert time.monotonic() - began < 5


def test_whoever_waits_gets_it_when_the_first_has_finished(held):
    path, holder = held
    with pytest.raises(BadCourse, match="Wait until it has finished"):
        enter(path, wait=0.3)
    threading.Timer(2 * turns.LEAST_SECONDS, holder.stdin.close).start()
    assert enter(path, wait=60)["process"] == os.getpid()


def test_a_killed_holder_leaves_the_lock_to_the_next(held):
    path, holder = held
    holder.kill()
    holder.wait()
    assert enter(path)["process"] == os.getpid()


def test_a_child_that_outlives_its_killed_parent_is_waited_for(tmp_path):
    path = tmp_path / ".tiny.lock"
    dead = subprocess.run([sys.executable, "-c", HOLD, path, "1.5"], check=False)
    assert dead.returncode == 9
    began = time.monotonic()
    assert enter(path)["process"] == os.getpid()
    assert 0.2 < time.monotonic() - began < turns.GRACE_SECONDS


def test_a_child_that_never_ends_is_not_waited_for_forever(tmp_path, monkeypatch):
    monkeypatch.setattr(turns, "GRACE_SECONDS", 0.3)
    path = tmp_path / ".tiny.lock"
    subprocess.run([sys.executable, "-c", HOLD, path, "3"], check=False)
    with pytest.raises(BadCourse, match=r"being graded by process \d+"):
        enter(path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"process": "x", "host": 3}'])
def test_a_lock_that_says_nothing_is_still_a_lock(held, text):
    path, _ = held
    path.write_text(text)
    with pytest.raises(BadCourse, match="tiny is being"):
        enter(path)
