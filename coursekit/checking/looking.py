"""What can be seen in a notebook without running it."""

from itertools import pairwise

from coursekit.checking.accidents import accident
from coursekit.checking.notebook import calls, is_solution, label_of, place
from coursekit.grading.explain import MARKER, mark_page

STUB = "YOUR ANSWER HERE"  # nbgrader's, in a released text


def look(notebook, lock):
    """Return the accidents that a notebook shows before it is run.

    Parameters
    ----------
    notebook : NotebookNode
        From `coursekit.checking.notebook.read_notebook`.
    lock : Rubric
        That lies beside it.

    Returns
    -------
    list of Accident
    """
    other = other_assignment(notebook, lock)
    if other:
        return other
    return [
        *wrong_kernel(notebook),
        *other_release(notebook, lock),
        *gone_or_twice(notebook, lock),
        *changed(notebook),
        *unwritten(notebook, lock),
        *no_submit(notebook, lock),
        *out_of_order(notebook),
    ]


def other_assignment(notebook, lock):
    """Find a notebook none of whose answers the rubric asks for."""
    mine = [label_of(cell) for cell in notebook.cells if is_solution(cell)]
    mine = [name for name in mine if name and name not in lock.manual]
    asked = [answer.name for answer in lock.answers]
    if not mine or set(mine) & set(asked):
        return []
    words = {"mine": ", ".join(mine), "asked": ", ".join(asked)}
    return [accident("OTHER-ASSIGNMENT", assignment=lock.assignment, **words)]


def wrong_kernel(notebook):
    """Find a kernel that is not Python, or that is not installed here."""
    spec = notebook.metadata.get("kernelspec")
    spec = spec if isinstance(spec, dict) else {}
    name, language = spec.get("name"), spec.get("language") or "python"
    if not isinstance(name, str):
        return []
    if str(language).lower() != "python":
        what = f"which runs {language}"
    elif name != "python3" and name not in installed_kernels():
        what = "which is not installed here"
    else:
        return []
    return [accident("WRONG-KERNEL", kernel=name, what=what)]


def installed_kernels():
    """Return the names of the kernels that Jupyter finds on this machine."""
    from jupyter_client.kernelspec import KernelSpecManager

    return set(KernelSpecManager().find_kernel_specs())


def other_release(notebook, lock):
    """Find a page of marks that is not the one of the data."""
    pages = [
        cell.source
        for cell in notebook.cells
        if cell.cell_type == "markdown" and MARKER in cell.source
    ]
    wanted = mark_page(lock).split()
    return (
        [accident("OTHER-RELEASE")] if any(p.split() != wanted for p in pages) else []
    )


def gone_or_twice(notebook, lock):
    """Find graded cells that are gone, and cells that are there more than once."""
    labels = [label for cell in notebook.cells if (label := label_of(cell))]
    gone = [name for name in (*lock.kinds, *lock.manual) if name not in labels]
    twice = sorted({name for name in labels if labels.count(name) > 1})
    return [
        *(accident("CELL-GONE", name=name) for name in gone),
        *(accident("CELL-TWICE", name=name) for name in twice),
    ]


def unwritten(notebook, lock):
    """Find texts for a person that say nothing yet."""
    return [
        accident("NOT-WRITTEN", name=label_of(cell))
        for cell in notebook.cells
        if label_of(cell) in lock.manual and cell.source.strip() in ("", STUB)
    ]


def changed(notebook):
    """Find locked cells whose text is not the one that was released."""
    from nbgrader.utils import compute_checksum

    found = []
    for number, cell in enumerate(notebook.cells):
        own = cell.metadata.get("nbgrader")
        if not isinstance(own, dict) or own.get("solution") or not own.get("locked"):
            continue
        told = own.get("checksum")
        if told and told != compute_checksum(cell):
            found.append(accident("LOCKED-CHANGED", place=place(notebook, number)))
    return found


def no_submit(notebook, lock):
    """Find a notebook in which nothing is handed in."""
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    if any(calls(source, "submit") for source in code):
        return []
    return [nothing_submitted(lock)]


def nothing_submitted(lock):
    """Return the accident of a notebook that handed nothing in."""
    names = [each.name for each in lock.answers]
    words = [name if name == "model" else f"{name}={name}" for name in names]
    return accident("NO-SUBMIT", answers=", ".join(words))


def out_of_order(notebook):
    """Find the first cell that was last run before one that stands above it."""
    counts = [
        (cell.execution_count, number)
        for number, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and isinstance(cell.execution_count, int)
    ]
    for (above, earlier), (below, later) in pairwise(counts):
        if below < above:
            words = {"later": later, "earlier": earlier}
            words = {key: place(notebook, each) for key, each in words.items()}
            return [accident("OUT-OF-ORDER", **words)]
    return []
