"""Downloads from Canvas and Moodle, collected into a course and graded."""

import json
import sqlite3
import sys
from datetime import datetime

import pytest

from coursekit.autograde import lms as module
from coursekit.autograde.lms import collect
from coursekit.autograde.lms_zip import ZipLimits
from coursekit.autograde.pipeline import grade
from coursekit.autograde.roster import Person, Roster
from coursekit.cli import main
from coursekit.errors import BadCourse, BadData
from handing_in import change_due_date, write_download

ROSTER = Roster(
    [
        Person("ann", users=("34",), participants=("7",), names=("Ann Doe",)),
        Person("bob", users=("35",), participants=("8",), names=("Bob Roe",)),
    ],
    is_complete=True,
)
ANN, BOB = "doeann_34_568_tiny.ipynb", "roebob_35_569_tiny.ipynb"
MOODLE = "Ann Doe_7_assignsubmission_file_/tiny.ipynb"


@pytest.fixture
def download(tmp_path):
    """Return a function that makes a zip of these members."""

    def make(members, name="all.zip", year=2026):
        return write_download(tmp_path / name, members, year)

    return make


def dump(notebook):
    return json.dumps(notebook)


def taken(course, source, roster=ROSTER, limits=None):
    """Collect, and return who -> what happened."""
    outcomes, _ = collect(course.folder, source, "tiny", roster=roster, limits=limits)
    assert len({each.who for each in outcomes}) == len(outcomes)
    return {each.who: each.what for each in outcomes}


def submitted(course, student):
    return (course / f"submitted/{student}/tiny/tiny.ipynb").read_text()


def stamp(course, student):
    return (course / f"submitted/{student}/tiny/timestamp.txt").read_text()


@pytest.fixture
def clock(monkeypatch):
    """Return a function that sets the moment of collection."""

    def at(*moment):
        monkeypatch.setattr(module, "now", lambda: datetime(*moment))

    return at


def test_a_class_is_collected_and_graded_whatever_lies_among_it(
    course, download, runs, recorded
):
    bomb = bytes(40 * 10**6)
    source = download(
        {
            ANN: course.solved(),
            BOB: bomb,
            "zoe_99_570_tiny.ipynb": course.solved(),
            "doeann_34_571_notes.pdf": "%PDF",
            "doeann_34_572_more.zip": "PK",
            "readme.txt": "",
            "../../roebob_36_573_tiny.ipynb": "{}",
        }
    )
    assert taken(course, source) == {
        "ann": "collected",
        "bob": "refused",
        "zoe (99)": "unknown",
        "readme.txt": "not recognised",
        "roebob (36)": "unknown",
    }
    kept = course / "quarantine/~unknown/tiny/zoe_99_570_tiny.ipynb"
    assert kept.read_text() == dump(course.solved())
    records = grade(course.folder, "tiny", jobs=1)
    assert {name: each["status"] for name, each in records.items()} == {
        "ann": "scored",
        "bob": "too-large",
    }
    assert "grows more than 200-fold" in records["bob"]["reason"]
    assert records["ann"]["notes"] == [
        "Left in the download: notes.pdf, more.zip (not opened)."
    ]


def test_twice_is_harmless_and_a_newer_one_keeps_the_older(course, download):
    first = download({ANN: course.solved(), MOODLE.replace("Ann", "Bob"): "{}"})
    assert taken(course, first, Roster())["34"] == "collected"
    before = stamp(course, "34"), sorted(course.folder.rglob("*"))
    assert set(taken(course, first, Roster()).values()) == {"unchanged"}
    assert (stamp(course, "34"), sorted(course.folder.rglob("*"))) == before
    newer = course.solved(manual="Better.")
    second = download({"doeann_34_600_tiny-1.ipynb": newer}, "second.zip")
    assert taken(course, second, Roster()) == {"34": "replaced"}
    assert submitted(course, "34") == dump(newer)
    kept = course / "quarantine/34/tiny.replaced/tiny.ipynb"
    assert kept.read_text() == dump(course.solved())
    assert taken(course, first, Roster())["34"] == "older"
    assert submitted(course, "34") == dump(newer)


