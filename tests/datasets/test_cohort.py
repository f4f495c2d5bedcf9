from dataclasses import fields, replace

import numpy as np
import pytest

from coursekit.datasets import ShownCohort, make_readmission, take_rows
from coursekit.errors import BadInput


@pytest.fixture(scope="module")
def cohort():
    return make_readmission(60, secret="tests", role="train")


def test_a_shown_cohort_carries_no_truth_in_any_field(cohort):
    shown = cohort.shown(["group"])
    assert type(shown) is ShownCohort
    assert {field.name for field in fields(shown)} == {
        *("role", "X", "y", "groups", "patient")
    }
    assert not hasattr(shown, "truth")


def test_group_columns_reach_the_model_only_where_given(cohort):
    assert "group" not in cohort.inputs()
    assert list(cohort.inputs(["group"]).columns) == [*cohort.X.columns, "group"]


def test_taken_rows_keep_features_groups_outcome_and_risk_together(cohort):
    rows = np.array([5, 1, 7])
    taken = cohort.take(rows)
    assert taken.X.equals(cohort.X.iloc[rows].reset_index(drop=True))
    assert (taken.truth.risk == cohort.truth.risk[rows]).all()
    assert (taken.y == cohort.y[rows]).all()
    assert (taken.patient == cohort.patient[rows]).all()
    assert list(taken.groups["group"]) == list(cohort.groups["group"].iloc[rows])


def test_rows_can_be_taken_by_a_mask(cohort):
    mask = cohort.y == 1
    assert len(cohort.take(mask)) == mask.sum()


def test_parts_of_unequal_length_are_refused(cohort):
    with pytest.raises(BadInput, match="values in y"):
        replace(cohort, y=cohort.y[1:])


def test_rows_of_arrays_and_lists_can_be_taken():
    assert take_rows(np.arange(6).reshape(3, 2), [2]).tolist() == [[4, 5]]
    assert take_rows(["a", "b"], [1, 1]) == ["b", "b"]
