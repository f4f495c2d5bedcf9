"""What nbgrader's own commands do in a course of ours."""

import csv
import json
import os
import sqlite3
import subprocess
import sys

import pytest

from coursekit.autograde.pipeline import grade

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
FULL_MARKS_IN_STOCK_NBGRADER = {
    "nan": float("nan"),
    "negative": -3,
    "text": "7.5",
    "true": True,
    "list": [7.5],
    "more": 1000,
    "withheld": None,
}
BUTTON = """
import asyncio, sys
from coursekit.autograde.course import nbgrader_app
from nbgrader.apps.api import NbGraderAPI

async def press():
    app = nbgrader_app(sys.argv[1])
    return NbGraderAPI(app.coursedir, parent=app).autograde("tiny", "ann")

answer = asyncio.run(press())
assert answer["success"], answer
"""


def tamper(course, student, change):
    path = course / f"scores/tiny/{student}.json"
    score = json.loads(path.read_text())
    change(score)
    path.write_text(json.dumps(score))


def sql(course, *statement):
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        rows = gradebook.execute(*statement).fetchall()
    gradebook.close()
    return rows


def test_nothing_but_a_number_in_range_becomes_a_mark(course, runs, recorded):
    for student in (*FULL_MARKS_IN_STOCK_NBGRADER, "other", "fine"):
        course.hand_in(student, course.solved())
    grade(course.folder, "tiny", jobs=1)
    for student, points in FULL_MARKS_IN_STOCK_NBGRADER.items():

        def forge(score, points=points):
            score["kinds"]["contract"]["points"] = points

        tamper(course, student, forge)
    twelve = {"max_points": 12}
    tamper(course, "other", lambda score: score["kinds"]["contract"].update(twelve))
    course.nbgrader("autograde", "tiny")
    assert course.rows("other")["other", "contract"] == (None, 1)
    for student in FULL_MARKS_IN_STOCK_NBGRADER:
        assert course.rows(student)[student, "contract"] == (None, 1)
    assert course.rows("fine")["fine", "contract"] == (10, 0)
    assert course.rows("fine")["fine", "shape"] == (None, 1), "it did not run"


def test_late_penalties_marks_by_hand_and_hard_names_are_kept(course, runs, recorded):
    with open(course / "nbgrader_config.py", "a") as config:
        config.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    course.hand_in("ann", course.solved(), stamp="2026-01-03 10:00:00 UTC")
    course.hand_in("bob", course.solved(), stamp="2026-01-01 10:00:00 UTC")
    grade(course.folder, "tiny", jobs=1)
    sql(course, "update assignment set duedate = '2026-01-02 00:00:00.000000'")
    course.nbgrader("autograde", "tiny")
    by_hand = "update grade set manual_score = 7, needs_manual_grade = 0"
    sql(course, f"{by_hand} where auto_score is null")
    name = '=HYPERLINK("//x"),\n"'
    sql(course, "update student set last_name = ? where id = 'ann'", (name,))
    course.nbgrader("export")
    with open(course / "grades.csv", newline="") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    points = sum(
        course.rows("ann")["ann", kind][0] for kind in ("accuracy", "contract")
    )
    assert rows["ann"]["last_name"] == f"'{name}"
    assert rows["ann"]["status"] == rows["bob"]["status"] == "graded"
    assert float(rows["bob"]["score"]) == pytest.approx(points + 14)
    assert float(rows["ann"]["late_submission_penalty"]) == points
    sql(course, "update grade set manual_score = 3 where auto_score = 10")
    course.nbgrader("autograde", "tiny", "--force")
    by_hand = sql(course, "select manual_score, needs_manual_grade from grade")
    by_hand = sorted(row for row in by_hand if row[0])
    assert by_hand == [(3, 1)] * 2 + [(7, 0)] * 2 + [(7, 1)] * 2  # 0: the questions


def test_an_ordinary_assignment_is_graded_as_nbgrader_does(course):
    course.nbgrader("generate_assignment", "plain")
    for student, body in {"right": "2 * x", "wrong": "x"}.items():
        notebook = course.released("plain")
        notebook["cells"][0]["source"] = f"def double(x):\n    return {body}"
        folder = course / f"submitted/{student}/plain"
        folder.mkdir(parents=True)
        (folder / "plain.ipynb").write_text(json.dumps(notebook))
        (folder / "helper.py").write_text("")
        (folder / "link").symlink_to(course / "gradebook.db")
    course.nbgrader("autograde", "plain")
    assert course.rows("right") == {("right", "test"): (3, 0)}
    assert course.rows("wrong") == {("wrong", "test"): (0, 0)}
    assert (course / "autograded/right/plain/helper.py").is_file()
    assert (course / "quarantine/right/plain/link").is_symlink()


def test_a_course_that_lost_our_configuration_fails_visibly(course):
    (course / "nbgrader_config.py").write_text("c = get_config()\n")
    course.hand_in("ann", course.solved())
    course.nbgrader("autograde", "tiny")
    rows = course.rows("ann")
    assert rows["ann", "accuracy"] == rows["ann", "contract"] == (0, 0)
    text = (course / "autograded/ann/tiny/tiny.ipynb").read_text()
    assert "has lost the line configure(c)" in text


def test_without_a_sandbox_the_formgraders_button_leaves_it_to_a_person(course):
    rules = (course / "course.toml").read_text()
    (course / "course.toml").write_text(rules.replace('"none"', '"auto"'))
    course.hand_in("ann", course.solved())
    done = subprocess.run(
        [sys.executable, "-c", BUTTON, course.folder],
        env=os.environ | {"PATH": "/nowhere"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert course.rows("ann")["ann", "accuracy"] == (None, 1)
    text = (course / "autograded/ann/tiny/tiny.ipynb").read_text()
    assert "No sandbox works here" in text
    assert not (course / "scores/tiny/ann.json").exists()


def test_release_and_collect_go_through_the_exchange(course, tmp_path, runs, recorded):
    with open(course / "nbgrader_config.py", "a") as config:
        config.write(f'c.Exchange.root = "{tmp_path}/exchange"\n')
        config.write('c.CourseDirectory.course_id = "ml4h"\n')
    (tmp_path / "exchange").mkdir(mode=0o777)
    (tmp_path / "exchange").chmod(0o777)
    student = type(course)(tmp_path / "student")
    student.folder.mkdir()
    (student / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        f'c.Exchange.root = "{tmp_path}/exchange"\n'
        'c.CourseDirectory.course_id = "ml4h"\n'
        f'c.Exchange.cache = "{tmp_path}/cache"\n'
    )
    course.nbgrader("release_assignment", "tiny")
    student.nbgrader("fetch_assignment", "tiny")
    assert (student / "tiny/data/train.csv.gz").is_file()
    student.nbgrader("submit", "tiny")
    course.nbgrader("collect", "tiny")
    [folder] = (course / "submitted").iterdir()
    assert (folder / "tiny/tiny.ipynb").is_file()
    record = grade(course.folder, "tiny", [folder.name])[folder.name]
    assert record["status"] == "scored"
    assert (folder / "tiny/timestamp.txt").is_file(), "it is nbgrader's own"
