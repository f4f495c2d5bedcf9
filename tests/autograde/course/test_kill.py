"""`coursekit autograde` killed with SIGKILL at any moment: the next call finishes.

Real processes, real kernels, a real gradebook; the class graded without any kill is
the referee.
"""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from coursekit.autograde.course import open_course
from coursekit.autograde.sandbox import complaint

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SANDBOX = "none" if complaint() else "bubblewrap"
SECONDS_TO_DIE = 15.0
RANDOM_KILLS = int(os.environ.get("COURSEKIT_KILLS", "12"))  # 10 s of computing each
OTHER_MODEL = """\
class Constant:
    def predict_proba(self, X):
        import numpy as np
        return np.full((len(X), 2), 0.5)

model = Constant()"""
TRAP = """
import functools, importlib, os, signal, sys, time

module, path, count, when, seconds = sys.argv[1:6]
owner = importlib.import_module(module)
*parents, name = path.split(".")
owner = functools.reduce(getattr, parents, owner)
real, calls = getattr(owner, name), []

def die():
    time.sleep(float(seconds))
    os.kill(os.getpid(), signal.SIGKILL)

def trapped(*arguments, **named):
    calls.append(1)
    hit = len(calls) == int(count)
    if hit and when == "before":
        die()
    result = real(*arguments, **named)
    if hit:
        die()
    return result

setattr(owner, name, trapped)
sys.argv = ["coursekit", *sys.argv[6:]]
importlib.import_module("coursekit.cli.app").main()
"""
HOUSE = "coursekit.autograde"
STAGES = [  # module, what is called, which call, before or after it, seconds later
    ("steps", "take_in", 1, "before", 0),
    ("steps", "take_in", 5, "after", 0),
    ("quarantine", "move", 1, "after", 0),
    ("scorebook", "os.replace", 1, "before", 0),
    ("scorebook", "os.replace", 1, "after", 0),
    ("scorebook", "os.replace", 3, "after", 0),
    ("runner", "write_all", 1, "before", 0),
    ("runner", "write_all", 1, "after", 0),
    ("runner", "save", 1, "after", 0),
    ("scoring", "ScoringProcess.score", 1, "before", 0),
    ("scoring", "ScoringProcess.score", 1, "after", 0),
    ("scorebook", "os.replace", 1, "after", 0),
    ("recording", "Child.send", 1, "before", 0),
    ("recording", "Child.send", 1, "after", 0.3),
    ("recording", "Recorder.take", 1, "before", 0),
    ("recording", "Recorder.take", 1, "after", 0.03),
    ("recording", "Recorder.take", 1, "after", 0.06),
    ("recording", "Recorder.take", 1, "after", 0.09),
    ("recording", "Recorder.finish", 1, "before", 0.02),
]


def hand_in_class(course):
    course.hand_in("ann", course.solved())
    course.hand_in("bob", course.solved(model=OTHER_MODEL))
    course.hand_in("cy", course.solved(model="import os\nos._exit(3)"))
    for number in range(9):
        folder = course.hand_in(f"late-{number}", "this is not a notebook")
        (folder / "notes.txt").write_text("a file that does not belong")


def command(course, *words):
    return ["autograde", "tiny", "--course", str(course.folder), *words]


def autograde(course, *words):
    """Grade to the end, without being killed."""
    program = Path(sys.executable).with_name("coursekit")
    done = subprocess.run(
        [program, *command(course, *words)], capture_output=True, text=True
    )
    assert done.returncode == 1, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def class_in(copied):
    """A function that puts a course with a class that handed in into a folder."""

    def class_in(folder):
        course = copied(folder)
        rules = (course / "course.toml").read_text()
        (course / "course.toml").write_text(rules.replace('"none"', f'"{SANDBOX}"'))
        hand_in_class(course)
        return course

    return class_in


