"""Step 1 for an assignment without a rubric: the notebooks that nbgrader would execute.

nbgrader puts locked cells, hidden tests and the kernel from its gradebook into what was
handed in, and executes that. Here the same preprocessors do the same to a copy in
memory, once what was handed in was read as strictly as any other submission.
"""

import functools
import hashlib
import json
import logging
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbgrader.utils import find_all_files
from sqlalchemy.exc import SQLAlchemyError

from coursekit.autograde import submission
from coursekit.autograde.course import digest_of_files, state
from coursekit.autograde.door import notes_of, refuse_missing
from coursekit.autograde.frames import words
from coursekit.autograde.limits import from_mapping
from coursekit.autograde.quarantine import (
    SECRET,
    TIMESTAMP,
    tidy_submission,
    was_irregular,
)
from coursekit.autograde.reading import (
    IntakeLimits,
    irregular,
    read_cells,
    read_regular,
    too_large,
)
from coursekit.errors import BadCourse, SubmissionFailed

MOST_FILES = 1000  # that a student hands in beside the notebooks


@dataclass(frozen=True)
class OrdinarySubmission:
    """One student's submission of an assignment without a rubric, taken in.

    Where `status` is not ``"ok"``, `handed_in` has the released notebooks, with nothing
    of the student's in them.
    """

    assignment: str
    student: str
    handed_in: dict  # name -> NotebookNode, as nbgrader reads it
    notebooks: dict = field(default_factory=dict)  # the same, as nbgrader executes it
    files: dict = field(default_factory=dict)  # of the student's own: name -> Path
    setting: str = ""  # what else decides a run, and is the same for the class
    notes: tuple[str, ...] = ()
    status: str = "ok"
    reason: str = ""

    @functools.cached_property
    def digest(self):
        """The SHA-256 of what was taken in; ids of cells may be random."""
        cells = {
            name: [{**cell, "id": None} for cell in notebook.cells]
            for name, notebook in self.notebooks.items()
        }
        total = hashlib.sha256()
        for part in (self.status, self.reason, self.setting, cells):
            total.update(json.dumps(part, sort_keys=True).encode())
        for name, path in self.files.items():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            total.update(f"{name}\n{content}\n".encode())
        return total.hexdigest()


def taker_in(course, assignment):
    """Return the function that takes in submissions of an assignment."""
    return submission.take_in if course.has_rubric(assignment) else take_in


def take_in(course, assignment, student):
    """Take a submission in; whatever is wrong with it ends in a status.

    Parameters
    ----------
    course : Course
    assignment, student : str

    Returns
    -------
    OrdinarySubmission
    """
    released = released_notebooks(course, assignment)
    try:
        tidy_submission(course, assignment, student)
        refuse_missing(course, assignment, student)
        read = read_notebooks(course, assignment, student, released)
        nbgrader = Nbgrader(course, assignment, student)
        executed = {name: nbgrader.overwritten(name, read[name]) for name in read}
        files = own_files(course, assignment, student)
    except OSError as error:
        reason = f"What was handed in cannot be read: {error.strerror}."
        failure = SubmissionFailed("unreadable", reason)
    except SubmissionFailed as failed:
        failure = failed
    else:
        notes = (
            *submission.aside(course, assignment, student),
            *notes_of(course, assignment, student),
        )
        setting = setting_of(course, assignment)
        return OrdinarySubmission(
            *(assignment, student, read, executed, files, setting, notes)
        )
    return OrdinarySubmission(
        assignment, student, released, status=failure.status, reason=failure.reason
    )


def names_of(course, assignment):
    """Return the names of an assignment's notebooks, as the gradebook has them.

    Raises
    ------
    BadCourse
        If nbgrader does not know the assignment.
    """
    from nbgrader.api import Gradebook, MissingEntry

    try:
        with Gradebook(course.db_url, course.coursedir.course_id) as gradebook:
            found = gradebook.find_assignment(assignment).notebooks
            names = sorted(notebook.name for notebook in found)
    except MissingEntry:
        names = []
    if not names:
        listed = ", ".join(course.assignments()) or "none yet"
        raise BadCourse(
            f"{assignment} has no rubric in this course; these have one: {listed}. As "
            "an ordinary assignment nbgrader does not know it either: first run "
            f"`nbgrader generate_assignment {assignment}`."
        )
    return names


def released_notebooks(course, assignment):
    """Return the released notebooks of an assignment: name -> NotebookNode."""
    paths = {
        name: course.released(assignment, name) / f"{name}.ipynb"
        for name in names_of(course, assignment)
    }
    return {name: nbformat.read(path, as_version=4) for name, path in paths.items()}


def limits_of(course):
    """Return the limits of ordinary assignments: ``[limits]`` in ``course.toml``."""
    return from_mapping(course.rules.limits)


