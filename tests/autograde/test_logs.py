from types import SimpleNamespace

import pytest

from coursekit.autograde.course import Course
from coursekit.autograde.logs import CAP, LINE, about_run, log_of, note, trim
from coursekit.autograde.runner import Run


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path, {}, SimpleNamespace(groupshared=False))


def test_a_log_has_a_line_a_step(course):
    note(course, "tiny", "ann", "intake", "ok")
    note(
        course, "tiny", "ann", "run", "timeout", "It took long.", "", "limits seconds 9"
    )
    lines = log_of(course, "tiny", "ann").read_text().splitlines()
    assert lines[0].endswith(" intake ok")
    assert lines[1].endswith(" run    timeout: It took long.; limits seconds 9")


def test_what_a_student_says_stays_one_short_line_that_no_terminal_obeys(course):
    note(course, "tiny", "ann", "run", "kernel-died", "\x1b[2J\nroot ok\n" * 1000)
    text = log_of(course, "tiny", "ann").read_text()
    assert text.count("\n") == 1
    assert "\x1b" not in text
    assert len(text) <= LINE + 1


def test_a_log_keeps_its_newer_half_when_it_is_full(course):
    for number in range(600):
        note(course, "tiny", "ann", "run", "ok", f"run {number} " + "x" * 300)
    text = log_of(course, "tiny", "ann").read_text()
    assert len(text) <= CAP
    assert "run 599" in text
    assert all(line.startswith("20") for line in text.splitlines())
    assert not list(log_of(course, "tiny", "ann").parent.glob(".*"))


def test_a_log_says_which_limits_were_hit_and_what_they_are():
    note = "Cell 2 wrote more than the 9 MB that are allowed."
    run = Run(
        *(None, "ab", "ok", "", 3.0, "none", {"disk_mb": 9}, {}, {}),
        last_words="bwrap: no space",
        limits_hit=[{"limit": "disk-full", "cell": 2, "note": note}],
    )
    said = about_run(run)
    assert {note, "limits disk_mb 9", "last words: bwrap: no space"} <= set(said)


def test_a_log_that_cannot_be_written_stops_nothing(course):
    note(course, "tiny", "x" * 300, "run", "ok")


def test_a_log_that_is_not_there_needs_no_trimming(tmp_path):
    trim(tmp_path / "none.log", 10)
