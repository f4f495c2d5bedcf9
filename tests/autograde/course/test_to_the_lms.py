"""From a submission through nbgrader's gradebook to a file for an LMS."""

import csv

import pytest
from nbgrader.api import Gradebook

from coursekit.autograde.pipeline import grade
from coursekit.exports import export
from coursekit.status import standings


def stages(course):
    return {each.student: each.stage for each in standings(course.folder, "tiny")}


def mark_by_hand(course, student, **points):
    with Gradebook(f"sqlite:///{course.folder}/gradebook.db") as gradebook:
        for cell, given in points.items():
            grade_of = gradebook.find_grade(cell, "tiny", "tiny", student)
            grade_of.manual_score, grade_of.needs_manual_grade = given, False
        gradebook.db.commit()


def test_what_is_exported_is_what_stands_in_nbgraders_gradebook(course, runs, tmp_path):
    for student in ("ann", "bob"):
        course.hand_in(student, course.solved())
    assert stages(course) == {"ann": "handed in", "bob": "handed in"}
    grade(course.folder, "tiny", jobs=1, sandbox="none")
    assert stages(course) == {"ann": "needs a person", "bob": "needs a person"}
    mark_by_hand(course, "ann", shape=5.0)
    assert stages(course)["ann"] == "question open"
    mark_by_hand(course, "ann", manual=7.0)
    assert stages(course)["ann"] == "marked"
    path = tmp_path / "grades.csv"
    done = export(course.folder, "tiny", "nbgrader", output=path)
    automatic = course.rows("ann")
    expected = automatic["ann", "accuracy"][0] + automatic["ann", "contract"][0] + 12
    assert done.written == {"ann": pytest.approx(expected)}
    (row,) = csv.DictReader(path.read_text().splitlines())
    assert float(row["score"]) == pytest.approx(expected)
    course.hand_in("ann", course.solved(manual="I have thought again."))
    assert stages(course)["ann"] == "handed in"
    assert export(course.folder, "tiny", "nbgrader", output=path).written == {}
