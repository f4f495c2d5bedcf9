import copy
import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from coursekit.autograde.intake import blank, rebuild
from coursekit.autograde.reading import IntakeLimits
from coursekit.errors import SubmissionFailed


def labelled(name, source, *, solution=False, grade=False, cell=new_code_cell):
    label = {
        "grade_id": name,
        "solution": solution,
        "grade": grade,
        "locked": not solution,
        "schema_version": 3,
        "task": False,
        **({"points": 10} if grade else {}),
    }
    return cell(source, id=name, metadata={"nbgrader": label, "deletable": False})


@pytest.fixture
def released():
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            new_markdown_cell("Welcome", id="welcome", metadata={"tags": ["intro"]}),
            labelled("setup", "from coursekit import submit"),
            labelled("model", "# YOUR CODE HERE", solution=True),
            new_code_cell("model", id="look"),
            labelled("decide", "# YOUR CODE HERE", solution=True),
            labelled("accuracy", "check('accuracy')", grade=True),
            labelled("extra", "assert True", grade=True),
        ],
    )


@pytest.fixture
def mine(released):
    """A student's copy of the release, to be edited."""
    notebook = copy.deepcopy(released)
    notebook.cells[2].source = "model = 1"
    notebook.cells[4].source = "def decide(X): ..."
    return notebook


def handed_in(notebook):
    return json.dumps(notebook).encode()


def sources(intake):
    return [cell.source for cell in intake.notebook.cells]


def cells(intake):
    return {cell.id: cell for cell in intake.notebook.cells}


def status(released, content, **given):
    with pytest.raises(SubmissionFailed) as caught:
        rebuild(released, content, **given)
    assert caught.value.reason.endswith(".")
    return caught.value.status


def test_an_honest_notebook_comes_back_with_its_solutions(released, mine):
    intake = rebuild(released, handed_in(mine))
    assert intake.notes == ()
    assert sources(intake) == [cell.source for cell in mine.cells]
    assert intake.notebook.metadata == released.metadata
    nbformat.validate(intake.notebook)


def test_the_same_bytes_give_the_same_notebook(released, mine):
    mine.cells.insert(3, new_code_cell("helper = 1"))
    twice = [nbformat.writes(rebuild(released, handed_in(mine)).notebook) for _ in "ab"]
    assert twice[0] == twice[1]


def test_own_cells_stay_where_they_were(released, mine):
    mine.cells.insert(0, new_markdown_cell("My name"))
    mine.cells.insert(4, new_code_cell("helper = 1"))
    mine.cells.append(nbformat.v4.new_raw_cell("the end"))
    intake = rebuild(released, handed_in(mine))
    assert sources(intake) == [cell.source for cell in mine.cells]
    assert intake.notes == ()


def test_own_cells_reordered_keep_the_students_order(released, mine):
    mine.cells[3:3] = [new_code_cell("b = 1"), new_code_cell("a = b")]
    assert "b = 1" in sources(rebuild(released, handed_in(mine)))[3]


def test_a_plain_released_cell_may_be_edited_moved_and_deleted(released, mine):
    mine.cells[0].source = "Hello"
    welcome = mine.cells.pop(0)
    mine.cells.insert(2, welcome)
    del mine.cells[3]  # "look"
    intake = rebuild(released, handed_in(mine))
    assert sources(intake)[2] == "Hello"
    assert cells(intake)["welcome"].metadata == {"tags": ["intro"]}
    assert "look" not in cells(intake)
    assert intake.notes == ()


def test_a_locked_cell_that_was_edited_is_put_back(released, mine):
    mine.cells[5].source = "check = print"
    intake = rebuild(released, handed_in(mine))
    assert cells(intake)["accuracy"].source == "check('accuracy')"
    assert "locked cell 'accuracy' was edited" in intake.notes[0]


