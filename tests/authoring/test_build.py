from pathlib import Path

import pytest

from coursekit.authoring import (
    build_all,
    build_lesson,
    notebook_text,
)
from coursekit.authoring.__main__ import main
from coursekit.errors import BadLesson

CHECKOUT = Path(__file__).parents[2]


@pytest.fixture
def house(lesson, tmp_path, write):
    """A checkout with one lab and one assignment, nothing built."""
    root = tmp_path / "house"
    for path in ("notebooks/01_gaps.py", "assignments/gaps/gaps.py"):
        write(lesson.read_text(), f"house/{path}")
    return root


def built(root):
    return sorted(str(path.relative_to(root)) for path in root.rglob("*.ipynb"))


def test_what_is_committed_equals_a_rebuild():
    assert build_all(CHECKOUT, check=True) == []


def test_every_source_is_built_to_its_own_notebooks(house):
    assert len(build_all(house)) == 3
    assert built(house) == [
        "assignments/gaps/gaps.ipynb",
        "notebooks/01_gaps.exercise.ipynb",
        "notebooks/01_gaps.ipynb",
    ]
    assignment = house / "assignments/gaps/gaps"
    assert assignment.with_suffix(".ipynb").read_text("utf-8") == notebook_text(
        build_lesson(assignment.with_suffix(".py"), "assignment")
    )


def test_a_second_build_writes_nothing(house):
    build_all(house)
    assert build_all(house) == []
    assert build_all(house, check=True) == []


def test_a_change_by_hand_is_told_and_undone(house):
    build_all(house)
    notebook = house / "notebooks/01_gaps.ipynb"
    before = notebook.read_bytes()
    notebook.write_bytes(before.replace(b"served worse", b"served well"))
    assert build_all(house, check=True) == [notebook]
    assert notebook.read_bytes() != before
    assert build_all(house) == [notebook]
    assert notebook.read_bytes() == before


def test_check_writes_nothing(house):
    assert len(build_all(house, check=True)) == 3
    assert built(house) == []


def test_one_bad_source_leaves_all_notebooks_as_they_were(house, write):
    write('# %% anwser="q"\n1\n', "house/notebooks/02_bad.py")
    with pytest.raises(BadLesson, match=r"02_bad\.py, cell 1"):
        build_all(house)
    assert built(house) == []


def test_a_notebook_without_a_source_is_refused(house, write):
    write("{}", "house/notebooks/09_old.ipynb")
    with pytest.raises(BadLesson, match=r"09_old\.ipynb has no percent source"):
        build_all(house, check=True)


def test_a_misnamed_lab_is_refused(house, write):
    write("# %%\n1\n", "house/notebooks/Fairness.py")
    with pytest.raises(BadLesson, match=r"Fairness\.py is not named like"):
        build_all(house)


def test_an_assignment_whose_source_has_another_name_is_refused(house, write):
    write("# %%\n1\n", "house/assignments/sepsis/sepsys.py")
    with pytest.raises(BadLesson, match=r"sepsis has no sepsis\.py"):
        build_all(house)


def test_a_folder_that_is_no_checkout_is_refused(tmp_path):
    with pytest.raises(BadLesson, match="has neither notebooks/ nor assignments/"):
        build_all(tmp_path)


def test_the_command_ends_with_0_1_or_2(house, write, monkeypatch, capsys):
    monkeypatch.chdir(house)
    assert main(["--check"]) == 1
    assert "out of date: notebooks/01_gaps.ipynb" in capsys.readouterr().out
    assert main([]) == 0
    assert main(["--check"]) == 0
    assert main(["--chekc"]) == 2
    write('# %% anwser="q"\n1\n', "house/notebooks/02_bad.py")
    assert main([]) == 2
    assert "anwser" in capsys.readouterr().err