def test_of_two_downloads_from_moodle_the_later_made_is_the_newer(course, download):
    old = download({MOODLE: course.solved()}, "old.zip", year=2025)
    new = download({MOODLE: course.solved(manual="Better.")}, "new.zip", year=2026)
    assert taken(course, new) == {"ann": "collected"}
    assert taken(course, old) == {"ann": "older"}
    assert submitted(course, "ann") == dump(course.solved(manual="Better."))


def test_a_refused_one_leaves_the_earlier_in_place(course, download, runs, recorded):
    taken(course, download({ANN: course.solved()}))
    worse = download({"doeann_34_600_tiny.ipynb": bytes(60 * 10**6)}, "second.zip")
    assert taken(course, worse) == {"ann": "refused"}
    assert taken(course, worse) == {"ann": "refused"}
    record = grade(course.folder, "tiny", jobs=1)["ann"]
    assert record["status"] == "scored"
    assert "A later submission was refused" in record["notes"][-1]


def test_without_a_notebook_the_student_gets_a_status(course, download, runs, recorded):
    taken(course, download({ANN.replace("tiny.ipynb", "tiny.zip"): "PK"}))
    record = grade(course.folder, "tiny", jobs=1)["ann"]
    assert record["status"] == "missing-notebook"
    assert "tiny.zip (not opened)" in record["reason"]


def test_the_notebook_that_is_meant_is_found(course, download, runs, recorded):
    other = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    source = download(
        {
            "doeann_34_568_scratch.ipynb": other,
            "doeann_34_569_Tiny.ipynb": course.solved(),
            "doeann_34_567_tiny-1.ipynb": other,
            "roebob_35_570_my work.ipynb": course.solved(),
            "roebob_35_571_../scratch.ipynb".replace("/", "_"): other,
        }
    )
    assert set(taken(course, source).values()) == {"collected"}
    assert submitted(course, "ann") == dump(course.solved())
    records = grade(course.folder, "tiny", jobs=1)
    assert {each["status"] for each in records.values()} == {"scored"}


def test_two_senders_are_never_one_student(course, download):
    source = download(
        {
            MOODLE: "{}",
            MOODLE.replace("_7_", "_9_"): "{}",
            "roebob_35_1_tiny.ipynb": "{}",
        }
    )
    found = taken(course, source, Roster())
    assert found == {
        "Ann Doe (7)": "unknown",
        "Ann Doe (9)": "unknown",
        "35": "collected",
    }


def test_the_gradebook_is_the_roster_where_none_is_given(course, download):
    with sqlite3.connect(course / "gradebook.db") as gradebook:
        gradebook.execute(
            "insert into student (id, first_name, last_name, lms_user_id)"
            " values ('ann', 'Ann', 'Doe', '34')"
        )
    gradebook.close()
    source = download({ANN: "{}", BOB: "{}"})
    assert set(taken(course, source, roster=None)) == {"ann", "35"}
    source = download({MOODLE: '{"a": 1}'})
    assert set(taken(course, source, roster=None)) == {"ann"}


@pytest.mark.parametrize("student", ["..", ".", "a/b", "~unknown", "x\n", "x" * 200])
def test_an_id_that_leads_elsewhere_is_refused(course, download, student):
    roster = Roster([Person(student, users=("34",))])
    [(_, what)] = taken(course, download({ANN: "{}"}), roster).items()
    assert what == "unknown"
    assert not list((course / "submitted").rglob("*.ipynb"))


def test_what_canvas_marks_late_is_late_and_all_else_in_time(course, download, clock):
    late = BOB.replace("_35", "_LATE_35")
    source = download({ANN: "{}", late: "{}"})
    change_due_date(course, "2026-03-01 12:00:00.000000")
    clock(2026, 3, 9)
    outcomes, remarks = collect(course.folder, source, "tiny", roster=ROSTER)
    assert stamp(course, "ann") == "2026-03-01 12:00:00.000000 UTC"
    assert stamp(course, "bob") == "2026-03-09 00:00:00.000000 UTC"
    assert outcomes[1].words == (module.LATE,)
    assert remarks == [module.IN_TIME["Canvas"]]


