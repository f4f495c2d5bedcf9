import numpy as np
import pytest
from scipy.stats import spearmanr

from coursekit.datasets import explained_background, make_explained
from coursekit.datasets.explained_model import draw_explained_model
from coursekit.datasets.explained_shapley import closed_form_shapley
from coursekit.errors import BadInput
from coursekit.interpret import (
    deletion_curve,
    explanation_similarity,
    faithfulness,
    randomised_model_check,
    stability,
)


@pytest.fixture(scope="module")
def course():
    cohort = make_explained(4, secret="tests", role="tune")
    background = explained_background("tests", n_patients=30)
    return draw_explained_model("tests"), cohort.X, background


def test_similarity_is_spearmans_of_sizes_and_works_on_maps():
    rng = np.random.default_rng(0)
    first, second = rng.normal(size=(4, 3, 5)), rng.normal(size=(4, 3, 5))
    found = explanation_similarity(first, second)
    for row in range(4):
        slow = spearmanr(np.abs(first[row].ravel()), np.abs(second[row].ravel()))
        assert found[row] == pytest.approx(slow.statistic)
    assert np.isnan(explanation_similarity(np.ones((1, 4)), second[:1, 0, :4]))[0]


def test_a_map_of_the_patient_stays_when_the_model_is_random_and_is_found_out():
    rng = np.random.default_rng(0)
    films, weights = rng.random((6, 8, 8)), rng.normal(size=(8, 8))
    others = [rng.normal(size=(8, 8)) for _ in range(3)]

    def of_the_model(weights, films):
        return weights * (1 + 0.1 * films)

    def edges(weights, films):
        return np.abs(np.diff(films, axis=1, prepend=0))

    good = randomised_model_check(of_the_model, weights, others, films)
    bad = randomised_model_check(edges, weights, others, films)
    assert good["changed"].tolist() == [True] * 3
    assert bad["changed"].tolist() == [False] * 3
    assert bad["similarity"].tolist() == pytest.approx([1.0] * 3)
    flat = randomised_model_check(lambda w, X: 0 * X, weights, others[:1], films)
    assert flat["changed"].tolist() == [False]


def test_true_values_move_little_with_measurement_error_and_others_much(course):
    model, X, background = course
    noise = {"systolic_mmhg": 2.0, "urea_mmol_l": 0.05}

    def true(X):
        return closed_form_shapley(model, X, background)

    def jumpy(X):
        return np.sign(np.sin(1e4 * np.asarray(X, float)))

    calm = stability(true, X, noise, random_state=0)
    assert calm["moved"].max() < 0.35
    assert calm["share"].to_numpy() == pytest.approx(
        calm["moved"] / np.abs(true(X)).max(axis=1)
    )
    assert stability(jumpy, X, noise, random_state=0)["moved"].mean() > 1
    none = stability(true, X, {"systolic_mmhg": 0.0})
    assert none["moved"].max() == 0


def test_the_true_explanation_beats_random_orders_and_a_reversed_one_loses(course):
    model, X, background = course
    true = closed_form_shapley(model, X, background)
    found = faithfulness(
        model.log_odds, X, background, true, n_random=4, random_state=0
    )
    assert found["beaten"] == 1.0
    assert found["area"] < 0.75 * found["random_area"]
    curve = deletion_curve(model.log_odds, X, background, 1 / (np.abs(true) + 1e-3))
    assert curve.iloc[0] == 1
    assert curve.iloc[-1] == 0
    assert (
        curve.iloc[5]
        > 0.9
        > deletion_curve(model.log_odds, X, background, true).iloc[5]
    )


def test_each_patient_has_an_order_of_their_own():
    def predict(X):
        return X[:, 0] + X[:, 1]

    X, background = np.array([[4.0, 1.0], [1.0, 4.0]]), np.zeros((1, 2))
    assert deletion_curve(predict, X, background, X).tolist() == [1.0, 0.2, 0.0]
    assert deletion_curve(predict, X, background, -1 / X).tolist() == [1.0, 0.8, 0.0]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: explanation_similarity([[1, 2, 3]], [[1, 2]]), "same shape"),
        (lambda: explanation_similarity([[1, 2]], [[1, 2]]), "fewer than three"),
        (lambda: randomised_model_check(None, None, [], None), "at least one random"),
        (lambda: stability(lambda X: X, np.ones((2, 2)), {"5": 1}), "no column '5'"),
        (lambda: stability(lambda X: X, np.ones((2, 2)), {"1": -1}), "negative"),
        (
            lambda: deletion_curve(len, np.ones((2, 2)), np.ones((1, 2)), [[1, 2]]),
            r"shape \(1, 2\)",
        ),
        (
            lambda: deletion_curve(
                lambda X: X[:, 0], np.ones((2, 2)), np.ones((1, 2)), np.ones((2, 2))
            ),
            "nothing to delete",
        ),
    ],
)
def test_impossible_questions_are_refused(call, message):
    with pytest.raises(BadInput, match=message):
        call()
