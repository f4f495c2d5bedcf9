"""A course folder: where things lie, what is private, and who is at work on it."""

import fcntl
import functools
import hashlib
import json
import os
import re
import socket
import tomllib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import BadCourse
from coursekit.grading.lock import read_lock

FORMAT = 1
PRIVATE = ("holdout", "runs", "scores", "quarantine")
NAME = re.compile(r"[^/\0]+")


@dataclass(frozen=True)
class Course:
    """One course: its folder, its rules, and nbgrader's view of its folders.

    Open one with `open_course`.
    """

    folder: Path
    rules: dict  # course.toml
    coursedir: object  # nbgrader's CourseDirectory, with this course's configuration

    @property
    def db_url(self):
        """The gradebook."""
        return self.coursedir.db_url

    @property
    def sandbox(self):
        """The sandbox for submissions that nbgrader itself asks to be graded."""
        return self.rules.get("sandbox", "auto")

    def private(self, kind):
        """Return a folder that only the course's owner may read; made if missing.

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
        folder.mkdir(mode=0o2770 if shared else 0o700, exist_ok=True)
        open_to_others = folder.stat().st_mode & (0o007 if shared else 0o077)
        if open_to_others:
            raise BadCourse(
                f"{folder} can be read by others. Nothing is graded until only its "
                f"owner can: chmod {'2770' if shared else '700'} {folder}"
            )
        return folder

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
                f"{assignment} has no rubric in this course; these have one: {listed}. "
                f"Use `nbgrader autograde {assignment}` for an ordinary assignment."
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

    def released(self, assignment):
        """Return the folder of a released assignment.

        Raises
        ------
        BadCourse
            If it has not been generated yet.
        """
        step = self.coursedir.release_directory
        folder = Path(
            os.path.normpath(self.coursedir.format_path(step, ".", assignment))
        )
        if not (folder / f"{assignment}.ipynb").is_file():
            raise BadCourse(
                f"{folder} has no {assignment}.ipynb. First run `nbgrader "
                f"generate_assignment {assignment}`."
            )
        return folder

    def holdout_digest(self, assignment):
        """Return the SHA-256 of all that sets an assignment's marks."""
        total = hashlib.sha256()
        folder = self.holdout(assignment)
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.name != "certificate.json":
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                total.update(f"{path.relative_to(folder)} {content}\n".encode())
        return total.hexdigest()

    @contextmanager
    def locked(self, assignment):
        """Hold an assignment alone; whoever comes second is told who holds it.

        Raises
        ------
        BadCourse
            If another process is grading this assignment.
        """
        path = self.private("scores") / f".{assignment}.lock"
        with open(path, "a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise BadCourse(held_by(assignment, path)) from None
            file.truncate(0)
            json.dump({"host": socket.gethostname(), "process": os.getpid()}, file)
            file.flush()
            yield


def held_by(assignment, path):
    """Say which process is grading an assignment."""
    try:
        holder = json.loads(path.read_text(encoding="utf-8"))
        who = f"process {holder['process']} on {holder['host']}"
    except (OSError, ValueError, KeyError):
        who = "another process"
    return f"{assignment} is being graded by {who}. Wait until it has finished."


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


def read_rules(folder):
    """Read ``course.toml``."""
    path = Path(folder) / "course.toml"
    try:
        rules = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadCourse(
            f"{folder} has no course.toml, so it is not a course of coursekit. Go to "
            "the course folder, name it with --course, or make one with coursekit init."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise BadCourse(f"{path} is not TOML: {error}.") from None
    if not isinstance(rules.get("format"), int) or rules["format"] > FORMAT:
        raise BadCourse(
            f"{path} has format {rules.get('format')!r}; this coursekit reads up to "
            f"{FORMAT}. Install the coursekit that made this course."
        )
    return rules


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
