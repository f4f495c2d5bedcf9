import pytest

from coursekit.checking.looking import look


def codes(notebook, lock):
    return [each.code for each in look(notebook, lock)]


def test_a_notebook_as_it_was_released_shows_nothing(mine, lock):
    assert look(mine(), lock) == []


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        ({"name": "ir", "language": "R"}, "which runs R"),
        ({"name": "gone-env", "language": "python"}, "which is not installed here"),
    ],
)
def test_another_kernel_is_named_and_the_menu_to_change_it(mine, lock, spec, what):
    [found] = look(mine(lambda nb: nb.metadata.update(kernelspec=spec)), lock)
    assert found.code == "WRONG-KERNEL"
    assert what in found.says
    assert "Kernel > Change Kernel" in found.do
    assert not found.grave


def test_cells_that_were_run_in_another_order_are_a_warning(mine, lock):
    def run_upwards(notebook):
        code = [cell for cell in notebook.cells if cell.cell_type == "code"]
        for count, cell in zip((4, 1, 5), code, strict=False):
            cell.execution_count = count

    [found] = look(mine(run_upwards), lock)
    assert found.code == "OUT-OF-ORDER"
    assert found.says.startswith("Cell 3 (model) was run before Cell 2 (setup)")
    assert "Restart Kernel and Run All Cells" in found.do


def test_a_locked_cell_that_was_changed_is_named(mine, lock, cell_of):
    def change(notebook):
        cell_of(notebook, "hand-in").source += "\nprint(1)"

    [found] = look(mine(change), lock)
    assert found.code == "LOCKED-CHANGED"
    assert found.says == "Cell 5 (hand-in) is locked and was changed."


def test_a_cell_that_is_gone_and_one_that_is_there_twice_are_named(mine, lock, cell_of):
    def change(notebook):
        notebook.cells.remove(cell_of(notebook, "accuracy"))
        notebook.cells.append(cell_of(notebook, "model").copy())

    found = {each.code: each for each in look(mine(change), lock)}
    assert found.keys() == {"CELL-GONE", "CELL-TWICE"}
    assert "accuracy" in found["CELL-GONE"].says
    assert "model" in found["CELL-TWICE"].says


@pytest.mark.parametrize("text", ["YOUR ANSWER HERE", " "])
def test_a_text_that_is_not_written_is_a_warning(mine, lock, cell_of, text):
    def erase(notebook):
        cell_of(notebook, "manual").source = text

    [found] = look(mine(erase), lock)
    assert (found.code, found.grave) == ("NOT-WRITTEN", False)


def test_a_forgotten_submit_is_seen_before_anything_runs(mine, lock, cell_of):
    def change(notebook):
        notebook.cells.remove(cell_of(notebook, "hand-in"))

    [found] = look(mine(change), lock)
    assert (found.code, found.grave) == ("NO-SUBMIT", True)
    assert "submit(model, decide=decide)" in found.do


def test_the_notebook_of_another_assignment_is_not_looked_at_further(mine, lock):
    def change(notebook):
        for cell in notebook.cells:
            own = cell.metadata.get("nbgrader", {})
            if own.get("solution") and own["grade_id"] != "manual":
                own["grade_id"] = f"{own['grade_id']}-of-another"

    assert codes(mine(change), lock) == ["OTHER-ASSIGNMENT"]


def test_a_page_of_marks_from_another_term_is_a_warning(mine, lock):
    def change(notebook):
        notebook.cells[0].source = notebook.cells[0].source.replace("40", "41")

    [found] = look(mine(change), lock)
    assert (found.code, found.grave) == ("OTHER-RELEASE", False)
