import pytest

from coursekit.authoring import put_answers, read_cells
from coursekit.errors import BadLesson


def test_an_archetypes_answers_take_the_place_of_the_solutions(lesson, write):
    archetype = write(
        "# %% [markdown]\n# Says b.\n"
        '# %% answer="worst_group"\ndef worst_group(rates):\n    return "b"\n'
        '# %% [markdown] manual="why"\n# It does not.\n',
        "says_b.py",
    )
    before = read_cells(lesson)
    after = put_answers(before, archetype)
    changed = {b.label: a.source for a, b in zip(after, before, strict=True) if a != b}
    assert changed == {
        "worst_group": 'def worst_group(rates):\n    return "b"',
        "why": "It does not.",
        "gap": "# YOUR CODE HERE\nraise NotImplementedError()",
    }


def test_a_question_left_out_gets_the_students_stub(lesson, write):
    left_out = put_answers(
        read_cells(lesson), write('# %% answer="gap"\ngap = 0\n', "a.py")
    )
    answers = {cell.label: cell.source for cell in left_out if cell.role == "answer"}
    assert "return min" not in answers["worst_group"]
    assert "raise NotImplementedError()" in answers["worst_group"]


@pytest.mark.parametrize(
    "source", ['# %% answer="gpa"\n1\n', "# %%\nimport os\n", '# %% locked="gap"\n1\n']
)
def test_other_code_in_an_archetype_is_refused(lesson, write, source):
    archetype = write(source, "odd.py")
    with pytest.raises(BadLesson, match=r"odd\.py: cell 1 .* is not one of the quest"):
        put_answers(read_cells(lesson), archetype)
