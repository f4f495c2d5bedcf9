"""The rules of the course in real grading: late days, extensions, more time."""

import re

import pytest
from nbgrader.api import Gradebook

from coursekit.autograde.pipeline import grade
from coursekit.status import standings
from coursekit.status.standing import FEEDBACK, PERSON, SCORED

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
POINTS = 65  # of the small course's assignment
RULES = """
[late]
free_days = 1
percent_a_day = 10
last_day = 5
"""
EXTENSIONS = """
[extensions.tiny]
cy = 2027-02-03 12:00:00
dot = 2027-01-01 00:00:00
"""


def open_gradebook(course):
    return Gradebook(f"sqlite:///{course.folder}/gradebook.db")


def due(course, name, day):
    with open_gradebook(course) as gradebook:
        when = f"2027-{day} 12:00:00 UTC"
        gradebook.update_or_create_assignment(name, duedate=when)


def penalties(course):
    """Return what each student lost, and what was earned before."""
    with open_gradebook(course) as gradebook:
        found = gradebook.assignment_submissions("tiny")
        return {s.student_id: (s.late_submission_penalty, s.score) for s in found}


def rule(course, text):
    path = course / "course.toml"
    path.write_text(path.read_text().replace("format = 1", "format = 2") + text)


@pytest.fixture
def late(course, runs):
    """A class of four: in time, a day late, three days late, six days late."""
    due(course, "tiny", "02-01")
    for day, student in ((1, "ann"), (2, "bob"), (4, "cy"), (7, "dot")):
        solved = course.solved(model=f"model = '{student}'")
        course.hand_in(student, solved, stamp=f"2027-02-{day:02} 11:59:59 UTC")
    return course


def test_penalties_follow_the_rules_and_a_changed_rule_repeats_no_run(late, runs):
    grade(late.folder, "tiny", jobs=1)
    assert {lost for lost, _ in penalties(late).values()} == {0}
    rule(late, RULES)
    grade(late.folder, "tiny", jobs=1)
    found = penalties(late)
    assert found["ann"][0] == found["bob"][0] == 0
    assert found["cy"] == (6.5 * 2, pytest.approx(found["ann"][1]))  # 10 % of 65 a day
    assert found["dot"][0] == POINTS > found["dot"][1] > 0
    rule(late, EXTENSIONS)
    grade(late.folder, "tiny", jobs=1)
    assert penalties(late) == found | {"cy": (0, found["cy"][1])}
    assert len(runs.made) == 4


def test_free_days_are_used_up_by_what_was_due_before(late, runs):
    rule(late, RULES)
    due(late, "plain", "01-01")
    with open_gradebook(late) as gradebook:
        gradebook.add_student("bob")
        with gradebook.db.no_autoflush:
            when = "2027-01-02 11:00:00 UTC"
            gradebook.add_submission("plain", "bob", timestamp=when)
    grade(late.folder, "tiny", ["bob"], jobs=1)
    assert penalties(late)["bob"][0] == 6.5


def test_plain_nbgrader_takes_off_the_same(late, runs):
    rule(late, RULES)
    grade(late.folder, "tiny", jobs=1)
    found = penalties(late)
    late.nbgrader("autograde", "tiny", "--force")
    assert penalties(late) == found


def test_who_is_given_more_time_runs_again_with_more(late, runs):
    grade(late.folder, "tiny", jobs=1)
    rule(late, "[time]\nann = 2\n")
    grade(late.folder, "tiny", jobs=1)
    assert len(runs.made) == 5
    assert late.scores("ann")["time"] == 2
    assert "time" not in late.scores("bob")


def test_what_a_person_gives_later_is_penalised_too(late, runs):
    rule(late, RULES)
    grade(late.folder, "tiny", jobs=1)
    with open_gradebook(late) as gradebook:
        notebook = gradebook.find_submission_notebook("tiny", "tiny", "dot")
        for each in notebook.grades:
            each.manual_score = each.max_score if each.cell.name == "manual" else 0
            each.needs_manual_grade = False
        gradebook.db.commit()
    lost, earned = penalties(late)["dot"]
    assert lost == POINTS > earned > 0
    [dot] = [s for s in standings(late.folder, "tiny") if s.student == "dot"]
    assert dot.mark.score == 0
    late.nbgrader("generate_feedback", "tiny")
    page = (late.folder / "feedback/dot/tiny/tiny.html").read_text()
    assert re.search(r"Score: 0(\.0)? /", page)
    [dot] = [s for s in standings(late.folder, "tiny") if s.student == "dot"]
    assert (dot.stage, dot.why) == (FEEDBACK, "")


def test_a_changed_rule_or_earlier_assignment_is_seen_and_recorded(late, runs):
    grade(late.folder, "tiny", jobs=1)
    assert {s.stage for s in standings(late.folder, "tiny")} == {PERSON}
    rule(late, RULES)
    behind = {s.student: s.stage == SCORED for s in standings(late.folder, "tiny")}
    assert behind == {"ann": False, "bob": False, "cy": True, "dot": True}
    grade(late.folder, "tiny", jobs=1)
    assert {s.stage for s in standings(late.folder, "tiny")} == {PERSON}
    due(late, "before", "01-15")
    with open_gradebook(late) as gradebook, gradebook.db.no_autoflush:
        stamp = "2027-01-16 12:00:00 UTC"
        gradebook.add_submission("before", "bob", timestamp=stamp)
    behind = [s for s in standings(late.folder, "tiny") if s.stage == SCORED]
    assert [s.student for s in behind] == ["bob"]
    assert "late" in behind[0].why
    grade(late.folder, "tiny", jobs=1)
    assert penalties(late)["bob"][0] == POINTS / 10
    assert len(runs.made) == 4
