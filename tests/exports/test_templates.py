"""Canvas's and Moodle's own files, filled in."""

import csv
import io
from pathlib import Path

import pytest

from coursekit.autograde.roster import read_roster
from coursekit.cli import main
from coursekit.errors import BadData, BadInput

GOLDEN = Path(__file__).parent / "golden"
MARKS = {"ann": 53.0, "bob": 56.34}


@pytest.mark.parametrize(
    ("to", "name"),
    [
        ("canvas", "canvas"),
        ("moodle", "moodle"),
        ("moodle", "moodle-german"),
        ("moodle-gradebook", "moodle-gradebook"),
    ],
)
def test_a_template_is_filled_and_nothing_else_in_it_changes(exported, to, name):
    done, content = exported(to, f"{name}.csv")
    assert content == (GOLDEN / f"{name}.filled.csv").read_bytes()
    assert done.written == MARKS


def test_who_is_left_out_is_named_with_the_reason(exported):
    done, _ = exported("canvas", "canvas.csv")
    assert done.skipped["cid"] == "question open: manual (10 points)"
    assert done.skipped["dan"].startswith("needs a person: accuracy (40 points)")
    assert "timeout: It took too long." in done.skipped["dan"]
    assert done.absent == ["eve"]
    assert set(done.skipped) == {"cid", "dan"}
    (stranger,) = done.strangers
    assert stranger == "row 9 (Hu, Who, 39, S39)"
    assert not done.is_whole


def test_a_mark_that_stands_in_canvas_is_not_cleared_where_there_is_none(exported):
    _, content = exported("canvas", "canvas.csv")
    assert b"dan" not in content
    _, content = exported("moodle", "moodle.csv")
    assert content.count(b",20.00,65.00,") == 1


def test_a_question_that_is_open_is_exported_only_if_asked_for(exported):
    done, content = exported("canvas", "canvas.csv", partial=True)
    assert done.written == MARKS | {"cid": 45.0}
    assert done.partial == {"cid": "without manual (10 points)"}
    assert "dan" in done.skipped
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert [row[6] for row in rows if row[3] == "cid"] == ["45.00"]


def test_another_maximum_is_refused_with_both_numbers_unless_scaled(exported, edited):
    template = edited("canvas.csv", ("65.00", "100"))
    with pytest.raises(BadData, match=r"65 here and 100 in template\.csv"):
        exported("canvas", template)
    done, content = exported("canvas", template, scale=True)
    assert done.written["ann"] == 81.54
    assert b",81.54,81.2,B" in content
    template = edited("moodle.csv", ("65.00", "10.00"))
    with pytest.raises(BadData, match=r"65 here and 10 in template\.csv \(Maximum Gra"):
        exported("moodle", template)
    assert exported("moodle", template, scale=True)[0].written["ann"] == 8.15


def test_semicolons_decimal_commas_and_utf_16_stay(exported, tmp_path):
    text = (
        "Student;ID;SIS Login ID;Section;tiny (12)\r\n"
        "    Points Possible;;;;65,00\r\n"
        "Doe, Ann;34;ann;A;\r\n"
    )
    template = tmp_path / "canvas.csv"
    template.write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    _, content = exported("canvas", template)
    filled = text.replace(";A;\r\n", ";A;53,00\r\n")
    assert content == b"\xff\xfe" + filled.encode("utf-16-le")


def test_a_decimal_comma_in_a_file_with_commas_gets_quotes(exported, edited):
    template = edited("canvas.csv", ("10.00,65.00", '"10,00","65,00"'))
    _, content = exported("canvas", template)
    assert b'"53,00"' in content
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert rows[3][6:8] == ["53,00", "81.2"]


def test_a_file_that_is_not_utf_8_keeps_its_bytes(exported, tmp_path):
    template = tmp_path / "template.csv"
    text = (GOLDEN / "moodle-german.csv").read_text("utf-8")
    template.write_bytes(text.encode("latin-1"))
    done, content = exported("moodle", template)
    filled = (GOLDEN / "moodle-german.filled.csv").read_text("utf-8")
    assert content == filled.encode("latin-1")
    assert any("not UTF-8" in remark for remark in done.remarks)


def test_two_maxima_in_one_worksheet_are_refused(exported, edited):
    template = edited("moodle.csv", ("20.00,65.00", "20.00,60.00"))
    with pytest.raises(BadData, match="the same number in each row"):
        exported("moodle", template)


def test_a_column_of_another_title_has_to_be_named(exported, edited):
    template = edited("canvas.csv", ("tiny (12)", "Lab one (12)"))
    with pytest.raises(BadData, match=r"it has: quiz, first \(11\), Lab one \(12\)"):
        exported("canvas", template)
    for column in ("Lab one", "12", "Lab one (12)"):
        assert exported("canvas", template, column=column)[0].written == MARKS


def test_who_is_excused_in_canvas_stays_excused(exported, edited):
    template = edited("canvas.csv", ("8.00,12.00", "8.00,EX"))
    done, content = exported("canvas", template)
    assert done.skipped["bob"] == "excused in Canvas (EX)"
    assert b"Roe, Bob" not in content


def test_what_moodle_says_cannot_be_changed_stays(exported, edited):
    template = edited("moodle.csv", ("12.00,65.00,Yes", "12.00,65.00,No"))
    done, content = exported("moodle", template)
    assert done.skipped["bob"] == "Moodle says: cannot be changed"
    assert b"12.00,65.00,No" in content


def test_a_number_and_an_id_of_two_people_match_nobody(exported, edited, class_of_five):
    class_of_five.list("bob", lms_user_id="34")
    done, _ = exported("canvas", "canvas.csv")
    assert done.strangers["row 4 (Doe, Ann, 34, S34)"] == "could be ann or bob"
    assert "ann" not in done.written


