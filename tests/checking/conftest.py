"""A small assignment as a student has it, and notebooks of hers."""

import json
from types import SimpleNamespace

import pytest
from nbgrader.utils import compute_checksum

from coursekit.checking.notebook import read_notebook
from coursekit.grading.explain import mark_page
from coursekit.grading.lock import read_lock
from small_course import tiny_source, write_tiny


@pytest.fixture(scope="session")
def released(tmp_path_factory):
    """The folder that a student was given: her notebook, solved, and the data."""
    course = tmp_path_factory.mktemp("released")
    write_tiny(course)
    return course / "source" / "tiny"


@pytest.fixture(scope="session")
def lock(released):
    return read_lock(released / "data" / "rubric.lock.toml")


@pytest.fixture
def student(released, lock):
    """A function that writes a notebook beside the data: (changes) -> its path."""

    def write(change=lambda notebook: None, name="mine"):
        notebook = tiny_source()
        notebook.cells[0].source = mark_page(lock)
        for cell in notebook.cells:
            if own := cell.metadata.get("nbgrader"):
                own["checksum"] = compute_checksum(cell)
        change(notebook)
        path = released / f"{name}.ipynb"
        path.write_text(json.dumps(notebook), encoding="utf-8")
        return path

    return write


@pytest.fixture
def mine(student):
    """A function that returns a notebook as the check reads it."""
    return lambda change=lambda notebook: None: read_notebook(student(change))


@pytest.fixture
def cell_of():
    """A function that finds a cell of a notebook by its name."""

    def find(notebook, name):
        return next(
            cell
            for cell in notebook.cells
            if cell.metadata.get("nbgrader", {}).get("grade_id") == name
        )

    return find


@pytest.fixture
def ran():
    """A function that returns a notebook as if it had been run."""

    def made(notebook, seconds=(), told=None, stopped=""):
        return SimpleNamespace(
            notebook=notebook, seconds=list(seconds), told=told, stopped=stopped
        )

    return made
