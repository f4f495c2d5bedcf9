import numpy as np
import pytest

from coursekit.datasets import make_gap
from coursekit.fairness import reweighing_weights


def test_with_the_weights_group_and_label_are_independent():
    train = make_gap(4000, secret="s", role="train", mechanisms=["under-ascertainment"])
    group = train.groups["group"]
    weight = reweighing_weights(train.y, group)
    rate = np.average(train.y, weights=weight)
    for name in "AB":
        here = (group == name).to_numpy()
        assert np.average(train.y[here], weights=weight[here]) == pytest.approx(rate)
        assert weight[here].sum() == pytest.approx(here.sum())
    assert rate == pytest.approx(train.y.mean())


def test_where_they_are_independent_already_all_weights_are_1():
    assert reweighing_weights([1, 0, 1, 0], list("aabb")).tolist() == [1, 1, 1, 1]


def test_three_groups_get_weights_too():
    weight = reweighing_weights([1, 0, 0, 1, 0, 1], list("aabbcc"))
    assert weight.mean() == pytest.approx(1)
