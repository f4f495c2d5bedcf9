import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import make_gap
from coursekit.errors import BadInput, NotEstimable
from coursekit.fairness import ascertainment_weights, recorded_share


@pytest.fixture(scope="module")
def missing():
    return [
        make_gap(n, secret="s", role=role, mechanisms=["under-ascertainment"])
        for n, role in [(8000, "train"), (8000, "tune")]
    ]


def test_the_share_recorded_is_found_from_an_audit_of_other_patients(missing):
    train, tune = missing
    share = recorded_share(train.y, train.groups["group"], tune.y, tune.groups["group"])
    assert share["B"] == pytest.approx(1 - train.truth.label_error["B"], abs=0.05)
    assert share["A"] > 0.95


def test_the_weights_give_each_group_its_true_number_of_events(missing):
    train, _ = missing
    group = train.groups["group"]
    share = pd.Series({"A": 1.0, "B": 1 - train.truth.label_error["B"]})
    weight = ascertainment_weights(train.y, group, share)
    for name in "AB":
        here = (group == name).to_numpy()
        true = train.truth.outcome[here].sum()
        assert weight[here].sum() == pytest.approx(here.sum())
        assert weight[here] @ train.y[here] == pytest.approx(true, rel=0.08)


def test_a_complete_record_is_left_as_it_is():
    share = pd.Series({"a": 1.0})
    assert ascertainment_weights([1, 0, 0], list("aaa"), share).tolist() == [1, 1, 1]


def test_a_group_of_recorded_events_only_has_no_rows_to_weigh_down():
    share = pd.Series({"a": 1.0})
    assert ascertainment_weights([1, 1], list("aa"), share).tolist() == [1, 1]


def test_an_audit_without_events_of_a_group_says_so():
    with pytest.raises(NotEstimable, match="no event in group b"):
        recorded_share([1, 0, 1, 0], list("aabb"), [1, 0], list("ab"))


@pytest.mark.parametrize("share", [{"a": 0.0}, {"a": 1.5}, {"b": 0.5}, {"a": 0.2}])
def test_impossible_shares_are_refused(share):
    with pytest.raises(BadInput):
        ascertainment_weights(np.array([1, 0, 0]), list("aaa"), pd.Series(share))
