"""Where each student stands, and which command comes next."""

import os
import time
from datetime import timedelta

import pytest
from marked_course import later
from nbgrader.utils import notebook_hash

from coursekit.cli import main
from coursekit.errors import BadCourse
from coursekit.status import feedback as feedback_module
from coursekit.status import next_steps, standings
from coursekit.status.table import print_status


def stages(marked, name="tiny"):
    return {each.student: each.stage for each in standings(marked.course, name)}


def standing(marked, student="ann", name="tiny"):
    found = standings(marked.course, name)
    return next(each for each in found if each.student == student)


def commands(marked, name="tiny"):
    found = standings(marked.course, name)
    return [step.command for step in next_steps(marked.course, name, found)]


def test_who_is_on_the_list_and_sent_nothing_is_named(marked):
    marked.list("ann")
    assert stages(marked) == {"ann": "nothing handed in"}
    assert commands(marked) == ["coursekit collect ZIP --assignment tiny"]


def test_a_submission_goes_its_way_stage_by_stage(marked):
    marked.hand_in("ann")
    assert stages(marked) == {"ann": "handed in"}
    assert commands(marked) == ["coursekit autograde tiny"]
    record = marked.score("ann", 30.0)
    assert stages(marked) == {"ann": "scored"}
    marked.list("ann")
    marked.record("ann", record)
    marked.mark("ann", {"accuracy": 30, "contract": 10, "shape": 5, "manual": None})
    assert standing(marked).stage == "question open"
    assert standing(marked).why == "manual (10 points)"
    assert commands(marked)[0].startswith("jupyter lab")
    marked.give("ann", "manual", 8.0)
    assert stages(marked) == {"ann": "marked"}
    assert commands(marked) == ["nbgrader generate_feedback tiny"]
    marked.give_feedback("ann", 53.0)
    assert stages(marked) == {"ann": "feedback written"}
    assert commands(marked) == ["coursekit export tiny --to canvas --template FILE"]


def test_a_run_that_was_not_scored_is_at_run(marked):
    marked.hand_in("ann")
    logs = marked.course.place("runs", "tiny", "logs")
    line = "2026-01-01 10:00:00.000+00:00 run    timeout: It took 60 s.\n"
    (logs / "ann.log").write_text(line)
    assert standing(marked).stage == "run"
    assert standing(marked).why == "timeout: It took 60 s."


def test_what_could_not_be_graded_needs_a_person_and_says_why(marked):
    marked.failed("ann")
    assert standing(marked).stage == "needs a person"
    assert "accuracy (40 points)" in standing(marked).why
    assert "timeout: It took too long." in standing(marked).why


def test_marks_of_a_person_end_what_needed_one(marked):
    marked.failed("ann")
    for cell in ("accuracy", "contract", "shape", "manual"):
        marked.give("ann", cell, 1.0)
    assert standing(marked).stage == "marked"
    assert standing(marked).mark.score == 4


@pytest.mark.parametrize("status", ["sandbox-unavailable", "not-run", "not-scored"])
def test_where_our_side_failed_the_next_command_tries_again(marked, status):
    marked.failed("ann", status)
    assert stages(marked) == {"ann": "handed in"}
    assert commands(marked) == ["coursekit autograde tiny"]


def test_a_newer_submission_is_seen_by_its_timestamp(marked):
    marked.graded("ann")
    marked.hand_in("ann", later(minutes=1))
    assert standing(marked).stage == "handed in"
    assert standing(marked).why == "handed in again after it was graded"


def test_a_newer_submission_with_the_same_timestamp_is_seen_too(marked):
    marked.graded("ann")
    assert stages(marked) == {"ann": "marked"}
    time.sleep(0.02)
    marked.hand_in("ann")
    assert stages(marked) == {"ann": "handed in"}


def test_a_course_that_was_moved_or_restored_is_no_newer_submission(marked):
    marked.graded("ann")
    time.sleep(0.02)
    for path in (marked / "submitted/ann/tiny").iterdir():
        path.chmod(0o640)  # a new change time, as after moving or restoring
    assert stages(marked) == {"ann": "marked"}


def test_other_hidden_patients_make_scores_that_do_not_hold(marked):
    marked.graded("ann")
    (marked / "holdout/tiny/more.csv").write_text("1")
    assert standing(marked).stage == "run"
    assert "have changed since" in standing(marked).why


def test_a_gradebook_without_the_newest_score_is_behind(marked):
    marked.graded("ann")
    marked.score("ann", 31.0)
    assert stages(marked) == {"ann": "scored"}


def test_late_is_counted_from_the_due_date_and_the_extension(marked):
    marked.graded("ann", came=later(hours=5))
    marked.hand_in("bob", later(hours=3))
    assert standing(marked).late == timedelta(hours=3)
    assert standing(marked, "bob").late == timedelta(hours=1)
    from nbgrader.api import Gradebook

    with Gradebook(marked.course.db_url) as gradebook:
        gradebook.grant_extension("tiny", "ann", minutes=60)
    assert standing(marked).late == timedelta(hours=2)


