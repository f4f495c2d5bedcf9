"""Files that are made anew: Gradescope, nbgrader, Moodle's gradebook, the long form."""

import csv
import dataclasses
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coursekit import __version__
from coursekit.errors import BadInput
from coursekit.exports.cells import safe, to_csv
from coursekit.exports.gradescope import leaderboard
from coursekit.exports.sheet import read_sheet

MARKS = {"ann": 53.0, "bob": 56.335}
LONG = (
    "course,assignment,student_id,submission_sha256,received_utc,status,reason,metric,"
    "group,value,ci_low,ci_high,n,points,max_points,run_id,sandbox,coursekit_version"
)
NBGRADER = (
    "assignment,duedate,timestamp,student_id,last_name,first_name,email,raw_score,"
    "late_submission_penalty,score,max_score"
)


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_nbgraders_columns_hold_every_mark_and_no_zero_for_the_others(
    exported, class_of_five
):
    class_of_five.mark("bob", {}, penalty=6.0)
    done, content = exported("nbgrader")
    assert content.decode().splitlines()[0] == NBGRADER
    rows = rows_of(content)
    marks = {row["student_id"]: float(row["score"]) for row in rows}
    assert marks == done.written == {"ann": 53.0, "bob": pytest.approx(50.335)}
    assert float(rows[1]["raw_score"]) == pytest.approx(56.335)
    assert rows[1]["late_submission_penalty"] == "6.0"
    assert rows[0]["max_score"] == "65.0"
    assert rows[0]["timestamp"] == "2026-01-01 10:00:00"


def test_a_penalty_never_takes_more_than_there_is(exported, class_of_five):
    class_of_five.mark("ann", {}, penalty=60.0)
    assert exported("nbgrader")[0].written["ann"] == 0.0


def test_the_long_form_holds_every_criterion_with_interval_and_digest(exported):
    _, content = exported("csv")
    assert content.decode().splitlines()[0] == LONG
    rows = rows_of(content)
    auroc = next(r for r in rows if (r["student_id"], r["metric"]) == ("ann", "auroc"))
    assert [float(auroc[k]) for k in ("value", "ci_low", "ci_high")] == [
        0.8,
        0.78,
        0.82,
    ]
    assert (auroc["n"], auroc["points"], auroc["max_points"]) == (
        "1500",
        "30.0",
        "40.0",
    )
    assert auroc["submission_sha256"] == "ab" * 32
    assert (auroc["run_id"], auroc["sandbox"]) == ("cd" * 32, "bubblewrap")
    assert auroc["coursekit_version"] == __version__
    assert auroc["received_utc"] == "2026-01-01 10:00:00.000000 UTC"


def test_the_long_form_names_everybody_and_a_total_only_where_there_is_one(exported):
    _, content = exported("csv")
    totals = {
        row["student_id"]: row["points"]
        for row in rows_of(content)
        if row["metric"] == "total"
    }
    assert {student: float(points) for student, points in totals.items() if points} == (
        MARKS
    )
    assert set(totals) == {"ann", "bob", "cid", "dan", "eve"}
    said = {row["student_id"]: row["status"] for row in rows_of(content)}
    assert said["dan"] == "needs a person"
    assert said["eve"] == "nothing handed in"


def test_the_long_form_tells_cells_of_several_notebooks_apart(exported, class_of_five):
    notebooks = {"tiny": {"run": "r1"}, "more": {"run": "r2"}}
    record = class_of_five.score("ann", 30.0, notebooks=notebooks)
    folder = class_of_five / "autograded/ann/tiny"
    class_of_five.record("ann", record)
    (folder / "more.ipynb").write_bytes((folder / "tiny.ipynb").read_bytes())
    _, content = exported("csv")
    runs = {r["metric"]: r["run_id"] for r in rows_of(content) if "/" in r["metric"]}
    assert runs["tiny/manual"] == "r1"


def test_the_long_form_tells_which_groups_a_gap_is_between(
    exported, class_of_five, monkeypatch
):
    lock = class_of_five.course.lock("tiny")
    gap = dataclasses.replace(lock.criteria[0], attribute="language")
    other = dataclasses.replace(lock, criteria=(gap, *lock.criteria[1:]))
    monkeypatch.setattr(type(class_of_five.course), "lock", lambda *_: other)
    _, content = exported("csv")
    assert rows_of(content)[0]["group"] == "language"


def test_gradescope_gets_one_folder_for_each_student_with_a_mark(exported, tmp_path):
    done, _ = exported("gradescope", output=tmp_path / "all")
    read = {
        path.parent.name: json.loads(path.read_text())
        for path in (tmp_path / "all").glob("*/results.json")
    }
    assert {student: made["score"] for student, made in read.items()} == done.written
    assert set(read) == {"ann", "bob"}
    ann = read["ann"]
    assert ann["visibility"] == "after_due_date"
    assert [test["name"] for test in ann["tests"]] == [
        *("Ranking", "contract", "manual", "shape")
    ]
    assert [test["status"] for test in ann["tests"]] == [
        *("failed", "passed", "failed", "passed")
    ]
    assert sum(test["score"] for test in ann["tests"]) == 53
    assert ann["leaderboard"] == [{"name": "Ranking", "value": 0.8}]