def read_notebooks(course, assignment, student, released):
    """Return the notebooks that were handed in: name -> NotebookNode.

    One that is missing beside others is left to nbgrader, which gives it 0.
    """
    folder = course.submission(assignment, student)
    read = {}
    for name in released:
        path = folder / f"{name}.ipynb"
        if path.exists():
            read[name] = read_notebook(path)
        elif was_irregular(course, assignment, student, path.name):
            raise irregular(path)
    if not read:
        listed = " or ".join(f"{name}.ipynb" for name in released)
        reason = f"There is no {listed} among what was handed in."
        raise SubmissionFailed("missing-notebook", reason)
    return read


def read_notebook(path):
    """Return a notebook as nbgrader would read it, after it was found harmless."""
    limits = IntakeLimits()
    content = read_regular(path, limits.file_mb)
    try:
        read_cells(content, limits)
    except SubmissionFailed as failure:
        reason = f"{path.name}: {failure.reason}"
        raise SubmissionFailed(failure.status, reason) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return nbformat.reads(content.decode("utf-8-sig"), as_version=4)
    except Exception as error:
        raise unreadable(path.name, error) from None


def unreadable(name, error):
    """Return the failure of a notebook that nbgrader cannot take."""
    what = words(f"{type(error).__name__}: {error}")
    return SubmissionFailed("unreadable", f"nbgrader cannot read {name}: {what}")


class Nbgrader:
    """nbgrader's first preprocessors, as the course has them configured.

    Parameters
    ----------
    course : Course
    assignment, student : str
    """

    def __init__(self, course, assignment, student):
        from nbconvert.exporters import NotebookExporter

        converter = autograde_of(course)
        silent = logging.getLogger("coursekit.ordinary")  # nbgrader says it again
        silent.addHandler(logging.NullHandler())
        silent.propagate = False
        self.exporter = NotebookExporter(
            parent=converter, config=converter.config, log=silent
        )
        for each in converter.sanitize_preprocessors:
            self.exporter.register_preprocessor(each)
        self.names = {
            "assignment": assignment,
            "student": student,
            "db_url": course.db_url,
        }

    def overwritten(self, name, notebook):
        """Return a notebook with all in its place that is not the student's."""
        own = {"notebook": name, **self.names}
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                text, _ = self.exporter.from_notebook_node(
                    notebook, resources={"unique_key": name, "nbgrader": own}
                )
                text.encode()
                return nbformat.reads(text, as_version=4)
        except SQLAlchemyError:
            raise  # the gradebook's failure is nobody's submission's
        except Exception as error:
            raise unreadable(f"{name}.ipynb", error) from None


def autograde_of(course):
    """Return nbgrader's Autograde, as the course has it configured."""
    from nbgrader.converters import Autograde

    return Autograde(coursedir=course.coursedir, parent=course.coursedir.parent)


def class_files(course, assignment):
    """Return what nbgrader puts beside everybody's notebooks: name -> Path."""
    coursedir = course.coursedir
    source = coursedir.format_path(coursedir.source_directory, ".", assignment)
    kept = autograde_of(course).exclude_overwriting.get(assignment, [])
    found = beside_notebooks(source, coursedir.ignore)
    return {name: path for name, path in found.items() if name not in kept}


def own_files(course, assignment, student):
    """Return what else lies in a submission, and is not overwritten: name -> Path."""
    folder = course.submission(assignment, student)
    known = {TIMESTAMP, SECRET, *class_files(course, assignment)}
    found = beside_notebooks(folder, course.coursedir.ignore)
    own = {name: path for name, path in found.items() if name not in known}
    size = sum(path.stat().st_size for path in own.values()) / 1e6
    most = IntakeLimits().file_mb
    if size > most:
        raise too_large(Path("What lies beside the notebook"), size, most)
    if len(own) > MOST_FILES:
        reason = f"There are {len(own)} files; at most {MOST_FILES} are read."
        raise SubmissionFailed("too-large", reason)
    if not all(name.isprintable() for name in own):
        reason = "A file beside the notebook has a name that is not plain text."
        raise SubmissionFailed("unreadable", reason)
    return own


def beside_notebooks(folder, ignore):
    """Return the files that nbgrader copies from a folder: relative name -> Path."""
    found = sorted(find_all_files(str(folder), [*ignore, "*.ipynb"]))
    return {os.path.relpath(path, folder): Path(path) for path in found}


def setting_of(course, assignment):
    """Return what decides the runs of a whole class, as text."""
    files = class_files(course, assignment)
    source = course.coursedir.format_path(
        course.coursedir.source_directory, ".", assignment
    )
    states = tuple((path, state(path)) for path in files.values())
    return f"{limits_of(course)} {digest_of_files(Path(source), states)}"
