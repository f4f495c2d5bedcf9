"""A course is laid out whole or not at all, and its private part stays private."""

import dataclasses
import json
import shutil
import stat

import pytest

from coursekit.autograde import layout
from coursekit.autograde.course import open_course
from coursekit.autograde.frame import read_secret, write_frame
from coursekit.autograde.second import add_second
from coursekit.datasets.holdout import read_holdout_inputs
from coursekit.errors import BadCourse, NotCertified
from coursekit.grading.explain import MARKER
from coursekit.grading.holdout import draw_cohorts
from coursekit.grading.lock import read_lock
from coursekit.rules import Rules


@pytest.fixture(scope="module")
def course(tmp_path_factory, readmission, rehearsed):
    folder = tmp_path_factory.mktemp("layout") / "course"
    write_frame(folder, "a secret", Rules(name="course"))
    layout.write_assignment(folder, readmission, rehearsed)
    return folder


def test_what_is_private_can_be_read_by_its_owner_only(course):
    for name in ("holdout", "runs", "scores", "quarantine"):
        assert stat.S_IMODE((course / name).stat().st_mode) == 0o700
    for path in (course / "holdout").rglob("*"):
        assert path.stat().st_mode & 0o077 == 0 or path.parent != course / "holdout"


def test_a_second_attempt_is_probed_with_its_own_patients(course, tmp_path):
    shutil.copytree(course, tmp_path / "course")
    opened = open_course(tmp_path / "course")
    add_second(opened, "readmission")
    folder = opened.holdout("readmission-2")
    hidden = read_holdout_inputs(folder / "hidden")
    probes = sorted(path.name for path in folder.glob("redraw=*"))
    assert len(probes) == 2
    for name in probes:
        column = name.removeprefix("redraw=")
        X = read_holdout_inputs(folder / name)
        same = hidden.iloc[: len(X)].reset_index(drop=True)
        assert X.drop(columns=column).equals(same.drop(columns=column))
        assert not X[column].equals(same[column])
    served = {path.name for path in opened.holdout("readmission").glob("redraw=*")}
    assert served == set(probes)  # the first attempt is probed as it was


def test_the_secret_is_read_back(course):
    assert read_secret(course) == "a secret"


def test_a_course_without_its_secret_says_what_to_do(tmp_path):
    with pytest.raises(BadCourse, match="Restore a backup"):
        read_secret(tmp_path)


def test_students_get_data_rubric_and_notebook_and_no_truth(course):
    source = course / "source" / "readmission"
    names = {path.relative_to(source).as_posix() for path in source.rglob("*.*")}
    assert names == {
        "readmission.ipynb",
        "data/train.csv.gz",
        "data/tune.csv.gz",
        "data/check.csv.gz",
        "data/rubric.lock.toml",
    }


def test_the_notebook_prints_the_numbers_of_this_course(course, rehearsed):
    path = course / "source" / "readmission" / "readmission.ipynb"
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    [page] = [cell for cell in cells if MARKER in "".join(cell["source"])]
    auroc = next(each for each in rehearsed.lock.criteria if each.id == "auroc")
    assert f"{auroc.floor:.3f} | {auroc.full:.3f}" in "".join(page["source"])


def test_the_student_and_the_scorer_have_the_same_rubric(course):
    for_student = course / "source" / "readmission" / "data" / "rubric.lock.toml"
    for_scorer = course / "holdout" / "readmission" / "rubric.lock.toml"
    assert read_lock(for_student) == read_lock(for_scorer)


def test_a_folder_with_something_in_it_is_refused(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(BadCourse, match="is not empty"):
        layout.lay_out(tmp_path, ["readmission"])
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


def test_an_interrupted_layout_leaves_nothing(tmp_path, monkeypatch):
    def fail(*_, **more):
        raise KeyboardInterrupt

    monkeypatch.setattr(layout, "add_assignment", fail)
    with pytest.raises(KeyboardInterrupt):
        layout.lay_out(tmp_path / "course", ["readmission"])
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_replacement_keeps_the_old_patients(tmp_path):
    folder = tmp_path / "readmission"
    folder.mkdir()
    (folder / "old.csv").write_text("old")

    def fill():
        with layout.Swapped(folder) as new:
            (new / "half.csv").write_text("half")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fill()
    assert [path.name for path in tmp_path.rglob("*.csv")] == ["old.csv"]


def test_a_replacement_killed_between_its_renames_is_undone_by_the_next(tmp_path):
    (tmp_path / ".readmission.old").mkdir()
    (tmp_path / ".readmission.old/old.csv").write_text("old")
    (tmp_path / ".readmission.new").mkdir()
    with layout.Swapped(tmp_path / "readmission") as new:
        assert (tmp_path / "readmission/old.csv").read_text() == "old"
        (new / "new.csv").write_text("new")
    assert [str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*.csv")] == [
        "readmission/new.csv"
    ]


def test_patients_on_whom_good_work_does_not_show_are_refused_and_replace_nothing(
    course, readmission, rehearsed, monkeypatch, tmp_path
):
    wrong = dataclasses.replace(rehearsed.lock, bands={"good": {"automatic": [0, 1]}})
    bad = dataclasses.replace(rehearsed, lock=wrong)
    cohorts = draw_cohorts(readmission.rubric, "other")
    monkeypatch.setattr(layout, "read_map", lambda path: None)
    monkeypatch.setattr(
        layout, "import_cohorts", lambda *_: (cohorts, readmission.rubric)
    )
    monkeypatch.setattr(layout, "rehearse", lambda *_, **more: bad)
    before = (course / "holdout/readmission/rubric.lock.toml").read_bytes()
    with pytest.raises(NotCertified, match="Nothing was replaced"):
        layout.import_assignment(
            course, readmission, "own.csv", "map.toml", progress=lambda text: None
        )
    assert (course / "holdout/readmission/rubric.lock.toml").read_bytes() == before