def test_what_was_replaced_counts_as_handed_in(marked):
    marked.hand_in("ann")
    for name in ("tiny.replaced", "tiny.replaced~1"):
        (marked / "quarantine/ann" / name).mkdir(parents=True)
    assert standing(marked).n_handed_in == 3


def test_a_refused_submission_is_not_nothing(marked):
    marked.receive("ann", status="too-large", reason="It has 200 MB.")
    (marked / "submitted/ann/tiny").mkdir(parents=True)
    assert standing(marked).stage == "handed in"
    assert standing(marked).why == "too-large: It has 200 MB."


def test_feedback_with_another_score_is_stale(marked):
    marked.graded("ann")
    marked.give_feedback("ann", 45.0)
    assert standing(marked).stage == "marked"
    assert standing(marked).why == "the feedback is older than the marks"
    assert commands(marked) == ["nbgrader generate_feedback tiny --force"]


def test_feedback_older_than_the_graded_notebook_is_stale(marked):
    marked.graded("ann")
    folder = marked.give_feedback("ann", 53.0)
    assert standing(marked).stage == "feedback written"
    os.utime(folder / "tiny.html", (1, 1))
    assert standing(marked).stage == "marked"


def test_feedback_is_released_once_that_very_page_is_in_the_exchange(
    marked, tmp_path, monkeypatch
):
    monkeypatch.setattr(feedback_module, "exchange_folder", lambda _: tmp_path)
    marked.graded("ann")
    folder = marked.give_feedback("ann", 53.0)
    (folder / "submission_secret.txt").write_text("s3")
    assert commands(marked) == ["nbgrader release_feedback tiny"]
    page = tmp_path / f"{notebook_hash(secret='s3', notebook_id='tiny')}.html"
    page.write_text("")
    assert stages(marked) == {"ann": "feedback released"}
    os.utime(page, (1, 1))
    assert stages(marked) == {"ann": "feedback written"}


def test_an_ordinary_assignment_is_followed_without_score_records(marked):
    marked.list("ann")
    marked.hand_in("ann", name="plain")
    assert stages(marked, "plain") == {"ann": "handed in"}
    marked.mark("ann", {"test": 2.0}, name="plain")
    assert stages(marked, "plain") == {"ann": "marked"}


def test_a_newer_submission_is_seen_where_only_nbgrader_graded(marked):
    marked.list("ann")
    marked.hand_in("ann", name="plain")
    marked.mark("ann", {"test": 2.0}, name="plain")
    marked.hand_in("ann", later(minutes=1), name="plain")
    assert stages(marked, "plain") == {"ann": "handed in"}


def test_an_assignment_that_is_not_released_has_to_be_generated_first(marked):
    (marked / "release/tiny/tiny.ipynb").unlink()
    assert commands(marked) == ["nbgrader generate_assignment tiny"]


def test_what_is_printed_names_each_student_and_the_next_command(marked, capsys):
    marked.graded("ann", manual=None)
    marked.list("bob")
    print_status(marked.folder, "tiny")
    said = capsys.readouterr().out
    assert "45 of 65 so far" in said
    assert "1 of 2 handed in: 1 nothing handed in, 1 question open." in said
    assert "jupyter lab" in said
    print_status(marked.folder, student="ann")
    said = capsys.readouterr().out
    assert "plain" in said
    assert "bob" not in said


def test_status_is_0_and_changes_nothing(marked, monkeypatch, capsys):
    marked.graded("ann")
    before = {path: path.stat().st_mtime_ns for path in marked.folder.rglob("*")}
    words = ["coursekit", "status", "--course", str(marked.folder)]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code in (0, None)
    assert before == {p: p.stat().st_mtime_ns for p in marked.folder.rglob("*")}
    assert "nbgrader generate_feedback tiny" in capsys.readouterr().out


def test_an_unknown_assignment_or_student_is_an_error_that_lists_what_there_is(marked):
    with pytest.raises(BadCourse, match="it has: plain, tiny"):
        print_status(marked.folder, "a9")
    with pytest.raises(BadCourse, match="no student 'zoe'"):
        print_status(marked.folder, "tiny", "zoe")


def test_a_misspelt_name_in_course_toml_is_told_with_the_one_that_is_meant(
    marked, capsys
):
    marked.graded("s123")
    rules = (marked / "course.toml").read_text().replace("format = 1", "format = 2")
    rules += "[extensions.tini]\ns124 = 2027-02-03 23:59:00\n[time]\ns123 = 2\n"
    (marked / "course.toml").write_text(rules)
    print_status(marked.folder)
    told = capsys.readouterr().out
    assert "extensions.tini is no assignment of this course. Did you mean tiny?" in told
    assert "extensions.tini.s124 is no student of this course. Did you mean" in told
    assert "time." not in told


def test_looking_at_a_new_course_makes_no_gradebook(marked, capsys):
    (marked / "gradebook.db").unlink()
    (marked / "release/tiny/tiny.ipynb").unlink()
    print_status(marked.folder)
    assert "nbgrader generate_assignment tiny" in capsys.readouterr().out
    assert not (marked / "gradebook.db").exists()
