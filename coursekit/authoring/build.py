"""Build every notebook from its percent source, or say which ones are out of date.

==============================  ========================================
source                          built from it
==============================  ========================================
``notebooks/NN_topic.py``       ``NN_topic.ipynb`` (solved) and
                                ``NN_topic.exercise.ipynb``
``assignments/NAME/NAME.py``    ``assignments/NAME/NAME.ipynb``
==============================  ========================================

An author without a checkout has the same in a folder of her own: an assignment's, with
``rubric.toml``, or one of labs.
"""

import re
from pathlib import Path

from coursekit.authoring.cells import located, read_cells
from coursekit.authoring.notebook import (
    assignment_notebook,
    exercise_notebook,
    lab_notebook,
    notebook_text,
)
from coursekit.authoring.rules import check_gradeable, check_questions
from coursekit.errors import BadLesson

TARGETS = {
    "lab": lab_notebook,
    "exercise": exercise_notebook,
    "assignment": assignment_notebook,
}
LAB_NAME = re.compile(r"\d\d_[a-z0-9_]+")


def build_lesson(path, target):
    r"""Build one notebook from a percent source.

    Parameters
    ----------
    path : path
        The ``.py`` source.
    target : {"lab", "exercise", "assignment"}
        The solved lab, the student's copy of it, or nbgrader's source notebook.

    Returns
    -------
    nbformat.NotebookNode
        Format 4.5, kernel ``python3``, no outputs, ids that do not change.

    Raises
    ------
    BadLesson
        If the source cannot be built; the message names file, cell and remedy.

    Examples
    --------
    >>> import tempfile
    >>> source = Path(tempfile.mkdtemp()) / "01_gaps.py"
    >>> _ = source.write_text('# %% answer="gap"\ngap = 0.1\n')
    >>> print(build_lesson(source, "exercise").cells[0].source)
    # YOUR CODE HERE
    raise NotImplementedError()
    """
    cells = read_cells(path)
    with located(path):
        check_questions(cells)
        if target == "assignment":
            check_gradeable(cells)
    return TARGETS[target](cells)


def planned(root):
    """Return (source, target, notebook) for every notebook below a folder.

    Parameters
    ----------
    root : path
        A checkout: the folder with ``notebooks/`` and ``assignments/``; or the folder
        of one assignment, or of labs.

    Raises
    ------
    BadLesson
        If neither folder is there, a source is misnamed, or a notebook has no source.
    """
    root = Path(root)
    if not any((root / kind).is_dir() for kind in ("notebooks", "assignments")):
        return planned_own(root)
    plan = [*planned_labs(root / "notebooks"), *planned_assignments(root)]
    check_all_derived(root, {notebook for _, _, notebook in plan})
    return plan


def planned_own(folder):
    """Return what is built in the folder of one assignment, or of labs."""
    if (folder / "rubric.toml").is_file():
        if plan := list(planned_assignment(folder.resolve())):
            return plan
        raise BadLesson(f"{folder} has a rubric.toml but no lesson, no NAME.py.")
    labs = [each for each in folder.glob("*.py") if LAB_NAME.fullmatch(each.stem)]
    if labs:
        return list(both_of(labs))
    raise BadLesson(
        f"{folder} has neither notebooks/ nor assignments/, as a checkout of coursekit "
        "has; nor a rubric.toml, as an assignment of your own has; nor labs."
    )


def planned_labs(folder):
    """Yield what is built from each source in ``notebooks/``, all of them labs."""
    sources = list(folder.glob("*.py"))
    for source in sources:
        if not LAB_NAME.fullmatch(source.stem):
            raise BadLesson(f"{source} is not named like 05_fairness.py. Rename it.")
    yield from both_of(sources)


def both_of(labs):
    """Yield the solved lab and the exercise of each source."""
    for source in sorted(labs):
        yield source, "lab", source.with_suffix(".ipynb")
        yield source, "exercise", source.with_suffix(".exercise.ipynb")


def planned_assignments(root):
    """Yield what is built from each source in ``assignments/``."""
    for folder in sorted((root / "assignments").glob("*/")):
        yield from planned_assignment(folder)


def planned_assignment(folder):
    """Yield what is built from an assignment's source; nothing where it has none."""
    source = folder / f"{folder.name}.py"
    if source.is_file():
        yield source, "assignment", source.with_suffix(".ipynb")
    elif any(folder.glob("*.py")):
        raise BadLesson(f"{folder} has no {source.name}. Give its source that name.")


def check_all_derived(root, built):
    """Refuse a notebook that no source builds: it would never be brought up to date."""
    there = [*root.glob("notebooks/*.ipynb"), *root.glob("assignments/*/*.ipynb")]
    for notebook in sorted(set(there) - built):
        raise BadLesson(
            f"{notebook} has no percent source. Write one with "
            f"`jupytext --to py:percent {notebook.name}`, or delete it."
        )


def build_all(root=".", *, check=False):
    """Build all notebooks of a checkout whose bytes would change.

    Parameters
    ----------
    root : path, default="."
        As `planned` takes it.
    check : bool, default=False
        Write nothing, only tell.

    Returns
    -------
    list of Path
        The notebooks that were written or, with `check`, are out of date.

    Raises
    ------
    BadLesson
        If any source cannot be built; then nothing is written at all.
    """
    texts = {
        notebook: notebook_text(build_lesson(source, target))
        for source, target, notebook in planned(root)
    }
    changed = [path for path, text in texts.items() if not holds(path, text)]
    if not check:
        for path in changed:
            replace(path, texts[path])
    return changed


def report(changed, check):
    """Return what `build_all` did, in words.

    Examples
    --------
    >>> report([], check=True)
    'All notebooks are up to date.'
    >>> print(report([Path("notebooks/01_gaps.ipynb")], check=True))
    out of date: notebooks/01_gaps.ipynb
    Run `coursekit build`, then commit what it wrote.
    """
    if not changed:
        return "All notebooks are up to date."
    lines = [f"{'out of date' if check else 'built'}: {path}" for path in changed]
    if check:
        lines.append("Run `coursekit build`, then commit what it wrote.")
    return "\n".join(lines)


def holds(path, text):
    """Say whether a file is there with exactly this text."""
    return path.is_file() and path.read_bytes() == text.encode()


def replace(path, text):
    """Write a file beside its place, then put it there, so it is never half."""
    beside = path.with_name(path.name + ".new")
    beside.write_bytes(text.encode())
    beside.replace(path)
