"""The pages of docs/samples say what the scorer says of the samples beside them."""

import importlib
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def imported(name):
    """Import a benchmark; the two of this file know each other by name."""
    sys.path.insert(0, str(ROOT / "benchmarks"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / "benchmarks"))


samples, guessed_marks = imported("samples"), imported("guessed_marks")
SAMPLES = {each.name: each for each in samples.samples()}


@pytest.fixture(scope="module")
def course():
    """The rubric of the sample course; sample -> score record, local check."""
    return guessed_marks.graded(samples.SECRET)


def same_but_for_rounding(made, stored):
    """Compare words exactly, numbers as far as processors agree."""
    assert NUMBER.sub("#", made).split() == NUMBER.sub("#", stored).split()
    numbers = [list(map(float, NUMBER.findall(text))) for text in (made, stored)]
    assert numbers[0] == pytest.approx(numbers[1], abs=0.06)


@pytest.mark.parametrize("name", SAMPLES)
def test_the_page_of_a_sample_is_what_the_scorer_makes_of_it(course, name):
    stored = (samples.SAMPLES / f"{name}.md").read_text("utf-8")
    same_but_for_rounding(samples.page(SAMPLES[name], *course[1][name]), stored)


def test_the_page_of_marks_has_the_tables_of_these_samples(course):
    stored = samples.MARKS.read_text("utf-8")
    made = samples.with_tables(stored, samples.tables(*course))
    same_but_for_rounding(made, stored)


def test_the_samples_earn_what_their_names_promise(course):
    records = {name: record for name, (record, _) in course[1].items()}
    earned = {name: samples.measured_points(each) for name, each in records.items()}
    codes = {n: {c["code"] for c in each["codes"]} for n, each in records.items()}
    assert earned["clean"] == pytest.approx(100)
    assert codes["clean"] == set()
    assert round(earned["sixty_two"]) == 62
    assert "MISSED-IN-GROUP" in codes["misses_a_group"]
    assert "LEAK-POSTDISCH" in codes["reads_the_outcome"]
    assert "BRIER" in codes["honest_but_too_high"]


def test_the_rule_of_the_page_guesses_each_sample_within_5_points(course):
    lock, found = course
    for name, given in found.items():
        measured, guessed = guessed_marks.mark_and_guess(lock, *given)
        assert guessed == pytest.approx(measured, abs=5), name
