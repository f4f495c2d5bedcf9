"""A course of several instructors: nbgrader's ``groupshared``, and nobody else."""

import os
import stat
import traceback
from types import SimpleNamespace

import pytest

from coursekit.autograde.course import open_course
from coursekit.autograde.pipeline import grade
from coursekit.autograde.scorebook import read_score, write_score
from coursekit.errors import BadCourse

GROUP, COLLEAGUE, STRANGER = 61000, 61002, 61003
needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can act as two instructors"
)


@pytest.fixture
def shared_course(course, runs, recorded):
    """A course graded by one instructor, of a group of instructors if we are root."""
    with open(course / "nbgrader_config.py", "a") as config:
        config.write("c.CourseDirectory.groupshared = True\n")
    if os.geteuid() == 0:
        os.chown(course.folder, -1, GROUP)
    course.hand_in("ann", course.solved())
    folder = course.hand_in("bob", "this is not a notebook")
    (folder / "sklearn.py").write_text("raise SystemExit")
    grade(course.folder, "tiny", jobs=1)
    grade(course.folder, "tiny", force=True)
    return course


def private(course):
    folders = [course / kind for kind in ("holdout", "runs", "scores", "quarantine")]
    return folders + [path for folder in folders for path in folder.rglob("*")]


def test_what_is_written_can_be_read_and_replaced_by_the_group_only(shared_course):
    group = shared_course.folder.stat().st_gid
    for path in private(shared_course):
        state = path.stat()
        mode = stat.S_IMODE(state.st_mode)
        if path.is_dir():
            assert (mode, state.st_gid) == (0o2770, group), path
        elif shared_course / "quarantine" not in path.parents:
            assert (mode, state.st_gid) == (0o660, group), path


def test_a_shared_folder_that_others_can_read_is_refused(shared_course):
    (shared_course / "scores").chmod(0o2775)
    with pytest.raises(BadCourse, match="chmod 2770"):
        grade(shared_course.folder, "tiny")


def test_without_groupshared_a_group_is_refused(course):
    (course / "scores").chmod(0o2770)
    with pytest.raises(BadCourse, match="chmod 700"):
        open_course(course.folder).private("scores")


def acting_as(user, group, work):
    """Return True if some work succeeds in a child process of another user."""
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setresgid(group, group, group)
            os.setresuid(user, user, user)
            work()
        except PermissionError:
            os._exit(1)
        except BaseException:
            traceback.print_exc()
            os._exit(2)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@needs_root
def test_a_colleague_can_go_on_and_a_stranger_cannot(shared_course):
    course = open_course(shared_course.folder)
    for folder in shared_course.folder.parents:
        folder.chmod(folder.stat().st_mode | 0o111)
    record = read_score(course, "tiny", "ann")
    submission = SimpleNamespace(
        assignment="tiny", student="ann", digest="another one", notes=()
    )

    def go_on():
        with course.locked("tiny"):
            assert read_score(course, "tiny", "ann") == record
            course.holdout_digest("tiny")
            [run, again] = (course.private("runs") / "tiny").glob("*/run.json")
            run.read_text(), again.read_text()
            write_score(course, submission, record, run=None, holdout="")
            (course.place("quarantine", "bob", "tiny") / "more.py").write_text("")
            (course.place("runs", "tiny", "logs") / "ann.log").open("a").close()

    assert acting_as(STRANGER, STRANGER, go_on) == 1
    assert acting_as(COLLEAGUE, GROUP, go_on) == 0
    assert shared_course.scores("ann")["run"] is None
