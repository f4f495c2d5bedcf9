import numpy as np
import pandas as pd
import pytest

from coursekit.errors import BadInput
from coursekit.metrics.inputs import (
    read_binary,
    read_group,
    read_numbers,
    read_patient,
    read_risk,
    same_length,
)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ([], "at least one row"),
        ([[1, 0]], r"shape \(1, 2\)"),
        (["1", "0"], "Give numbers"),
        (np.array(["1", "0"], dtype=object), "non-numeric"),
        ([1.0, np.nan, np.inf], "2 missing or infinite"),
        (pd.array([1, None], dtype="Int64"), "1 missing"),
        ([1 + 1j], "complex"),
    ],
)
def test_what_is_not_a_column_of_numbers_is_refused(values, why):
    with pytest.raises(BadInput, match=why):
        read_numbers(values, "risk")


@pytest.mark.parametrize(
    "values",
    [
        [1, 0],
        [True, False],
        (1.0, 0.0),
        pd.Series([1, 0], index=[7, 3]),
        pd.array([1, 0], dtype="Int64"),
        np.array([True, False], dtype=object),
    ],
)
def test_every_honest_form_of_outcomes_is_read(values):
    assert read_binary(values, "y_true").tolist() == [True, False]


def test_an_outcome_of_two_is_refused_by_value():
    with pytest.raises(BadInput, match="alerts contains 2; every value must be 0 or 1"):
        read_binary([0, 2, 1], "alerts")


@pytest.mark.parametrize("risk", [[-0.1, 0.5], [0.5, 1.2]])
def test_a_score_is_no_probability(risk):
    with pytest.raises(BadInput, match="predict_proba"):
        read_risk(risk)


def test_rows_of_different_number_are_refused_with_both_numbers():
    with pytest.raises(BadInput, match="y_true 2, alerts 3"):
        same_length(y_true=[1, 0], alerts=[1, 0, 1])


@pytest.mark.parametrize("missing", [None, np.nan, pd.NA])
def test_a_row_without_a_group_is_refused_and_told_how_to_mend_it(missing):
    with pytest.raises(BadInput, match=r"1 of 3 rows .* 'ward'.*not recorded"):
        read_group(pd.Series(["a", missing, "b"], name="ward"), 3)


def test_groups_stand_in_sorted_order_whatever_their_type():
    for labels in (["b", "a", "b"], [2, 1, 2], [True, False, True]):
        codes, found = read_group(labels, 3)
        assert codes.tolist() == [1, 0, 1]
        assert found.tolist() == sorted(set(labels))


def test_the_name_of_the_column_is_kept():
    assert read_group(pd.Series(["a"], name="ward"), 1)[1].name == "ward"
    assert read_group(pd.DataFrame({"ward": ["a"]}), 1)[1].name == "ward"


def test_intersections_are_the_combinations_that_occur():
    frame = pd.DataFrame({"sex": ["m", "f", "f", "m"], "ward": [2, 1, 2, 2]})
    codes, labels = read_group(frame, 4)
    assert labels.tolist() == [("f", 1), ("f", 2), ("m", 2)]
    assert codes.tolist() == [2, 0, 1, 2]
    assert labels.names == ["sex", "ward"]


def test_a_table_without_column_names_is_no_group():
    with pytest.raises(BadInput, match="DataFrame of several"):
        read_group(np.array([["a", "b"]]), 1)


@pytest.mark.parametrize("group", [["a"], pd.DataFrame({"a": [1], "b": [2]})])
def test_groups_for_too_few_rows_are_refused(group):
    with pytest.raises(BadInput, match="1 labels for 2 rows"):
        read_group(group, 2)


@pytest.mark.parametrize("patient", [["p"], ["p", None], [["p", "q"]]])
def test_every_row_needs_a_patient(patient):
    with pytest.raises(BadInput, match="one label for each of the 2 rows"):
        read_patient(patient, 2)
