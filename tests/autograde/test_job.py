from dataclasses import replace

import nbformat
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output

from coursekit.autograde.job import Job, digest, read_notebook, side_files
from coursekit.autograde.limits import Limits
from coursekit.errors import BadInput


@pytest.fixture
def job(serving, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "train.csv").write_text("age\n70\n")
    cells = [new_code_cell("1 + 1", id="a")]
    return Job(new_notebook(cells=cells), tmp_path, (serving,), sandbox="none")


def test_the_same_job_has_the_same_digest(job):
    assert digest(job) == digest(replace(job, notebook=nbformat.writes(job.notebook)))


def test_the_ids_of_cells_do_not_matter(job):
    other = new_notebook(cells=[new_code_cell("1 + 1", id="b")])
    assert digest(replace(job, notebook=other)) == digest(job)


@pytest.mark.parametrize(
    "change",
    [
        {"notebook": new_notebook(cells=[new_code_cell("1 + 2", id="a")])},
        {"files": None},
        {"servings": ()},
        {"limits": Limits(seconds=599)},
        {"sandbox": "bubblewrap"},
        {"seed": 1},
    ],
)
def test_whatever_goes_in_changes_the_digest(job, change):
    assert digest(replace(job, **change)) != digest(job)


def test_one_changed_patient_changes_the_digest(job, serving):
    patients = serving.inputs.copy()
    patients.loc[7, "number"] = -1
    other = replace(serving, inputs=patients)
    assert digest(replace(job, servings=(other,))) != digest(job)


def test_one_changed_side_file_changes_the_digest(job, tmp_path):
    before = digest(job)
    (tmp_path / "data" / "train.csv").write_text("age\n71\n")
    assert digest(job) != before


def test_another_version_changes_the_digest(job, monkeypatch):
    before = digest(job)
    monkeypatch.setattr("coursekit.autograde.job.versions", lambda: {"numpy": "9"})
    assert digest(job) != before


def test_outputs_of_the_student_are_not_part_of_a_job(job):
    shown = job.notebook.copy()
    shown.cells = [new_code_cell("1 + 1", id="a", execution_count=4)]
    shown.cells[0].outputs = [new_output("stream", text="forged")]
    assert digest(replace(job, notebook=shown)) == digest(job)
    assert read_notebook(replace(job, notebook=shown)).cells[0].outputs == []


@pytest.mark.parametrize("name", ["../model", "a/b", "", ".hidden", "a b"])
def test_a_serving_whose_name_is_no_file_name_is_refused(serving, name):
    with pytest.raises(BadInput, match="names of their own"):
        Job(new_notebook(), servings=(replace(serving, name=name),))


def test_two_servings_of_one_name_are_refused(serving):
    with pytest.raises(BadInput, match="names of their own"):
        Job(new_notebook(), servings=(serving, serving))


def test_a_seed_that_python_cannot_hash_with_is_refused():
    with pytest.raises(BadInput, match="seed"):
        Job(new_notebook(), seed=2**32)


def test_side_files_are_found_by_their_relative_path(job, tmp_path):
    assert list(side_files(tmp_path)) == ["data/train.csv"]


def test_a_link_among_the_side_files_is_refused(tmp_path):
    (tmp_path / "data.bin").symlink_to("/dev/zero")
    with pytest.raises(BadInput, match=r"data\.bin is neither"):
        side_files(tmp_path)


def test_a_column_that_cannot_be_served_is_refused_before_anything_runs(serving):
    dates = pd.DataFrame({"seen": pd.to_datetime(["2020-01-01"])})
    with pytest.raises(BadInput, match="seen"):
        digest(Job(new_notebook(), servings=(replace(serving, inputs=dates),)))
