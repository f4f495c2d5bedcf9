"""A small course by hand: a rubric assignment, an ordinary one, and a class."""

import json
import os
import sqlite3
import subprocess
import sys
from datetime import datetime
from pathlib import Path

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sqlalchemy import create_engine, text

from coursekit.datasets import make_readmission
from coursekit.datasets.holdout import write_holdout
from coursekit.datasets.storage import write_cohort
from coursekit.grading.lock import write_lock
from coursekit.grading.rubric import read_rubric

RUBRIC = {
    "format": 1,
    "assignment": "tiny",
    "title": "A small assignment",
    "version": "1",
    "generator": "make_readmission",
    "given": [],
    "cohorts": {"train": 300, "tune": 300, "check": 300, "hidden": 1500},
    "kinds": {"accuracy": 40, "contract": 10},
    "manual": {"manual": 10},
    "operating_point": {
        "answer": "decide",
        "alert_rate": [0.0, 1.0],
        "threshold_probability": 0.25,
        "useless": -1.0,
        "useful": 0.0,
    },
    "answers": [
        {"name": "model", "contract": "risk"},
        {"name": "decide", "contract": "decision"},
    ],
    "criteria": [
        {
            "id": "auroc",
            "kind": "accuracy",
            "label": "Ranking",
            "measure": "auroc",
            "answer": "model",
            "points": 40,
            "floor": 0.5,
            "full": 0.9,
        },
        {
            "id": "contract_model",
            "kind": "contract",
            "label": "Contract",
            "measure": "contract",
            "answer": "model",
            "points": 10,
            "floor": 0,
            "full": 1,
        },
    ],
    "limits": {"seconds": 60, "seconds_per_cell": 20},
}
CONFIG = """\
from coursekit.autograde.config import configure

c = get_config()
configure(c)
"""
SETUP = """\
from coursekit import check, load_cohorts, submit

train, tune, check_cohort = load_cohorts()"""
MODEL = """\
class Sickness:
    def predict_proba(self, X):
        import numpy as np
        risk = (X["prior_admissions_12m"].fillna(0).clip(0, 9) / 10).to_numpy(float)
        return np.column_stack([1 - risk, risk])

model = Sickness()"""
DECIDE = "def decide(X):\n    return (model.predict_proba(X)[:, 1] > 0.1).astype(int)"
HIDDEN = (
    "### BEGIN HIDDEN TESTS\nassert decide(tune.X).max() == 1\n### END HIDDEN TESTS"
)


def labelled(name, source, *, points=None, solution=False, cell=new_code_cell):
    label = {
        "grade_id": name,
        "grade": points is not None,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
        **({} if points is None else {"points": points}),
    }
    return cell(source, id=name, metadata={"nbgrader": label})


def solved(text):
    return f"### BEGIN SOLUTION\n{text}\n### END SOLUTION"


def tiny_source():
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            new_markdown_cell("Predict readmission.", id="welcome"),
            labelled("setup", SETUP),
            labelled("model", solved(MODEL), solution=True),
            labelled("decide", solved(DECIDE), solution=True),
            labelled("hand-in", "submit(model, decide=decide)"),
            labelled("shape", f"assert len(decide(tune.X)) == 300\n{HIDDEN}", points=5),
            labelled("accuracy", "check('accuracy')", points=40),
            labelled("contract", "check('contract')", points=10),
            labelled(
                "manual",
                solved("Because."),
                points=10,
                solution=True,
                cell=new_markdown_cell,
            ),
        ],
    )


def plain_source():
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            labelled(
                "double", solved("def double(x):\n    return 2 * x"), solution=True
            ),
            labelled("test", "assert double(2) == 4", points=3),
        ],
    )


def write_tiny(course, rubric=RUBRIC):
    cohorts = {
        role: make_readmission(size, secret="tiny", role=role)
        for role, size in rubric["cohorts"].items()
    }
    lock = read_rubric(rubric)
    source, holdout = course / "source" / "tiny", course / "holdout" / "tiny"
    for role in ("train", "tune", "check"):
        write_cohort(source / "data", cohorts[role].shown())
    holdout.mkdir(mode=0o700, parents=True)
    write_holdout(holdout / "hidden", cohorts["hidden"])
    write_lock(lock, source / "data" / "rubric.lock.toml")
    write_lock(lock, holdout / "rubric.lock.toml")
    write_notebook(source / "tiny.ipynb", tiny_source())


def write_notebook(path, notebook):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(notebook))