def test_an_id_under_another_name_matches_nobody_unless_the_column_is_named(
    exported, edited
):
    template = edited("canvas.csv", ("Doe, Ann", "Zed, Zoe"))
    done, _ = exported("canvas", template)
    assert done.skipped["ann"] == "not found in the template"
    assert "who is Ann Doe here" in done.strangers["row 4 (Zed, Zoe, 34, S34)"]
    assert exported("canvas", template, id_column="SIS Login ID")[0].written == MARKS


def test_two_rows_of_one_student_are_both_nobodys(exported, edited):
    template = edited(
        "canvas.csv", ("39,S39,who", "39,S39,ann"), ("Hu, Who", "Doe, Ann")
    )
    done, content = exported("canvas", template)
    assert list(done.strangers.values()) == ["more than one row would be ann"] * 2
    assert b",ann," not in content


def test_who_is_found_by_name_only_is_said(exported, edited):
    template = edited("canvas.csv", ("34,S34,ann", "34,S34,x34"))
    done, _ = exported("canvas", template)
    assert done.written == MARKS
    assert done.remarks == ["Found by name only: ann. Have a look."]


def test_two_of_a_name_are_not_told_apart_by_it(exported, edited, class_of_five):
    class_of_five.list("ann2", first_name="Ann", last_name="Doe")
    template = edited("canvas.csv", ("34,S34,ann", "34,S34,x34"))
    done, _ = exported("canvas", template)
    assert "ann" not in done.written
    assert done.strangers["row 4 (Doe, Ann, 34, S34)"] == "could be ann or ann2"


def test_moodles_numbers_are_known_from_collecting(exported, edited):
    changes = [(f"{n}@uni.edu", f"{n}@home.org") for n in ("ann", "bob")]
    names = [("Ann Doe", "Participant"), ("Bob Roe", "Participant")]
    template = edited("moodle.csv", *changes, *names)
    done, _ = exported("moodle", template)
    row = "row 2 (Participant 701, Participant, ann@home.org)"
    assert "has the id or number of ann" in done.strangers[row]
    template = edited("moodle.csv", *changes, ("Ann Doe", ""), ("Bob Roe", ""))
    assert exported("moodle", template)[0].written == MARKS


def test_a_roster_says_who_is_who(exported, edited, tmp_path):
    people = ",".join(["student_id", "lms_user_id"])
    (tmp_path / "roster.csv").write_text(f"{people}\nann,34\nbob,35\n")
    roster = read_roster(tmp_path / "roster.csv")
    template = edited(
        "canvas.csv",
        *(("S34,ann", "S34,x34"), ("S35,bob", "S35,x35")),
        *(("Doe, Ann", ""), ("Roe, Bob", "")),
    )
    assert exported("canvas", template)[0].written == {}
    assert exported("canvas", template, roster=roster)[0].written == MARKS


@pytest.mark.parametrize(
    ("to", "content", "message"),
    [
        ("canvas", "a,b\n1,2\n", "no gradebook of Canvas"),
        ("moodle", "a,b\n1,2\n", "no grading worksheet of Moodle"),
        ("moodle", "a,Grade,b\nP 1,2,x\n", "should stand the maximum"),
        ("moodle-gradebook", "a,b\n1,2\n", "no grade item 'tiny'"),
        ("canvas", "a,b\n", "nobody to grade"),
        ("canvas", 'a,b\n"1,2\n', "a quote in row 2"),
        ("canvas", 'a,b\n"1"2,2\n', "a quote in row 2"),
        ("canvas", "a\0b\n", "is no CSV"),
    ],
)
def test_what_is_no_template_is_refused(exported, tmp_path, to, content, message):
    template = tmp_path / "template.csv"
    template.write_text(content)
    with pytest.raises(BadData, match=message):
        exported(to, template)


def test_a_template_is_never_overwritten(exported, edited):
    template = edited("canvas.csv")
    before = template.read_bytes()
    with pytest.raises(BadInput, match="is the template itself"):
        exported("canvas", template, output=template)
    assert template.read_bytes() == before


@pytest.mark.parametrize(
    ("to", "more", "message"),
    [
        ("canvas", {}, "In Canvas: Grades, Export"),
        ("csv", {"template": "canvas.csv"}, "has no template"),
        ("nbgrader", {"scale": True}, "are about a template"),
        ("csv", {"id_column": "x"}, "only for Canvas and Moodle"),
    ],
)
def test_what_a_target_does_not_take_is_said(exported, to, more, message):
    with pytest.raises(BadInput, match=message):
        exported(to, **more)


def test_where_nobody_has_a_mark_nothing_is_written(
    marked, tmp_path, monkeypatch, capsys
):
    marked.list("ann")
    words = ["coursekit", "export", "tiny", "--to", "nbgrader"]
    words += ["--course", str(marked.folder), "--output", str(tmp_path / "o.csv")]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    assert not (tmp_path / "o.csv").exists()
    assert "Handed in nothing: ann" in capsys.readouterr().out


def test_the_command_names_who_is_missing_and_ends_with_1(
    class_of_five, tmp_path, monkeypatch, capsys
):
    words = ["coursekit", "export", "tiny", "--to", "canvas"]
    words += ["--template", str(GOLDEN / "canvas.csv")]
    words += [
        "--course",
        str(class_of_five.folder),
        "--output",
        str(tmp_path / "o.csv"),
    ]
    monkeypatch.setattr("sys.argv", words)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 1
    said = capsys.readouterr().out
    assert "cid: question open: manual (10 points)" in said
    assert "row 9 (Hu, Who, 39, S39): nobody in this course" in said
    assert f"2 marks in {tmp_path / 'o.csv'}" in said
    assert (tmp_path / "o.csv").stat().st_mode & 0o777 == 0o600