@pytest.mark.parametrize("position", [2, 5])
def test_a_missing_cell_is_put_back_as_released(released, mine, position):
    missing = mine.cells.pop(position).id
    intake = rebuild(released, handed_in(mine))
    assert cells(intake)[missing].source == released.cells[position].source
    assert f"{missing!r} was missing" in intake.notes[0]


@pytest.mark.parametrize("before", [True, False])
def test_of_two_cells_with_one_label_the_first_counts(released, mine, before):
    other = copy.deepcopy(mine.cells[2])
    other.source = "model = 2"
    mine.cells.insert(2 if before else 3, other)
    intake = rebuild(released, handed_in(mine))
    assert cells(intake)["model"].source == ("model = 2" if before else "model = 1")
    assert sources(intake)[3] == ("model = 1" if before else "model = 2")
    assert intake.notebook.cells[3].metadata == {}
    assert "more than once" in intake.notes[0]


def test_swapped_cells_go_back_to_their_order(released, mine):
    mine.cells[2], mine.cells[4] = mine.cells[4], mine.cells[2]
    intake = rebuild(released, handed_in(mine))
    order = [cell.id for cell in intake.notebook.cells if cell.metadata.get("nbgrader")]
    assert order == ["setup", "model", "decide", "accuracy", "extra"]
    assert cells(intake)["model"].source == "model = 1"


@pytest.mark.parametrize(
    "forged",
    [
        {"grade": False},
        {"solution": True},
        {"points": 1000},
        {"schema_version": 99},
        {"locked": False},
    ],
)
def test_no_metadata_comes_from_the_submission(released, mine, forged):
    mine.cells[5].metadata["nbgrader"] |= forged
    mine.cells[5].metadata["editable"] = True
    mine.metadata["kernelspec"] = {"name": "bash", "display_name": "bash"}
    intake = rebuild(released, handed_in(mine))
    assert cells(intake)["accuracy"].metadata == released.cells[5].metadata
    assert intake.notebook.metadata == released.metadata
    assert intake.notes == ()


def test_a_solution_of_another_type_keeps_its_text_and_gets_its_type_back(
    released, mine
):
    mine.cells[2] = labelled(
        "model", "model = 1", solution=True, cell=new_markdown_cell
    )
    intake = rebuild(released, handed_in(mine))
    assert cells(intake)["model"].cell_type == "code"
    assert "type of the cell 'model' was changed back" in intake.notes[0]


def test_outputs_and_attachments_are_left_behind(released, mine):
    mine.cells[2].outputs = [new_output("stream", text="x" * 100_000)]
    mine.cells[0].attachments = {"me.png": {"image/png": "AAAA"}}
    intake = rebuild(released, handed_in(mine))
    assert "AAAA" not in nbformat.writes(intake.notebook)
    assert cells(intake)["model"].outputs == []
    assert intake.notes == ("Attached files were left out: only text is taken.",)


def test_characters_that_no_kernel_reads_are_removed(released, mine):
    mine.cells[2].source = "model\0 = '\ud800'"
    intake = rebuild(released, handed_in(mine))
    assert cells(intake)["model"].source == "model = '?'"
    assert "no program can read" in intake.notes[0]
    nbformat.writes(intake.notebook).encode()


def test_hidden_tests_come_from_the_gradebook_and_nowhere_else(released, mine):
    mine.cells[6].source = "pass"
    hidden = {"extra": "assert hidden", "model": "never"}
    intake = rebuild(released, handed_in(mine), hidden_tests=hidden)
    assert cells(intake)["extra"].source == "assert hidden"
    assert cells(intake)["model"].source == "model = 1"


def test_a_label_of_another_assignment_is_a_cell_of_ones_own(released, mine):
    mine.cells.append(labelled("elsewhere", "1 + 1", solution=True))
    intake = rebuild(released, handed_in(mine))
    assert intake.notebook.cells[-1].metadata == {}
    assert intake.notebook.cells[-1].source == "1 + 1"


