"""The way of a submission: intake, run, score, record.

What was done is never done twice: a run and a score are looked up where they still
hold, and each is written beside its place and renamed. So a call that was killed at
any moment is finished by the next one. ``--force`` runs again; which run then sets
the mark is the rule of `coursekit.autograde.reruns`.

    python -I -m coursekit.autograde.pipeline --course DIR --assignment A --student S

does the first three for one student; nbgrader's own commands and the formgrader's
button call it where they find no score record (`coursekit.autograde.replay`).
"""

import argparse
import functools
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from coursekit.autograde.course import Course, open_course
from coursekit.autograde.job import Job
from coursekit.autograde.leftovers import sweep_all
from coursekit.autograde.limits import from_mapping
from coursekit.autograde.logs import about_run, note
from coursekit.autograde.pool import LocalRuns
from coursekit.autograde.recording import Recorder
from coursekit.autograde.reruns import Places, beside, compared
from coursekit.autograde.sandbox import choose
from coursekit.autograde.scorebook import holds, read_score, write_failure, write_score
from coursekit.autograde.scoring import ScoringProcess
from coursekit.autograde.submission import take_in
from coursekit.autograde.visible import refuse_shown
from coursekit.autograde.warm import imports
from coursekit.errors import BadCourse, CoursekitError
from coursekit.grading.rubric import Rubric
from coursekit.grading.serving import read_inputs, servings

WAIT_SECONDS = 30.0  # that nbgrader's button waits for a class that is being graded


def grade(
    course,
    assignment,
    students=None,
    *,
    jobs=None,
    sandbox=None,
    force=False,
    progress=None,
    backend=None,
):
    """Grade an assignment: intake, run, score, and record in nbgrader's gradebook.

    What was done before is looked up, so an interrupted class is finished and a
    second call changes nothing.

    Parameters
    ----------
    course : path or Course
    assignment : str
    students : sequence of str, optional
        All who handed in by default.
    jobs : int, optional
        Submissions that run side by side; as many as there are processors by default.
    sandbox : {"auto", "bubblewrap", "none"}, optional
        By default what ``course.toml`` says.
    force : bool, default=False
        Run again what was run before. Both runs are kept and compared; the first
        valid one keeps setting the mark, see `coursekit.autograde.reruns`.
    progress : callable, optional
        Called with a step (``"intake"``, ``"run"``, ``"record"``), the student, how
        many are done, how many there are, and the status. A student is recorded
        while others still run.
    backend : LocalRuns or DaskRuns, optional
        Who makes the runs; by default this machine.

    Returns
    -------
    dict of str to dict
        Student -> score record.

    Raises
    ------
    BadCourse
        If nothing can be graded, or another process is grading this assignment.
    SandboxUnavailable
        If submissions have to be run and no sandbox works here.
    ClusterUnavailable
        If they were to be run on a cluster that cannot be used.
    """
    course = open_course(course)
    grading = Grading(course, assignment, sandbox or course.sandbox)
    grading.force, grading.progress = force, progress or (lambda *_: None)
    grading.backend = backend
    with course.locked(assignment) as lock:
        sweep_all(course, assignment)
        submissions = grading.take_in(who(course, assignment, students))
        with Recorder(
            *(course, assignment, len(submissions)),
            lock=lock,
            force=force,
            progress=grading.progress,
        ) as recorder:
            grading.record = recorder.add
            return grading.scored(submissions, jobs or os.cpu_count() or 1)


def who(course, assignment, students=None):
    """Return the students to be graded, and refuse one who handed in nothing."""
    there = course.students(assignment)
    missing = sorted(set(students or ()) - set(there))
    if missing or not there:
        where = course.submission(assignment, missing[0] if missing else "STUDENT")
        whom = f"{', '.join(missing)} has not" if missing else "Nobody has"
        raise BadCourse(
            f"{whom} handed in {assignment}: there is no "
            f"{where.relative_to(course.coursedir.root)}."
        )
    return list(students or there)


