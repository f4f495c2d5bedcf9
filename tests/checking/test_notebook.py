import pytest

from coursekit.checking.notebook import find_lock, read_notebook
from coursekit.errors import BadInput


def test_what_is_no_notebook_is_refused_with_what_to_do(tmp_path):
    (tmp_path / "a.ipynb").write_text("<html>")
    (tmp_path / "b.ipynb").write_bytes(b"")
    for name, seen in {
        "a.ipynb": "is not JSON. Save it anew",
        "b.ipynb": "is empty",
        "c.ipynb": "Save the notebook, and run this in its folder",
        ".": "is a folder. Name the notebook",
    }.items():
        with pytest.raises(BadInput, match=seen):
            read_notebook(tmp_path / name)


def test_a_notebook_without_its_data_is_sent_back_to_its_folder(tmp_path):
    with pytest.raises(BadInput, match="back into the folder that it came in"):
        find_lock(tmp_path / "mine.ipynb")


def test_notebooks_whose_metadata_are_odd_are_read(student):
    def spoil(notebook):
        notebook.metadata["kernelspec"] = "python3"
        notebook.cells[1].metadata["nbgrader"] = ["odd"]

    assert len(read_notebook(student(spoil)).cells) == 9