def test_hostile_ids_never_reach_the_notebook(released, mine):
    bad = new_code_cell("1", id="x")
    bad["id"] = "../../etc"
    mine.cells += [bad, new_code_cell("2", id="own-1"), new_code_cell("3", id="model")]
    intake = rebuild(released, handed_in(mine))
    ids = [cell.id for cell in intake.notebook.cells]
    assert ids[-3:] == ["own-1", "own-2", "own-3"]
    assert len(set(ids)) == len(ids)


def test_lines_and_a_byte_order_mark_are_read(released, mine):
    mine.cells[2].source = ["model = 1\n", "model += 1"]
    content = b"\xef\xbb\xbf" + handed_in(mine)
    intake = rebuild(released, content)
    assert cells(intake)["model"].source == "model = 1\nmodel += 1"


def test_format_3_is_upgraded(released):
    cell = {
        "cell_type": "code",
        "language": "python",
        "input": "model = 3",
        "outputs": [],
        "metadata": {"nbgrader": {"grade_id": "model", "solution": True}},
    }
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": [cell], "metadata": {}}],
    }
    intake = rebuild(released, handed_in(old))
    assert cells(intake)["model"].source == "model = 3"


def test_a_release_without_ids_gets_some(released, mine):
    for cell in released.cells:
        del cell["id"]
    released.nbformat_minor = 4
    intake = rebuild(released, handed_in(mine))
    nbformat.validate(intake.notebook)
    assert intake.notebook.nbformat_minor == 5


def test_a_blank_notebook_is_the_release(released):
    assert blank(released).cells == released.cells


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "unreadable"),
        (b"  \n", "unreadable"),
        (b"this is not a notebook", "unreadable"),
        (b"\xff\xfe\x00", "unreadable"),
        (b"[]", "unreadable"),
        (b"{}", "unreadable"),
        (b'{"nbformat": 4}', "unreadable"),
        (b'{"nbformat": 4, "cells": {}}', "unreadable"),
        (b'{"nbformat": 4, "cells": [7]}', "unreadable"),
        (
            b'{"nbformat": 4, "cells": [{"cell_type": "video", "source": ""}]}',
            "unreadable",
        ),
        (b'{"nbformat": 4, "cells": [{"cell_type": "code"}]}', "unreadable"),
        (b'{"nbformat": 5, "cells": []}', "unreadable"),
        (b'{"nbformat": 3, "worksheets": 7}', "unreadable"),
        (b"[" * 200_000, "unreadable"),
        (b'{"nbformat": ' + b"9" * 10_000 + b"}", "unreadable"),
    ],
)
def test_what_cannot_be_read_ends_in_a_status(released, content, expected):
    assert status(released, content) == expected


def test_too_many_cells_and_too_much_text_are_too_large(released, mine):
    small = IntakeLimits(text_mb=0.001, cells=10)
    mine.cells[2].source = "#" * 2000
    assert status(released, handed_in(mine), limits=small) == "too-large"
    mine.cells[2].source = ""
    mine.cells += [new_code_cell("") for _ in range(9)]
    assert status(released, handed_in(mine), limits=small) == "too-large"


def test_a_file_is_measured_before_it_is_read(released, tmp_path):
    path = tmp_path / "huge.ipynb"
    with open(path, "wb") as file:
        file.truncate(500_000_000_000)
    assert status(released, path) == "too-large"


def test_only_regular_files_are_read(released, mine, tmp_path):
    (tmp_path / "real.ipynb").write_bytes(handed_in(mine))
    (tmp_path / "link.ipynb").symlink_to(tmp_path / "real.ipynb")
    (tmp_path / "zero.ipynb").symlink_to("/dev/zero")
    (tmp_path / "folder.ipynb").mkdir()
    for name in ("link", "zero", "folder"):
        assert status(released, tmp_path / f"{name}.ipynb") == "not-a-regular-file"
    assert status(released, tmp_path / "none.ipynb") == "missing-notebook"
    assert rebuild(released, tmp_path / "real.ipynb").notes == ()
