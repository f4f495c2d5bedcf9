"""From the cells of a lesson to the three notebooks made of it.

============  ==================  ================  =================
cell          lab                 exercise          assignment
============  ==================  ================  =================
answer        with its solution   stub              solution, marked
check         with hidden tests   no hidden tests   all, marked
manual        with its solution   stub              solution, marked
solution-only shown               gone              gone
others        shown               shown             shown
============  ==================  ================  =================

"Marked" means with the marker lines, from which nbgrader makes the release, and
with nbgrader's metadata. The same cells give the same bytes: ids come from the
name of a question or the cell's place, and no outputs are kept.
"""

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from coursekit.authoring.regions import (
    HIDDEN_TESTS,
    SOLUTION,
    has_marker,
    without_markers,
    without_regions,
)

CODE_STUB = "# YOUR CODE HERE\nraise NotImplementedError()"
TEXT_STUB = "YOUR ANSWER HERE"
NEW_CELL = {"code": new_code_cell, "markdown": new_markdown_cell}
METADATA = {
    "kernelspec": {
        "display_name": "Python 3 (ipykernel)",
        "language": "python",
        "name": "python3",
    },
    "language_info": {"name": "python"},
}


def lab_notebook(cells):
    """Return the lab as the teacher shows it: solved, without marker lines.

    Parameters
    ----------
    cells : list of Cell
        As `read_cells` returns them.

    Returns
    -------
    nbformat.NotebookNode
        Format 4.5, without outputs.
    """
    return notebook((cell, solved(cell)) for cell in cells)


def exercise_notebook(cells):
    """Return the lab as the student gets it, with a stub in place of each solution."""
    shown = [cell for cell in cells if cell.role != "solution-only"]
    return notebook((cell, stubbed(cell)) for cell in shown)


def assignment_notebook(cells):
    """Return nbgrader's source notebook, with its metadata and all solutions."""
    shown = [cell for cell in cells if cell.role != "solution-only"]
    built = notebook((cell, cell.source) for cell in shown)
    ids = grade_ids(shown)
    for cell, node in zip(shown, built.cells, strict=True):
        if cell.label:
            node.metadata["nbgrader"] = nbgrader_metadata(cell, ids[cell.number])
    return built


def solved(cell):
    r"""Return the text of a cell with its solution and without marker lines.

    Examples
    --------
    >>> from coursekit.authoring.cells import Cell
    >>> source = "### BEGIN SOLUTION\nrisk = 0.5\n### END SOLUTION"
    >>> solved(Cell("code", "answer", "risk", None, source))
    'risk = 0.5'
    """
    return without_markers(without_markers(cell.source, SOLUTION), HIDDEN_TESTS)


def stubbed(cell):
    """Return the text of a cell as a student sees it.

    An answer without a marked region is a solution from its first line to its last.

    Examples
    --------
    >>> from coursekit.authoring.cells import Cell
    >>> print(stubbed(Cell("code", "answer", "risk", None, "risk = 0.5")))
    # YOUR CODE HERE
    raise NotImplementedError()
    >>> stubbed(Cell("markdown", "manual", "why", 10, "Because."))
    'YOUR ANSWER HERE'
    """
    stub = CODE_STUB if cell.kind == "code" else TEXT_STUB
    if cell.role in ("answer", "manual") and not has_marker(cell.source, SOLUTION):
        return stub
    return without_regions(
        without_regions(cell.source, SOLUTION, stub), HIDDEN_TESTS
    ).rstrip("\n")


def notebook(texts):
    """Return a notebook of (cell, text) pairs, with ids that do not change."""
    texts = list(texts)
    ids = grade_ids([cell for cell, _ in texts])
    nodes = [
        NEW_CELL[cell.kind](
            source=text,
            id=ids[cell.number],
            metadata={"tags": list(cell.tags)} if cell.tags else {},
        )
        for cell, text in texts
    ]
    return new_notebook(cells=nodes, metadata=METADATA)


def grade_ids(cells):
    """Return the id of each cell by its number in the source.

    It is the name of the question; a check that shares it with its answer, and cells
    without a name, have a hyphen in theirs, so no two can be equal.

    Examples
    --------
    >>> from coursekit.authoring.cells import Cell
    >>> answer = Cell("code", "answer", "gap", None, "", number=1)
    >>> check = Cell("code", "check", "gap", 2, "", number=2)
    >>> grade_ids([answer, check, Cell("code", "plain", "", None, "", number=3)])
    {1: 'gap', 2: 'gap-check', 3: 'cell-3'}
    """
    answers = {cell.label for cell in cells if cell.role == "answer"}
    ids = {}
    for cell in cells:
        shared = cell.role == "check" and cell.label in answers
        ids[cell.number] = f"{cell.label}-check" if shared else cell.label
        ids[cell.number] = ids[cell.number] or f"cell-{cell.number}"
    return ids


def nbgrader_metadata(cell, grade_id):
    """Return what nbgrader keeps about a labelled cell, in its third format.

    Examples
    --------
    >>> from coursekit.authoring.cells import Cell
    >>> cell = Cell("code", "check", "gap", 2, "")
    >>> kept = nbgrader_metadata(cell, "gap-check")
    >>> kept["grade"], kept["locked"], kept["solution"], kept["points"]
    (True, True, False, 2)
    """
    kept = {
        "grade": cell.role in ("check", "manual"),
        "grade_id": grade_id,
        "locked": cell.role in ("check", "locked"),
        "schema_version": 3,
        "solution": cell.role in ("answer", "manual"),
        "task": False,
    }
    return kept | ({"points": cell.points} if kept["grade"] else {})


def notebook_text(built):
    r"""Return a notebook as the bytes of its file, the same in every build.

    Examples
    --------
    >>> notebook_text(notebook([])).endswith("}\n")
    True
    """
    nbformat.validate(built)
    return nbformat.writes(built, version=nbformat.NO_CONVERT).rstrip("\n") + "\n"
