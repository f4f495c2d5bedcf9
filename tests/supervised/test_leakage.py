import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import make_readmission
from coursekit.errors import BadInput
from coursekit.supervised import (
    auroc_of_each_column,
    post_index_effect,
    risk_pipeline,
)


@pytest.fixture(scope="module")
def train():
    return make_readmission(1500, secret="leakage", role="train")


@pytest.fixture(scope="module")
def tune():
    return make_readmission(500, secret="leakage", role="tune")


def test_the_planted_leaks_stand_out_in_the_records(train):
    alone = auroc_of_each_column(train.X, train.y)
    assert set(alone.index[:2]) == set(train.post_index)
    assert alone.iloc[0] > 0.9


def test_the_planted_leaks_say_nothing_on_the_day_of_discharge(tune):
    alone = auroc_of_each_column(tune.X, tune.y)
    assert (alone[list(tune.post_index)] == 0.5).all()


def test_a_column_that_falls_with_risk_is_turned_round():
    X = pd.DataFrame({"up": [1, 2, 3, 4], "down": [4, 3, 2, 1]})
    assert (auroc_of_each_column(X, [0, 0, 1, 1]) == 1).all()


def test_a_lab_value_is_judged_on_those_in_whom_it_was_measured():
    X = pd.DataFrame({"lab": [1.0, 2.0, np.nan, np.nan]})
    assert auroc_of_each_column(X, [0, 1, 0, 1])["lab"] == 1


def test_a_column_measured_in_the_ill_only_is_unknown():
    X = pd.DataFrame({"lab": [np.nan, 2.0]})
    assert np.isnan(auroc_of_each_column(X, [0, 1])["lab"])


def test_words_are_ordered_by_the_share_of_the_ill():
    X = pd.DataFrame({"ward": ["c", "a", "b", None]})
    assert auroc_of_each_column(X, [1, 0, 0, 1])["ward"] == 1


def test_only_the_columns_that_a_model_uses_move_its_risks(train, tune):
    model = risk_pipeline("logistic", train.X[["age_years", "comorbidity_count"]])
    model.fit(train.X, train.y)
    moved = post_index_effect(model, tune.X, list(tune.X), drawn_from=train.X)
    assert set(moved[moved > 0].index) == {"age_years", "comorbidity_count"}


def test_a_leaky_model_is_moved_by_what_is_not_known_yet(train, tune):
    model = risk_pipeline("logistic", train.X).fit(train.X, train.y)
    moved = post_index_effect(model, tune.X, tune.post_index, drawn_from=train.X)
    assert moved["post_discharge_calls_30d"] > 0.01


def test_the_table_that_is_tried_stays_as_it_was(train, tune):
    before = tune.X.copy()
    model = risk_pipeline("logistic", train.X).fit(train.X, train.y)
    post_index_effect(model, tune.X, ["age_years"], drawn_from=train.X)
    pd.testing.assert_frame_equal(tune.X, before)


def test_a_column_that_is_not_there_is_named(train, tune):
    with pytest.raises(BadInput, match="no column 'shoe_size'"):
        post_index_effect(None, tune.X, ["shoe_size"], drawn_from=train.X)