def test_a_gap_is_best_when_it_is_small_on_the_leaderboard(exported, class_of_five):
    record = class_of_five.score("ann", 30.0)
    gap = type(
        "Lock", (), {"criteria": [type("C", (), {"id": "auroc", "rises": False})]}
    )
    assert leaderboard(record, gap)[0]["order"] == "asc"


def test_points_that_a_person_changed_count_and_are_told(
    exported, class_of_five, tmp_path
):
    class_of_five.give("ann", "accuracy", 12.0)
    exported("gradescope", output=tmp_path / "all")
    made = json.loads((tmp_path / "all/ann/results.json").read_text())
    assert made["score"] == 35
    assert "score" not in made["tests"][0]
    assert "A person gave 12 of 40 for accuracy." in made["tests"][0]["output"]


def test_an_export_replaces_an_earlier_one_and_nothing_else(exported, tmp_path):
    folder = tmp_path / "all"
    exported("gradescope", output=folder)
    (folder / "gone").mkdir()
    (folder / "gone/results.json").write_text("{}")
    exported("gradescope", output=folder)
    assert {path.name for path in folder.iterdir()} == {"ann", "bob"}
    (folder / "ann/thesis.txt").write_text("mine")
    with pytest.raises(BadInput, match="something else than an earlier export"):
        exported("gradescope", output=folder)
    assert (folder / "ann/thesis.txt").read_text() == "mine"


def test_moodles_gradebook_needs_no_template(exported, class_of_five):
    done, content = exported("moodle-gradebook")
    assert content == b"username,tiny\r\nann,53.00\r\nbob,56.34\r\n"
    assert done.remarks == ["The grade item's maximum in Moodle has to be 65."]
    class_of_five.list("bob", email="")
    done, content = exported("moodle-gradebook", id_column="email")
    assert content == b"email,tiny\r\nann@uni.edu,53.00\r\n"
    assert done.skipped["bob"] == "no e-mail address is known"


HOSTILE = (
    *('=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", " =1"),
    *("＝1", 'say "x", then\nleave', "a;=1", "plain"),
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_starts_a_formula_or_breaks_a_row(text):
    content = to_csv(("a", "b"), [{"a": text, "b": 1.5}, {"a": "x", "b": None}])
    rows = rows_of(content)
    assert [row["b"] for row in rows] == ["1.5", ""]
    first = rows[0]["a"]
    assert first == safe(text)
    assert not first.lstrip().startswith(("=", "+", "-", "@", "\t", "＝"))
    assert "\n" not in first
    assert ";=" not in first
    assert content.count(b"\r\n") == 3


def test_names_and_reasons_reach_a_file_without_harm(exported, class_of_five):
    formula = '=HYPERLINK("http://evil","1,2")'
    class_of_five.list("ann", first_name=formula, last_name="a\n@b", email="+1")
    _, content = exported("nbgrader")
    row = rows_of(content)[0]
    assert row["first_name"] == f"'{formula}"
    assert row["email"] == "'+1"
    assert row["score"] == "53.0"
    class_of_five.failed("dan", reason='=cmd|"/c calc"!A0\nand, more')
    _, content = exported("csv")
    assert len(rows_of(content)[0]) == 18
    assert all(None not in row for row in rows_of(content))


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "a,b\r\n1,2",
        '"a ""x""",b\n"one\ntwo",\n\n,\n',
        "a;b;\r\n1;2;\r\n",
        "a,b\n1,",
        "a\tb\r1\t2\r",
        'a,it"s,c\n1, "x",3\n',
        "\ufeffa,b\n1,2\n",
    ],
)
def test_a_sheet_is_read_as_python_reads_it_and_written_back_to_the_byte(
    tmp_path, text
):
    path = tmp_path / "t.csv"
    path.write_bytes(text.encode())
    sheet = read_sheet(path)
    assert sheet.to_bytes() == text.encode()
    bare = io.StringIO(text.removeprefix("\ufeff"), newline="")
    expected = list(csv.reader(bare, delimiter=sheet.delimiter))
    assert [[] if ln.is_empty else ln.values for ln in sheet.lines] == expected


CELLS = st.text(st.sampled_from('ab,;"\n é'), max_size=4)
TABLES = st.lists(st.lists(CELLS, min_size=2, max_size=4), min_size=2, max_size=4)


@settings(max_examples=100, deadline=None)
@given(TABLES, st.sampled_from(["\n", "\r\n"]))
def test_what_pythons_csv_wrote_is_read_the_same(tmp_path_factory, table, end):
    text = io.StringIO(newline="")
    heading = ["x", "y"]
    csv.writer(text, lineterminator=end).writerows([heading, *table])
    path = tmp_path_factory.getbasetemp() / "drawn.csv"
    path.write_bytes(text.getvalue().encode())
    sheet = read_sheet(path)
    assert [line.values for line in sheet.lines] == [heading, *table]
    assert sheet.to_bytes() == text.getvalue().encode()
