"""A course of which the marks are made up: gradebook, score records, no run at all."""

import json
import shutil
from datetime import datetime, timedelta

from nbgrader.api import Gradebook

from coursekit.autograde.course import open_course
from coursekit.autograde.door import Receipt, stamp, write_receipt
from coursekit.autograde.logs import note
from coursekit.autograde.recorded import MARK
from coursekit.autograde.scorebook import digest_of
from coursekit.grading.lock import write_lock
from coursekit.grading.rubric import read_rubric
from coursekit.grading.score import to_bytes
from small_course import CONFIG, RUBRIC

CAME = datetime(2026, 1, 1, 10, 0)
DUE = datetime(2026, 1, 1, 12, 0)
TESTS = {"accuracy": 40, "contract": 10, "shape": 5}
MOST = {"accuracy": 40, "contract": 10}


def lay_out_marked(folder):
    """Make a course with a rubric assignment, an ordinary one, and nobody in it."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    (folder / "course.toml").write_text('format = 1\nname = "tiny"\n')
    for private in ("holdout", "runs", "scores", "quarantine"):
        (folder / private).mkdir(mode=0o700)
    (folder / "holdout/tiny").mkdir()
    write_lock(read_rubric(RUBRIC), folder / "holdout/tiny/rubric.lock.toml")
    for name in ("tiny", "plain"):
        for step in ("source", "release"):
            (folder / step / name).mkdir(parents=True)
            (folder / step / name / f"{name}.ipynb").write_text('{"cells": []}')
    course = open_course(folder)
    with Gradebook(course.db_url) as gradebook:
        for name, tests in {"tiny": TESTS, "plain": {"test": 3}}.items():
            gradebook.add_assignment(name, duedate=str(DUE))
            gradebook.add_notebook(name, name)
            for cell, points in tests.items():
                gradebook.add_grade_cell(
                    cell, name, name, max_score=points, cell_type="code"
                )
        gradebook.add_grade_cell(
            "manual", "tiny", "tiny", max_score=10, cell_type="markdown"
        )
        gradebook.add_solution_cell("manual", "tiny", "tiny")
    return folder


class MarkedCourse:
    """A copy of it, and who is in it."""

    def __init__(self, template, folder):
        shutil.copytree(template, folder)
        self.folder = folder
        self.course = open_course(folder)

    def __truediv__(self, name):
        return self.folder / name

    def list(self, student, **known):
        """Put a student on nbgrader's list."""
        with Gradebook(self.course.db_url) as gradebook:
            gradebook.update_or_create_student(student, **known)

    def hand_in(self, student, came=CAME, name="tiny"):
        """Hand in a file that nobody will read."""
        folder = self / f"submitted/{student}/{name}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.ipynb").write_text('{"cells": []} ')
        (folder / "timestamp.txt").write_text(stamp(came))

    def receive(self, student, **known):
        """Write a collector's receipt."""
        plain = {"assignment": "tiny", "received": stamp(CAME), "source": "Moodle"}
        write_receipt(self.course, Receipt(**plain | {"student": student} | known))

    def score(self, student, points, status="scored", reason="", **more):
        """Write a score record: points of accuracy and contract, or None."""
        record = score_record(student, points, status, reason)
        record |= {"holdout": self.course.holdout_digest("tiny")} | more
        self.course.place("scores", "tiny")
        (self / f"scores/tiny/{student}.json").write_bytes(to_bytes(record))
        note(self.course, "tiny", student, "intake", "ok")
        return record

    def record(self, student, record):
        """Put a score record into the graded notebook, where nbgrader would."""
        folder = self / f"autograded/{student}/tiny"
        folder.mkdir(parents=True, exist_ok=True)
        notebook = {"metadata": {MARK: {"record": digest_of(record)}}}
        (folder / "tiny.ipynb").write_text(json.dumps(notebook))

    def mark(self, student, points, penalty=0.0, came=CAME, name="tiny"):
        """Put marks into the gradebook: cell -> points, or None where it is open."""
        with Gradebook(self.course.db_url) as gradebook:
            with gradebook.db.no_autoflush:
                gradebook.update_or_create_submission(
                    name, student, timestamp=stamp(came)
                )
            book = gradebook.find_submission_notebook(name, name, student)
            book.late_submission_penalty = penalty
            for cell, given in points.items():
                grade = gradebook.find_grade(cell, name, name, student)
                grade.auto_score, grade.needs_manual_grade = given, given is None
            gradebook.db.commit()

    def give(self, student, cell, points):
        """Mark a cell by hand, as the formgrader does."""
        with Gradebook(self.course.db_url) as gradebook:
            grade = gradebook.find_grade(cell, "tiny", "tiny", student)
            grade.manual_score, grade.needs_manual_grade = points, False
            gradebook.db.commit()

    def graded(self, student, accuracy=30.0, manual=8.0, came=CAME, penalty=0.0):
        """Hand in, be scored, recorded, and marked by hand unless `manual` is None."""
        if student not in self.listed():
            self.list(student)
        self.hand_in(student, came)
        self.record(student, self.score(student, accuracy))
        tests = {"accuracy": accuracy, "contract": 10.0, "shape": 5.0}
        self.mark(student, {**tests, "manual": None}, penalty, came)
        if manual is not None:
            self.give(student, "manual", manual)

    def failed(self, student, status="timeout", reason="It took too long."):
        """Hand in what could not be graded."""
        if student not in self.listed():
            self.list(student)
        self.hand_in(student)
        self.record(student, self.score(student, None, status, reason))
        self.mark(student, dict.fromkeys((*TESTS, "manual")))

    def listed(self):
        with Gradebook(self.course.db_url) as gradebook:
            return {student.id for student in gradebook.students}

    def give_feedback(self, student, score):
        """Write a page of feedback as nbgrader does, with its score at its head."""
        folder = self / f"feedback/{student}/tiny"
        folder.mkdir(parents=True, exist_ok=True)
        page = f"<h4>tiny (Score: {score} / 65.0)</h4>"
        (folder / "tiny.html").write_text(page)
        return folder


def score_record(student, points, status="scored", reason=""):
    """Return a score record; without criteria where no points are given."""
    auroc = {
        **{"id": "auroc", "kind": "accuracy", "label": "Ranking", "points": points},
        **{"max_points": 40.0, "value": 0.8, "low": 0.78, "high": 0.82},
        **{"sentence": "We saw an AUROC of 0.800.", "verdict": "part", "codes": []},
    }
    kinds = {"accuracy": points, "contract": None if points is None else 10.0}
    return {
        **{"format": 1, "assignment": "tiny", "rubric_version": "1", "notes": []},
        **{"status": status, "reason": reason, "codes": [], "student": student},
        "criteria": [] if points is None else [auroc],
        "kinds": {
            kind: {"points": given, "max_points": MOST[kind], "points_range": None}
            for kind, given in kinds.items()
        },
        **{"submission": "ab" * 32, "run": "cd" * 32, "sandbox": "bubblewrap"},
        "reruns": [],
    }


def later(**passed):
    """Return a moment after the first hand-in."""
    return CAME + timedelta(**passed)
