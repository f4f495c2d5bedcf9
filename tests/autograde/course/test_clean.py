"""`coursekit clean`: what it says, what it removes, and what it never does."""

import os
import time

import pytest
import typer

from coursekit.autograde import scratch
from coursekit.autograde.pipeline import grade
from coursekit.cli.clean import clean
from coursekit.errors import BadCourse


@pytest.fixture
def graded(course, runs, recorded, tmp_path, monkeypatch):
    monkeypatch.setattr(scratch.tempfile, "tempdir", str(tmp_path))
    course.hand_in("ann", course.solved())
    grade(course.folder, "tiny")
    course.hand_in("ann", course.solved(model="model = 2"))
    grade(course.folder, "tiny")
    return course


def files(course):
    return sorted(path for path in course.folder.rglob("*") if path.is_file())


def superseded(course):
    [name] = course.runs_made() - {course.scores("ann")["run"]}
    return course / "runs/tiny" / name


def test_what_would_be_freed_is_told_first_and_nothing_goes_without_a_yes(
    graded, monkeypatch, capsys
):
    before = files(graded)
    monkeypatch.setattr(typer, "confirm", lambda *_, **__: False)
    clean(assignment="tiny", course=graded.folder, yes=False)
    assert "tiny: 1 x superseded run, 0." in capsys.readouterr().out
    assert files(graded) == before


def test_a_superseded_run_goes_and_scores_and_the_run_of_record_stay(graded, capsys):
    old, scores = superseded(graded), graded.score_bytes()
    clean(assignment=None, course=graded.folder, yes=True)
    assert not old.exists()
    assert graded.runs_made() == {graded.scores("ann")["run"]}
    assert graded.score_bytes() == scores
    assert "MB were freed" in capsys.readouterr().out
    clean(assignment=None, course=graded.folder, yes=True)
    assert "nothing to remove" in capsys.readouterr().out


def test_a_run_without_its_score_may_be_of_record_and_stays(graded, capsys):
    old = superseded(graded)
    (graded / "scores/tiny/ann.json").unlink()
    clean(assignment="tiny", course=graded.folder, yes=True)
    assert old.exists()
    assert "1 submissions have no score yet" in capsys.readouterr().out


def test_what_killed_runs_left_and_old_logs_go_and_new_logs_stay(graded):
    half = graded / "runs/tiny/.0123-4567"
    half.mkdir()
    (half / "executed.ipynb").write_text("{")
    (graded / "scores/tiny/.beef.new").write_text("{")
    log = graded / "runs/tiny/logs/ann.log"
    old = log.with_name("gone.log")
    old.write_text("long ago")
    month = time.time() - 31 * 86400
    os.utime(old, (month, month))
    clean(assignment="tiny", course=graded.folder, yes=True)
    assert not half.exists()
    assert not (graded / "scores/tiny/.beef.new").exists()
    assert not old.exists()
    assert log.exists()


def test_an_unknown_assignment_is_said_so(graded):
    with pytest.raises(BadCourse, match="these have one: tiny"):
        clean(assignment="tinny", course=graded.folder, yes=True)
    assert not (graded / "scores/.tinny.lock").exists()
