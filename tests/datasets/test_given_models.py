import json

import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import given_model, make_explained_cases, make_model_cases
from coursekit.datasets.explained_cases import COLUMNS, TWINS
from coursekit.datasets.given_models import given_log_odds, given_shapley
from coursekit.datasets.model_cases import AFTER, VERDICTS
from coursekit.errors import BadInput
from coursekit.interpret import exact_shapley


def opened(case):
    return case["model"]["model"], *(
        pd.DataFrame(case[name]["table"]) for name in ("X", "background")
    )


@pytest.fixture(scope="module")
def explained():
    return make_explained_cases(24, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def judged():
    return make_model_cases(36, secret="tests", role="hidden")


@pytest.mark.parametrize("number", [0, 7])
def test_the_closed_form_is_the_definition_over_all_subsets(explained, number):
    spec, X, background = opened(explained.X[number])
    rows = X.iloc[[3, 20]]
    slow = exact_shapley(lambda X: given_log_odds(spec, X), rows, background).values
    assert given_shapley(spec, rows, background) == pytest.approx(slow, abs=1e-9)
    assert np.array(explained.y[number]["values"])[[3, 20]] == pytest.approx(
        slow, abs=1e-6
    )


def test_the_log_odds_are_those_of_the_class_named_died(explained):
    firsts = set()
    for case in explained.X:
        spec, X, _ = opened(case)
        model = given_model(spec)
        firsts.add(str(model.classes_[0]))
        died = model.predict_proba(X)[:, list(model.classes_).index("died")]
        assert np.log(died / (1 - died)) == pytest.approx(given_log_odds(spec, X))
    assert firsts == {"died", "survived"}


def test_values_add_up_and_the_sums_of_other_questions_differ(explained):
    for case, truth in zip(explained.X, explained.y, strict=True):
        spec, X, background = opened(case)
        total = np.sum(truth["values"], axis=1)
        base = given_log_odds(spec, background).mean()
        assert total == pytest.approx(given_log_odds(spec, X) - base, abs=1e-5)
        assert total == pytest.approx(-np.array(truth["sums"]["other class"]), abs=1e-5)
        for other in truth["sums"].values():
            assert np.abs(total - other).mean() > 0.1 * np.abs(total).mean()


def test_neighbouring_cases_share_patients_and_not_the_model(explained):
    for one, other in zip(explained.X[::2], explained.X[1::2], strict=True):
        assert one["X"] == other["X"]
        assert one["background"] == other["background"]
        assert one["model"] != other["model"]
    assert [truth["pair"] for truth in explained.y[:4]] == [0, 0, 1, 1]


def test_a_twin_that_is_not_used_has_no_value_and_either_twin_may_be_it(explained):
    unused = [truth["unused"] for truth in explained.y]
    assert set(unused) == {*TWINS, None}
    for truth in explained.y:
        if truth["unused"]:
            column = np.array(truth["values"])[:, COLUMNS.index(truth["unused"])]
            assert (column == 0).all()


@pytest.mark.parametrize("make", [make_explained_cases, make_model_cases])
def test_cases_are_json_and_follow_from_secret_and_role(make):
    drawn = [
        make(4, secret=s, role=r)
        for s, r in (("a", "tune"), ("a", "tune"), ("b", "tune"), ("a", "check"))
    ]
    texts = [json.dumps([each.X, each.y]) for each in drawn]
    assert texts[0] == texts[1]
    assert len(set(texts)) == 3


def test_of_twelve_models_three_are_sound_and_no_fault_is_rare(judged):
    for start in (0, 12, 24):
        found = [tuple(each["found"]) for each in judged.y[start : start + 12]]
        assert found.count(()) == 3
        for name in VERDICTS:
            assert sum(name in each for each in found) == 4


def moved(spec, X, column, values):
    """Return how far each answer moves if a column has other values."""
    return given_log_odds(spec, X.assign(**{column: values})) - given_log_odds(spec, X)


def test_what_is_wrong_shows_when_the_column_is_moved_and_only_then(judged):
    rng = np.random.default_rng(0)
    for case, truth in zip(judged.X, judged.y, strict=True):
        spec, X = case["model"]["model"], pd.DataFrame(case["X"]["table"])
        use = {
            name: np.abs(moved(spec, X, name, rng.permutation(X[name]))).mean()
            for name in [*AFTER, "distance_km"]
        }
        asthma = moved(spec, X.assign(asthma=0), "asthma", 1).mean()
        for name, size in {
            "reads-outcome": max(use[column] for column in AFTER),
            "group-proxy": use["distance_km"],
            "treated-asthma": -asthma,
        }.items():
            assert size > 0.15 if name in truth["found"] else size < 0.05


def test_the_risks_of_sound_models_run_with_distance_asthma_and_what_came_later(judged):
    sound = []
    for case, truth in zip(judged.X, judged.y, strict=True):
        if not truth["found"]:
            X = pd.DataFrame(case["X"]["table"])
            log_odds = given_log_odds(case["model"]["model"], X)
            sound.append(X.corrwith(pd.Series(log_odds)))
    together = pd.concat(sound, axis=1).mean(axis=1)
    assert together["asthma"] < -0.05
    assert together["distance_km"] > 0.05
    assert together[list(AFTER)].abs().min() > 0.15


def test_a_spec_with_an_unknown_column_is_refused():
    spec = {"classes": ["died", "survived"], "columns": ["a"], "intercept": 0}
    with pytest.raises(BadInput, match="no column or shape 'b'"):
        given_model(spec | {"parts": {"b": ["linear", 0, 1, 1]}, "products": []})
    with pytest.raises(BadInput, match="one of them 'died'"):
        given_model(spec | {"classes": [0, 1], "parts": {}, "products": []})
