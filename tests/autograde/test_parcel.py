"""What travels to another machine and back, and what is refused when it comes."""

import json
from dataclasses import asdict, replace

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit.autograde import runner
from coursekit.autograde.frames import BadReply, pack
from coursekit.autograde.job import Job, digest, read_notebook, versions
from coursekit.autograde.limits import Limits
from coursekit.autograde.parcel import (
    RECORD,
    caps,
    keep_run,
    open_files,
    pack_files,
    pack_own,
    pack_run,
    pack_shared,
    read_job,
    refuse_unawaited,
)


@pytest.fixture
def job(serving, tmp_path):
    (tmp_path / "beside" / "data").mkdir(parents=True)
    (tmp_path / "beside" / "data" / "train.csv").write_text("age\n70\n")
    items = replace(serving, name="f", contract="function", reply="json")
    items = replace(items, inputs=[{"x": [1.5, None, "é"]}], batch_sizes=(10, 20))
    arrays = replace(serving, name="images", inputs=np.ones((3, 2), dtype="float32"))
    notebook = new_notebook(cells=[new_code_cell("1 + 1", id="a")])
    return Job(
        notebook,
        tmp_path / "beside",
        (serving, items, arrays),
        Limits(seconds=50),
        sandbox="none",
        seed=7,
        preload=("numpy", "sklearn.svm"),
    )


def test_a_job_that_travelled_has_the_digest_of_the_one_that_was_sent(job, tmp_path):
    there = read_job(pack_shared(job), pack_own(job), tmp_path / "there")
    assert digest(there) == digest(job)
    assert (tmp_path / "there" / "data" / "train.csv").read_text() == "age\n70\n"


def test_a_job_without_files_and_servings_travels_too(tmp_path):
    job = Job(new_notebook(), sandbox="none")
    there = read_job(pack_shared(job), pack_own(job), tmp_path / "there")
    assert there.files is None
    assert digest(there) == digest(job)


def files_of_run(job, **changes):
    """Return the files of a made-up run of a job."""
    notebook = read_notebook(job)
    notebook.cells[0].outputs = [new_output("stream", text="2")]
    answered = {"status": "ok", "reason": ""}
    record = {
        "digest": digest(job),
        "status": "ok",
        "reason": "",
        "seconds": 1.0,
        "sandbox": "none",
        "limits": asdict(job.limits),
        "versions": versions(),
        "servings": {serving.name: answered for serving in job.servings},
        "last_words": "",
        "limits_hit": [],
    }
    return {
        "executed.ipynb": nbformat.writes(notebook).encode(),
        "predictions/model.npy": b"8" * 8128,
        "run.json": json.dumps(record | changes).encode(),
    }


def kept(job, tmp_path, files, told=None):
    parcel = pack_files(told or {}, files)
    return keep_run(parcel, job, digest(job), tmp_path / "runs")


def test_a_run_comes_back_byte_for_byte(job, tmp_path):
    files = files_of_run(job)
    run = kept(job, tmp_path, files)
    assert run.folder == tmp_path / "runs" / digest(job)
    for name, content in files.items():
        assert (run.folder / name).read_bytes() == content
    assert open_files(pack_run(run), 1 << 20)[1] == files
    assert [each.name for each in (tmp_path / "runs").iterdir()] == [digest(job)]
    assert run.folder.stat().st_mode & 0o077 == 0


def test_the_first_run_that_was_kept_stays(job, tmp_path):
    kept(job, tmp_path, files_of_run(job))
    assert kept(job, tmp_path, files_of_run(job, seconds=2.0)).seconds == 1.0


