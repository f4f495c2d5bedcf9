"""`grade` in this process, with runs that are made up, so that each test is quick."""

import fcntl
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from types import SimpleNamespace

import pytest

from coursekit.autograde import runner, steps
from coursekit.autograde.course import open_course
from coursekit.autograde.job import digest
from coursekit.autograde.pipeline import grade, grade_one
from coursekit.autograde.table import class_table
from coursekit.cli.holdout import holdout as holdout_command
from coursekit.errors import BadCourse, SandboxUnavailable

HOLD = """
import sys
from coursekit.autograde.course import open_course

with open_course(sys.argv[1]).locked("tiny", sys.argv[2]):
    print("held", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(course, doing="graded"):
    """Hold the assignment in another process, which the block may end."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    command = [sys.executable, "-c", HOLD, course.folder, doing]
    with subprocess.Popen(command, **pipes) as holder:
        assert holder.stdout.readline() == "held\n"
        yield holder
        holder.stdin.close()


@pytest.fixture
def two(course, runs, recorded):
    course.hand_in("ann", course.solved())
    course.hand_in("bob", course.solved(model="model = 2"))
    return course


def test_an_interrupted_class_is_finished_and_nothing_is_done_twice(
    two, runs, recorded
):
    grade(two.folder, "tiny", ["ann"], jobs=1)
    assert len(runs.made) == 1
    grade(two.folder, "tiny", jobs=2)
    grade(two.folder, "tiny", jobs=2)
    assert len(runs.made) == len(set(runs.made)) == 2
    assert recorded["ann"]["kinds"]["contract"]["points"] == 10


def test_a_lost_score_is_made_again_from_the_run_byte_for_byte(two, runs):
    grade(two.folder, "tiny")
    path = two / "scores/tiny/ann.json"
    before = path.read_bytes()
    path.write_bytes(b"half")
    grade(two.folder, "tiny")
    assert path.read_bytes() == before
    assert len(runs.made) == 2


def test_another_submission_is_another_run(two, runs):
    first = grade(two.folder, "tiny")["ann"]
    two.hand_in("ann", two.solved(model="model = 3"))
    second = grade(two.folder, "tiny")["ann"]
    assert first["submission"] != second["submission"]
    assert first["run"] != second["run"]


def test_a_changed_rubric_is_scored_anew_and_repeats_no_run(two, runs):
    before = grade(two.folder, "tiny")["ann"]
    lock = two / "holdout/tiny/rubric.lock.toml"
    lock.write_text(lock.read_text().replace("floor = 0.5", "floor = 0.4"))
    after = grade(two.folder, "tiny")["ann"]
    points = [record["kinds"]["accuracy"]["points"] for record in (before, after)]
    assert points[0] < points[1]
    assert len(runs.made) == 2


def test_force_runs_again_and_keeps_the_earlier_run_beside(two, runs):
    grade(two.folder, "tiny", ["ann"], sandbox="none")
    grade(two.folder, "tiny", ["ann"], sandbox="none", force=True)
    kept = sorted(path.parent.name for path in two.folder.glob("runs/tiny/*/run.json"))
    assert kept == [runs.made[0], f"{runs.made[0]}~1"]
    assert len(runs.made) == 2


def test_a_run_that_our_side_could_not_make_is_tried_again(two, monkeypatch, runs):
    def broken(job, out, kernels=None):
        raise RuntimeError("no more processes")

    working = runner.run
    monkeypatch.setattr(runner, "run", broken)
    assert grade(two.folder, "tiny", ["ann"])["ann"]["status"] == "not-run"
    assert "no more processes" in two.scores("ann")["reason"]
    monkeypatch.setattr(runner, "run", working)
    assert grade(two.folder, "tiny", ["ann"])["ann"]["status"] == "scored"


def test_predictions_that_crash_the_scorer_do_not_stop_the_class(
    two, monkeypatch, runs
):
    working = runner.run

    def run(job, out, kernels=None):
        made = working(job, out)
        if "model = 2" in job.notebook:
            (made.folder / "run.json").write_text("{}")
        return made

    monkeypatch.setattr(runner, "run", run)
    records = grade(two.folder, "tiny", jobs=1)
    assert records["ann"]["status"] == "scored"
    assert records["bob"]["status"] == "not-scored"
    assert records["bob"]["kinds"]["accuracy"]["points"] is None


@pytest.mark.parametrize("status", ["kernel-died", "timeout", "out-of-memory"])
def test_a_run_that_failed_gives_neither_0_nor_full(two, monkeypatch, runs, status):
    def run(job, out, kernels=None):
        folder = out / digest(job, "none")
        runs.write(folder, job.servings, status, "It was in cell 3.")
        return runner.read_run(folder)

    monkeypatch.setattr(runner, "run", run)
    record = grade(two.folder, "tiny", ["ann"])["ann"]
    assert (record["status"], record["reason"]) == (status, "It was in cell 3.")
    assert {kind["points"] for kind in record["kinds"].values()} == {None}


def test_the_second_caller_is_told_who_holds_the_assignment(two, runs):
    with (
        open_course(two.folder).locked("tiny"),
        pytest.raises(BadCourse, match=r"being graded by process \d+ on "),
    ):
        grade(two.folder, "tiny")
    grade(two.folder, "tiny")


