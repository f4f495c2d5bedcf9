"""Autograding a class by coursekit and by stock nbgrader, on the same submissions.

::

    python benchmarks/autograde.py --students 20 --jobs 2
    python benchmarks/autograde.py --students 12 --jobs 2 --assignment readmission

Two courses are laid out in a temporary folder. In the one, `coursekit autograde` runs
each notebook sandboxed and scores the model on hidden patients; in the other, stock
``nbgrader autograde`` executes the same notebooks, and an ordinary hidden test cell
scores the model on the same patients, whose outcomes it reads from a file. Every
submission differs by a comment, so that none is a look-up.

``imports``, the default, is a small notebook that imports torch, shap, fairlearn and
scikit-learn; ``readmission`` is the shipped assignment, handed in by its archetypes in
turn. What the students' own code costs is measured in plain Python without Jupyter:
the cells, then one answer for all that is served. The last line is JSON:

- ``nbgrader_s``, ``coursekit_s``: wall time; ``ratio``: of the two. ``nbgrader_s`` is
  that of ``--stock`` submissions, in proportion.
- ``student_cpu_s``: processor time of the students' code; of which ``imports_s`` is
  spent on importing what the assignment imports, which warm kernels do once.
- ``overhead``: ``coursekit_s`` x jobs / ``student_cpu_s``; ``overhead_without_imports``
  the same against what is left without the imports.
- ``peak_rss_mb``: most memory of coursekit's whole process tree, shared pages once.
"""

import argparse
import ast
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import nbformat
import psutil
from nbformat.v4 import new_code_cell, new_notebook

from coursekit.autograde.layout import lay_out
from coursekit.autograde.simulate import read_release
from coursekit.autograde.warm import imports
from coursekit.datasets import make_readmission
from coursekit.datasets.holdout import write_holdout
from coursekit.datasets.storage import write_cohort
from coursekit.grading.assignment import find_assignment
from coursekit.grading.lock import read_lock, write_lock
from coursekit.grading.rubric import read_rubric
from coursekit.grading.serving import read_inputs, servings

POINTS = 40
SMALL_RUBRIC = {
    "format": 1,
    "assignment": "imports",
    "title": "A small notebook with heavy imports",
    "version": "1",
    "generator": "make_readmission",
    "given": [],
    "cohorts": {"train": 500, "tune": 500, "check": 500, "hidden": 2000},
    "kinds": {"accuracy": POINTS},
    "manual": {},
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
            "points": POINTS,
            "floor": 0.5,
            "full": 0.9,
        },
    ],
}
IMPORTS = """\
import fairlearn.metrics
import numpy as np
import shap
import torch
from sklearn.linear_model import LogisticRegression

from coursekit import check, load_cohorts, submit

train, tune, check_cohort = load_cohorts()"""
MODEL = """\
columns = ["age_years", "prior_admissions_12m"]
fitted = LogisticRegression().fit(train.X[columns].fillna(0), train.y)

class Model:
    def predict_proba(self, X):
        return fitted.predict_proba(X[columns].fillna(0))

model = Model()

def decide(X):
    return (model.predict_proba(X)[:, 1] > 0.2).astype(int)"""
HIDDEN_TEST = """\
### BEGIN HIDDEN TESTS
from coursekit.datasets.holdout import read_holdout_inputs, read_holdout_truth
from sklearn.metrics import roc_auc_score
hidden = read_holdout_truth({hidden!r})
risk = model.predict_proba(read_holdout_inputs({hidden!r}, given={given!r}))[:, 1]
round({points} * min(1, max(0, (roc_auc_score(hidden.y, risk) - 0.5) / 0.4)), 2)
### END HIDDEN TESTS"""
PLAIN = """\
import json, sys, time
spec = json.load(open(sys.argv[1]))
for name in spec["imports"]:
    try:
        __import__(name)
    except ImportError:
        pass
imported = time.process_time()
space = {"__name__": "__main__"}
for source in spec["cells"]:
    exec(compile(source, "cell", "exec"), space)
from coursekit.datasets.holdout import read_holdout_inputs
from coursekit.grading import handin
begun = time.process_time()
import pickle
served = pickle.load(open(spec["served"], "rb"))
loaded = time.process_time() - begun
for name, contract, inputs in served:
    answer = handin.answers()[name]
    [answer(**each) for each in inputs] if contract == "function" else answer(inputs)
print("PLAIN", json.dumps([imported, time.process_time() - loaded - imported]))
"""


