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
import os
import sys

from coursekit.autograde.course import open_course
from coursekit.autograde.leftovers import sweep_all
from coursekit.autograde.ordinary_steps import OrdinaryGrading
from coursekit.autograde.recording import Recorder
from coursekit.autograde.steps import Grading
from coursekit.errors import BadCourse, CoursekitError

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
    kind = Grading if course.has_rubric(assignment) else OrdinaryGrading
    grading = kind(course, assignment, sandbox or course.sandbox)
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
            grading.expect, grading.record = recorder.begin, recorder.add
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
