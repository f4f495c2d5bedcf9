import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from coursekit.datasets import make_gap
from coursekit.errors import BadInput
from coursekit.fairness import expected_label, weighted_rows


def test_among_those_without_a_record_as_many_are_ill_as_expected():
    train = make_gap(
        40_000, secret="s", role="train", mechanisms=["under-ascertainment"]
    )
    b = (train.groups["group"] == "B").to_numpy()
    share = np.where(b, 1 - train.truth.label_error["B"], 1.0)
    label = expected_label(train.y, train.truth.risk, share)
    doubted = b & (train.y == 0)
    for low, high in [(0, 0.2), (0.2, 0.5), (0.5, 1)]:
        cell = doubted & (train.truth.risk > low) & (train.truth.risk <= high)
        ill = train.truth.outcome[cell].mean()
        assert label[cell].mean() == pytest.approx(ill, abs=0.03)
    assert (label[~b] == train.y[~b]).all()


def test_a_label_of_something_else_is_replaced_by_the_risk():
    assert expected_label([1, 0], [0.2, 0.3], [0.0, 0.0]).tolist() == [0.2, 0.3]


def test_a_model_learns_a_chance_from_weighted_rows():
    rng = np.random.default_rng(0)
    X = pd.DataFrame({"x": rng.normal(size=5000)})
    chance = 1 / (1 + np.exp(-(2 * X["x"] - 1)))
    rows, y, weight = weighted_rows(X, chance)
    model = LogisticRegression(C=1e6).fit(rows, y, sample_weight=weight)
    assert model.coef_[0, 0] == pytest.approx(2, abs=0.01)
    assert model.intercept_[0] == pytest.approx(-1, abs=0.01)


def test_rows_of_weight_0_are_left_out():
    rows, y, weight = weighted_rows(pd.DataFrame({"x": [1, 2]}), [1.0, 0.0])
    assert (rows["x"].tolist(), y.tolist(), weight.tolist()) == ([1, 2], [1, 0], [1, 1])


@pytest.mark.parametrize("label", [[0.5], [0.5, 1.5]])
def test_labels_that_are_no_chances_are_refused(label):
    with pytest.raises(BadInput, match="one expected label"):
        weighted_rows(pd.DataFrame({"x": [1, 2]}), label)


def test_a_share_beyond_1_is_refused():
    with pytest.raises(BadInput, match="between 0 and 1"):
        expected_label([1], [0.5], 1.2)
