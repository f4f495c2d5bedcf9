"""A second attempt: the same assignment, other hidden patients, no third."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coursekit.autograde.course import open_course
from coursekit.autograde.pipeline import grade
from coursekit.cli.app import app
from coursekit.datasets import make_readmission
from coursekit.datasets.holdout import write_holdout

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture
def second(course):
    """The small course with a second attempt at tiny."""
    other = make_readmission(400, secret="tiny", role="hidden-2")
    write_holdout(course / "holdout/tiny/hidden-2", other)
    return CliRunner().invoke(app, asked(course))


def asked(course, name="tiny"):
    due = "2027-02-15T23:59"
    return ["second-attempt", name, "--due", due, "--course", str(course.folder)]


def test_a_second_attempt_is_graded_on_the_second_hidden_patients(course, second):
    assert second.exit_code == 0, second.output
    served = Path("hidden/inputs/X.csv.gz")
    first, other = course / "holdout/tiny", course / "holdout/tiny-2"
    second_patients = (first / "hidden-2/inputs/X.csv.gz").read_bytes()
    assert (other / served).read_bytes() == second_patients
    assert (other / served).read_bytes() != (first / served).read_bytes()
    course.nbgrader("generate_assignment", "tiny-2")
    handed_in = course / "submitted/ann/tiny-2"
    handed_in.mkdir(parents=True)
    (handed_in / "tiny-2.ipynb").write_text(json.dumps(course.solved()))
    record = grade(course.folder, "tiny-2", jobs=1)["ann"]
    assert (record["status"], record["assignment"]) == ("scored", "tiny-2")
    released = (course / "release/tiny-2/tiny-2.ipynb").read_text()
    assert "This is the second attempt" in released


def test_there_is_no_third_attempt_and_no_second_twice(course, second):
    again = CliRunner().invoke(app, asked(course))
    assert "has a second attempt already" in str(again.exception)
    third = CliRunner().invoke(app, asked(course, "tiny-2"))
    assert "there is no third" in str(third.exception)


def test_who_was_killed_between_its_two_halves_can_call_it_again(course, second):
    (course / "holdout/tiny-2").rename(course / "holdout/.tiny-2.new")
    again = CliRunner().invoke(app, asked(course))
    assert again.exit_code == 0, again.exception
    assert open_course(course.folder).assignments() == ["tiny", "tiny-2"]


def test_without_second_patients_there_is_no_second_attempt(course):
    refused = CliRunner().invoke(app, asked(course))
    assert "no second hidden patients" in str(refused.exception)
    assert open_course(course.folder).assignments() == ["tiny"]