TABLES = {
    "students": "select id, first_name, last_name, email from student",
    "submissions": """
        select student_id, assignment.name, timestamp, extension
        from submitted_assignment
        join assignment on assignment_id = assignment.id""",
    "notebooks": """
        select student_id, notebook.name, flagged, late_submission_penalty
        from submitted_notebook
        join notebook on submitted_notebook.notebook_id = notebook.id
        join submitted_assignment
            on submitted_notebook.assignment_id = submitted_assignment.id""",
    "grades": """
        select student_id, base_cell.name, auto_score, manual_score, extra_credit,
               needs_manual_grade
        from grade join base_cell on cell_id = base_cell.id
        join submitted_notebook on grade.notebook_id = submitted_notebook.id
        join submitted_assignment
            on submitted_notebook.assignment_id = submitted_assignment.id""",
    "comments": """
        select student_id, base_cell.name, auto_comment, manual_comment
        from comment join base_cell on cell_id = base_cell.id
        join submitted_notebook on comment.notebook_id = submitted_notebook.id
        join submitted_assignment
            on submitted_notebook.assignment_id = submitted_assignment.id""",
    "courses": "select id from course",
    "cells": """
        select notebook.name, base_cell.name, base_cell.type from base_cell
        join notebook on notebook_id = notebook.id""",
}


def rows_of(url):
    """Return all that stands in a gradebook, by natural keys: table -> sorted rows."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {
            name: sorted(map(repr, map(standard, connection.execute(text(query)))))
            for name, query in TABLES.items()
        }
    engine.dispose()
    return found


def standard(row):
    """Return a row as every database has it: SQLite has no truth values or dates."""
    return tuple(
        int(value)
        if isinstance(value, bool)
        else str(value).removesuffix(".000000")
        if isinstance(value, datetime) or ":" in str(value)
        else value
        for value in row
    )


def nbgrader(course, *words, code=0, path=None):
    """Run an nbgrader command in a course; return all that it printed."""
    activated = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "nbgrader", *words],
        cwd=course,
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path or activated},
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def lay_out(course, rubric=RUBRIC):
    """Make a course with both assignments, tiny generated, and nobody in it."""
    course.mkdir()
    (course / "nbgrader_config.py").write_text(CONFIG)
    rules = 'format = 1\nname = "tiny"\nsandbox = "none"\n'
    (course / "course.toml").write_text(rules)
    for private in ("holdout", "runs", "scores", "quarantine"):
        (course / private).mkdir(mode=0o700)
    write_tiny(course, rubric)
    write_notebook(course / "source" / "plain" / "plain.ipynb", plain_source())
    nbgrader(course, "generate_assignment", "tiny")
    return course


class SmallCourse:
    """A copy of the template, and what a test does with it."""

    def __init__(self, folder):
        self.folder = folder

    def __truediv__(self, name):
        return self.folder / name

    def nbgrader(self, *words, code=0):
        return nbgrader(self.folder, *words, code=code)

    def released(self, name="tiny"):
        return json.loads((self / f"release/{name}/{name}.ipynb").read_text())

    def solved(self, model=MODEL, decide=DECIDE, manual="Because."):
        """Return the released notebook with answers filled in."""
        notebook = self.released()
        texts = {"model": model, "decide": decide, "manual": manual}
        for cell in notebook["cells"]:
            cell["source"] = texts.get(cell["id"], cell["source"])
        return notebook

    def hand_in(self, student, notebook, name="tiny.ipynb", stamp=None):
        """Hand in a notebook, or any text under any name."""
        folder = self / "submitted" / student / "tiny"
        folder.mkdir(parents=True, exist_ok=True)
        text = notebook if isinstance(notebook, str) else json.dumps(notebook)
        (folder / name).write_text(text)
        (folder / "timestamp.txt").write_text(stamp or "2026-01-01 10:00:00 UTC")
        return folder

    def students(self):
        return sorted(path.name for path in (self / "submitted").iterdir())

    def scores(self, student):
        return json.loads((self / f"scores/tiny/{student}.json").read_text())

    def gradebook(self):
        """Return all that stands in the gradebook, by natural keys."""
        return rows_of(f"sqlite:///{self.folder}/gradebook.db")

    def autograded(self):
        """Return what nbgrader's graded folder holds: path -> (bytes, mode)."""
        paths = [path for path in (self / "autograded").rglob("*") if path.is_file()]
        return {
            str(path.relative_to(self.folder)): (path.read_bytes(), path.stat().st_mode)
            for path in paths
        }

    def score_bytes(self):
        """Return the score records as they lie on disk."""
        return {p.name: p.read_bytes() for p in (self / "scores/tiny").iterdir()}

    def runs_made(self):
        """Return the names of all that lies among the runs, logs aside."""
        return {p.name for p in (self / "runs/tiny").iterdir()} - {"logs"}

    def rows(self, student=None):
        """Return {(student, cell): (auto score, needs manual grade)}."""
        query = """
            select submitted_assignment.student_id, base_cell.name,
                   grade.auto_score, grade.needs_manual_grade
            from grade join base_cell on grade.cell_id = base_cell.id
            join submitted_notebook on grade.notebook_id = submitted_notebook.id
            join submitted_assignment
                on submitted_notebook.assignment_id = submitted_assignment.id"""
        with sqlite3.connect(self / "gradebook.db") as gradebook:
            found = {(s, cell): rest for s, cell, *rest in gradebook.execute(query)}
        gradebook.close()
        return {k: tuple(v) for k, v in found.items() if student in (None, k[0])}