@dataclass
class Grading:
    """Everyone's submissions of one assignment, while they are graded."""

    course: Course
    assignment: str
    sandbox: str
    force: bool = False
    progress: object = lambda *_: None
    record: object = lambda *_: None  # called with each student and score record
    backend: object = None  # LocalRuns, unless another is given
    lock: Rubric = field(init=False)
    holdout: str = field(init=False)
    servings: tuple = None  # read when the first submission has to run

    def __post_init__(self):
        self.lock = self.course.lock(self.assignment)
        self.holdout = self.course.holdout_digest(self.assignment)

    def take_in(self, students):
        """Step 1 for all: return the submissions."""
        submissions = []
        for number, student in enumerate(students, 1):
            submission = take_in(self.course, self.assignment, student)
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
        return record if holds(record, submission, self.holdout) else None

    def run_and_score(self, submissions, jobs):
        """Run side by side, score as they come in; return records by student."""
        if self.backend is None:
            choose(self.sandbox)
        if self.sandbox != "none":
            refuse_shown(self.course.folder)
        records, by_student = {}, {each.student: each for each in submissions}
        self.servings = servings(
            self.lock, read_inputs(self.lock, self.course.holdout(self.assignment))
        )
        runs = self.course.place("runs", self.assignment)
        waiting = [(each.student, self.job(each)) for each in submissions]
        backend = self.backend or LocalRuns(jobs, self.tell_kernels)
        with (
            ScoringProcess(self.course, self.assignment) as scorer,
            backend,
            Places(runs, self.force) as places,
        ):
            for number, (student, run) in enumerate(
                backend.made(waiting, places.out), 1
            ):
                submission = by_student[student]
                run = places.settle(run, self.run_known(submission))
                records[student] = self.score(submission, run, scorer)
                self.record(student, records[student])
                told = student, number, len(waiting), records[student]["status"]
                self.progress("run", *told)
        return records

    @functools.cached_property
    def preload(self):
        """The modules that the professor's own notebook imports."""
        course = self.course.coursedir
        source = Path(course.format_path(course.source_directory, ".", self.assignment))
        folders = [source, self.course.released(self.assignment)]
        paths = [folder / f"{self.assignment}.ipynb" for folder in folders]
        found = [nbformat.read(path, as_version=4) for path in paths if path.is_file()]
        return tuple(imports(*found))

    def tell_kernels(self, line):
        """Say which kernels are used for the class."""
        self.progress("kernels", "all", 1, 1, line)

    def run_known(self, submission):
        """Return the folder of the run of record up to now, or None."""
        record = self.known(submission) or {}
        name = record.get("run")
        return self.course.private("runs") / self.assignment / name if name else None

    def share(self, run):
        """Give a run, and those beside it, to the other instructors."""
        for folder in (run.folder, *beside(run.folder)) if run.folder else ():
            self.course.share(folder)

    def job(self, submission):
        """Return what is run for a submission."""
        return Job(
            notebook=submission.text,
            files=self.course.released(self.assignment),
            servings=self.servings,
            limits=from_mapping(self.lock.limits),
            sandbox=self.sandbox,
            preload=self.preload,
        )

    def score(self, submission, run, scorer):
        """Step 3 for one: keep and return the score record, with what reruns changed.

        Where a run again could not be started, the record that holds stays.
        """
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


def grade_one(course, assignment, student, wait=WAIT_SECONDS):
    """Do intake, run and score for one student, and leave the record on disk.

    Parameters
    ----------
    course : path or Course
    assignment, student : str
    wait : float
        Seconds to wait for another process that is grading this assignment.

    Returns
    -------
    dict
        The score record.
    """
    course = open_course(course)
    grading = Grading(course, assignment, course.sandbox)
    with course.locked(assignment, wait=wait):
        submissions = grading.take_in(who(course, assignment, [student]))
        return grading.scored(submissions, 1)[student]


def main(arguments=None):
    """Grade one submission and leave its score record on disk."""
    parser = argparse.ArgumentParser(prog="coursekit.autograde.pipeline")
    for name in ("course", "assignment", "student"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args(arguments)
    try:
        grade_one(asked.course, asked.assignment, asked.student)
    except CoursekitError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
