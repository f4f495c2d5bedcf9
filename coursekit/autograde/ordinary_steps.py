"""Steps 1 to 3 for an assignment without a rubric: there is no scorer.

Its notebooks run in the same sandbox as any other. nbgrader makes the marks of what
their cells showed, when it records (`coursekit.autograde.savegrades`).
"""

import secrets
import shutil
from contextlib import contextmanager

import nbformat

from coursekit.autograde.job import Job
from coursekit.autograde.logs import about_run, notes_of
from coursekit.autograde.ordinary import (
    class_files,
    limits_of,
    released_notebooks,
    take_in,
)
from coursekit.autograde.scorebook import ordinary_record, write_score
from coursekit.autograde.steps import Grading
from coursekit.errors import BadCourse


class OrdinaryGrading(Grading):
    """Everyone's submissions of an assignment without a rubric, while they run."""

    def __post_init__(self):
        released = released_notebooks(self.course, self.assignment)
        refuse_other_languages(self.assignment, released)
        self.holdout = self.course.holdout_digest(self.assignment)
        self.limits = limits_of(self.course)
        self.notebooks = tuple(released)
        self.taken = take_in
        self.files = None  # a folder, once something has to run

    @contextmanager
    def scoring(self):
        """Have the files ready that lie beside the notebooks; there is no scorer."""
        if self.backend is not None:
            raise BadCourse(
                f"{self.assignment} has no rubric: it runs on this machine only. Leave "
                "out --backend and --scheduler."
            )
        runs = self.course.place("runs", self.assignment)
        self.files = runs / f".files-{secrets.token_hex(8)}"
        try:
            put(class_files(self.course, self.assignment), self.files / "class")
            yield None
        finally:
            shutil.rmtree(self.files, ignore_errors=True)

    def jobs(self, submission):
        """Return what is run for a submission: name of a notebook -> Job."""
        settings = {
            "files": self.files_of(submission),
            "limits": self.limits_of(submission.student),
            "sandbox": self.sandbox,
            "preload": self.preload,
        }
        return {
            name: Job(nbformat.writes(notebook), **settings)
            for name, notebook in submission.notebooks.items()
        }

    def files_of(self, submission):
        """Return the folder of what lies beside a submission's notebooks."""
        if not submission.files:
            return self.files / "class"
        folder = self.files / "own" / submission.student
        put(submission.files, folder)
        put(class_files(self.course, self.assignment), folder)
        return folder

    def score(self, submission, runs, scorer):
        """Keep and return the record of how the notebooks of a submission ran."""
        for run in runs.values():
            self.share(run)
            self.note(submission.student, "run", run.status, *about_run(run))
        known = self.known(submission)
        if known is not None and not all(run.folder for run in runs.values()):
            return known
        return write_score(
            *(self.course, submission, record_of(self.assignment, runs)),
            run=next(iter(runs.values())),
            holdout=self.holdout,
        )


def record_of(assignment, runs):
    """Return the record of a submission whose notebooks ran: name -> Run."""
    failed = [name for name in sorted(runs) if runs[name].status != "ok"]
    status, reason = "scored", ""
    if failed:
        status, reason = runs[failed[0]].status, runs[failed[0]].reason
        reason = reason if len(runs) == 1 else f"{failed[0]}: {reason}"
    notebooks = {
        name: {"run": run.folder.name if run.folder else None, "status": run.status}
        for name, run in sorted(runs.items())
    }
    notes = [note for name in notebooks for note in notes_of(runs[name].limits_hit)]
    return ordinary_record(assignment, status, reason, notebooks, notes)


def put(files, folder):
    """Copy files, by their names in it, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def refuse_other_languages(assignment, notebooks):
    """Refuse notebooks whose kernel is none of Python's: the sandbox has no other."""
    for notebook in notebooks.values():
        kernel = notebook.metadata.get("kernelspec", {})
        about = notebook.metadata.get("language_info", {})
        language = kernel.get("language") or about.get("name") or "python"
        if language.lower() not in ("python", "ipython"):
            raise BadCourse(
                f"{assignment} is written in {language}, and only Python runs in the "
                f"sandbox. Use `nbgrader autograde {assignment}`, which has none."
            )
