"""How an attack is written down: what it changes, and whose score it must get.

An attack is a function that changes a solved notebook, its docstring the words in
which it is published. ``like`` names the honest twin: the student who hands in the
same model and nothing else. What is worth nothing by itself, such as a kernel that
dies, names its status instead.

The same attacks are graded by coursekit (``tests/redteam``) and by stock nbgrader
(``benchmarks/redteam.py``), so none of them may do harm outside the course folder
even where nothing shuts it in: bombs are bounded, markers lie in `Place.shared`.
"""

import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent, indent

SICKNESS = """\
class Sickness:
    def predict_proba(self, X):
        import numpy as np
        risk = (X["prior_admissions_12m"].fillna(0).clip(0, 9) / 10).to_numpy(float)
        return np.column_stack([1 - risk, risk])

model = Sickness()"""
COIN = """\
class Coin:
    def predict_proba(self, X):
        import numpy as np
        return np.full((len(X), 2), 0.5)

model = Coin()"""
STAY = """\
class Stay:
    def predict_proba(self, X):
        import numpy as np
        risk = (X["length_of_stay_days"].fillna(0).clip(0, 30) / 30).to_numpy(float)
        return np.column_stack([1 - risk, risk])

model = Stay()"""
BEYOND = SICKNESS.replace("/ 10)", "/ 5)").replace("Sickness", "Beyond")
OBJECTS = "decide = lambda X: [object() for _ in range(len(X))]"
NEVER = """\
def decide(X):
    import numpy as np
    return np.zeros(len(X))"""
SEEDLESS = """\
import numpy as np
import random
from sklearn.ensemble import RandomForestClassifier

shown = ["age_years", "length_of_stay_days", "prior_admissions_12m"]
forest = RandomForestClassifier(20, max_depth=4)
forest.fit(train.X[shown], train.y)

class Noisy:
    weights = np.random.random(3) + random.random()
    def predict_proba(self, X):
        risk = forest.predict_proba(X[shown])[:, 1]
        risk = risk + (X[shown] * self.weights).sum(axis=1).to_numpy(float) / 1e4
        return np.column_stack([1 - risk, risk.clip(0, 1)])

model = Noisy()"""

# Honest students: who has the same model as an attacker, and who stands beside.
TWINS = {
    "sickness": {"model": SICKNESS},
    "coin": {"model": COIN},
    "beyond": {"model": BEYOND},
    "objects": {"model": SICKNESS, "decide": OBJECTS},
    "seedless": {"model": SEEDLESS},
    "never": {"model": COIN, "decide": NEVER},
}
BYSTANDERS = {"ann": {"model": SICKNESS}, "zoe": {"model": STAY}}


@dataclass(frozen=True)
class Place:
    """What a clever student knows or can guess about the place of grading."""

    course: Path
    port: int  # where somebody listens on the loopback
    labels: tuple = ()  # of the hidden patients: of whoever had them from elsewhere
    shared: tuple = ("/tmp", "/dev/shm", "/var/tmp")  # folders that all may write
    mark: str = "coursekit-redteam"  # in the command line of what is left running


class HandIn:
    """A solved notebook on its way, and what lies beside it."""

    def __init__(self, notebook, place):
        self.raw = notebook
        self.place = place
        self.files = {}  # name beside the notebook -> text
        self.links = {}  # name beside the notebook -> target
        self.stamp = None  # the text of timestamp.txt
        self.text = None  # in the place of a notebook
        self.size = None  # to which the notebook's file is stretched

    def __setitem__(self, name, source):
        self.cell(name)["source"] = dedent(source).strip("\n")

    def __getitem__(self, name):
        return self.cell(name)["source"]

    def cell(self, name):
        """Return the cell with this label."""
        return next(cell for cell in self.raw["cells"] if cell.get("id") == name)

    def place_of(self, name):
        """Return at which position the cell with this label stands."""
        return self.raw["cells"].index(self.cell(name))

    def insert(self, before, *sources):
        """Put own code cells before a labelled one."""
        at = self.place_of(before)
        self.raw["cells"][at:at] = [own(source) for source in sources]

    def write(self, folder, name="tiny.ipynb"):
        """Hand it in."""
        folder.mkdir(parents=True)
        text = json.dumps(self.raw) if self.text is None else self.text
        if name not in self.links:
            (folder / name).write_text(text)
        if self.size:
            os.truncate(folder / name, self.size)
        for other, content in self.files.items():
            (folder / other).write_text(content)
        for other, target in self.links.items():
            (folder / other).symlink_to(target)
        stamp = self.stamp or "2026-01-01 10:00:00 UTC"
        (folder / "timestamp.txt").write_text(stamp)


def own(source, kind="code"):
    """Return a cell of the student's own."""
    cell = {"cell_type": kind, "metadata": {}, "source": dedent(source).strip("\n")}
    return cell | ({"outputs": [], "execution_count": None} if kind == "code" else {})


@dataclass(frozen=True)
class Attack:
    """One row of the corpus."""

    row: str  # "A1"
    name: str
    words: str
    change: object  # called with a HandIn
    like: str | None  # the honest twin
    status: str | tuple
    code: str | None  # the breach that costs all points
    stock: str | None  # why it is not run against stock nbgrader
    ending: str | None  # in what stock nbgrader's test cell ends, where it matters

    @property
    def student(self):
        """The id of the student who hands it in."""
        return f"{self.row.lower()}-{self.name.replace('_', '-')}"

    def hand_in(self, course, solved, place):
        """Write the submission into a course."""
        notebook = HandIn(solved, place)
        self.change(notebook)
        notebook.write(course / "submitted" / self.student / "tiny")


def attack(
    row, like="sickness", *, status="scored", code=None, stock=None, ending=None
):
    """Make an attack of a function that changes a `HandIn`."""

    def made(change):
        words = re.sub(r"\s+", " ", change.__doc__).strip()
        twin = like if status == "scored" and code is None else None
        name = change.__name__
        return Attack(row, name, words, change, twin, status, code, stock, ending)

    return made


def attacks_of(module):
    """Return the attacks that a module defines, in order."""
    return [each for each in vars(module).values() if isinstance(each, Attack)]


def thief(search):
    """Return a model that answers with the labels that a search finds, else a coin."""
    return f"""\
import gc, os, re, sys
from pathlib import Path
import numpy as np

def labels(X):
{indent(dedent(search).strip(), "    ")}

class Thief:
    def predict_proba(self, X):
        try:
            y = labels(X)
        except Exception:
            y = None
        if y is None or len(y) != len(X):
            y = np.full(len(X), 0.5)
        y = np.asarray(y, dtype=float)
        return np.column_stack([1 - y, y])

model = Thief()"""


FOUND = r"re.search(r'y_hidden = (\[[01, ]+\])', text)"
