"""Lay out a course: an nbgrader course that grades models on hidden patients.

A course is laid out beside its place and renamed when it is whole, so that an
interrupted `coursekit init` leaves nothing half done.
"""

import json
import os
import secrets
import shutil
from dataclasses import replace
from pathlib import Path

from coursekit.autograde.frame import read_secret, write_frame
from coursekit.autograde.start import write_start
from coursekit.autograde.term import carry_over
from coursekit.errors import BadCourse, NotCertified
from coursekit.grading.assignment import find_assignment
from coursekit.grading.certificate import (
    certified,
    rehearse,
    summary,
    write_certificate,
)
from coursekit.grading.column_map import read_map
from coursekit.grading.explain import MARKER, mark_page
from coursekit.grading.holdout import write_hidden, write_shown
from coursekit.grading.imported import import_cohorts
from coursekit.grading.lock import write_lock
from coursekit.rules import Rules
from coursekit.rules.reading import SANDBOXES
from coursekit.syllabus import everything

UNPLANTED = ("good", "naive", "constant", "random")


def lay_out(
    folder,
    assignments,
    *,
    secret=None,
    rules=None,
    plan=None,
    like=None,
    progress=print,
):
    """Make a course folder, ready for nbgrader.

    Parameters
    ----------
    folder : path
        Must not exist yet, or be empty.
    assignments : sequence of str
        Names of shipped assignments, or folders of one's own.
    secret : str, optional
        Where the patients are drawn from; a random one by default.
    rules : Rules, optional
        For ``course.toml``; by default those that change no mark.
    plan : Plan, optional
        Due dates, and what the start page shows week by week.
    like : Course, optional
        A course whose configuration and own assignments are carried over.
    progress : callable
        Called with a line of text before each longer step.

    Returns
    -------
    Path
        The course folder.

    Raises
    ------
    BadCourse
        If the folder has something in it.
    NotCertified
        If an assignment's archetypes do not land in their bands.
    """
    folder = Path(folder).absolute()
    rules = replace(rules or Rules(), name=folder.name)
    if rules.sandbox not in SANDBOXES:
        raise BadCourse(
            f"There is no sandbox {rules.sandbox!r}, only {', '.join(SANDBOXES)}."
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise BadCourse(f"{folder} is not empty. Choose a new folder, or empty it.")
    found = [find_assignment(name) for name in assignments]
    is_there = folder.exists()
    beside = folder if is_there else folder.parent
    beside = beside / f".{folder.name}.{os.getpid()}"
    try:
        write_frame(beside, secret or secrets.token_hex(16), rules)
        for remark in carry_over(like, beside) if like is not None else ():
            progress(remark)
        for assignment in found:
            add_assignment(beside, assignment, progress=progress)
        write_start(beside, plan or everything([each.name for each in found]), rules)
        if is_there:
            move_in(beside, folder)
        else:
            beside.rename(folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def move_in(beside, folder):
    """Move a whole course into an empty folder that is there, such as ``.``.

    ``course.toml`` comes last: until then it is no course.
    """
    for path in sorted(beside.iterdir(), key=lambda path: path.name == "course.toml"):
        path.rename(folder / path.name)


def add_assignment(course, assignment, *, progress=print):
    """Draw, certify and write one assignment of a course."""
    secret = f"{read_secret(course)}/{assignment.name}"
    rehearsed = certified(assignment, secret, progress=progress)
    progress(f"{assignment.name}: writing patients and notebook")
    write_assignment(course, assignment, rehearsed)


def import_assignment(course, assignment, file, map_path, *, progress=print):
    """Replace an assignment's patients by those of a file, anchored anew.

    Nothing is planted in real patients, so only the archetypes that need no planted
    fault must lie in their bands; if one does not, nothing is replaced.
    """
    secret = f"{read_secret(course)}/{assignment.name}"
    progress(f"{assignment.name}: reading {file}")
    cohorts, rubric = import_cohorts(
        *(assignment.rubric, file, read_map(map_path), secret, assignment.folder)
    )
    rehearsed = rehearse(
        assignment, secret, rubric=rubric, cohorts=cohorts, progress=progress
    )
    misplaced = rehearsed.misplaced(UNPLANTED)
    if misplaced:
        raise NotCertified(
            "On these patients the rubric does not tell good work from bad: "
            f"{'; '.join(misplaced)}. Nothing was replaced. Import more patients, map "
            "more columns, or change thresholds in the map."
        )
    write_assignment(course, assignment, rehearsed)
    return rehearsed


def write_assignment(course, assignment, rehearsed):
    """Write the student's side to ``source/`` and the rest to ``holdout/``.

    Both are written beside and swapped in, the private side last.
    """
    course = Path(course)
    lock = rehearsed.lock
    source = course / "source" / assignment.name
    if assignment.folder.resolve() == source.resolve():
        raise BadCourse(
            f"{source} is what students get, so an assignment cannot be made there: it "
            "would be replaced. Move its folder out of the course, then add it."
        )
    holdout = course / "holdout" / assignment.name
    with Swapped(source) as new:
        write_shown(lock, rehearsed.cohorts, new / "data")
        write_lock(lock, new / "data" / "rubric.lock.toml")
        write_notebook(assignment, lock, new / f"{assignment.name}.ipynb")
    with Swapped(holdout) as new:
        write_hidden(lock, rehearsed.cohorts, new, secret=rehearsed.secret)
        write_lock(lock, new / "rubric.lock.toml")
        row = [(rehearsed.lock, rehearsed.records)]
        write_certificate(summary(assignment, row), new / "certificate.json")


def write_notebook(assignment, lock, path):
    """Write nbgrader's source notebook with this course's page of marks."""
    notebook = assignment.notebook
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and MARKER in text:
            cell["source"] = mark_page(lock).splitlines(keepends=True)
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


class Swapped:
    """A folder that takes the place of an old one only when it is whole."""

    def __init__(self, folder):
        self.folder = folder
        self.new = folder.with_name(f".{folder.name}.new")
        self.old = folder.with_name(f".{folder.name}.old")

    def __enter__(self):
        if self.old.exists() and not self.folder.exists():
            self.old.rename(self.folder)  # killed between the two renames
        shutil.rmtree(self.new, ignore_errors=True)
        self.new.mkdir(parents=True)
        return self.new

    def __exit__(self, kind, error, traceback):
        if kind is not None:
            shutil.rmtree(self.new, ignore_errors=True)
            return
        shutil.rmtree(self.old, ignore_errors=True)
        if self.folder.exists():
            self.folder.rename(self.old)
        self.new.rename(self.folder)
        shutil.rmtree(self.old, ignore_errors=True)
