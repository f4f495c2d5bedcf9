import pytest

from coursekit.authoring import read_cells
from coursekit.errors import BadLesson


def test_cells_keep_their_order_role_label_and_points(lesson):
    read = [(c.kind, c.role, c.label, c.points) for c in read_cells(lesson)]
    assert read == [
        ("markdown", "plain", "", None),
        ("code", "locked", "setup", None),
        ("code", "plain", "", None),
        ("code", "answer", "worst_group", None),
        ("code", "check", "worst_group", 2),
        ("code", "solution-only", "", None),
        ("code", "answer", "gap", None),
        ("code", "check", "fairness", 30),
        ("markdown", "manual", "why", 10),
    ]


def test_a_cell_cannot_be_changed_after_reading(lesson):
    with pytest.raises(AttributeError):
        read_cells(lesson)[0].source = "x"


def test_the_solution_is_part_of_the_source(lesson):
    assert "return min(rates" in read_cells(lesson)[3].source


def test_tags_other_than_solution_only_are_kept(write):
    path = write('# %% tags=["raises-exception", "wide"]\n1 / 0\n')
    assert read_cells(path)[0].tags == ("raises-exception", "wide")


def test_solution_only_is_a_role_and_no_longer_a_tag(write):
    cell = read_cells(write('# %% tags=["solution-only", "wide"]\n1\n'))[0]
    assert (cell.role, cell.tags) == ("solution-only", ("wide",))


def test_empty_cells_are_left_out_and_the_others_keep_their_numbers(write):
    path = write("# %%\n\n# %%\nx = 1\n")
    assert [cell.number for cell in read_cells(path)] == [2]


BAD = {
    '# %% anwser="q"\n1': "cell 1: its opening line says 'anwser'",
    "# %% solution-only\n1": "cell 1: its opening line says 'solution-only'",
    "# %% answer=q\n1": "cell 1: its opening line says 'answer=q'",
    '# %%\n1\n# %% answer="a b"\n1': "cell 2: 'a b' is not a name",
    '# %% answer="q-1"\n1': "'q-1' is not a name",
    "# %% answer=7\n1": "7 is not a name",
    '# %% answer="q" check="q"\n1': "it is answer and check at once",
    '# %% answer="q" tags=["solution-only"]\n1': "answer and solution-only at once",
    '# %% check="q" points="2"\n1': "points='2' is not a number above 0",
    '# %% check="q" points=0\n1': "points=0 is not a number above 0",
    '# %% check="q" points=-1\n1': "points=-1 is not a number above 0",
    '# %% check="q" points=true\n1': "points=True is not a number above 0",
    '# %% check="q" points=NaN\n1': "points=nan is not a number above 0",
    '# %% answer="q" points=2\n1': "points on the role 'answer'",
    "# %% [raw]\n# 1": "it is a raw cell",
    '# %% answer="q"\n### END SOLUTION': "line 1 says END SOLUTION, but no BEGIN",
    '# %% answer="q"\n### BEGIN SOLUTION': "line 1 says BEGIN SOLUTION, but no END",
    '# %% locked="q"\n### BEGIN SOLUTION\n1\n### END SOLUTION': (
        "it is locked and has a SOLUTION marker, but students are shown all of it"
    ),
    "# %%\n1\n### END SOLUTION": "it is plain and has a SOLUTION marker",
    '# %% check="q"\n### BEGIN SOLUTION\n### END SOLUTION': (
        "it is check and has a SOLUTION marker"
    ),
    '# %% answer="q"\n### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS': (
        "it is answer and has a HIDDEN TESTS marker"
    ),
    '# %% check="q"\n### BEGIN HIDDEN TESTS': "no END HIDDEN TESTS follows",
    '# %% answer="q"\n1\n# %% answer="q"\n1': (
        'cell 2 (answer="q") has the name of cell 1 (answer="q")'
    ),
    '# %% locked="q"\n1\n# %% answer="q"\n1': 'has the name of cell 1 (locked="q")',
    '# %% check="q"\n1\n# %% check="q"\n1': 'has the name of cell 1 (check="q")',
}


@pytest.mark.parametrize("source", BAD, ids=list(BAD.values()))
def test_a_bad_source_names_file_cell_and_reason(write, source):
    path = write(source)
    with pytest.raises(BadLesson) as error:
        read_cells(path)
    assert str(error.value).startswith(str(path))
    assert BAD[source] in str(error.value)


def test_an_answer_and_its_check_may_share_a_name(write):
    path = write('# %% answer="q"\n1\n# %% check="q" points=1\n1\n')
    assert [cell.role for cell in read_cells(path)] == ["answer", "check"]


def test_a_missing_source_is_named(tmp_path):
    with pytest.raises(BadLesson, match=r"02_no\.py does not exist"):
        read_cells(tmp_path / "02_no.py")


def test_a_source_that_is_not_utf8_is_named(tmp_path):
    path = tmp_path / "01_latin.py"
    path.write_bytes("# %% [markdown]\n# Müller".encode("latin-1"))
    with pytest.raises(BadLesson, match=r"01_latin\.py is not UTF-8"):
        read_cells(path)
