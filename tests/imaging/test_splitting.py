import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.imaging import split_by_patient, split_by_site


@pytest.fixture
def patient():
    return np.random.default_rng(0).integers(0, 200, 500)


def test_no_patient_stands_in_two_parts_and_no_film_is_lost(patient):
    parts = split_by_patient(patient, random_state=1)
    assert sorted(np.concatenate(parts)) == list(range(500))
    people = [set(patient[part]) for part in parts]
    assert not people[0] & people[1]
    assert not people[1] & people[2]
    assert not people[0] & people[2]


def test_shares_are_of_patients(patient):
    parts = split_by_patient(patient, shares=(0.5, 0.3, 0.2))
    n_patients = len(set(patient))
    shares = [len(set(patient[part])) / n_patients for part in parts]
    assert shares == pytest.approx([0.5, 0.3, 0.2], abs=1 / n_patients)


def test_the_same_state_splits_the_same_way(patient):
    first, again, other = (
        split_by_patient(patient, random_state=s)[0].tolist() for s in (3, 3, 4)
    )
    assert first == again != other


def test_impossible_parts_are_refused(patient):
    with pytest.raises(BadInput, match="sum to 1"):
        split_by_patient(patient, shares=(0.5, 0.4))
    with pytest.raises(BadInput, match="2 patients are too few for 3 parts"):
        split_by_patient(["ann", "bob", "bob"])


def test_a_site_held_out_is_on_one_side_only():
    site = np.array(["a", "b", "c", "a", "b"])
    inside, outside = split_by_site(site, ["b", "c"])
    assert set(site[inside]) == {"a"}
    assert outside.tolist() == [1, 2, 4]
    with pytest.raises(BadInput, match=r"No film is from \['x'\]"):
        split_by_site(site, "x")
    with pytest.raises(BadInput, match="nothing to train on"):
        split_by_site(site, ["a", "b", "c"])
