"""Syllabi: what ships is whole, what is not here is named, mistakes are told."""

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from coursekit.content import content
from coursekit.errors import BadInput
from coursekit.syllabus import everything, list_syllabi, plan, read_syllabus

MINE = """
title: Mine
unit: week
sessions:
  - {session: 2, title: A model, labs: [01_readmission], assignments: {readmission: 5}}
"""


@pytest.fixture
def mine(tmp_path):
    """A function that reads my syllabus with one text in it replaced by another."""

    def mine(old="", new=""):
        path = tmp_path / "mine.yaml"
        path.write_text(MINE.replace(old, new) if old else MINE, encoding="utf-8")
        return read_syllabus(path)

    return mine


def test_the_five_that_are_promised_ship():
    assert list_syllabi() == [
        *("eight-weeks", "imaging", "records-and-notes", "semester", "workshop")
    ]


@pytest.mark.parametrize("name", list_syllabi())
def test_a_shipped_syllabus_names_no_lab_wrongly(name):
    """What is left out is left out because its module is not built, not for a typo."""
    planned = {"survival", "effect", "sepsis_policy", "deploy_monitor", "night_shift"}
    planned |= {"ecg", "treatment", "deployment", "ethics"}
    left_out = {each.split(": ")[1] for each in plan(read_syllabus(name)).left_out}
    assert left_out <= planned


def test_the_semester_has_every_assignment_that_ships():
    shipped = {
        path.parent.name for path in content("assignments").glob("*/rubric.toml")
    }
    assert set(plan(read_syllabus("semester")).assignments) == shipped


def test_work_is_due_at_the_end_of_its_week_where_the_class_is(mine):
    made = plan(mine(), date(2027, 3, 22), ZoneInfo("Europe/Berlin"))
    assert made.due["readmission"].isoformat() == "2027-04-04T23:59:00+02:00"
    assert plan(mine()).due == {}


def test_what_this_coursekit_has_not_is_left_out_by_name(mine):
    made = plan(mine("labs: [", "labs: [99_surgery, "))
    assert made.left_out == ("week 2: 99_surgery",)
    assert made.labs == ["01_readmission"]


def test_a_syllabus_of_which_nothing_is_here_is_refused(mine):
    with pytest.raises(BadInput, match="no assignment of mine"):
        plan(mine("readmission: 5", "surgery: 5"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("unit: week", "unit: month", "it is week or day"),
        ("title: Mine\n", "", "needed are sessions, title, unit"),
        ("readmission: 5", "readmission: -5", "weights above 0"),
        ("session: 2", "session: 2.5", "from 1 to 60"),
        ("labs: [01_readmission]", "labs: 01_readmission", "list of names"),
        ("title: A", "tilte: A", "found .*tilte"),
        ("sessions:", "sessions: [", "is not YAML"),
    ],
)
def test_a_mistake_is_told_with_its_place(mine, old, new, said):
    with pytest.raises(BadInput, match=said):
        mine(old, new)


def test_an_assignment_is_assigned_once(mine):
    again = MINE.splitlines()[-1].replace("session: 2", "session: 3")
    with pytest.raises(BadInput, match="readmission is assigned twice"):
        mine(MINE, f"{MINE}{again}\n")


def test_a_syllabus_that_is_none_lists_those_there_are():
    with pytest.raises(BadInput, match="There are: eight-weeks, imaging"):
        read_syllabus("trimester")


def test_without_a_syllabus_there_is_everything_and_nothing_is_due():
    made = everything(["readmission"])
    assert "01_readmission" in made.labs
    assert made.due == {}
