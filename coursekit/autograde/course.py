"""A course folder: where things lie, what is private, and who is at work on it."""

import functools
import hashlib
import os
import re
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coursekit.autograde.modes import open_to_group
from coursekit.autograde.turn import turn
from coursekit.errors import BadCourse
from coursekit.grading.lock import read_lock
from coursekit.rules import Rules, read_rules

PRIVATE = ("holdout", "runs", "scores", "quarantine")
CERTIFICATE = "certificate.json"  # says how good the rubric is, and sets no mark
NAME = re.compile(r"[^/\0]+")


@dataclass(frozen=True)
class Course:
    """One course: its folder, its rules, and nbgrader's view of its folders.

    Open one with `open_course`.
    """

    folder: Path
    rules: Rules  # course.toml
    coursedir: object  # nbgrader's CourseDirectory, with this course's configuration

    @property
    def db_url(self):
        """The gradebook."""
        return self.coursedir.db_url

    @property
    def sandbox(self):
        """The sandbox for submissions that nbgrader itself asks to be graded."""
        return self.rules.sandbox

    def private(self, kind):
        """Return a folder that only the course's owner may read; made if missing.

        Where nbgrader's ``groupshared`` is set, the course folder's group may too.

        Parameters
        ----------
        kind : {"holdout", "runs", "scores", "quarantine"}

        Raises
        ------
        BadCourse
            If others can read it.
        """
        folder = self.folder / kind
        shared = self.coursedir.groupshared
        folder.mkdir(mode=0o700, exist_ok=True)
        mode = folder.stat().st_mode
        if shared and mode & 0o2777 == 0o700:
            self.share(folder, files=kind != "quarantine")
        if mode & (0o007 if shared else 0o077):
            raise BadCourse(
                f"{folder} can be read by others. Nothing is graded until only its "
                f"owner can: chmod {'2770' if shared else '700'} {folder}"
            )
        return folder

    def place(self, kind, *names):
        """Return a folder within a private one; made if missing."""
        folder = self.private(kind)
        for name in names:
            folder = folder / name
            if not folder.is_dir():
                folder.mkdir(mode=0o700, exist_ok=True)
                self.share(folder)
        return folder

    def share(self, path, files=True):
        """Give what was written to the group, where instructors share a course."""
        if self.coursedir.groupshared:
            open_to_group(path, self.folder.stat().st_gid, files)

    def holdout(self, assignment):
        """Return the folder of an assignment's hidden patients."""
        return self.private("holdout") / assignment

    def has_rubric(self, assignment):
        """Return True where an assignment is graded by a rubric of ours."""
        return (self.folder / "holdout" / assignment / "rubric.lock.toml").is_file()

    def assignments(self):
        """Return the names of the assignments that have a rubric."""
        found = self.private("holdout").iterdir()
        return sorted(path.name for path in found if self.has_rubric(path.name))

    def graded(self):
        """Return the names of the assignments with a rubric, or with runs."""
        runs = {path.name for path in self.private("runs").iterdir() if path.is_dir()}
        return sorted(runs.union(self.assignments()))

    def lock(self, assignment):
        """Return the resolved rubric of an assignment.

        Raises
        ------
        BadCourse
            If the assignment has none.
        """
        if not self.has_rubric(assignment):
            listed = ", ".join(self.assignments()) or "none yet"
            raise BadCourse(
                f"{assignment} has no rubric in this course; these have one: {listed}."
            )
        return read_lock(self.holdout(assignment) / "rubric.lock.toml")

    def submission(self, assignment, student):
        """Return the folder that a student handed in, whether it is there or not."""
        for name in (assignment, student):
            if name in (".", "..") or not NAME.fullmatch(name):
                raise BadCourse(f"{name!r} is not the name of a folder.")
        step = self.coursedir.submitted_directory
        return Path(self.coursedir.format_path(step, student, assignment))

    def students(self, assignment):
        """Return the ids of those who handed in an assignment, in order."""
        root = Path(self.coursedir.root)
        pattern = self.submission(assignment, "*").relative_to(root)
        place = pattern.parts.index("*")
        found = root.glob(str(pattern))
        return sorted(path.relative_to(root).parts[place] for path in found)

    def released(self, assignment, notebook=None):
        """Return the folder of a released assignment.

        Parameters
        ----------
        assignment : str
        notebook : str, optional
            That has to be in it; by default the one named like the assignment.

        Raises
        ------
        BadCourse
            If it has not been generated yet.
        """
        step = self.coursedir.release_directory
        folder = Path(
            os.path.normpath(self.coursedir.format_path(step, ".", assignment))
        )
        notebook = notebook or assignment
        if not (folder / f"{notebook}.ipynb").is_file():
            raise BadCourse(
                f"{folder} has no {notebook}.ipynb. First run `nbgrader "
                f"generate_assignment {assignment}`."
            )
        return folder

    def holdout_digest(self, assignment):
        """Return the SHA-256 of all that sets an assignment's marks."""
        folder = self.holdout(assignment)
        paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
        files = [(path, state(path)) for path in paths if path.name != CERTIFICATE]
        return digest_of_files(folder, tuple(files))

    @contextmanager
    def locked(self, assignment, doing="graded", wait=0.0):
        """Hold an assignment alone, as `coursekit.autograde.turn.turn` does.

        Parameters
        ----------
        assignment : str
        doing : str
            What whoever comes second is told.
        wait : float
            Seconds to wait for another process that is at work.

        Raises
        ------
        BadCourse
            If another process is at work on this assignment.
        """
        path = self.private("scores") / f".{assignment}.lock"
        with turn(path, assignment, doing, wait) as descriptor:
            self.share(path)
            yield descriptor


def state(path):
    """Return what changes whenever a file changes."""
    found = path.stat()
    return found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns


@functools.lru_cache(maxsize=8)
def digest_of_files(folder, files):
    """Return the SHA-256 of files; they are read again only when they have changed.

    Parameters
    ----------
    folder : Path
    files : tuple of tuple
        Each a path and its `state`.
    """
    total = hashlib.sha256()
    for path, *_ in files:
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(folder)} {content}\n".encode())
    return total.hexdigest()


def open_course(folder):
    """Open a course folder.

    Parameters
    ----------
    folder : path or Course

    Returns
    -------
    Course

    Raises
    ------
    BadCourse
        If it is no course of ours, or a newer coursekit made it.

    Examples
    --------
    >>> open_course("/nowhere")
    Traceback (most recent call last):
        ...
    coursekit.errors.BadCourse: /nowhere has no course.toml, so it is not a course ...
    """
    if isinstance(folder, Course):
        return folder
    folder = Path(folder).resolve()
    return Course(folder, read_rules(folder), configured(folder))


def course_of(coursedir):
    """Return the course that nbgrader is working on."""
    folder = Path(coursedir.root).resolve()
    return Course(folder, read_rules(folder), coursedir)


@functools.lru_cache(maxsize=8)
def configured(folder):
    """Return nbgrader's CourseDirectory, with the course's ``nbgrader_config.py``."""
    return nbgrader_app(folder).coursedir


def nbgrader_app(folder, log_level="ERROR"):
    """Return an nbgrader application that has read a course's configuration."""
    from nbgrader.apps.baseapp import NbGrader

    app = NbGrader(log_level=log_level)
    app.load_cwd_config = False
    app.raise_config_file_errors = True
    app.initialize([], root=str(folder))
    app.coursedir.root = str(folder)
    return app
