"""Step 4, record: nbgrader's own Autograde class writes the gradebook.

It runs in one child process for a class, because nbgrader changes the working folder
and the environment of the process it runs in:

    python -I -m coursekit.autograde.recording --course DIR --assignment A < STUDENTS
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from coursekit.autograde.course import nbgrader_app, open_course
from coursekit.autograde.scorebook import digest_of
from coursekit.errors import BadCourse

MARK = "coursekit"  # the key of ours in an autograded notebook's metadata


def record(course, assignment, records, *, force=False, progress=lambda *_: None):
    """Put score records into nbgrader's gradebook and ``autograded/``.

    Parameters
    ----------
    course : Course
    assignment : str
    records : dict of str to dict
        Student -> score record, as it lies on disk.
    force : bool
        Also write again what is recorded already.
    progress : callable
        As `coursekit.autograde.pipeline.grade` takes it.

    Raises
    ------
    BadCourse
        If nbgrader could not record somebody; the others are recorded.
    """
    wanted = [
        student
        for student, each in records.items()
        if force or recorded_digest(course, assignment, student) != digest_of(each)
    ]
    if not wanted:
        return
    failed = []
    for number, (student, succeeded) in enumerate(told(course, assignment, wanted), 1):
        progress(
            "record", student, number, len(wanted), "ok" if succeeded else "failed"
        )
        if not succeeded:
            failed.append(student)
    left_out = [*failed, *wanted[number:]]
    if left_out:
        raise BadCourse(
            f"nbgrader could not record {', '.join(left_out)}; see "
            f"{log_of(course, assignment)}. All others are recorded."
        )


def told(course, assignment, students):
    """Record these students in a child process; yield (student, succeeded)."""
    command = [sys.executable, "-I", "-m", "coursekit.autograde.recording"]
    command += ["--course", str(course.folder), "--assignment", assignment]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with (
        open(log_of(course, assignment), "w") as log,
        subprocess.Popen(command, **pipes, stderr=log) as child,
    ):
        child.stdin.write(json.dumps(students))
        child.stdin.close()
        for line in child.stdout:
            if line.startswith("{"):
                answer = json.loads(line)
                yield answer["student"], answer["succeeded"]


def log_of(course, assignment):
    """Return where nbgrader's log of the last recording lies."""
    return course.private("runs") / f"{assignment}.nbgrader.log"


def recorded_digest(course, assignment, student):
    """Return which score record stands in an autograded notebook, or None."""
    step = course.coursedir.autograded_directory
    folder = Path(course.coursedir.format_path(step, student, assignment))
    try:
        text = (folder / f"{assignment}.ipynb").read_text(encoding="utf-8")
        return json.loads(text)["metadata"][MARK]["record"]
    except (OSError, ValueError, KeyError):
        return None


def main(arguments=None):
    """Record the students whose ids are a JSON list on standard input."""
    parser = argparse.ArgumentParser(prog="coursekit.autograde.recording")
    for name in ("course", "assignment"):
        parser.add_argument(f"--{name}", required=True)
    asked = parser.parse_args(arguments)
    students = json.load(sys.stdin)
    course = open_course(asked.course)
    converter = new_converter(course, asked.assignment)
    for student in students:
        succeeded = converter.record(student)
        print(json.dumps({"student": student, "succeeded": succeeded}), flush=True)


def new_converter(course, assignment):
    """Return nbgrader's Autograde, able to record students one at a time."""
    from nbgrader.converters import Autograde, NbGraderException

    class OneByOne(Autograde):
        """Autograde as it is, for folders without a notebook too."""

        def init_notebooks(self):
            """Take the student's folder, whatever lies in it."""
            folder = course.submission(assignment, self.coursedir.student_id)
            self.assignments = {str(folder): []}

        def record(self, student):
            """Record one student; return whether nbgrader succeeded."""
            self.coursedir.student_id = student
            try:
                self.start()
            except NbGraderException:
                return False
            return True

    app = nbgrader_app(course.folder, log_level="INFO")
    app.coursedir.assignment_id = assignment
    converter = OneByOne(coursedir=app.coursedir, parent=app)
    converter.force = True
    return converter


if __name__ == "__main__":
    main()