def labelled(name, source, points=None, solution=False):
    """Return a cell with nbgrader's label."""
    label = {
        "grade_id": name,
        "grade": points is not None,
        "locked": not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
        **({} if points is None else {"points": points}),
    }
    return new_code_cell(source, id=name, metadata={"nbgrader": label})


def small_notebook(graded):
    """Return the source of the small assignment with this text in its grade cell."""
    solution = f"### BEGIN SOLUTION\n{MODEL}\n### END SOLUTION"
    return new_notebook(
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        cells=[
            labelled("setup", IMPORTS),
            labelled("model", solution, solution=True),
            labelled("hand-in", "submit(model, decide=decide)"),
            labelled("accuracy", graded, points=POINTS),
        ],
    )


def lay_out_small(course):
    """Lay out a course with the small assignment."""
    lay_out(course, [], secret="benchmark", progress=lambda line: None)
    cohorts = {
        role: make_readmission(size, secret="benchmark", role=role)
        for role, size in SMALL_RUBRIC["cohorts"].items()
    }
    source, holdout = course / "source" / "imports", course / "holdout" / "imports"
    for role in ("train", "tune", "check"):
        write_cohort(source / "data", cohorts[role].shown())
    holdout.mkdir(mode=0o700)
    write_holdout(holdout / "hidden", cohorts["hidden"])
    for folder in (source / "data", holdout):
        write_lock(read_rubric(SMALL_RUBRIC), folder / "rubric.lock.toml")
    nbformat.write(small_notebook("check('accuracy')"), source / "imports.ipynb")


def lay_out_stock(course, ours, name):
    """Lay out the same assignment for stock nbgrader, with a test that scores."""
    shutil.copytree(ours / "source" / name, course / "source" / name)
    (course / "nbgrader_config.py").write_text(
        "c = get_config()\nc.ExecutePreprocessor.timeout = 600\n"
        "c.Execute.timeout = 600\n"
    )
    path = course / "source" / name / f"{name}.ipynb"
    notebook = nbformat.read(path, as_version=4)
    given = list(read_lock(ours / "holdout" / name / "rubric.lock.toml").given)
    hidden = str(ours / "holdout" / name / "hidden")
    for cell in notebook.cells:
        label = cell.metadata.get("nbgrader", {})
        if label.get("grade") and not label.get("solution"):
            cell.source = "..."
        if label.get("grade_id") == "accuracy":
            points = label["points"]
            cell.source = HIDDEN_TEST.format(hidden=hidden, given=given, points=points)
    nbformat.write(notebook, path)


def solutions(course, name):
    """Return what students hand in: each a mapping from cell to text."""
    if name == "imports":
        return [{"model": MODEL}]
    assignment = find_assignment(name)
    own = {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in assignment.notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    return [own | cells for cells in assignment.archetypes().values()]


def hand_in(course, name, students, texts):
    """Write the submissions of so many students into a course."""
    released = read_release(course, name)
    for number in range(students):
        notebook = json.loads(json.dumps(released))
        for cell in notebook["cells"]:
            label = cell["metadata"].get("nbgrader", {})
            mine = texts[number % len(texts)].get(label.get("grade_id"))
            if label.get("solution") and mine:
                cell["source"] = f"{mine}\n# handed in by {number}"
        folder = course / "submitted" / f"student-{number:04}" / name
        folder.mkdir(parents=True)
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook))


def run(*command, at):
    """Run a command in a course; return seconds and the most memory of its tree."""
    program = Path(sys.executable).with_name(command[0])
    environment = os.environ | {"PATH": f"{program.parent}:{os.environ['PATH']}"}
    log = at / "benchmark.log"
    with open(log, "w") as said:
        begun = time.perf_counter()
        process = subprocess.Popen(
            [program, *command[1:]], cwd=at, env=environment, stdout=said, stderr=said
        )
        peak = [0.0]
        watch = threading.Thread(target=follow, args=(process, peak), daemon=True)
        watch.start()
        code = process.wait()
        seconds = time.perf_counter() - begun
        watch.join()
    if code > 1:
        sys.exit(f"{' '.join(command)} failed:\n{log.read_text()[-2000:]}")
    return seconds, peak[0]


