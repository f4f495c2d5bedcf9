"""A simulated class: each archetype of an assignment hands its notebook in.

Student ids name their archetype (``good-1``, ``biased-1``), so a class table can be
read without a key.
"""

import base64
import json
import zlib
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from coursekit.datasets.holdout import read_holdout_inputs, read_holdout_truth
from coursekit.errors import BadCourse
from coursekit.grading.lock import read_lock

ESSAY = "I handed this in for the simulated class; a person would read my reasons here."

# The oracle's notebook carries the true risk of every hidden patient, looked up by the
# patient's own values. It shows that whoever truly reaches the ceiling is not accused.
ORACLE = '''import base64
import zlib

TABLE = {table!r}
RISKS = np.frombuffer(zlib.decompress(base64.b85decode(TABLE)), dtype=np.float32)
KEYS, RISKS = RISKS[: len(RISKS) // 3 * 2].view(np.uint64), RISKS[len(RISKS) // 3 * 2 :]
HIDDEN_COLUMNS = {post_index!r}


def true_risk(X):
    """Look the true risk of each patient up; strangers get the mean."""
    known = X.drop(columns=HIDDEN_COLUMNS, errors="ignore").astype(str)
    keys = pd.util.hash_pandas_object(known, index=False).to_numpy()
    place = np.searchsorted(KEYS, keys).clip(max=len(KEYS) - 1)
    return np.where(KEYS[place] == keys, RISKS[place], RISKS.mean()).astype(float)


class Oracle:
    def predict_proba(self, X):
        risk = true_risk(X)
        return np.column_stack([1 - risk, risk])


model = Oracle()
'''
ORACLE_DECIDE = """def decide(X):
    return (model.predict_proba(X)[:, 1] >= {cut_off!r}).astype(int)
"""


def hand_in(course, assignment, *, only=None):
    """Write one submission per archetype into ``submitted/``.

    Parameters
    ----------
    course : path
    assignment : Assignment
        Already generated: ``release/<name>/`` must exist.
    only : sequence of str, optional
        Archetypes that hand in; by default all, the oracle where patients are rows of
        a table, and ``broken-1``, whose notebook is not JSON.

    Returns
    -------
    list of str
        Student ids.
    """
    course = Path(course)
    released = read_release(course, assignment.name)
    solutions = {
        cell["metadata"]["nbgrader"]["grade_id"]: "".join(cell["source"])
        for cell in assignment.notebook["cells"]
        if cell["metadata"].get("nbgrader", {}).get("solution")
    }
    archetypes = assignment.archetypes()
    if only is not None:
        archetypes = {name: archetypes[name] for name in only}
    elif has_table(course, assignment.name):
        archetypes["oracle"] = oracle_cells(course, assignment.name)
    for name, cells in archetypes.items():
        mine = {**solutions, **cells}
        if name != "good":
            mine["manual"] = ESSAY
        write_submission(course, f"{name}-1", assignment.name, filled(released, mine))
    students = [f"{name}-1" for name in archetypes]
    if only is None:
        write_submission(course, "broken-1", assignment.name, "this is not a notebook")
        students.append("broken-1")
    return students


def read_release(course, name):
    """Return the released notebook as a dict."""
    path = course / "release" / name / f"{name}.ipynb"
    if not path.exists():
        raise BadCourse(f"{path} is missing. Run nbgrader generate_assignment {name}.")
    return json.loads(path.read_text(encoding="utf-8"))


def filled(released, cells):
    """Return the text of a notebook with these solutions filled in."""
    notebook = json.loads(json.dumps(released))
    for cell in notebook["cells"]:
        label = cell["metadata"].get("nbgrader", {})
        if label.get("solution") and label["grade_id"] in cells:
            cell["source"] = cells[label["grade_id"]]
    return json.dumps(notebook)


def write_submission(course, student, name, text):
    """Write one submission as nbgrader's collect would."""
    folder = course / "submitted" / student / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_text(text, encoding="utf-8")
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    (folder / "timestamp.txt").write_text(now)


def has_table(course, name):
    """Return True where hidden patients are rows of a table."""
    hidden = course / "holdout" / name / "hidden"
    return isinstance(read_holdout_inputs(hidden), pd.DataFrame)


def oracle_cells(course, name):
    """Return the solution cells of one who knows every true risk."""
    holdout = course / "holdout" / name
    lock = read_lock(holdout / "rubric.lock.toml")
    tables, post_index = [], ()
    for folder in (holdout / "hidden", holdout / "check", holdout / "train"):
        cohort = read_holdout_truth(folder)
        inputs = read_holdout_inputs(folder, given=lock.given)
        post_index = cohort.post_index
        keys = hashes(inputs, post_index)
        tables.append(pd.Series(cohort.truth.risk, index=keys))
    known = pd.concat(tables)
    known = known[~known.index.duplicated()].sort_index()
    low, high = lock.operating_point.alert_rate
    cut_off = float(np.quantile(tables[1], 1 - (low + high) / 2))
    packed = known.index.to_numpy(np.uint64).tobytes()
    packed += known.to_numpy(np.float32).tobytes()
    table = base64.b85encode(zlib.compress(packed, 9)).decode()
    return {
        "model": ORACLE.format(table=table, post_index=list(post_index)),
        "decide": ORACLE_DECIDE.format(cut_off=cut_off),
    }


def hashes(inputs, post_index):
    """Return one number per patient from the values known at prediction time."""
    known = inputs.drop(columns=list(post_index), errors="ignore").astype(str)
    return pd.util.hash_pandas_object(known, index=False).to_numpy()
