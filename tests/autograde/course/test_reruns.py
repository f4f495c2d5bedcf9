"""Which run sets the mark, and what a forced rerun shows and leaves behind."""

import json

import numpy as np
import pytest

from coursekit.autograde import job as jobs
from coursekit.autograde import reruns
from coursekit.autograde.course import open_course
from coursekit.autograde.leftovers import find_leftovers, free
from coursekit.autograde.pipeline import grade
from coursekit.autograde.runner import Run
from coursekit.autograde.table import class_table


def worse(n):
    """Risks that rank two patients of three as before, and the rest at random."""
    risk = np.linspace(0, 1, n)
    return np.where(np.arange(n) % 3, risk, 1 - risk)


@pytest.fixture
def ann(course, runs, recorded):
    course.hand_in("ann", course.solved())
    return course


def names(course):
    found = (path.parent.name for path in course.folder.glob("runs/tiny/*/run.json"))
    return sorted(found)


def test_a_forced_rerun_sets_no_mark_and_what_it_changed_is_remembered(ann, runs):
    before = grade(ann.folder, "tiny")["ann"]
    runs.risk = worse
    after = grade(ann.folder, "tiny", force=True)["ann"]
    assert after["kinds"] == before["kinds"]
    assert names(ann) == [before["run"], f"{before['run']}~1"]
    [rerun] = after["reruns"]
    assert (rerun["role"], rerun["run"]) == ("kept beside", f"{before['run']}~1")
    of_record, again = rerun["points"]["accuracy"]
    assert of_record == before["kinds"]["accuracy"]["points"] != again
    served = rerun["predictions"]["model"]
    assert served["rows"] == 1500
    assert 490 <= served["differ"] <= 500
    assert served["largest"] == pytest.approx(1, abs=0.01)
    assert json.loads((ann / "scores/tiny/ann.json").read_text()) == after


def test_the_table_says_what_a_forced_rerun_changed(ann, runs):
    grade(ann.folder, "tiny")
    assert class_table(ann.folder, "tiny")[0].reruns == ""
    runs.risk = worse
    grade(ann.folder, "tiny", force=True)
    [row] = class_table(ann.folder, "tiny")
    assert "sets no mark): accuracy " in row.reruns
    assert "of 1,500 predictions differ, by at most" in row.reruns
    runs.risk = lambda n: np.linspace(0, 1, n)
    grade(ann.folder, "tiny", force=True)
    assert (
        "the same points; the same predictions"
        in class_table(ann.folder, "tiny")[0].reruns
    )


def test_a_rerun_is_scored_by_a_new_rubric_too_and_survives_a_lost_score(ann, runs):
    grade(ann.folder, "tiny")
    runs.risk = worse
    first = grade(ann.folder, "tiny", force=True)["ann"]["reruns"][0]["points"]
    lock = ann / "holdout/tiny/rubric.lock.toml"
    lock.write_text(lock.read_text().replace("floor = 0.5", "floor = 0.4"))
    second = grade(ann.folder, "tiny")["ann"]["reruns"][0]["points"]
    assert all(np.greater(second["accuracy"], first["accuracy"]))
    path = ann / "scores/tiny/ann.json"
    text = path.read_bytes()
    path.unlink()
    grade(ann.folder, "tiny")
    assert path.read_bytes() == text
    assert len(runs.made) == 2


@pytest.mark.parametrize("status", ["timeout", "kernel-died"])
def test_the_first_valid_run_sets_the_mark(ann, runs, status):
    runs.status = status
    first = grade(ann.folder, "tiny")["ann"]
    assert first["kinds"]["accuracy"]["points"] is None
    runs.status = "ok"
    second = grade(ann.folder, "tiny", force=True)["ann"]
    assert second["run"] == f"{first['run']}~1"
    assert second["kinds"]["contract"]["points"] == 10
    assert second["reruns"][0]["status"] == status
    runs.risk = worse
    third = grade(ann.folder, "tiny", force=True)["ann"]
    assert (third["run"], third["kinds"]) == (second["run"], second["kinds"])
    assert [each["run"] for each in third["reruns"]] == [
        first["run"],
        f"{first['run']}~2",
    ]


def test_a_run_under_other_versions_is_a_new_run_of_record_only_if_forced(
    ann, runs, monkeypatch
):
    before = grade(ann.folder, "tiny")["ann"]
    monkeypatch.setattr(jobs, "versions", lambda: {"python": "4.0"})
    runs.risk = worse
    assert grade(ann.folder, "tiny")["ann"] == before
    after = grade(ann.folder, "tiny", force=True)["ann"]
    assert after["run"] != before["run"]
    [rerun] = after["reruns"]
    assert (rerun["role"], rerun["run"]) == ("replaced", before["run"])
    assert rerun["points"]["accuracy"] == [
        after["kinds"]["accuracy"]["points"],
        before["kinds"]["accuracy"]["points"],
    ]
    assert "before -> now" in class_table(ann.folder, "tiny")[0].reruns


