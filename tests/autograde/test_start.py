"""The start page, labs and due dates of a new course; a new term; an older course."""

import json
from datetime import date, datetime

import pytest
from nbgrader.api import Gradebook

from coursekit.autograde.course import open_course
from coursekit.autograde.frame import course_text, write_frame
from coursekit.autograde.layout import lay_out
from coursekit.autograde.start import write_start
from coursekit.rules import Late, Rules, read_rules
from coursekit.syllabus import everything, plan, read_syllabus

RULES = Rules(name="ml4h", timezone="America/New_York")


def page(course):
    cells = json.loads((course / "start.ipynb").read_text(encoding="utf-8"))["cells"]
    return "".join("".join(cell["source"]) for cell in cells)


@pytest.fixture
def course(tmp_path):
    """A course by the workshop's syllabus, nobody's patients drawn."""
    from zoneinfo import ZoneInfo

    folder = tmp_path / "ml4h"
    write_frame(folder, "secret", RULES)
    zone = ZoneInfo(RULES.timezone)
    made = plan(read_syllabus("workshop"), date(2027, 1, 11), zone)
    write_start(folder, made, RULES)
    return folder


def test_every_link_of_the_start_page_to_a_lab_leads_somewhere(course):
    text = page(course)
    assert "[01_readmission](labs/01_readmission.ipynb)" in text
    assert (course / "labs" / "01_readmission.ipynb").is_file()
    assert (course / "labs" / "for-the-teacher" / "01_readmission.md").is_file()
    assert "2027-01-11 23:59" in text
    assert "America/New_York" in text


def test_the_class_gets_labs_without_solutions(course):
    given = (course / "labs" / "01_readmission.ipynb").read_text(encoding="utf-8")
    mine = course / "labs" / "for-the-teacher" / "01_readmission.ipynb"
    assert given != mine.read_text(encoding="utf-8")


def test_due_dates_stand_in_nbgraders_gradebook_in_utc(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        due = gradebook.find_assignment("readmission").duedate
    assert due == datetime(2027, 1, 12, 4, 59)


def test_a_course_without_a_syllabus_lists_all_it_has(tmp_path):
    write_frame(tmp_path / "x", "secret", RULES)
    write_start(tmp_path / "x", everything(["readmission", "explain"]), RULES)
    text = page(tmp_path / "x")
    assert "[explain](source/explain/explain.ipynb)" in text
    assert not (tmp_path / "x" / "gradebook.db").exists()


def test_a_new_term_takes_over_rules_and_own_assignments_and_no_student(tmp_path):
    old = tmp_path / "old"
    late = Late(free_days=3, percent_a_day=12.5, last_day=9)
    write_frame(old, "old secret", Rules(name="old", timezone="Asia/Tokyo", late=late))
    with open(old / "course.toml", "a") as rules:
        rules.write("[time]\nann = 2\n")
    with open(old / "nbgrader_config.py", "a") as config:
        config.write("c.Exchange.root = '/srv/exchange'\n")
    for own in ("essay", "readmission"):
        (old / "source" / own).mkdir()
        (old / "source" / own / f"{own}.ipynb").write_text("{}")
    (old / "holdout" / "readmission").mkdir()
    (old / "holdout" / "readmission" / "rubric.lock.toml").touch()
    opened = open_course(old)
    new = lay_out(tmp_path / "new", [], rules=opened.rules, like=opened)
    found = read_rules(new)
    assert (found.name, found.timezone, found.late) == ("new", "Asia/Tokyo", late)
    assert found.time == {}
    assert "/srv/exchange" in (new / "nbgrader_config.py").read_text()
    assert [path.name for path in (new / "source").iterdir()] == ["essay"]
    assert "old secret" not in (new / "holdout" / "secret.txt").read_text()


def test_a_new_term_never_writes_into_the_gradebook_of_the_last(tmp_path):
    old = tmp_path / "old"
    write_frame(old, "old secret", Rules(limits={"seconds": 90}))
    with (old / "nbgrader_config.py").open("a") as file:
        file.write(f'c.CourseDirectory.db_url = "sqlite:///{old}/grades.db"\n')
        file.write('c.CourseDirectory.course_id = "ml4h"\n')
    opened, told = open_course(old), []
    new = lay_out(
        tmp_path / "new", [], rules=opened.rules, like=opened, progress=told.append
    )
    found = open_course(new)
    assert found.db_url == f"sqlite:///{new}/gradebook.db?timeout=60"
    assert found.rules.limits == {"seconds": 90}
    assert "last term's gradebook" in told[0]
    assert "course_id is 'ml4h'" in told[1]


def test_a_course_can_be_laid_out_in_the_empty_folder_where_one_is(
    tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    assert lay_out(".", []) == tmp_path
    assert read_rules(tmp_path).name == tmp_path.name
    assert not list(tmp_path.glob(".*"))


def test_rules_survive_being_written_and_read(tmp_path):
    rules = Rules(name='a "b"', syllabus="semester", late=Late(5, 1, 2.5, 4))
    (tmp_path / "course.toml").write_text(course_text(rules), encoding="utf-8")
    found = read_rules(tmp_path)
    assert (found.name, found.syllabus, found.late) == ('a "b"', "semester", rules.late)