def test_before_the_due_date_the_moment_of_collection_counts(course, download, clock):
    change_due_date(course, "2026-03-01 12:00:00.000000")
    clock(2026, 2, 9)
    _, remarks = collect(course.folder, download({MOODLE: "{}"}), "tiny", roster=ROSTER)
    assert stamp(course, "ann") == "2026-02-09 00:00:00.000000 UTC"
    assert remarks == []


def test_what_changed_after_it_was_collected_late_is_late(course, download, clock):
    change_due_date(course, "2026-03-01 12:00:00.000000")
    clock(2026, 3, 2)
    taken(course, download({MOODLE: "{}"}, year=2025))
    assert stamp(course, "ann") == "2026-03-01 12:00:00.000000 UTC"
    clock(2026, 3, 9)
    assert taken(course, download({MOODLE: '{"a": 1}'})) == {"ann": "replaced"}
    assert stamp(course, "ann") == "2026-03-09 00:00:00.000000 UTC"


def test_what_was_refused_at_first_is_not_late_for_that(course, download, clock):
    change_due_date(course, "2026-03-01 12:00:00.000000")
    clock(2026, 3, 2)
    large = download({MOODLE: "x" * 5000})
    assert taken(course, large, limits=ZipLimits(file_mb=0.001)) == {"ann": "refused"}
    clock(2026, 3, 9)
    assert taken(course, large) == {"ann": "collected"}
    assert stamp(course, "ann") == "2026-03-01 12:00:00.000000 UTC"


def test_one_who_sends_much_takes_nothing_from_the_others(course, download):
    noise = {"doeann_34_1_a.ipynb": "x" * 10**6, "doeann_34_2_b.ipynb": "x" * 10**6}
    source = download(noise | {BOB: "y" * 800_000})
    few = ZipLimits(student_mb=1.5, total_mb=1, ratio=10**6)
    assert taken(course, source, limits=few) == {"ann": "refused", "bob": "collected"}
    less = ZipLimits(total_mb=1.5, ratio=10**6)
    assert taken(course, source, limits=less) == {"ann": "refused", "bob": "unchanged"}


def test_an_error_says_what_to_do_and_writes_nothing(course, download):
    with pytest.raises(BadData, match="Give the zip as it was downloaded"):
        collect(course.folder, download({"tiny.ipynb": "{}"}), "tiny")
    with pytest.raises(BadCourse, match="generate_assignment tinny"):
        collect(course.folder, download({ANN: "{}"}), "tinny")
    assert not (course / "submitted").exists()


def test_the_command_prints_a_table_and_ends_with_its_code(
    course, download, monkeypatch, capsys, tmp_path
):
    def run(*words):
        words = *words, "--assignment", "tiny", "--course", str(course.folder)
        monkeypatch.setattr(sys, "argv", ["coursekit", "collect", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code or 0

    (tmp_path / "roster.csv").write_text("student_id,ID,Student\nann,34,Ann Doe\n")
    roster = "--roster", str(tmp_path / "roster.csv")
    good = str(download({ANN: course.solved()}, "good.zip"))
    assert run(good, *roster) == 0
    said = capsys.readouterr().out
    assert "ann" in said
    assert "1 of 1 are fine." in said
    assert run(str(download({ANN: "{}", BOB: "{}"})), *roster) == 1
    assert "roebob (35) is not on the roster" in " ".join(
        capsys.readouterr().out.split()
    )
    assert run(good, "--id", "ID") == 2
    assert run(str(tmp_path / "roster.csv"), *roster) == 2
    assert "is not a zip" in capsys.readouterr().err
    assert run(str(tmp_path / "none.zip")) == 2
