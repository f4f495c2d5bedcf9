"""Step 3, score: talk to the one trusted process that holds the labels."""

import json
import os
import subprocess
import sys
from contextlib import suppress

from coursekit.autograde.logs import CLASS_CAP, trim
from coursekit.grading.scorer import unscored


class ScoringProcess:
    """The scorer of one assignment; started again where it ended while it was asked.

    Use it as a context manager, which starts it, so that it reads its patients while
    the first submissions run; it is not to be shared between threads.

    Parameters
    ----------
    course : Course
    assignment : str
    """

    def __init__(self, course, assignment):
        self.lock = course.lock(assignment)
        self.holdout = course.holdout(assignment)
        self.share = course.share
        self.log = course.private("runs") / f"{assignment}.scorer.log"
        self.process = None

    def __enter__(self):
        self.begin()
        return self

    def __exit__(self, *_):
        self.stop()

    def score(self, student, run):
        """Return the score record of a run.

        Parameters
        ----------
        student : str
        run : Run

        Returns
        -------
        dict
            Without points where nothing was run, or the scorer itself failed.
        """
        if run.folder is None:
            return unscored(self.lock, run.status, run.reason)
        answer = self.ask({"student": student, "run": str(run.folder)})
        if answer is None:
            reason = f"The scorer stopped; {self.log.name} in runs/ says why."
            return unscored(self.lock, "not-scored", reason)
        return answer["record"]

    def ask(self, question):
        """Put one question; None if the scorer ended instead of answering."""
        if self.process is None:
            self.begin()
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (OSError, ValueError):
            self.stop()
            return None

    def begin(self):
        """Start the process."""
        trim(self.log, CLASS_CAP)
        self.process = start(self.holdout, self.log)
        self.share(self.log)

    def stop(self):
        """End the process."""
        if self.process is None:
            return
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        with suppress(OSError):
            self.process.stdin.close()
        self.process = None


def start(holdout, log):
    """Start the scorer; one thread, so that its sums are always added in one order."""
    with open(log, "a") as errors:
        return subprocess.Popen(
            [sys.executable, "-I", "-m", "coursekit.grading.scorer", str(holdout)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
