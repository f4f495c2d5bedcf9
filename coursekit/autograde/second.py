"""A second attempt: the same assignment, other hidden patients.

It is an assignment of its own for nbgrader, ``NAME-2``, so that it is released,
collected and graded as any other, with its own due date, and nobody hands in more than
twice. Shown patients, rubric and thresholds are those of the first; the hidden patients
are the ``hidden-2`` that were drawn with them and that nobody has been graded on.
"""

import json
import shutil
from dataclasses import replace

from coursekit.autograde.layout import Swapped
from coursekit.errors import BadCourse
from coursekit.grading.holdout import probe_folder
from coursekit.grading.lock import write_lock
from coursekit.grading.serving import ATTEMPTS, cases_folder

SUFFIX = "-2"
FIRST, SECOND = ATTEMPTS
NOTE = (
    "\n\n**This is the second attempt.** It is graded like the first, on other hidden "
    "patients, and it is its mark that counts, also where it is lower."
)


def first_of(assignment):
    """Return the name of the first attempt, or None where this is no second one.

    Examples
    --------
    >>> first_of("readmission-2"), first_of("readmission")
    ('readmission', None)
    """
    return assignment.removesuffix(SUFFIX) if assignment.endswith(SUFFIX) else None


def add_second(course, assignment):
    """Write the second attempt of an assignment beside the first.

    Parameters
    ----------
    course : Course
    assignment : str
        The first attempt's name.

    Returns
    -------
    str
        The second attempt's name.

    Raises
    ------
    BadCourse
        If there is no such assignment, if it has a second attempt already or is one,
        or if no second hidden patients were drawn.
    """
    lock, second = course.lock(assignment), assignment + SUFFIX
    first = course.holdout(assignment)
    if first_of(assignment) is not None:
        raise BadCourse(f"{assignment} is a second attempt; there is no third.")
    if course.has_rubric(second) or is_another(course.folder / "source" / second):
        raise BadCourse(f"{assignment} has a second attempt already: {second}.")
    if not (first / SECOND).is_dir():
        raise BadCourse(
            f"{assignment} has no second hidden patients, as where they were imported. "
            "Give those who try again an extension instead."
        )
    probed = [first / probe_folder(name, SECOND) for name in redraws(first)]
    if not all(folder.is_dir() for folder in probed):
        raise BadCourse(
            f"{assignment} was laid out by an older coursekit, whose second hidden "
            "patients cannot be probed for leaks. Give those who try again an "
            "extension instead."
        )
    renamed = replace(lock, assignment=second)
    with Swapped(course.folder / "source" / second) as new:
        write_source(course.folder / "source" / assignment, new, renamed)
    with Swapped(course.holdout(second)) as new:
        new.chmod(0o700)
        write_holdout(first, new, renamed)
    course.share(course.holdout(second))
    return second


def is_another(folder):
    """Return True for an assignment that is no half of a second attempt.

    Whoever was interrupted has the students' side, which is written first, alone.
    """
    return folder.exists() and not (folder / "data" / "rubric.lock.toml").is_file()


def write_source(first, new, lock):
    """Copy what students see, and say in the notebook that it is the second attempt."""
    shutil.copytree(first, new, dirs_exist_ok=True)
    (new / f"{first.name}.ipynb").unlink()
    write_lock(lock, new / "data" / "rubric.lock.toml")
    notebook = json.loads((first / f"{first.name}.ipynb").read_text(encoding="utf-8"))
    head = next(cell for cell in notebook["cells"] if cell["cell_type"] == "markdown")
    head["source"] = "".join(head["source"]) + NOTE
    text = json.dumps(notebook, indent=1, ensure_ascii=False)
    (new / f"{lock.assignment}.ipynb").write_text(text + "\n", encoding="utf-8")


def redraws(first):
    """Return the folders of the first hidden patients with one column drawn anew."""
    return [path.name for path in first.glob("redraw=*")]


def write_holdout(first, new, lock):
    """Copy what nobody sees, with the second hidden patients in the first's place."""
    moved = {FIRST: SECOND} | {
        answer.name: cases_folder(answer.name, SECOND)
        for answer in lock.answers
        if answer.generator
    }
    moved |= {name: probe_folder(name, SECOND) for name in redraws(first)}
    for path in sorted(first.iterdir()):
        if path.name in moved or not path.is_dir():
            continue
        if path.name not in moved.values():
            shutil.copytree(path, new / path.name)
    for name, taken in moved.items():
        shutil.copytree(first / taken, new / name)
    write_lock(lock, new / "rubric.lock.toml")
