"""A student's notebook as it lies on disk, and how its cells are called."""

import ast
from pathlib import Path

import nbformat

from coursekit.autograde.reading import IntakeLimits, parse, raw_cells, read_cells
from coursekit.errors import BadInput, SubmissionFailed
from coursekit.grading.lock import read_lock

LOCK = "data/rubric.lock.toml"


def read_notebook(path):
    """Return a notebook, or say why it is none.

    Raises
    ------
    BadInput
        If there is no such file, or it could not be read when it is graded either.

    Examples
    --------
    >>> read_notebook("nowhere.ipynb")
    Traceback (most recent call last):
        ...
    coursekit.errors.BadInput: There is no nowhere.ipynb here. Save the notebook, ...
    """
    path = Path(path)
    if path.is_dir():
        raise BadInput(f"{path} is a folder. Name the notebook: {path / 'NAME.ipynb'}")
    if not path.is_file():
        raise BadInput(
            f"There is no {path} here. Save the notebook, and run this in its folder."
        )
    content = path.read_bytes()
    try:
        read_cells(content, IntakeLimits())
        cells = raw_cells(parse(content))
        metadata = parse(content).get("metadata")
    except SubmissionFailed as failure:
        raise BadInput(
            f"{path} is no notebook that can be graded. {failure.reason} Save it anew "
            "in JupyterLab (File > Save Notebook), not from a browser's page of it."
        ) from None
    return nbformat.from_dict(
        {
            "nbformat": 4,
            "nbformat_minor": 5,
            "metadata": metadata if isinstance(metadata, dict) else {},
            "cells": [tidy(cell, n) for n, cell in enumerate(cells)],
        }
    )


def tidy(cell, number):
    """Return a cell without outputs, whose text is one text, and with an id."""
    source = cell["source"]
    metadata = cell.get("metadata")
    kept = {
        "cell_type": cell["cell_type"],
        "id": f"cell-{number}",
        "metadata": metadata if isinstance(metadata, dict) else {},
        "source": source if isinstance(source, str) else "".join(source),
    }
    if cell["cell_type"] == "code":
        kept |= {"outputs": [], "execution_count": cell.get("execution_count")}
    return kept


def find_lock(path):
    """Return the rubric that lies beside a notebook.

    Raises
    ------
    BadInput
        If there is none: the notebook was moved, or is graded without a rubric.
    """
    lock = Path(path).parent / LOCK
    if not lock.is_file():
        raise BadInput(
            f"There is no {LOCK} beside {path}. Put the notebook back into the folder "
            "that it came in, with its data/. An assignment that never had this file "
            "is checked with nbgrader's button Validate."
        )
    return read_lock(lock)


def label_of(cell):
    """Return what nbgrader calls a cell, or None."""
    own = cell.metadata.get("nbgrader")
    return own.get("grade_id") if isinstance(own, dict) else None


def is_solution(cell):
    """Say whether a cell is answered by the student."""
    own = cell.metadata.get("nbgrader")
    return bool(own.get("solution")) if isinstance(own, dict) else False


def place(notebook, number):
    """Return how a cell is called: its number, and its name or its first line.

    Examples
    --------
    >>> from nbformat.v4 import new_code_cell, new_notebook
    >>> place(new_notebook(cells=[new_code_cell("model.fit(X, y)")]), 0)
    'Cell 1 (model.fit(X, y))'
    """
    cell = notebook.cells[number]
    lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
    first = lines[0] if lines else ""
    named = label_of(cell) or (first if len(first) <= 40 else f"{first[:37]}...")
    return f"Cell {number + 1} ({named})" if named else f"Cell {number + 1}"


def made_in(source):
    r"""Return the names that a cell's top level makes; none where it cannot be read.

    Examples
    --------
    >>> sorted(made_in("import numpy as np\nrisk = 1\ndef decide(X): ..."))
    ['decide', 'np', 'risk']
    """
    names = set()
    for node in tree_of(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(each.asname or each.name).split(".")[0] for each in node.names}
        else:
            stored = (n for n in ast.walk(node) if isinstance(n, ast.Name))
            names |= {n.id for n in stored if isinstance(n.ctx, ast.Store)}
    return names


def calls(source, name):
    """Say whether a cell calls a function by this name.

    Examples
    --------
    >>> calls("submit(model)", "submit"), calls("# submit(model)", "submit")
    (True, False)
    """
    found = (n.func for n in ast.walk(tree_of(source)) if isinstance(n, ast.Call))
    return any(isinstance(each, ast.Name) and each.id == name for each in found)


def tree_of(source):
    """Return the syntax tree of a cell without its magics; empty where it has none."""
    lines = source.splitlines()
    plain = ["" if line.lstrip()[:1] in ("%", "!") else line for line in lines]
    try:
        return ast.parse("\n".join(plain))
    except SyntaxError:
        return ast.parse("")