def test_one_student_can_be_forced(ann, runs):
    ann.hand_in("bob", ann.solved(model="model = 2"))
    grade(ann.folder, "tiny")
    runs.risk = worse
    grade(ann.folder, "tiny", ["bob"], force=True)
    assert len(runs.made) == 3
    assert [bool(row.reruns) for row in class_table(ann.folder, "tiny")] == [
        False,
        True,
    ]


def test_a_rerun_that_cannot_be_started_keeps_the_mark(ann, runs, monkeypatch):
    before = grade(ann.folder, "tiny")["ann"]

    def broken(job, out, kernels=None):
        raise RuntimeError("no more processes")

    monkeypatch.setattr("coursekit.autograde.runner.run", broken)
    assert grade(ann.folder, "tiny", force=True)["ann"] == before
    assert names(ann) == [before["run"]]
    assert not list((ann / "runs/tiny").glob(".*"))
    log = (ann / "runs/tiny/logs/ann.log").read_text()
    assert "not-run: It was not run: RuntimeError: no more processes" in log


def test_cleaning_keeps_what_a_score_remembers_and_removes_what_none_names(ann, runs):
    course = open_course(ann.folder)
    grade(ann.folder, "tiny")
    grade(ann.folder, "tiny", force=True)
    kept = names(ann)
    assert len(kept) == 2
    assert find_leftovers(course, "tiny") == [], "the score remembers both"
    ann.hand_in("ann", ann.solved(model="model = 3"))
    assert find_leftovers(course, "tiny") == [], "ann has no score of what is there now"
    grade(ann.folder, "tiny")
    scores = ann.score_bytes()
    found = find_leftovers(course, "tiny")
    assert sorted(each.path.name for each in found) == kept
    assert {each.kind for each in found} == {"superseded run"}
    assert all(each.size > 1000 for each in found)
    free(found)
    assert names(ann) == [ann.scores("ann")["run"]]
    assert ann.score_bytes() == scores
    assert len(runs.made) == 3


def fake_run(folder, **changes):
    folder.mkdir(parents=True)
    fields = {
        "digest": folder.name,
        "status": "ok",
        "reason": "",
        "seconds": 1.0,
        "sandbox": "none",
        "limits": {"seconds": 60.0},
        "versions": {"python": "3"},
        "servings": {},
    } | changes
    (folder / "run.json").write_text(json.dumps(fields))
    return Run(folder=folder, **fields)


def test_another_sandbox_alone_makes_no_new_run_of_record(tmp_path):
    known = fake_run(tmp_path / "aa").folder
    fresh = fake_run(tmp_path / "new/bb", sandbox="bubblewrap")
    assert reruns.settle(fresh, tmp_path, known).folder == known
    assert (tmp_path / "aa~1/run.json").is_file()
    assert not (tmp_path / "bb").exists()


def test_other_limits_make_a_new_run_of_record(tmp_path):
    known = fake_run(tmp_path / "aa").folder
    fresh = fake_run(tmp_path / "new/bb", limits={"seconds": 90.0})
    run = reruns.settle(fresh, tmp_path, known)
    assert run.folder == tmp_path / "bb"
    [(role, other)] = reruns.others(run)
    assert (role, other.folder) == ("replaced", known)


def test_runs_beside_are_counted_on_and_come_in_order(tmp_path):
    for name in ("aa", "aa~1", "aa~10", "aa~2", "aa~x", "ab~3"):
        fake_run(tmp_path / name)
    assert [each.name for each in reruns.beside(tmp_path / "aa")] == [
        "aa~1",
        "aa~2",
        "aa~10",
    ]
    assert reruns.next_free(tmp_path / "aa").name == "aa~11"


def test_two_who_hand_in_the_same_share_their_reruns(ann, runs):
    ann.hand_in("bob", ann.solved())
    grade(ann.folder, "tiny", jobs=2)
    records = grade(ann.folder, "tiny", jobs=2, force=True)
    [name] = {record["run"] for record in records.values()}
    assert names(ann) == [name, f"{name}~1"]
    assert records["ann"]["reruns"] == records["bob"]["reruns"]


def test_a_rerun_that_cannot_be_kept_keeps_the_mark(ann, runs, monkeypatch):
    before = grade(ann.folder, "tiny")["ann"]

    def full(*_):
        raise OSError("No space left on device")

    monkeypatch.setattr(reruns.shutil, "copytree", full)
    assert grade(ann.folder, "tiny", force=True)["ann"] == before
    assert "No space left" in (ann / "runs/tiny/logs/ann.log").read_text()
