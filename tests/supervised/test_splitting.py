import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.supervised import share_seen_before, split_by_patient


@pytest.fixture
def patient():
    return np.random.default_rng(0).integers(0, 300, 1000)


@pytest.mark.parametrize("random_state", range(5))
def test_no_patient_stands_on_both_sides(patient, random_state):
    train, test = split_by_patient(patient, random_state=random_state)
    assert not set(patient[train]) & set(patient[test])
    assert sorted([*train, *test]) == list(range(1000))


def test_the_share_held_out_is_one_of_patients_not_of_rows(patient):
    _, test = split_by_patient(patient, test_share=0.2)
    n_patients = len(np.unique(patient))
    assert len(np.unique(patient[test])) == pytest.approx(0.2 * n_patients, abs=1)


def test_the_same_state_splits_the_same_way(patient):
    first, second = (split_by_patient(patient, random_state=3)[1] for _ in range(2))
    assert (first == second).all()
    other = split_by_patient(patient, random_state=4)[1]
    assert len(first) != len(other) or (first != other).any()


def test_one_patient_cannot_be_split():
    with pytest.raises(BadInput, match="one patient only"):
        split_by_patient(["ann", "ann"])


def test_nobody_is_seen_before_after_a_split_by_patient(patient):
    assert share_seen_before(patient, *split_by_patient(patient)) == 0


def test_a_split_by_row_has_seen_most_patients_before(patient):
    rows = np.random.default_rng(1).permutation(1000)
    assert share_seen_before(patient, rows[:700], rows[700:]) > 0.7


def test_without_test_rows_the_share_is_unknown():
    assert np.isnan(share_seen_before(["ann"], [0], []))
