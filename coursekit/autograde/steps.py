"""Steps 1 to 3 for everyone who handed in an assignment: intake, run, score."""

import functools
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import nbformat

from coursekit.autograde.course import Course
from coursekit.autograde.job import Job
from coursekit.autograde.limits import from_mapping, with_more_time
from coursekit.autograde.logs import about_run, note
from coursekit.autograde.pool import LocalRuns
from coursekit.autograde.reruns import Places, beside, compared
from coursekit.autograde.sandbox import choose
from coursekit.autograde.scorebook import (
    holds,
    read_score,
    run_of,
    write_failure,
    write_score,
)
from coursekit.autograde.scoring import ScoringProcess
from coursekit.autograde.submission import take_in
from coursekit.autograde.visible import refuse_shown
from coursekit.autograde.warm import imports
from coursekit.grading.serving import read_inputs, servings


@dataclass
class Grading:
    """Everyone's submissions of one assignment, while they are graded."""

    course: Course
    assignment: str
    sandbox: str
    force: bool = False
    progress: object = lambda *_: None
    expect: object = lambda: None  # called as soon as records will come
    record: object = lambda *_: None  # called with each student and score record
    backend: object = None  # LocalRuns, unless another is given

    def __post_init__(self):
        self.lock = self.course.lock(self.assignment)
        self.holdout = self.course.holdout_digest(self.assignment)
        self.servings = None  # read when the first submission has to run
        self.limits = from_mapping(self.lock.limits)
        self.notebooks = (self.assignment,)
        self.taken = take_in

    def take_in(self, students):
        """Step 1 for all: return the submissions."""
        submissions = []
        for number, student in enumerate(students, 1):
            submission = self.taken(self.course, self.assignment, student)
            submissions.append(submission)
            self.note(student, "intake", submission.status, submission.reason)
            self.progress("intake", student, number, len(students), submission.status)
        return submissions

    def scored(self, submissions, jobs):
        """Steps 2 and 3: return the score record of every submission, by student."""
        records, waiting = {}, []
        for submission in submissions:
            known = self.known(submission)
            if known is not None and not self.force:
                records[submission.student] = known
            elif submission.status != "ok":
                failure = write_failure(self.course, submission, self.holdout)
                records[submission.student] = failure
            else:
                waiting.append(submission)
        for student, record in records.items():
            self.record(student, record)
        if waiting:
            records |= self.run_and_score(waiting, jobs)
        return {each.student: records[each.student] for each in submissions}

    def known(self, submission):
        """Return the score record of a submission, if it still holds."""
        record = read_score(self.course, self.assignment, submission.student)
        same = holds(record, submission, self.holdout, self.course.rules)
        return record if same else None

    def run_and_score(self, submissions, jobs):
        """Run side by side, score as they come in; return records by student."""
        if self.backend is None:
            choose(self.sandbox)
        if self.sandbox != "none":
            refuse_shown(self.course.folder)
        records, runs = {}, defaultdict(dict)
        backend = self.backend or LocalRuns(jobs, self.tell_kernels)
        out = self.course.place("runs", self.assignment)
        self.expect()
        with self.scoring() as scorer, backend, Places(out, self.force) as places:
            waiting = {each.student: (each, self.jobs(each)) for each in submissions}
            each_job = [
                ((student, name), job)
                for student, (_, mine) in waiting.items()
                for name, job in mine.items()
            ]
            for (student, name), run in backend.made(each_job, places.out):
                submission, mine = waiting[student]
                known = self.run_known(submission, name)
                runs[student][name] = places.settle(run, known)
                if len(runs[student]) < len(mine):
                    continue
                records[student] = self.score(submission, runs[student], scorer)
                self.record(student, records[student])
                told = student, len(records), len(waiting), records[student]["status"]
                self.progress("run", *told)
        return records

    @contextmanager
    def scoring(self):
        """Have all ready that runs and scores of a class share; yield the scorer."""
        with ScoringProcess(self.course, self.assignment) as scorer:
            self.servings = self.read_servings()
            yield scorer

    def read_servings(self):
        """Read the hidden patients that are served to every submission."""
        inputs = read_inputs(self.lock, self.course.holdout(self.assignment))
        return servings(self.lock, inputs)

    @functools.cached_property
    def preload(self):
        """The modules that the professor's own notebook imports."""
        course = self.course.coursedir
        source = Path(course.format_path(course.source_directory, ".", self.assignment))
        paths = [
            folder / f"{name}.ipynb"
            for name in self.notebooks
            for folder in (source, self.course.released(self.assignment, name))
        ]
        found = [nbformat.read(path, as_version=4) for path in paths if path.is_file()]
        return tuple(imports(*found))

    def tell_kernels(self, line):
        """Say which kernels are used for the class."""
        self.progress("kernels", "all", 1, 1, line)

    def run_known(self, submission, notebook):
        """Return the folder of a notebook's run of record up to now, or None."""
        name = run_of(self.known(submission) or {}, notebook)
        return self.course.private("runs") / self.assignment / name if name else None

    def share(self, run):
        """Give a run, and those beside it, to the other instructors."""
        for folder in (run.folder, *beside(run.folder)) if run.folder else ():
            self.course.share(folder)

    def jobs(self, submission):
        """Return what is run for a submission: name of a notebook -> Job."""
        job = Job(
            notebook=submission.text,
            files=self.course.released(self.assignment),
            servings=self.servings,
            limits=self.limits_of(submission.student),
            sandbox=self.sandbox,
            preload=self.preload,
        )
        return {self.assignment: job}

    def limits_of(self, student):
        """Return a student's limits: more time where the course's rules grant it."""
        return with_more_time(self.limits, self.course.rules.time_of(student))

    def score(self, submission, runs, scorer):
        """Step 3 for one: keep and return the score record, with what reruns changed.

        Where a run again could not be started, the record that holds stays.
        """
        run = runs[self.assignment]
        self.share(run)
        self.note(submission.student, "run", run.status, *about_run(run))
        known = self.known(submission)
        if run.folder is None and known is not None:
            return known
        student = submission.student
        scored = scorer.score(student, run)
        reruns = compared(run, scored, lambda other: scorer.score(student, other))
        self.note(student, "score", scored["status"])
        return write_score(
            *(self.course, submission, scored),
            run=run,
            holdout=self.holdout,
            reruns=reruns,
        )

    def note(self, student, step, status, *said):
        """Write a line into the log of a submission."""
        note(self.course, self.assignment, student, step, status, *said)