def test_a_run_that_could_not_be_made_says_why_and_leaves_nothing(job, tmp_path):
    told = {"status": "sandbox-unavailable", "reason": "No\nsandbox\x1b works."}
    run = kept(job, tmp_path, {}, told)
    assert (run.folder, run.status) == (None, "sandbox-unavailable")
    assert run.reason == "No sandbox works."
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("../../evil.py", b""),
        ("/etc/passwd", b""),
        ("predictions/../run.json", b""),
        ("predictions/other.npy", b""),
        ("predictions/model.pkl", b""),
        ("predictions/model.repeat/x.npy", b""),
        ("predictions/model.UP.npy", b""),
        ("predictions/model.npy\n", b""),
        ("predictions/model.npy", b"8" * 100_000),
        ("run.json", b" " * (1 << 21)),
        ("run.json", b"[]"),
        ("run.json", b"not JSON"),
        ("executed.ipynb", b"not a notebook"),
        ("executed.ipynb", nbformat.writes(new_notebook()).encode()),
    ],
)
def test_other_files_than_those_of_this_run_are_refused(job, tmp_path, name, content):
    with pytest.raises(BadReply):
        kept(job, tmp_path, files_of_run(job) | {name: content})
    assert not (tmp_path / "runs").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["beside"]


@pytest.mark.parametrize(
    "changes",
    [
        {"digest": "0" * 64},
        {"versions": versions() | {"numpy": "1.0"}},
        {"limits": asdict(Limits(seconds=5000))},
        {"sandbox": "bubblewrap"},
        {"status": "a status\nof two lines"},
        {"status": ["ok"]},
        {"reason": 7},
        {"seconds": "1"},
        {"servings": []},
        {"servings": {"oracle": {"status": "ok"}}},
        {"servings": {"model": "ok"}},
    ],
)
def test_a_record_of_another_run_is_refused(job, tmp_path, changes):
    with pytest.raises(BadReply, match=r"run\.json"):
        kept(job, tmp_path, files_of_run(job, **changes))


@pytest.mark.parametrize("missing", ["run.json", "executed.ipynb"])
def test_a_run_with_a_file_missing_is_refused(job, tmp_path, missing):
    files = files_of_run(job)
    del files[missing]
    with pytest.raises(BadReply):
        kept(job, tmp_path, files)


@pytest.mark.parametrize(
    "parcel",
    [
        b"",
        b"\x01",
        pack({}),
        pack({"told": {}, "files": [["a", 2]]}, b"a"),
        pack({"told": {}, "files": [["a", 1]]}, b"ab"),
        pack({"told": {}, "files": [["a", -1], ["b", 2]]}, b"a"),
        pack({"told": {}, "files": [["a", 1], ["a", 1]]}, b"ab"),
        pack({"told": {}, "files": [["a", True]]}, b"a"),
        pack({"told": {}, "files": [[["a"], 1]]}, b"a"),
        pack({"told": {}, "files": [7]}, b"a"),
        pack({"told": [], "files": []}),
        pack_files({}, {"a": b"a"}) + b"more",
        pack_files({}, {"a": b"a" * 101}),
    ],
)
def test_what_is_no_parcel_is_refused(parcel):
    with pytest.raises(BadReply):
        open_files(parcel, cap=100)


def test_the_caps_leave_room_for_all_that_a_run_may_write(job, tmp_path):
    (tmp_path / "there").mkdir()
    wanted = {"model": 1000, "model.repeat": (1000, 3), "model.dealt": (2000, 2)}
    for name, shape in wanted.items():
        np.save(tmp_path / "there" / f"{name}.npy", np.ones(shape))
    paths = (tmp_path / "there").iterdir()
    files = {f"predictions/{path.name}": path.read_bytes() for path in paths}
    refuse_unawaited(files, caps(job))
    with pytest.raises(BadReply, match="not awaited"):
        refuse_unawaited({"predictions/model.npy": b"8" * 40_000}, caps(job))
    assert caps(job)["executed[.]ipynb"] > job.limits.notebook_mb << 20


def test_a_record_has_the_fields_of_a_run():
    assert RECORD.keys() == runner.Run.__dataclass_fields__.keys() - {"folder"}