@pytest.fixture(scope="module")
def uninterrupted(class_in, tmp_path_factory):
    """The class graded in one go, and how long that took."""
    course = class_in(tmp_path_factory.mktemp("uninterrupted"))
    began = time.monotonic()
    autograde(course, "--jobs", "2")
    course.seconds = time.monotonic() - began
    return course


def assert_same(course, other):
    """Assert that a course that was killed again and again ended like another."""
    assert course.gradebook() == other.gradebook()
    assert course.score_bytes() == other.score_bytes()
    assert course.autograded() == other.autograded()
    assert course.runs_made() == other.runs_made()
    assert not list((course / "runs/tiny").glob(".*"))


def assert_sound(course, other):
    """Assert that what a kill left behind is whole, as far as it is there."""
    expected = other.score_bytes()
    for path in (course / "scores").glob("tiny/*.json"):
        assert path.read_bytes() == expected[path.name]
    with sqlite3.connect(course / "gradebook.db", timeout=60) as gradebook:
        assert gradebook.execute("pragma integrity_check").fetchall() == [("ok",)]
    gradebook.close()


def forget_recording(course):
    """Make all be recorded again, once nobody is at work any more."""
    with open_course(course.folder).locked("tiny"):
        shutil.rmtree(course / "autograded", ignore_errors=True)


def family(process):
    """Return the living descendants of a process."""
    try:
        return psutil.Process(process.pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def living(processes):
    return [p for p in processes if p.is_running() and p.status() != "zombie"]


def kill_at(course, seconds, everything):
    """Kill a grading process after so long; return True if it was still at work."""
    program = Path(sys.executable).with_name("coursekit")
    process = subprocess.Popen(
        [program, *command(course, "--jobs", "2")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        children = family(process)
        process.kill()
        for child in children if everything else ():
            child.kill() if child.is_running() else None
        process.wait()
        end = time.monotonic() + SECONDS_TO_DIE
        while living(children) and time.monotonic() < end:
            time.sleep(0.05)
        assert not living(children), "something outlived the grading process"
    return process.returncode == -signal.SIGKILL


def test_killed_at_random_times_a_class_ends_like_one_that_was_not(
    class_in, uninterrupted, tmp_path
):
    chance = random.Random(20260101)
    kills = courses = 0
    while kills < RANDOM_KILLS:
        courses += 1
        course = class_in(tmp_path / str(courses))
        while kill_at(
            course,
            chance.uniform(0.2, 1.1 * uninterrupted.seconds),
            everything=chance.random() < 0.3,
        ):
            kills += 1
            assert_sound(course, uninterrupted)
        autograde(course, "--jobs", "2")
        assert_same(course, uninterrupted)


def test_killed_at_every_stage_a_class_ends_like_one_that_was_not(
    class_in, uninterrupted, tmp_path
):
    course = class_in(tmp_path)
    for module, *trap in STAGES:
        if module == "recording":
            forget_recording(course)
        words = command(course, "--jobs", "1")
        done = subprocess.run(
            [sys.executable, "-c", TRAP, f"{HOUSE}.{module}", *map(str, trap), *words],
            capture_output=True,
            text=True,
        )
        assert done.returncode == -signal.SIGKILL, (module, trap, done.stderr)
        assert_sound(course, uninterrupted)
    autograde(course, "--jobs", "2")
    assert_same(course, uninterrupted)


def test_the_folders_of_killed_runs_are_swept_later(class_in, tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    course = class_in(tmp_path)
    words = command(course, "--jobs", "1")
    trap = [f"{HOUSE}.attempt", "Attempt.hear_cells", "1", "before", "0"]
    subprocess.run([sys.executable, "-c", TRAP, *trap, *words], capture_output=True)
    [left] = tmp_path.glob("coursekit-run-*")
    past = time.time() - 60
    assert left.stat().st_ctime > past
    time.sleep(10.5)
    autograde(course, "--jobs", "2")
    assert not left.exists()
    assert os.listdir(course / "runs/tiny/logs")
