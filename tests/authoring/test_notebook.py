import nbformat
import pytest
from nbgrader.nbgraderformat import MetadataValidator
from nbgrader.preprocessors import ClearHiddenTests, ClearSolutions

from coursekit.authoring import build_lesson, notebook_text
from coursekit.errors import BadLesson

TARGETS = ("lab", "exercise", "assignment")


def sources(built):
    return {cell.id: cell.source for cell in built.cells}


def released(built):
    """Return what nbgrader makes of a source notebook for the students."""
    for step in (ClearSolutions(), ClearHiddenTests()):
        built, _ = step.preprocess(built, {})
    return built


def run_code(built):
    space = {"check": lambda kind: None}
    for cell in built.cells:
        if cell.cell_type == "code":
            exec(cell.source, space)
    return space


@pytest.mark.parametrize("target", TARGETS)
def test_two_builds_are_the_same_bytes(lesson, target):
    first, second = (notebook_text(build_lesson(lesson, target)) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("target", TARGETS)
def test_a_built_notebook_is_format_4_5_for_python3_without_outputs(lesson, target):
    built = nbformat.reads(notebook_text(build_lesson(lesson, target)), as_version=4)
    assert (built.nbformat, built.nbformat_minor) == (4, 5)
    assert built.metadata.kernelspec.name == "python3"
    code = [cell for cell in built.cells if cell.cell_type == "code"]
    assert code
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_ids_come_from_the_question_or_the_place(lesson):
    assert [cell.id for cell in build_lesson(lesson, "assignment").cells] == [
        "cell-1",
        "setup",
        "cell-3",
        "worst_group",
        "worst_group-check",
        "gap",
        "fairness",
        "why",
    ]


def test_a_cell_has_the_same_id_in_lab_and_exercise(lesson):
    lab = [cell.id for cell in build_lesson(lesson, "lab").cells]
    exercise = [cell.id for cell in build_lesson(lesson, "exercise").cells]
    assert [cell for cell in lab if cell in exercise] == exercise
    assert set(lab) - set(exercise) == {"cell-6"}


def test_the_lab_is_solved_runs_and_shows_no_markers(lesson):
    built = build_lesson(lesson, "lab")
    assert run_code(built)["worst_group"]({"x": 1, "y": 0}) == "y"
    assert sources(built)["cell-6"].startswith('print("The gap is"')
    assert "Half of the ill in b are missed." in sources(built)["why"]
    assert not any(
        word in notebook_text(built) for word in ("SOLUTION", "HIDDEN TESTS")
    )


def test_the_exercise_holds_no_word_of_any_solution(lesson):
    text = notebook_text(build_lesson(lesson, "exercise"))
    for secret in ("return min", "0.5\\n", "gap = 0.5", "Half of", "gap is", '"d"'):
        assert secret not in text
    assert "Why does the gap matter?" in text


def test_the_exercise_stops_where_the_student_has_to_write(lesson):
    shown = sources(build_lesson(lesson, "exercise"))
    assert shown["worst_group"].endswith(
        "    # YOUR CODE HERE\n    raise NotImplementedError()"
    )
    assert shown["gap"] == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert shown["why"] == "Why does the gap matter?\nYOUR ANSWER HERE"
    with pytest.raises(NotImplementedError):
        run_code(build_lesson(lesson, "exercise"))


def test_nbgrader_accepts_the_assignment_as_it_is(lesson):
    MetadataValidator().validate_nb(build_lesson(lesson, "assignment"))


def test_nbgrader_knows_what_each_labelled_cell_is_for(lesson):
    built = build_lesson(lesson, "assignment")
    kept = {
        cell.id: (meta["grade"], meta["solution"], meta["locked"], meta.get("points"))
        for cell in built.cells
        if (meta := cell.metadata.get("nbgrader"))
    }
    assert kept == {
        "setup": (False, False, True, None),
        "worst_group": (False, True, False, None),
        "worst_group-check": (True, False, True, 2),
        "gap": (False, True, False, None),
        "fairness": (True, False, True, 30),
        "why": (True, True, False, 10),
    }
    assert all(
        cell.metadata.nbgrader.grade_id == cell.id
        for cell in built.cells
        if cell.id in kept
    )


def test_nbgraders_release_says_the_same_as_our_exercise(lesson):
    release = released(build_lesson(lesson, "assignment"))
    assert sources(release) == sources(build_lesson(lesson, "exercise"))


def test_labs_carry_no_grading_metadata(lesson):
    for target in ("lab", "exercise"):
        assert "nbgrader" not in notebook_text(build_lesson(lesson, target))


BAD = {
    '# %% answer="q"\n1\n# %% check="p" points=2\n1': (
        'cell 2 (check="p"): there is no answer of that name, only q'
    ),
    '# %% check="fairness" points=2\ncheck("accuracy")': "only none at all",
    '# %% answer="q"\n1\n# %% check="q"\n1': 'cell 2 (check="q") has no points',
    '# %% [markdown] manual="why"\n# 1': 'cell 1 (manual="why") has no points',
    '# %% [markdown] answer="why"\n# 1': "is markdown, which only a person can mark",
}


@pytest.mark.parametrize("source", BAD, ids=list(BAD.values()))
def test_what_nbgrader_could_not_grade_is_refused(write, source):
    path = write(source)
    with pytest.raises(BadLesson) as error:
        build_lesson(path, "assignment")
    assert str(error.value).startswith(str(path))
    assert BAD[source] in str(error.value)


def test_a_lab_may_have_checks_without_points(write):
    path = write('# %% answer="q"\nq = 1\n# %% check="q"\nassert q == 1\n')
    assert len(build_lesson(path, "lab").cells) == 2
