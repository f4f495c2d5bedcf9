import sys

import pytest

from coursekit.cli import main
from mixed_report import mixed_class


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    return mixed_class(tmp_path_factory.mktemp("report") / "course")


def run(monkeypatch, *arguments):
    """Run the command as the shell does, and return its exit code."""
    monkeypatch.setattr(sys, "argv", ["coursekit", "report", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code or 0


def test_the_report_is_written_into_the_course_and_replaced(
    monkeypatch, capsys, course
):
    place = course / "report-tiny.html"
    for _ in range(2):
        assert run(monkeypatch, "tiny", "--course", course) == 0
        told = f"10 handed in, 2 need a person.\nThe report is {place}.\n"
        assert capsys.readouterr().out == told
    assert "Smith" not in place.read_text(encoding="utf-8")


def test_names_and_another_place_are_asked_for(monkeypatch, course, tmp_path):
    place = tmp_path / "page.html"
    asked = ("tiny", "--course", course, "--output", place, "--names")
    assert run(monkeypatch, *asked) == 0
    assert "Ann Smith" in place.read_text(encoding="utf-8")


def test_another_file_stays_as_it_is(monkeypatch, capsys, course, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    asked = ("tiny", "--course", course, "--output", tmp_path / "notes.txt")
    assert run(monkeypatch, *asked) == 2
    assert "--output" in capsys.readouterr().err
    assert (tmp_path / "notes.txt").read_text() == "mine"
