import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import make_explained
from coursekit.errors import BadInput
from coursekit.interpret import (
    coded_families,
    correlated_families,
    permutation_importance,
)


@pytest.fixture(scope="module")
def cohort():
    return make_explained(3000, secret="tests", role="tune")


def kidney_twice(X):
    """Predict from urea and creatinine, half and half: either can stand in."""
    return np.log(X["urea_mmol_l"]) / 0.5 + np.log(X["creatinine_umol_l"]) / 0.4


def test_two_columns_that_tell_the_same_seem_unimportant_until_shuffled_together(
    cohort,
):
    X, y = cohort.X[["urea_mmol_l", "creatinine_umol_l", "temperature_c"]], cohort.y
    alone = permutation_importance(kidney_twice, X, y, random_state=0)
    families = correlated_families(X)
    assert families == {
        "urea_mmol_l + creatinine_umol_l": ["urea_mmol_l", "creatinine_umol_l"]
    }
    both = permutation_importance(kidney_twice, X, y, families=families, random_state=0)
    together = both["importance"].iloc[0]
    assert both["columns"].iloc[0] == "urea_mmol_l, creatinine_umol_l"
    assert together > 1.3 * (
        alone["importance"]["urea_mmol_l"] + alone["importance"]["creatinine_umol_l"]
    )
    assert both["importance"]["temperature_c"] == 0


def test_shuffling_all_that_is_used_leaves_chance(cohort):
    X, y = cohort.X[["age_years", "asthma"]], cohort.y
    table = permutation_importance(
        lambda X: X["age_years"], X, y, n_repeats=4, random_state=0
    )
    assert table.index[0] == "age_years"
    assert table.loc["age_years", "low"] <= table.loc["age_years", "importance"]
    assert table.loc["age_years", "importance"] <= table.loc["age_years", "high"]
    assert table.loc["age_years", "importance"] == pytest.approx(0.2, abs=0.08)


def test_coded_columns_are_shuffled_so_that_each_patient_keeps_one_category():
    ward = pd.get_dummies(
        pd.Series(list("abcabcabcabc")), prefix="ward", prefix_sep="="
    )
    X = ward.astype(int).assign(age_years=range(12))
    families = coded_families(X.columns)
    assert families == {"ward": ["ward=a", "ward=b", "ward=c"]}
    sums = []

    def predict(table):
        sums.append(table[list(ward)].sum(axis=1).to_numpy())
        return table["ward=a"]

    y = np.tile([1, 0, 0], 4)
    permutation_importance(predict, X, y, families=families, random_state=0)
    assert all((total == 1).all() for total in sums)
    sums.clear()
    permutation_importance(predict, X, y, random_state=0)
    assert not all((total == 1).all() for total in sums)


def test_chains_of_correlated_columns_are_one_family():
    parts = np.random.default_rng(0).normal(size=(7, 400))
    links = {f"x{k}": parts[k] + parts[k + 1] for k in range(5)}
    X = pd.DataFrame({**links, "alone": parts[6]})[
        ["x0", "x2", "x4", "x1", "alone", "x3"]
    ]
    assert abs(X["x0"].corr(X["x2"])) < 0.2
    found = correlated_families(X, at_least=0.4)
    assert list(found.values()) == [["x0", "x2", "x4", "x1", "x3"]]
    assert correlated_families(X, at_least=0.9) == {}


def test_unknown_columns_and_columns_in_two_families_are_refused(cohort):
    X, y = cohort.X[:50], cohort.y[:50]

    def ask(**how):
        return permutation_importance(lambda X: X["age_years"], X, y, **how)

    with pytest.raises(BadInput, match="no column 'height'"):
        ask(families={"size": ["height"]})
    with pytest.raises(BadInput, match="asthma stands in two families"):
        ask(families={"one": ["asthma"], "two": ["asthma", "age_years"]})
    with pytest.raises(BadInput, match="two or more"):
        ask(n_repeats=1)
