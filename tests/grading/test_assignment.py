import pytest

from coursekit.errors import BadInput, BadLesson
from coursekit.grading.assignment import (
    find_assignment,
    list_assignments,
    read_archetype,
)


def graded_cells(assignment):
    labels = [
        cell["metadata"].get("nbgrader", {}) for cell in assignment.notebook["cells"]
    ]
    return {label["grade_id"]: label for label in labels if label}


@pytest.mark.parametrize("name", list_assignments())
def test_every_archetype_answers_only_what_its_assignment_asks(name):
    assignment = find_assignment(name)
    asked = {
        key for key, label in graded_cells(assignment).items() if label["solution"]
    }
    for archetype, answers in assignment.archetypes().items():
        assert set(answers) <= asked, archetype


@pytest.mark.parametrize("name", list_assignments())
def test_the_grade_cells_carry_the_points_of_the_rubric(name):
    assignment = find_assignment(name)
    labels = graded_cells(assignment)
    wanted = {**assignment.rubric.kinds, **assignment.rubric.manual}
    points = {key: each["points"] for key, each in labels.items() if each["grade"]}
    assert points == wanted


def test_an_unknown_assignment_lists_those_there_are():
    with pytest.raises(BadInput, match=r"There are: .*readmission"):
        find_assignment("no such")


def test_code_outside_an_answer_is_refused(tmp_path):
    path = tmp_path / "odd.py"
    path.write_text('# %%\nimport os\n\n# %% answer="model"\nmodel = 1\n')
    with pytest.raises(BadLesson, match="'import os'"):
        read_archetype(path)
