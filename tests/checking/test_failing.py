import pytest
from nbformat.v4 import new_output

from coursekit.checking.failing import failures


def broken(notebook, cell_of, **errors):
    """Let cells of a notebook have failed: name -> (error, its words)."""
    for name, (kind, words) in errors.items():
        trace = ["\x1b[31mTraceback\x1b[0m", "line 1", "line 2", f"{kind}: {words}"]
        output = new_output("error", ename=kind, evalue=words, traceback=trace)
        cell_of(notebook, name).outputs = [output]
    return notebook


@pytest.fixture
def found(mine, ran, lock, cell_of):
    """A function that returns the accidents of cells that failed."""

    def found(
        change=lambda notebook: None, seconds=(), told=None, stopped="", **errors
    ):
        notebook = broken(mine(change), cell_of, **errors)
        return failures(ran(notebook, seconds, told, stopped), lock)

    return found


def test_a_run_without_errors_has_no_accidents(found):
    assert found(seconds=[1.0] * 9) == []


def test_an_error_is_shown_with_its_cell_and_its_last_lines_without_colours(found):
    [each] = found(model=("ValueError", "Input X contains NaN."))
    assert each.code == "CELL-RAISED"
    assert each.says.startswith("Cell 3 (model) stopped with ValueError: Input X")
    assert "line 2" in each.says
    assert "\x1b" not in each.says


def test_the_line_of_the_cell_is_shown_though_a_library_raised(
    mine, ran, lock, cell_of
):
    notebook = broken(mine(), cell_of, model=("ValueError", "Input X contains NaN."))
    cell_of(notebook, "model").outputs[0]["traceback"] = [
        "Traceback (most recent call last)",
        "\x1b[36mCell In[3], line 2\x1b[0m\n      1 model = Tree()\n"
        "\x1b[32m----> 2\x1b[0m model.fit(X, y)\n",
        "File sklearn/tree.py:7, in fit\n----> 7 raise ValueError\n",
    ]
    [each] = failures(ran(notebook), lock)
    assert each.says.endswith("in line 2: model.fit(X, y)")


def test_a_function_that_was_renamed_is_asked_for_by_its_name(found, cell_of):
    def rename(notebook):
        cell = cell_of(notebook, "decide")
        cell.source = cell.source.replace("def decide", "def choose")

    [each] = found(rename, **{"hand-in": ("NameError", "name 'decide' is not defined")})
    assert each.code == "RENAMED"
    assert each.says.startswith("Cell 5 (hand-in) hands in decide")
    assert each.says.endswith("; its cell makes choose.")


def test_a_name_that_is_made_further_down_is_told_from_one_that_is_missing(found):
    [each] = found(model=("NameError", "name 'decide' is not defined"))
    assert each.code == "NAME-LATER"
    assert "in Cell 4 (decide)" in each.says


def test_what_follows_from_the_first_error_is_not_told(found):
    [each] = found(
        model=("NotImplementedError", ""),
        decide=("NameError", "name 'model' is not defined"),
        accuracy=("BadInput", "Nothing was handed in yet."),
    )
    assert each.code == "CELL-RAISED"  # its text is no stub


def test_an_answer_that_is_still_to_be_written_is_named(found, cell_of):
    def stub(notebook):
        cell_of(notebook, "model").source = "raise NotImplementedError()"

    codes = [each.code for each in found(stub, model=("NotImplementedError", ""))]
    assert codes == ["NOT-ANSWERED"]


@pytest.mark.parametrize(
    ("kind", "words", "code"),
    [
        ("NotFittedError", "This Pipeline instance is not fitted yet.", "NOT-FITTED"),
        ("URLError", "<urlopen error [Errno -3] Temporary failure>", "OFFLINE"),
        ("ConnectionError", "HTTPSConnectionPool: Max retries exceeded", "OFFLINE"),
        ("ModuleNotFoundError", "No module named 'my_helpers'", "NO-MODULE"),
        ("KeyboardInterrupt", "", "TOO-LONG"),
    ],
)
def test_an_error_has_the_name_of_its_accident(found, kind, words, code):
    [each] = found(model=(kind, words))
    assert (each.code, each.grave) == (code, True)


def test_a_model_that_was_handed_in_unfitted_is_known_by_the_checks_own_words(found):
    seen = "model raised NotFittedError: This LogisticRegression is not fitted yet."
    told = {"codes": [{"code": "NO-REPLY", "seen": seen}], "rows": []}
    [each] = found(told=told)
    assert each.code == "NOT-FITTED"
    assert seen in each.says


def test_a_slow_cell_is_a_warning_before_validate_gives_up(found):
    [each] = found(seconds=[0, 1, 21.4, 1])
    assert (each.code, each.grave) == ("TOO-SLOW", False)
    assert "Cell 3 (model) took 21 s" in each.says


def test_a_run_that_ended_early_says_why(found):
    [each] = found(stopped="The kernel died in cell 3.")
    assert each.says == "The run ended early: The kernel died in cell 3."
