"""The figures of a class, from records, gradebook and runs that are made up."""

import json
import shutil

import pytest

from coursekit.autograde.scorebook import ordinary_record
from coursekit.errors import BadCourse
from coursekit.report import read_figures
from coursekit.report.scatter import crossed, measures_scatter, points_scatter
from made_up_class import lay_out, put, record_of, write_gradebook
from mixed_report import HOSTILE


def of(figures, student):
    return next(each for each in figures.students if each.student == student)


def test_every_student_has_one_status_and_the_absent_come_last(figures):
    assert figures.statuses == {
        "scored": 8,
        "timeout": 1,
        "not graded yet": 1,
        "not handed in": 1,
    }
    assert figures.students[-1].student == "gil"
    assert len(figures.handed_in) == 10


def test_a_person_is_needed_for_what_was_withheld_or_failed_and_not_for_an_essay(
    figures,
):
    why = {each.student: each.why for each in figures.for_a_person}
    assert set(why) == {"cy", "dan"}
    assert why["cy"] == ("auroc: Too good to be true. A person looks.",)
    assert why["dan"][0].startswith("timeout: It took longer")


def test_codes_are_counted_among_those_with_a_score(figures):
    found = {each.code: (each.n, each.of) for each in figures.codes}
    assert found == {"TUNED-ON-CHECK": (4, 8), "MISSED-IN-GROUP": (1, 8)}
    assert figures.codes[0].share == 0.5


def test_points_lost_are_those_of_the_judged_and_the_withheld_are_counted_apart(
    figures,
):
    auroc, _, gap = sorted(figures.criteria, key=lambda each: each.id)
    assert (auroc.n_judged, auroc.n_withheld, auroc.n_all) == (7, 1, 1)
    assert auroc.lost == (12.5, 30.0, 30.0)  # of 0, 5, 20, and four times 30
    assert (gap.n_all, gap.n_part, gap.n_none) == (1, 2, 5)


def test_a_mark_is_final_only_when_nothing_is_open_and_the_penalty_is_off(figures):
    assert of(figures, "ann").mark.final == 40 + 30 + 10 + 7
    assert of(figures, "eve").mark.final == 20 + 15 + 10 + 7 - 5
    assert of(figures, "bob").mark.final is None
    assert [each.student for each in figures.late] == ["eve"]
    assert of(figures, "eve").mark.seconds_late == 30 * 3600


def test_questions_wait_until_a_person_has_marked_them(figures):
    (question,) = figures.questions
    assert (question.name, question.n_waiting, question.n) == ("manual", 7, 9)


def test_only_reruns_that_differed_are_told(figures):
    assert [each.student for each in figures.rerun] == ["eve"]
    assert "accuracy 35 -> 34" in of(figures, "eve").reruns[0]
    assert figures.n_same_reruns == 1


def test_other_versions_are_named_with_who_ran_under_them(figures):
    common, other = figures.settings
    assert common.n == 7
    assert other.named == ("eve",)
    assert other.differences == ("numpy 2.3.0 instead of 2.4.6",)


def test_a_run_that_was_removed_is_said_to_be_gone(mixed, tmp_path):
    course = shutil.copytree(mixed, tmp_path / "course")
    run = json.loads((course / "scores/tiny/bob.json").read_text())["run"]
    shutil.rmtree(course / "runs/tiny" / run)
    assert read_figures(course, "tiny").without_run == ("bob",)


def test_without_names_none_is_read(mixed):
    found = read_figures(mixed, "tiny")
    assert {each.name for each in found.students} == {""}


def test_reading_changes_nothing_in_the_course(mixed):
    before = {path: path.stat().st_mtime_ns for path in mixed.rglob("*")}
    read_figures(mixed, "tiny")
    assert {path: path.stat().st_mtime_ns for path in mixed.rglob("*")} == before


def test_the_picture_in_points_has_everyone_with_both_and_joins_who_stand_together(
    figures,
):
    picture = points_scatter(figures.students)
    assert (len(picture.rows), picture.n_left_out) == (7, 1)
    assert picture.dots[0].students == tuple(sorted(HOSTILE))
    assert crossed(picture) == [
        [0, 0, 0, 1],  # ann: all of both
        [0, 0, 1, 0],
        [0, 0, 0, 0],
        [0, 4, 0, 1],  # bob: accurate and unfair
    ]


def test_in_the_measured_picture_a_smaller_gap_stands_higher(figures):
    picture = measures_scatter(figures.rubric.criteria, figures.students)
    high = {row.student: picture.up.y(row.up.value) for row in picture.rows}
    right = {row.student: picture.across.x(row.across.value) for row in picture.rows}
    assert high["ann"] < high["bob"]
    assert right["eve"] < right["bob"] < right["ann"]


def test_an_assignment_without_a_rubric_has_the_gradebooks_points(tmp_path):
    course = lay_out(tmp_path / "course", rubric=None)
    notebooks = {"tiny": {"run": None, "status": "ok"}}
    record = ordinary_record("tiny", "scored", "", notebooks) | {"sandbox": None}
    put(course, "ann", record)
    marks = {"kinds": {"accuracy": {"points": 30}, "fairness": {"points": 20}}}
    write_gradebook(course, {"ann": marks})
    found = read_figures(course, "tiny")
    assert found.rubric is None
    assert found.marked == (50, 50, 50)
    assert found.criteria == found.codes == ()
    assert of(found, "ann").why == ("The test contract gave no mark.",)


def test_a_class_in_which_nothing_was_graded_has_no_gradebook_and_gets_none(tmp_path):
    course = lay_out(tmp_path / "course")
    put(course, "ann")
    found = read_figures(course, "tiny")
    assert found.statuses == {"not graded yet": 1}
    assert found.measured is None
    assert not (course / "gradebook.db").exists()


def test_a_score_that_is_not_in_the_gradebook_is_counted(tmp_path, figures):
    course = lay_out(tmp_path / "course")
    put(course, "ann", record_of(0.8, 0.1))
    put(course, "bob")
    assert read_figures(course, "tiny").n_unrecorded == 1
    assert figures.n_unrecorded == 0


def test_a_gradebook_that_is_none_is_an_error_with_a_remedy(tmp_path):
    course = lay_out(tmp_path / "course")
    (course / "gradebook.db").write_text("no database")
    with pytest.raises(BadCourse, match="nbgrader db upgrade"):
        read_figures(course, "tiny")


def test_an_unknown_assignment_is_refused_with_those_that_are_there(mixed):
    with pytest.raises(BadCourse, match=r"no assignment 'other'.*It has: tiny"):
        read_figures(mixed, "other")
    with pytest.raises(BadCourse, match="not the name of a folder"):
        read_figures(mixed, "../tiny")
