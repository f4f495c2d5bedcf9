"""The pages of docs/samples say what the scorer says of the samples beside them."""

import importlib.util
import re
import sys
from pathlib import Path

import pytest

from coursekit.grading import handin
from coursekit.grading.assignment import find_assignment
from coursekit.grading.certificate import rehearse
from coursekit.grading.local import local_check
from coursekit.grading.rehearsal import Stage
from coursekit.grading.score import score

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def load_benchmark():
    path = ROOT / "benchmarks" / "samples.py"
    spec = importlib.util.spec_from_file_location("samples", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["samples"] = module
    spec.loader.exec_module(module)
    return module


benchmark = load_benchmark()
SAMPLES = {each.name: each for each in benchmark.samples()}


@pytest.fixture(scope="module")
def stage():
    """The sample course's patients, with the rubric resolved for them."""
    secret = f"{benchmark.SECRET}/{benchmark.ASSIGNMENT}"
    assignment = find_assignment(benchmark.ASSIGNMENT)
    rehearsed = rehearse(assignment, secret, only=("good", "naive"))
    return Stage(rehearsed.lock, rehearsed.cohorts, secret)


@pytest.fixture(scope="module")
def graded(stage):
    """Sample -> score record, and what the local check prints."""
    found = {}
    assignment = find_assignment(benchmark.ASSIGNMENT)
    lock = stage.rubric
    shown = stage.cohorts["check"].shown(lock.given)
    for name, sample in SAMPLES.items():
        replies = stage.perform(assignment, sample.cells)
        record = score(lock, stage.patients, replies, stage.inputs)
        found[name] = record, repr(local_check(lock, shown, handin.answers()))
    return found


def stored(name):
    return (ROOT / "docs" / "samples" / f"{name}.md").read_text("utf-8")


def numbers(text):
    return [float(each) for each in NUMBER.findall(text)]


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_of_a_sample_is_what_the_scorer_makes_of_it(graded, name):
    made, page = benchmark.page(SAMPLES[name], *graded[name]), stored(name)
    assert NUMBER.sub("#", made).split() == NUMBER.sub("#", page).split()
    assert numbers(made) == pytest.approx(numbers(page), abs=0.06)


def test_the_samples_earn_what_their_names_promise(graded):
    earned = {n: benchmark.measured_points(r) for n, (r, _) in graded.items()}
    assert earned["clean"] == pytest.approx(100)
    assert round(earned["sixty_two"]) == 62
    codes = {n: {c["code"] for c in r["codes"]} for n, (r, _) in graded.items()}
    assert codes["clean"] == set()
    assert "MISSED-IN-GROUP" in codes["misses_a_group"]
    assert "LEAK-POSTDISCH" in codes["reads_the_outcome"]
    assert "BRIER" in codes["honest_but_too_high"]
