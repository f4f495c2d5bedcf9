"""A stored course that coursekit 0.1 made in November 2026, in format 1.

``course_of_format_1.tar.xz`` is the small course with two students graded, one of them
by hand too. Never make it anew: it stands for the courses that are out there.
"""

import shutil
import tarfile
import tomllib
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coursekit.autograde.pipeline import grade
from coursekit.cli.app import app
from small_course import SmallCourse

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
STORED = Path(__file__).parents[2] / "classroom" / "course_of_format_1.tar.xz"


@pytest.fixture
def old(tmp_path):
    with tarfile.open(STORED) as stored:
        stored.extractall(tmp_path, filter="data")
    for private in ("holdout", "runs", "scores", "quarantine"):
        (tmp_path / "course" / private).mkdir(exist_ok=True)
        (tmp_path / "course" / private).chmod(0o700)
    return SmallCourse(tmp_path / "course")


def upgrade(course):
    return CliRunner().invoke(app, ["upgrade", "--course", str(course.folder)])


def test_an_upgraded_course_keeps_every_grade_and_runs_nothing_again(old, runs):
    before, scores = old.gradebook(), old.score_bytes()
    text = (old / "course.toml").read_text()
    done = upgrade(old)
    assert done.exit_code == 0, done.output
    assert tomllib.loads((old / "course.toml").read_text())["format"] == 2
    assert (old / "course.toml.format-1").read_text() == text
    assert (old / "gradebook.db.format-1").is_file()
    records = grade(old.folder, "tiny", jobs=1)
    assert {each["status"] for each in records.values()} == {"scored"}
    assert runs.made == []
    assert old.score_bytes() == scores
    assert old.gradebook() == before
    assert "7.0" in str(before), "a mark given by hand"


def test_a_course_that_is_up_to_date_is_left_alone(old):
    upgrade(old)
    again = upgrade(old)
    assert again.output == "The course is up to date.\n"


def test_a_copy_of_an_earlier_upgrade_is_never_overwritten(old):
    upgrade(old)
    shutil.copy(old / "course.toml.format-1", old / "course.toml")
    again = upgrade(old)
    assert again.exit_code != 0
    assert "there already" in str(again.exception)


def test_a_rule_that_an_old_course_has_already_is_kept_and_not_written_twice(old):
    with open(old / "course.toml", "a") as rules:
        rules.write("\n[late]\nfree_days = 2\n")
    assert upgrade(old).exit_code == 0
    text = (old / "course.toml").read_text()
    assert tomllib.loads(text)["late"] == {"free_days": 2}