def follow(process, peak):
    """Note the most memory that a tree of processes held, each page counted once."""
    while process.poll() is None:
        try:
            tree = psutil.Process(process.pid)
            held = [proportional(p) for p in (tree, *tree.children(recursive=True))]
            peak[0] = max(peak[0], sum(held) / 2**20)
        except psutil.Error:
            pass
        time.sleep(1.0)


def proportional(process):
    """Return the memory of a process, its part of what is shared; 0 if it is gone."""
    try:
        return process.memory_full_info().pss
    except psutil.Error:
        return 0


def plain_cost(ours, name, texts, folder):
    """Return (importing, the rest) of each text: CPU seconds in plain Python."""
    import pickle

    holdout = ours / "holdout" / name
    lock = read_lock(holdout / "rubric.lock.toml")
    asked = servings(lock, read_inputs(lock, holdout))
    served = folder / "served.pickle"
    with open(served, "wb") as file:
        pickle.dump([(s.answer, s.contract, s.inputs) for s in asked], file)
    source = nbformat.read(ours / "source" / name / f"{name}.ipynb", as_version=4)
    costs = []
    for text in texts:
        cells = [cell.source for cell in code_of(ours, name, text)]
        spec = {"imports": imports(source), "cells": cells, "served": str(served)}
        path = folder / "spec.json"
        path.write_text(json.dumps(spec))
        done = subprocess.run(
            [sys.executable, "-c", PLAIN, path],
            cwd=ours / "release" / name,
            env=os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"A submission fails in plain Python:\n{done.stderr[-2000:]}")
        costs.append(ast.literal_eval(done.stdout.rsplit("PLAIN", 1)[1].strip()))
    return costs


def code_of(course, name, text):
    """Return the code cells of a submission, solutions filled in."""
    notebook = nbformat.reads(json.dumps(read_release(course, name)), as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for cell in cells:
        label = cell.metadata.get("nbgrader", {})
        if label.get("solution"):
            cell.source = text.get(label["grade_id"], cell.source)
    return cells


def main(arguments=None):
    """Lay both courses out, grade both, print the figures."""
    options = parse(arguments)
    name, students, jobs = options.assignment, options.students, options.jobs
    stock_students = min(options.stock, students)
    with tempfile.TemporaryDirectory(prefix="benchmark-") as place:
        ours, stock = Path(place, "ours"), Path(place, "stock")
        if name == "imports":
            lay_out_small(ours)
        else:
            lay_out(ours, [name], secret="benchmark", progress=lambda line: None)
        lay_out_stock(stock, ours, name)
        for course in (ours, stock):
            run("nbgrader", "generate_assignment", name, at=course)
        texts = solutions(ours, name)
        hand_in(ours, name, students, texts)
        hand_in(stock, name, stock_students, texts)
        costs = plain_cost(ours, name, texts, Path(place))
        ours_s, peak = run(
            *("coursekit", "autograde", name, "--jobs", str(jobs)), at=ours
        )
        stock_s = 0.0
        if stock_students:
            stock_s, _ = run("nbgrader", "autograde", name, at=stock)
            stock_s *= students / stock_students
        points = [row_points(ours, name, number) for number in range(len(texts))]
    per_student = [costs[number % len(costs)] for number in range(students)]
    imported = sum(each[0] for each in per_student)
    rest = sum(each[1] for each in per_student)
    figures = {
        "assignment": name,
        "students": students,
        "jobs": jobs,
        "nbgrader_s": round(stock_s, 2),
        "coursekit_s": round(ours_s, 2),
        "ratio": round(stock_s / ours_s, 2),
        "student_cpu_s": round(imported + rest, 2),
        "imports_s": round(imported, 2),
        "overhead": round(ours_s * jobs / (imported + rest), 3),
        "overhead_without_imports": round(ours_s * jobs / rest, 3),
        "peak_rss_mb": round(peak),
        "accuracy_points": points,
    }
    print(json.dumps(figures))
    return figures


def row_points(course, name, number):
    """Return the accuracy points of a student, to see that grading was real."""
    path = course / "scores" / name / f"student-{number:04}.json"
    return json.loads(path.read_text())["kinds"]["accuracy"]["points"]


def parse(arguments):
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--students", type=int, default=20)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--assignment", default="imports")
    parser.add_argument(
        "--stock",
        type=int,
        default=10**6,
        help="how many of them stock nbgrader grades; its time is multiplied up",
    )
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
