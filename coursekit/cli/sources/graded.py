"""What a card is made from: a graded submission, or a file of scores.

A graded submission is read on the trusted side, where predictions and labels lie.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.cards import Run, patients_apart, represents
from coursekit.datasets.holdout import read_holdout_truth
from coursekit.datasets.storage import read_cohort
from coursekit.errors import BadCourse, BadData, BadInput
from coursekit.grading.scorer import Scorer, read_reply

SHOWN = ("train", "tune", "check")


@dataclass(frozen=True, eq=False)
class Source:
    """A run, what its cohort looks like, and what else is known about it."""

    run: Run
    X: pd.DataFrame
    name: str
    version: str
    patients: str
    results: dict  # evidence id -> whether it is green


def from_course(folder, assignment, student):
    """Return the source of a graded submission.

    Raises
    ------
    BadCourse
        If it is not graded, or its run is gone.
    BadInput
        If the assignment asks for no risk.
    """
    # A card of a file of scores is made on Windows too, where these cannot be loaded.
    from coursekit.autograde.course import open_course
    from coursekit.autograde.scorebook import read_score

    course = open_course(folder)
    lock = course.lock(assignment)
    course.submission(assignment, student)  # refuses what is no name of a folder
    record = read_score(course, assignment, student)
    if record is None or not record.get("run"):
        raise BadCourse(
            f"{student} has no graded run of {assignment}: coursekit autograde first."
        )
    if record.get("holdout") != course.holdout_digest(assignment):
        raise BadCourse(
            f"{student} was scored on other patients: coursekit autograde again."
        )
    place = course.private("runs") / assignment / record["run"]
    if not (place / "run.json").is_file():
        raise BadCourse(f"The run {record['run']} of {student} is gone; grade again.")
    states = json.loads((place / "run.json").read_text(encoding="utf-8"))
    scorer = Scorer(course.holdout(assignment))
    hidden, shown = scorer.patients["hidden"], shown_cohorts(course, assignment)
    threshold = lock.operating_point.threshold_probability
    if not isinstance(threshold, float | int):
        threshold = float(np.mean(hidden.y))
    run = Run(
        hidden.y,
        reply_of(scorer, place, states, risk_answer(lock)),
        hidden.groups,
        threshold=float(threshold),
        training_age_years=ages(shown.get("train")),
        decisions=decisions_of(scorer, place, states, lock),
    )
    X = scorer.inputs["hidden"]
    X = X if isinstance(X, pd.DataFrame) else pd.DataFrame(index=range(len(run.y)))
    return Source(
        *(run, X, f"{assignment}, handed in by {student}", record["submission"]),
        "hidden patients of the course",
        results_of(record, shown, course.holdout(assignment), hidden.groups),
    )


def risk_answer(lock):
    """Return the name of the answer that tells risks."""
    for answer in lock.answers:
        if answer.contract == "risk":
            return answer.name
    raise BadInput(f"{lock.assignment} asks for no risks; a card is made from risks.")


def reply_of(scorer, place, states, name):
    """Return what a submission answered about the hidden patients."""
    serving = next(each for each in scorer.servings if each.name == name)
    reply = read_reply(place, serving, states)
    if reply.status != "ok":
        raise BadCourse(f"There is no whole answer of {name}: {reply.reason}")
    return reply.values


def decisions_of(scorer, place, states, lock):
    """Return the decisions that were handed in; None where none are asked for."""
    names = {each.name for each in lock.answers if each.contract == "decision"}
    name = lock.operating_point.answer
    return reply_of(scorer, place, states, name) if name in names else None


def shown_cohorts(course, assignment):
    """Return the cohorts that students see, as far as they are there."""
    step = course.coursedir.source_directory
    data = Path(course.coursedir.format_path(step, ".", assignment)) / "data"
    found = {}
    for role in SHOWN:
        try:
            found[role] = read_cohort(data, role)
        except BadData:
            continue
    return found


def ages(train):
    """Return the youngest and oldest age of train, None where it has no such column."""
    if train is None or "age_years" not in getattr(train.X, "columns", ()):
        return None
    return float(train.X["age_years"].min()), float(train.X["age_years"].max())


def results_of(record, shown, holdout, groups):
    """Return what speaks for good practice in this run, and whether it is green."""
    contracts = [c for c in record["criteria"] if c.get("kind") == "contract"]
    results = {"contract-kept": all(c["verdict"] == "all" for c in contracts)}
    if shown:
        hidden = read_holdout_truth(holdout / "hidden").patient
        results["patients-apart"] = all(
            patients_apart(cohort.patient, hidden) for cohort in shown.values()
        )
    if "train" in shown:
        train = shown["train"].groups
        results["groups-represented"] = all(
            represents(train[name], groups[name].value_counts(normalize=True).to_dict())
            for name in groups
        )
    return results


def from_scores(file, truth, score, group, threshold):
    """Return the source of a file of scores, such as a student's own on check.

    Raises
    ------
    BadInput
        If a column is missing, or has an empty cell.
    """
    table = pd.read_csv(file)
    names = [truth, score, *group]
    for name in names:
        if name not in table:
            raise BadInput(f"{file.name} has no column {name!r}.")
        if table[name].isna().any():
            raise BadInput(f"{name!r} is empty in a row of {file.name}.")
    groups = table[list(group)].astype(str)
    run = Run(table[truth], table[score], groups, threshold=threshold)
    X = table.drop(columns=names)
    return Source(run, X, file.stem, "TBD", f"rows of {file.name}", {})
