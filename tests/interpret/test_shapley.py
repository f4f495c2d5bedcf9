import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import explained_background, make_explained
from coursekit.datasets.explained_model import draw_explained_model
from coursekit.errors import BadInput
from coursekit.interpret import (
    Explanation,
    check_additive,
    exact_shapley,
    sampled_shapley,
)


@pytest.fixture(scope="module")
def truth():
    cohort = make_explained(2, secret="tests", role="tune")
    background = explained_background("tests")
    predict = draw_explained_model("tests").log_odds
    return predict, cohort.X.to_numpy(float), background.to_numpy(float), cohort.truth


def product(X):
    return X[:, 0] * X[:, 1] * X[:, 2] + X[:, 1]


def test_exact_values_are_the_closed_form_of_the_generator(truth):
    predict, X, background, true = truth
    found = exact_shapley(predict, X, background, scale="log-odds")
    assert found.values == pytest.approx(true.detail["shapley"], abs=1e-9)
    assert found.base == pytest.approx(true.effects["background_log_odds"], abs=1e-9)
    assert found.scale == "log-odds"


def test_three_factors_share_their_product_equally():
    found = exact_shapley(product, np.ones((1, 3)), np.zeros((1, 3)))
    assert found.values[0] == pytest.approx([1 / 3, 4 / 3, 1 / 3])


def test_sampled_values_add_up_and_come_close_within_their_standard_error(truth):
    predict, X, background, true = truth
    found = sampled_shapley(predict, X, background, n_permutations=4, random_state=1)
    assert found.total == pytest.approx(true.detail["log_odds"], abs=1e-6)
    assert found.values == pytest.approx(true.detail["shapley"], abs=1e-9)  # pairs

    rng = np.random.default_rng(0)
    X, background = rng.normal(size=(20, 3)), rng.normal(size=(15, 3))
    exact = exact_shapley(product, X, background).values
    found = sampled_shapley(product, X, background, n_permutations=30, random_state=0)
    far = np.abs(found.values - exact) / (found.standard_error + 1e-9)
    assert (found.standard_error > 0).mean() > 0.9
    assert (far < 2.5).mean() > 0.9
    assert np.abs(found.values - exact).max() > 1e-6


def test_a_table_with_text_is_explained_and_keeps_its_types():
    X = pd.DataFrame({"sex": ["F", "M"], "age_years": [50, 80]})
    seen = []

    def predict(table):
        seen.append([str(kind) for kind in table.dtypes])
        return (table["sex"] == "F") * table["age_years"] / 10

    found = exact_shapley(predict, X, X)
    assert found.values.shape == (2, 2)
    assert found.features == ("sex", "age_years")
    assert {tuple(kinds) for kinds in seen} == {("str", "int64")}
    assert found.values.sum(axis=0).sum() == pytest.approx(0, abs=1e-9)


def test_a_model_that_changes_its_mind_is_refused():
    answer = np.random.default_rng(0)
    with pytest.raises(BadInput, match="answers differently when asked twice"):
        exact_shapley(lambda X: answer.random(len(X)), np.ones((2, 2)), np.eye(2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: exact_shapley(product, np.ones((1, 13)), np.ones((1, 13))),
            "2 \\*\\*",
        ),
        (lambda: exact_shapley(product, np.ones((1, 3)), np.ones((1, 4))), "different"),
        (lambda: exact_shapley(product, np.ones(3), np.ones((1, 3))), r"shape \(3,\)"),
        (lambda: exact_shapley(lambda X: X, np.eye(2), np.eye(2)), "one number a row"),
        (
            lambda: exact_shapley(lambda X: X[:, 0] / 0, -np.eye(2), -np.eye(2)),
            "missing",
        ),
        (
            lambda: sampled_shapley(
                product, np.ones((1, 3)), np.ones((1, 3)), n_permutations=1
            ),
            "two or more",
        ),
    ],
)
def test_what_cannot_be_explained_is_refused_by_name(call, message):
    with np.errstate(all="ignore"), pytest.raises(BadInput, match=message):
        call()


def test_importance_is_the_mean_size_and_the_table_has_the_names():
    values = np.array([[1.0, -3.0], [1.0, 1.0]])
    found = Explanation(values, 0.5, ("age", "asthma"), "log-odds")
    assert found.importance().to_dict() == {"asthma": 2.0, "age": 1.0}
    assert list(found.importance().index) == ["asthma", "age"]
    assert found.table()["asthma"].tolist() == [-3.0, 1.0]
    check_additive(found, [-1.5, 2.5])
    with pytest.raises(BadInput, match="miss the log-odds by up to 1e-05"):
        check_additive(found, [-1.5, 2.50001])
