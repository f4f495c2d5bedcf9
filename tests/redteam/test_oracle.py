"""A7: solving the marks of many submissions for the labels of hidden patients.

Whoever reads a score to the last digit reads labels: his model gives chosen patients
risks whose squared errors differ by powers of two, and the sum holds each of their
outcomes (Whitehill 2017 does this to a log loss). Feedback shows rounded numbers. How
much they give away is found by putting every possible outcome in the place of the true
ones: what reads the same cannot be told apart, even by an attacker who knows the labels
of all other patients.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from coursekit.datasets import make_readmission
from coursekit.grading.contract import Reply
from coursekit.grading.feedback import cell_outputs
from coursekit.grading.patients import Patients
from coursekit.grading.rubric import read_rubric
from coursekit.grading.score import score
from small_course import RUBRIC

MANY, FEW = 40_000, 1500  # hidden patients: of the readmission assignment, of a quiz
ASKED = 5  # patients whose labels one submission asks for: 32 possibilities
RANKING, CONTRACT = RUBRIC["criteria"]
BRIER = {"id": "brier", "label": "Risks", "measure": "scaled_brier"}
CRITERIA = [
    RANKING | {"points": 25},
    RANKING | BRIER | {"points": 15, "floor": -0.2, "full": 0.4},
    CONTRACT,
]


class Oracle:
    """A course that gives feedback on a model as often as it is handed in."""

    def __init__(self, n_patients):
        cohort = make_readmission(n_patients, secret="oracle", role="hidden")
        self.patients = Patients.of(cohort)
        self.lock = read_rubric(RUBRIC | {"criteria": CRITERIA})
        admissions = cohort.X["prior_admissions_12m"].fillna(0).clip(0, 9)
        self.base = 0.1 + admissions.to_numpy(float) / 15

    def record(self, risk, y=None):
        """Return the score record of a model, with these labels or the true ones."""
        y = self.patients.y if y is None else y
        replies = {"model": Reply(risk), "decide": Reply((self.base > 0.2) * 1.0)}
        patients = {"hidden": replace(self.patients, y=y)}
        return score(self.lock, patients, replies, {})

    def told_apart(self, seed, read):
        """Return how many of 32 possible outcomes of 5 patients read differently."""
        rng = np.random.default_rng(seed)
        who = rng.choice(len(self.base), ASKED, replace=False)
        risk = np.clip(self.base * rng.uniform(0.8, 1.2), 0, 1)
        risk[who] = (1 - 2.0 ** -np.arange(ASKED)) / 2
        seen = set()
        for labels in product((0, 1), repeat=ASKED):
            y = self.patients.y.copy()
            y[who] = labels
            seen.add(read(self, risk, y))
        return len(seen)

    def points(self, known=0):
        """Return the points of the base model once some labels are known."""
        risk, y = self.base.copy(), self.patients.y
        risk[:known] = y[:known]
        return self.record(risk)["kinds"]["accuracy"]["points"]


def to_the_last_digit(oracle, risk, y):
    """Return the squared error as a plain leaderboard shows it."""
    return float(np.mean((risk - y) ** 2))


def feedback(oracle, risk, y):
    """Return all that a student reads about the model."""
    return cell_outputs(oracle.record(risk, y), "accuracy")[0]


@pytest.fixture(scope="module")
def many():
    return Oracle(MANY)


def test_a_score_to_the_last_digit_gives_20_labels_away_at_a_time(many):
    n_asked, y = 20, many.patients.y
    who = np.random.default_rng(1).choice(MANY, n_asked, replace=False)
    weights = 2.0 ** -np.arange(n_asked)
    risk = np.full(MANY, 0.5)  # adds 1/4 whatever the label
    risk[who] = (1 - weights) / 2  # adds its square, and its weight where y is 1
    seen = to_the_last_digit(many, risk, y) * MANY
    left = seen - (MANY - n_asked) / 4 - np.sum(risk[who] ** 2)
    solved = []
    for weight in weights:
        solved.append(int(left > weight - weights[-1] / 2))
        left -= weight * solved[-1]
    assert solved == y[who].tolist()
    assert 0 < sum(solved) < n_asked


def test_feedback_on_many_patients_tells_less_than_three_labels_at_a_time(many):
    told = [many.told_apart(seed, feedback) for seed in range(12)]
    assert max(told) < 2**3
    assert many.told_apart(0, to_the_last_digit) == 2**ASKED


def test_feedback_on_few_patients_gives_labels_away_as_the_docs_say():
    few = Oracle(FEW)
    assert np.mean([np.log2(few.told_apart(s, feedback)) for s in range(4)]) > 4


def test_what_a_hundred_submissions_tell_is_worth_less_than_a_point(many):
    gain = many.points(known=3 * 100) - many.points()
    assert 0 < gain < 1
