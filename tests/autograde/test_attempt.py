import json

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from coursekit.autograde.attempt import Attempt
from coursekit.autograde.job import Job
from coursekit.autograde.link import Stopped


@pytest.fixture
def attempt():
    cells = [new_markdown_cell("Readmission"), new_code_cell("1 + 1")]
    return Attempt(Job(new_notebook(cells=cells)), "digest", lambda *_: None)


def report(*outputs, cell=1, count=3):
    return {"stage": "cell", "cell": cell, "count": count}, json.dumps(outputs).encode()


def test_outputs_are_put_into_the_runners_own_notebook(attempt):
    hello = new_output("stream", name="stdout", text="hello")
    attempt.keep_cell(*report(hello))
    cell = attempt.notebook.cells[1]
    assert (cell.source, cell.outputs, cell.execution_count) == ("1 + 1", [hello], 3)


@pytest.mark.parametrize("payload", [b"", b"nonsense", b"3", b'[{"output_type": 1}]'])
def test_malformed_outputs_are_left_out(attempt, payload):
    attempt.keep_cell(report()[0], payload)
    (note,) = attempt.notebook.cells[1].outputs
    assert "malformed" in note.text


@pytest.mark.parametrize("cell", [0, 2, -1, True, None, "1"])
def test_a_cell_that_does_not_exist_ends_the_run(attempt, cell):
    with pytest.raises(Stopped, match="does not exist"):
        attempt.keep_cell(*report(cell=cell))


@pytest.mark.parametrize("count", [0, -1, 1.5, "3", None, True])
def test_a_forged_execution_count_is_none(attempt, count):
    attempt.keep_cell(*report(count=count))
    assert attempt.notebook.cells[1].execution_count is None