def test_the_inline_path_waits_for_a_class_that_is_being_graded(two, runs):
    with held(two) as holder:
        threading.Timer(1.5, holder.stdin.close).start()
        assert grade_one(two.folder, "tiny", "ann")["status"] == "scored"


def test_the_inline_path_waits_no_longer_than_it_may(two, runs):
    with held(two), pytest.raises(BadCourse, match="being graded by process"):
        grade_one(two.folder, "tiny", "ann", wait=0.2)
    assert not (two / "scores/tiny/ann.json").exists()


def test_nothing_is_graded_while_patients_are_replaced(two, runs):
    with (
        held(two, "given new patients") as holder,
        pytest.raises(BadCourse, match=f"given new patients by process {holder.pid}"),
    ):
        grade(two.folder, "tiny")


def test_patients_are_not_replaced_while_a_class_is_graded(two, runs, monkeypatch):
    found = "coursekit.cli.sources.asked.asked_for"
    monkeypatch.setattr(found, lambda name: SimpleNamespace(name=name))
    before = (two / "holdout/tiny/rubric.lock.toml").read_bytes()
    with held(two), pytest.raises(BadCourse, match="tiny is being graded by process"):
        holdout_command("tiny", course=two.folder, yes=True)
    assert (two / "holdout/tiny/rubric.lock.toml").read_bytes() == before


def test_each_submission_has_a_log_that_says_how_it_went(two, runs):
    two.hand_in("cy", "this is not a notebook")
    grade(two.folder, "tiny", jobs=1)
    log = (two / "runs/tiny/logs/ann.log").read_text()
    assert [line.split()[2:4] for line in log.splitlines()] == [
        ["intake", "ok"],
        ["run", "ok:"],
        ["score", "scored"],
    ]
    assert "1 s, sandbox none; model ok" in log
    text = (two / "runs/tiny/logs/cy.log").read_text()
    assert "intake unreadable: The notebook is not JSON." in text


def test_a_lock_dies_with_its_process(two):
    course = open_course(two.folder)
    path = two / "scores/.tiny.lock"
    hold = f"import fcntl; fcntl.flock(open({str(path)!r}, 'w'), fcntl.LOCK_EX)"
    subprocess.run([sys.executable, "-c", hold], check=True)
    with course.locked("tiny"), open(path) as file, pytest.raises(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def test_without_a_sandbox_the_class_is_not_started(two, monkeypatch):
    def none_works(name):
        raise SandboxUnavailable("No sandbox works here.")

    monkeypatch.setattr(steps, "choose", none_works)
    with pytest.raises(SandboxUnavailable):
        grade(two.folder, "tiny", sandbox="auto")
    assert not (two / "scores/tiny/ann.json").exists()


def test_one_student_is_graded_with_what_the_course_says(two, runs):
    assert grade_one(two.folder, "tiny", "ann")["sandbox"] == "none"
    assert two.scores("ann")["status"] == "scored"


def test_progress_is_told_for_every_step(two, runs):
    told = []
    grade(two.folder, "tiny", progress=lambda *each: told.append(each))
    assert ("intake", "bob", 2, 2, "ok") in told
    assert {each[3:] for each in told if each[0] == "run"} == {(2, "scored")}


def test_the_table_has_a_row_for_everyone(two, runs):
    two.hand_in("cy", "this is not a notebook")
    grade(two.folder, "tiny", ["ann", "cy"])
    rows = {row.student: row for row in class_table(two.folder, "tiny")}
    assert rows["ann"].status == "scored"
    assert rows["ann"].points == sum(k["points"] for k in rows["ann"].kinds.values())
    assert rows["bob"].status == "not graded yet"
    assert rows["cy"].points is None
    assert rows["cy"].words == "unreadable: The notebook is not JSON."


def test_an_assignment_that_nobody_handed_in_is_said_so(course):
    with pytest.raises(BadCourse, match="no submitted/STUDENT/tiny"):
        grade(course.folder, "tiny")


def test_a_student_who_handed_in_nothing_is_said_so_and_leaves_no_trace(two, runs):
    with pytest.raises(BadCourse, match="bobby has not handed in tiny"):
        grade(two.folder, "tiny", ["ann", "bobby"])
    assert not (two / "submitted/bobby").exists()


@pytest.mark.parametrize("student", ["../ann", "..", "a/b", ""])
def test_a_student_is_the_name_of_a_folder(two, student):
    with pytest.raises(BadCourse, match="not the name of a folder"):
        grade(two.folder, "tiny", [student])


def test_an_assignment_without_a_rubric_is_nbgraders(course):
    with pytest.raises(BadCourse, match="these have one: tiny"):
        grade(course.folder, "plain")


@pytest.mark.parametrize("kind", ["holdout", "runs", "scores"])
def test_a_private_folder_that_others_can_read_is_refused(two, kind):
    (two / kind).chmod(0o750)
    with pytest.raises(BadCourse, match="chmod 700"):
        grade(two.folder, "tiny")


def test_a_newer_course_is_refused(two):
    (two / "course.toml").write_text("format = 3\n")
    with pytest.raises(BadCourse, match="reads up to 2"):
        grade(two.folder, "tiny")


def test_a_release_that_was_not_generated_is_said_so(two):
    shutil.rmtree(two / "release")
    with pytest.raises(BadCourse, match="generate_assignment tiny"):
        grade(two.folder, "tiny")
