"""The recorder: nbgrader in a child process, fed while others still run."""

import sqlite3
import time

import pytest

from coursekit.autograde.course import Course, open_course
from coursekit.autograde.pipeline import grade
from coursekit.autograde.recording import Recorder, log_of
from coursekit.errors import BadCourse

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
STUDENTS = ("ann", "bob", "cy")
HOOK = """
import os

def end(assignment, student, notebooks):
    if student == "bob":
        os._exit(1)

c.Autograde.post_convert_hook = end
"""


@pytest.fixture
def scored(course, runs, recorded):
    """A class with scores and nothing in the gradebook: score records by student."""
    for student in STUDENTS:
        course.hand_in(student, course.solved(model=f"model = '{student}'"))
    grade(course.folder, "tiny", jobs=1)
    return dict(recorded)


def recorder(course, told=None, **how):
    told = [] if told is None else told
    progress = {"progress": lambda *each: told.append(each)}
    opened = course if isinstance(course, Course) else open_course(course.folder)
    return Recorder(opened, "tiny", len(STUDENTS), **progress | how)


def record_all(course, records, **how):
    with recorder(course, **how) as writer:
        for student, record in records.items():
            writer.add(student, record)


def test_a_student_is_in_the_gradebook_while_others_still_run(course, scored):
    with recorder(course) as writer:
        writer.add("ann", scored["ann"])
        end = time.monotonic() + 60
        while not course.rows("ann") and time.monotonic() < end:
            time.sleep(0.1)
        assert course.rows("ann")
        for student in ("bob", "cy"):
            writer.add(student, scored[student])
    assert course.rows("cy")["cy", "contract"] == (10, 0)


def test_the_child_is_started_once_whoever_asks_first(course, scored):
    with recorder(course) as writer:
        writer.begin()
        child = writer.child
        assert child.process.poll() is None
        writer.begin()
        writer.add("ann", scored["ann"])
        assert writer.child is child
    assert course.rows("ann")["ann", "contract"] == (10, 0)
    assert child.process.returncode == 0


def test_a_child_that_was_started_for_nothing_ends(course, scored):
    with recorder(course) as writer:
        writer.begin()
    assert writer.child.process.returncode is not None


def test_what_is_recorded_is_not_written_again_and_what_is_lost_is(course, scored):
    told = []
    record_all(course, scored, told=told)
    assert told[-1] == ("record", "cy", 3, 3, "ok")
    stamps = {path: path.stat().st_mtime_ns for path in graded(course)}
    record_all(course, scored, told=told)
    assert len(told) == 3, "no child was started"
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute("delete from submitted_assignment where student_id = 'bob'")
    gradebook.close()
    (course / "autograded/cy/tiny/tiny.ipynb").unlink()
    record_all(course, scored, told=told)
    assert [each[1:] for each in told[3:]] == [
        ("bob", 2, 3, "ok"),
        ("cy", 3, 3, "ok"),
    ]
    same = [path for path in graded(course) if stamps[path] == path.stat().st_mtime_ns]
    assert [path.parts[-3] for path in same] == ["ann"]


def graded(course):
    return sorted((course / "autograded").glob("*/tiny/tiny.ipynb"))


def test_a_student_who_ends_the_recorder_leaves_the_others_theirs(course, scored):
    with open(course / "nbgrader_config.py", "a") as config:
        config.write(HOOK)
    with pytest.raises(BadCourse, match=r"could not record bob; see .* All others are"):
        record_all(course, scored)
    assert course.rows("ann")["ann", "contract"] == (10, 0)
    assert course.rows("cy")["cy", "contract"] == (10, 0)


def test_a_recorder_that_cannot_start_is_said_so_and_not_tried_for_each(course, scored):
    opened = open_course(course.folder)
    (course / "nbgrader_config.py").write_text("this is no Python\n")
    began = time.monotonic()
    with pytest.raises(BadCourse, match="could not record ann, bob, cy"):
        record_all(opened, scored)
    assert time.monotonic() - began < 60
    assert "this is no Python" in log_of(opened, "tiny").read_text()


def interrupted(writer, records):
    with writer:
        writer.add("ann", records["ann"])
        raise KeyboardInterrupt


def test_an_error_elsewhere_ends_the_recorder_after_the_student_it_is_at(
    course, scored
):
    writer = recorder(course)
    with pytest.raises(KeyboardInterrupt):
        interrupted(writer, scored)
    assert writer.child.process.poll() is not None
    record_all(course, scored)
    assert course.rows("ann")["ann", "contract"] == (10, 0)
