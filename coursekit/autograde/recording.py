"""Step 4, record: nbgrader's own Autograde class writes the gradebook.

It runs in one child process for a class, because nbgrader changes the working folder
and the environment of the process it runs in:

    python -I -m coursekit.autograde.recording --course DIR --assignment A --parent PID

The child is fed student by student, one JSON string a line, while others still run.
It holds the assignment's lock together with its parent, and when the parent is killed
it ends after the student it is at: no other process writes before.
"""

import argparse
import functools
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from coursekit.autograde.course import nbgrader_app, open_course
from coursekit.autograde.door import shown
from coursekit.autograde.recorded import autograded, in_gradebook, questions, recorded
from coursekit.autograde.scorebook import digest_of
from coursekit.errors import BadCourse
from coursekit.rules.late import terms


class Recorder:
    """Puts score records into nbgrader's gradebook and ``autograded/``, as they come.

    Use it as a context manager: at its end all are recorded. The child process is
    started by `begin`, or by the first record that is not in the gradebook yet.

    Parameters
    ----------
    course : Course
    assignment : str
    total : int
        How many records will come.
    lock : int, optional
        File descriptor that holds the assignment's lock.
    force : bool
        Also write again what is recorded already.
    progress : callable
        As `coursekit.autograde.pipeline.grade` takes it.

    Raises
    ------
    BadCourse
        At the end, if nbgrader could not record somebody; the others are recorded.
    """

    def __init__(
        self,
        course,
        assignment,
        total,
        *,
        lock=None,
        force=False,
        progress=lambda *_: None,
    ):
        self.course, self.assignment, self.total = course, assignment, total
        self.lock, self.force, self.progress = lock, force, progress
        self.child = None
        self.sent = []  # students whose answer has not come yet
        self.failed = []
        self.done = 0

    def __enter__(self):
        return self

    def begin(self):
        """Start the child, which takes seconds to load nbgrader, unless it runs."""
        if self.child is None:
            self.child = Child(self.course, self.assignment, self.lock, "w")

    def add(self, student, record):
        """Record one student, in the background."""
        if not self.force and self.is_recorded(student, record):
            self.done += 1
            return
        self.begin()
        self.sent.append(student)
        self.child.send(student)
        while (answer := self.child.answer(wait=False)) is not None:
            self.take(answer)

    def is_recorded(self, student, record):
        """Return True if this very record stands in the gradebook."""
        names = record.get("notebooks", (self.assignment,))
        known = {
            recorded(self.course, self.assignment, student, name) for name in names
        }
        students, lost = self.known
        percent = lost.get(student, 0.0)
        now = terms(self.course.rules, self.assignment, student, percent)
        return known == {(digest_of(record), now)} and student in students

    @functools.cached_property
    def known(self):
        """Who is in the gradebook, and what late ones lose."""
        return in_gradebook(self.course, self.assignment)

    def take(self, answer):
        """Take in what the child says about a student."""
        student, succeeded = answer["student"], answer["succeeded"]
        self.sent.remove(student)
        self.done += 1
        if not succeeded:
            self.failed.append(student)
        status = "ok" if succeeded else "failed"
        self.progress("record", student, self.done, self.total, status)

    def __exit__(self, kind, *_):
        if kind is not None:
            self.stop()
            return
        while self.sent:
            self.finish()
        self.stop()
        if self.failed:
            raise BadCourse(
                f"nbgrader could not record {', '.join(map(shown, self.failed))}; see "
                f"{log_of(self.course, self.assignment)}. All others are recorded."
            )

    def finish(self):
        """Wait for all answers; a child that a student ended is started once more."""
        self.child.close()
        waiting = len(self.sent)
        while (answer := self.child.answer(wait=True)) is not None:
            self.take(answer)
        self.child.end()
        if not self.sent:
            return
        lost = self.sent[:1] if len(self.sent) < waiting else list(self.sent)
        for student in lost:
            self.take({"student": student, "succeeded": False})
        if self.sent:
            self.child = Child(self.course, self.assignment, self.lock, "a")
            for student in self.sent:
                self.child.send(student)

    def stop(self):
        """End the child after the student it is at."""
        if self.child is not None:
            self.child.process.terminate()
            self.child.close()
            self.child.end()


class Child:
    """The process in which nbgrader records, and what it has answered."""

    def __init__(self, course, assignment, lock, log_mode):
        command = [sys.executable, "-I", "-m", "coursekit.autograde.recording"]
        command += ["--course", str(course.folder), "--assignment", assignment]
        command += ["--parent", str(os.getpid())]
        path = log_of(course, assignment)
        with open(path, log_mode) as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                pass_fds=() if lock is None else (lock,),
                start_new_session=True,  # Ctrl-C is for the parent
            )
        course.share(path)
        self.answers = queue.SimpleQueue()
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        """Take in answers, so that the child never waits for us; None at the end."""
        for line in self.process.stdout:
            if line.startswith("{"):
                self.answers.put(json.loads(line))
        self.answers.put(None)

    def send(self, student):
        """Ask for a student to be recorded; no answer comes if the child is gone."""
        with suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(student) + "\n")
            self.process.stdin.flush()

    def answer(self, wait):
        """Return the next answer, None if there is none (yet, or any more)."""
        try:
            return self.answers.get(block=wait)
        except queue.Empty:
            return None

    def close(self):
        """Say that no more students come."""
        with suppress(BrokenPipeError):
            self.process.stdin.close()

    def end(self):
        """Wait until the child has ended."""
        self.process.wait()
        self.reader.join()
        self.process.stdout.close()


def log_of(course, assignment):
    """Return where nbgrader's log of the last recording lies."""
    return course.private("runs") / f"{assignment}.nbgrader.log"


def main(arguments=None):
    """Record the students whose ids come as JSON strings on standard input."""
    parser = argparse.ArgumentParser(prog="coursekit.autograde.recording")
    for name in ("course", "assignment"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--parent", type=int, required=True)
    asked = parser.parse_args(arguments)
    told_to_stop = []
    signal.signal(signal.SIGTERM, lambda *_: told_to_stop.append(True))
    converter = new_converter(open_course(asked.course), asked.assignment)
    for line in iter(sys.stdin.readline, ""):
        if told_to_stop or os.getppid() != asked.parent:
            return
        student = json.loads(line)
        succeeded = converter.record(student)
        print(json.dumps({"student": student, "succeeded": succeeded}), flush=True)


def new_converter(course, assignment):
    """Return nbgrader's Autograde, able to record students one at a time."""
    from nbgrader.converters import Autograde

    class OneByOne(Autograde):
        """Autograde as it is, for folders without a notebook too."""

        runs_inline = False  # its parent holds the lock; what has no score waits

        def init_notebooks(self):
            """Take the student's folder, whatever lies in it."""
            folder = course.submission(assignment, self.coursedir.student_id)
            self.assignments = {str(folder): []}

        def record(self, student):
            """Record one student; return whether nbgrader succeeded."""
            self.coursedir.student_id = student
            at = assignment, student
            self.questions = {at: questions(course, *at)}
            try:
                for path in autograded(course, assignment, student).glob("*.ipynb"):
                    path.unlink()
                self.start()
            except Exception:
                self.log.exception("%s was not recorded", student)
                return False
            return True

    app = nbgrader_app(course.folder, log_level="INFO")
    app.coursedir.assignment_id = assignment
    converter = OneByOne(coursedir=app.coursedir, parent=app)
    converter.force = True
    return converter


if __name__ == "__main__":
    main()
