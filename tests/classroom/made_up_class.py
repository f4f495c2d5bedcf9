"""A class whose score records, runs and gradebook are made up, with nobody to run.

The records are what a scorer writes; so a class of any size, with any name in it and
any status, is there in a moment.
"""

import json
from datetime import datetime, timedelta

from nbgrader.api import (
    Assignment,
    Base,
    Course,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from coursekit.grading.codes import look_up
from coursekit.grading.lock import write_lock
from coursekit.grading.rubric import read_rubric
from coursekit.grading.scorer import unscored
from small_course import CONFIG, RUBRIC

GAP = {
    "id": "gap",
    "kind": "fairness",
    "label": "Readmissions found, by group",
    "measure": "sensitivity_gap",
    "answer": "decide",
    "attribute": "group",
    "points": 30,
    "floor": 0.14,
    "full": 0.06,
}
KINDS = {"accuracy": 40, "fairness": 30, "contract": 10}
FAIR = RUBRIC | {"kinds": KINDS, "criteria": [*RUBRIC["criteria"], GAP]}
DUE = datetime(2026, 1, 1)
VERSIONS = {"python": "3.11.7", "numpy": "2.4.6"}


def lay_out(folder, rubric=FAIR):
    """Make a course with one assignment, ``tiny``, and nobody in it."""
    folder.mkdir()
    (folder / "nbgrader_config.py").write_text(CONFIG)
    (folder / "course.toml").write_text('format = 1\nname = "tiny"\n')
    for private in ("holdout", "runs", "scores", "quarantine"):
        (folder / private).mkdir(mode=0o700)
    if rubric is not None:
        (folder / "holdout/tiny").mkdir()
        write_lock(read_rubric(rubric), folder / "holdout/tiny/rubric.lock.toml")
    return folder


def record_of(accuracy, gap, *, codes=(), **more):
    """Return a scorer's record: AUROC from 0.5 (no points) to 0.9, and a gap."""
    auroc = row("auroc", "accuracy", accuracy, 40 * (accuracy - 0.5) / 0.4, 40)
    fairness = row("gap", "fairness", gap, 30 * (0.14 - gap) / 0.08, 30)
    contract = row("contract_model", "contract", None, 10, 10)
    rows = [auroc, contract, fairness]
    return {
        "format": 1,
        "assignment": "tiny",
        "status": "scored",
        "reason": "",
        "criteria": rows,
        "kinds": {each["kind"]: total(each) for each in rows},
        "codes": [{"code": each, "kind": "", **look_up(each)} for each in codes],
        "notes": [],
        "reruns": [],
    } | more


def row(name, kind, value, points, most):
    """Return one criterion of a record, with an interval of 0.01 to either side."""
    points = round(min(max(points, 0.0), most), 2)
    ends = (None, None) if value is None else (value - 0.01, value + 0.01)
    return {
        "id": name,
        "kind": kind,
        "label": name,
        "value": value,
        "low": ends[0],
        "high": ends[1],
        "points": points,
        "max_points": most,
        "points_range": [max(0.0, points - 1), points],
        "sentence": f"We saw {value}.",
        "codes": [],
    }


def total(row):
    return {key: row[key] for key in ("points", "max_points", "points_range")}


def withheld(record, why):
    """Return a record whose accuracy a person has to give."""
    nothing = {"points": None, "points_range": None, "sentence": why}
    rows = [
        each | nothing if each["id"] == "auroc" else each for each in record["criteria"]
    ]
    kinds = record["kinds"] | {"accuracy": total(rows[0])}
    return record | {"criteria": rows, "kinds": kinds}


def failed(status, reason):
    """Return the record of a submission without a score."""
    rubric = read_rubric(FAIR)
    return unscored(rubric, status, reason) | {"reruns": [], "run": None}


def put(course, student, record=None, *, versions=VERSIONS, sandbox="bubblewrap"):
    """Hand in for a student, and write the record and its run where there is one."""
    folder = course / "submitted" / student / "tiny"
    folder.mkdir(parents=True)
    (folder / "tiny.ipynb").write_text("{}")
    if record is None:
        return
    (course / "scores/tiny").mkdir(exist_ok=True)
    if record["status"] == "scored":
        run = f"{len(list((course / 'scores/tiny').iterdir())):064x}"
        record = record | {"run": run, "sandbox": sandbox}
        (course / "runs/tiny" / run).mkdir(parents=True)
        kept = {"sandbox": sandbox, "kernels": "warm", "versions": versions}
        (course / f"runs/tiny/{run}/run.json").write_text(json.dumps(kept))
    (course / f"scores/tiny/{student}.json").write_text(json.dumps(record))


def write_gradebook(course, records, *, names=None, late=None, marked=(), absent=()):
    """Write what nbgrader would have recorded of these records.

    `records` is student -> record; `late` student -> (hours, penalty); `marked` are
    those whose question a person has marked; `absent` handed nothing in.
    """
    url = f"sqlite:///{course}/gradebook.db?timeout=60"
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    with Session(engine) as db:
        db.add(Course(id="default_course"))
        assignment = Assignment(name="tiny", duedate=DUE, course_id="default_course")
        notebook = Notebook(name="tiny", assignment=assignment)
        cells = {
            name: GradeCell(
                name=name, max_score=most, cell_type="code", notebook=notebook
            )
            for name, most in (KINDS | {"manual": 10}).items()
        }
        db.add_all([assignment, notebook, *cells.values()])
        db.add(SolutionCell(name="manual", notebook=notebook))
        for student in (*records, *absent):
            first = (names or {}).get(student, "")
            db.add(Student(id=student, first_name=first))
        db.flush()
        for student, record in records.items():
            hours, penalty = (late or {}).get(student, (0, 0))
            submitted = SubmittedAssignment(
                assignment_id=assignment.id,
                student_id=student,
                timestamp=DUE + timedelta(hours=hours),
            )
            done = SubmittedNotebook(
                notebook_id=notebook.id,
                assignment=submitted,
                late_submission_penalty=penalty,
            )
            db.add_all([submitted, done])
            for name, cell in cells.items():
                points = record["kinds"].get(name, {}).get("points")
                by_hand = 7.0 if name == "manual" and student in marked else None
                is_open = points is None and by_hand is None
                db.add(
                    Grade(
                        cell=cell,
                        notebook=done,
                        auto_score=points,
                        manual_score=by_hand,
                        needs_manual_grade=is_open,
                    )
                )
        db.commit()
    engine.dispose()
