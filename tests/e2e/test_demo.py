"""The demo: a simulated class, graded by nbgrader, from init to feedback."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from coursekit.autograde.table import class_table

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
QUERY = """
    SELECT submitted_assignment.student_id, base_cell.name, grade.auto_score,
           grade.needs_manual_grade
    FROM grade
    JOIN base_cell ON grade.cell_id = base_cell.id
    JOIN submitted_notebook ON grade.notebook_id = submitted_notebook.id
    JOIN submitted_assignment
      ON submitted_notebook.assignment_id = submitted_assignment.id
"""
KINDS = ("accuracy", "fairness", "evidence", "contract")


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """What the demo printed, and its course."""
    course = tmp_path_factory.mktemp("demo") / "course"
    command = [Path(sys.executable).with_name("coursekit"), "demo", course]
    command += ["--assignments", "readmission"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout, course


@pytest.fixture(scope="module")
def rows(demo):
    return {row.student: row for row in class_table(demo[1], "readmission")}


@pytest.fixture(scope="module")
def gradebook(demo):
    points = {}
    with sqlite3.connect(demo[1] / "gradebook.db") as database:
        for student, cell, score, by_hand in database.execute(QUERY):
            points.setdefault(student, {})[cell] = (score, bool(by_hand))
    return points


def test_the_gradebook_agrees_with_the_table(rows, gradebook):
    assert set(rows) == set(gradebook)
    for student, row in rows.items():
        for kind in KINDS:
            score, by_hand = gradebook[student][kind]
            assert score == row.kinds[kind]["points"]
            assert by_hand == (score is None)


def test_the_hand_graded_question_waits_for_a_person(gradebook):
    assert all(cells["manual"] == (None, True) for cells in gradebook.values())


def test_good_earns_ninety_and_the_oracle_is_flagged_nowhere(rows):
    assert rows["good-1"].points >= 90
    assert rows["oracle-1"].points == pytest.approx(100)
    assert rows["oracle-1"].words == ""


def test_biased_keeps_accuracy_and_loses_most_fairness(rows):
    assert rows["biased-1"].kinds["accuracy"]["points"] >= 30
    assert rows["biased-1"].kinds["fairness"]["points"] <= 10


@pytest.mark.parametrize("name", ["random-1", "constant-1"])
def test_the_useless_earn_no_fairness_and_at_most_twenty(rows, name):
    assert rows[name].kinds["fairness"]["points"] == 0
    assert rows[name].points <= 20


def test_leaky_and_overfit_are_caught_by_name(rows):
    assert "LEAK-POSTDISCH" in rows["leaky-1"].words
    assert "OVERFIT" in rows["overfit-1"].words


def test_a_broken_submission_has_a_status_and_no_points(rows):
    assert rows["broken-1"].status == "unreadable"
    assert rows["broken-1"].points is None


def test_what_is_printed_names_every_student_and_the_reasons(demo, rows):
    for student, row in rows.items():
        assert student in demo[0]
        assert not row.words or row.words.split()[0] in demo[0]


def test_every_student_gets_feedback_with_points_and_reasons(demo, rows):
    feedback = demo[1] / "feedback"
    page = feedback / "biased-1" / "readmission" / "readmission.html"
    text = page.read_text(encoding="utf-8")
    assert "We saw a gap of" in text
    assert "MISSED-IN-GROUP" in text
    assert not re.search("&lt;/?(p|th|tr|td|ul|li|b|thead|tbody|table)\\b", text)
    assert "<th>criterion</th>" in text
    for student in rows:
        assert (feedback / student / "readmission" / "readmission.html").is_file()
