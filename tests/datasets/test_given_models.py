import json

import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import given_model, make_explained_cases, make_model_cases
from coursekit.datasets.explained_cases import COLUMNS, TWINS, draw_spec
from coursekit.datasets.given_models import given_log_odds, given_shapley, sealed
from coursekit.datasets.model_cases import AFTER, VERDICTS, draw_case
from coursekit.errors import BadInput
from coursekit.interpret import exact_shapley


def asked(case):
    """Return a function that asks a case's model for the log odds of death."""
    model = given_model(case["model"]["model"])
    column = list(model.classes_).index("died")

    def log_odds(X):
        died = model.predict_proba(X)[:, column]
        return np.log(died / (1 - died))

    return log_odds


def tables(case):
    return tuple(pd.DataFrame(case[name]["table"]) for name in ("X", "background"))


def spec_of(seed):
    return draw_spec(np.random.default_rng(seed))[0]


@pytest.fixture(scope="module")
def explained():
    return make_explained_cases(24, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def judged():
    return make_model_cases(36, secret="tests", role="hidden")


@pytest.mark.parametrize("number", [0, 7])
def test_the_closed_form_is_the_definition_over_all_subsets(explained, number):
    case = explained.X[number]
    X, background = tables(case)
    rows, spec = X.iloc[[3, 20]], spec_of(number)
    slow = exact_shapley(lambda X: given_log_odds(spec, X), rows, background).values
    assert given_shapley(spec, rows, background) == pytest.approx(slow, abs=1e-9)
    served = exact_shapley(asked(case), rows, background).values
    true = np.array(explained.y[number]["values"])[[3, 20]]
    assert true == pytest.approx(served, abs=2e-6)


def test_the_log_odds_are_those_of_the_class_named_died(explained):
    X, _ = tables(explained.X[0])
    firsts = set()
    for seed in range(8):
        spec, rng = spec_of(seed), np.random.default_rng(seed)
        firsts.add(spec["classes"][0])
        said = asked({"model": {"model": sealed(spec, rng)}})
        assert said(X) == pytest.approx(given_log_odds(spec, X), abs=1e-6)
        assert said(X.to_numpy()) == pytest.approx(said(X), abs=1e-9)
        assert said(X[[*COLUMNS[::-1]]]) == pytest.approx(said(X), abs=1e-9)
    assert firsts == {"died", "survived"}


def test_no_number_of_a_served_model_is_that_of_one_column_and_none_stands_out():
    ranks, used = [], []
    for seed in range(40):
        spec = spec_of(seed)
        served = sealed(spec, np.random.default_rng(seed))
        weights = [spec["parts"][name][3] for name in COLUMNS]
        told = np.abs([*served["up"], *served["down"]])
        assert not np.isin(np.abs(weights)[np.nonzero(weights)], told).any()
        assert set(served) == {"classes", "columns", "scales", "up", "down"}
        up, down = (np.square(served[units]).sum(axis=0) for units in ("up", "down"))
        assert up[1:] == pytest.approx(down[1:], abs=1e-6)
        ranks.append(np.argsort(np.argsort(up[1:])))
        used.append(np.abs(weights))
    together = np.corrcoef(np.ravel(ranks), np.ravel(used))[0, 1]
    assert abs(together) < 0.15


def test_values_add_up_and_the_sums_of_other_questions_differ(explained):
    for case, truth in zip(explained.X, explained.y, strict=True):
        (X, background), log_odds = tables(case), asked(case)
        total = np.sum(truth["values"], axis=1)
        base = log_odds(background).mean()
        assert total == pytest.approx(log_odds(X) - base, abs=1e-5)
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


def moved(log_odds, X, column, values):
    """Return how far each answer moves if a column has other values."""
    return log_odds(X.assign(**{column: values})) - log_odds(X)


def test_what_is_wrong_shows_when_the_column_is_moved_and_only_then(judged):
    rng = np.random.default_rng(0)
    for case, truth in zip(judged.X, judged.y, strict=True):
        log_odds, X = asked(case), pd.DataFrame(case["X"]["table"])
        use = {
            name: np.abs(moved(log_odds, X, name, rng.permutation(X[name]))).mean()
            for name in [*AFTER, "distance_km"]
        }
        asthma = moved(log_odds, X.assign(asthma=0), "asthma", 1).mean()
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
            sound.append(X.corrwith(pd.Series(asked(case)(X))))
    together = pd.concat(sound, axis=1).mean(axis=1)
    assert together["asthma"] < -0.05
    assert together["distance_km"] > 0.05
    assert together[list(AFTER)].abs().min() > 0.15


def test_a_proxy_that_works_both_ways_has_hardly_a_mean_effect():
    rng = np.random.default_rng(0)
    for both_ways, low, high in ((True, 0, 0.35), (False, 0.7, 2.2)):
        for _ in range(6):
            case = draw_case(["group-proxy"], both_ways, "tests", rng)
            log_odds, X = asked(case), pd.DataFrame(case["X"]["table"])
            ends = X["distance_km"].quantile([0.1, 0.9])
            near, far = (moved(log_odds, X, "distance_km", end) for end in ends)
            assert low <= abs((far - near).mean()) < high
            assert np.abs(far - near).mean() > 0.5


def test_a_spec_with_an_unknown_column_is_refused():
    rng = np.random.default_rng(0)
    spec = {"classes": ["died", "survived"], "columns": ["a"], "intercept": 0}
    for parts, column in (({"b": ["linear", 0, 1, 1]}, "b"), ({}, "a")):
        with pytest.raises(BadInput, match=f"no column or shape {column!r}"):
            sealed(spec | {"parts": parts, "products": []}, rng)
    with pytest.raises(BadInput, match="one of them 'died'"):
        sealed(spec | {"classes": [0, 1], "parts": {}, "products": []}, rng)
