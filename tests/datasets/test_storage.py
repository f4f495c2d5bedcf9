import json
import os
import stat
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import (
    Cohort,
    Truth,
    make_readmission,
    read_cohort,
    read_holdout_inputs,
    read_holdout_truth,
    write_cohort,
    write_holdout,
)
from coursekit.errors import BadData, BadInput


@pytest.fixture(scope="module")
def cohort():
    return make_readmission(300, secret="tests", role="train")


@pytest.fixture
def holdout(cohort, tmp_path):
    write_holdout(tmp_path / "hidden", cohort)
    return tmp_path / "hidden"


def cohort_of(X):
    n_rows = len(X)
    y = np.arange(n_rows) % 2
    groups = pd.DataFrame({"group": ["A", "B"] * (n_rows // 2)})
    return Cohort("tune", X, y, groups, np.arange(n_rows), Truth(outcome=y))


IMAGES = cohort_of(np.random.default_rng(0).random((4, 1, 3, 3)).astype("float32"))
NOTES = cohort_of(["No fever.", "Cough", "", "Chest\npain"])


@pytest.mark.parametrize("given", [[], ["group"], ["group", "sex"]])
def test_students_read_back_exactly_what_they_may_see(cohort, given, tmp_path):
    shown = cohort.shown(given)
    write_cohort(tmp_path, shown)
    read = read_cohort(tmp_path, "train")
    pd.testing.assert_frame_equal(read.X, shown.X, check_exact=True)
    pd.testing.assert_frame_equal(read.groups, shown.groups)
    assert read.role == "train"
    for name in ("y", "patient"):
        stored, kept = getattr(read, name), getattr(shown, name)
        assert stored.dtype == kept.dtype
        assert (stored == kept).all()


def test_a_cohort_with_its_truth_is_not_written_for_students(cohort, tmp_path):
    with pytest.raises(BadInput, match=r"Call cohort\.shown\(\) first"):
        write_cohort(tmp_path / "new", cohort)
    assert not (tmp_path / "new").exists()


def test_no_truth_reaches_the_students_file(cohort, tmp_path):
    path = write_cohort(tmp_path, cohort.shown())
    columns = pd.read_csv(path, comment="#").columns
    assert set(columns) == {*cohort.X, *cohort.groups, "patient", "outcome"}
    assert (pd.read_csv(path, comment="#")["outcome"] == cohort.y).all()


def test_the_same_cohort_gives_the_same_bytes(cohort, tmp_path):
    first, second = (
        write_cohort(tmp_path / name, cohort.shown()).read_bytes() for name in "ab"
    )
    assert first == second


@pytest.mark.parametrize("other", [IMAGES, NOTES], ids=["images", "notes"])
def test_images_and_notes_are_stored_as_tables_are(other, tmp_path):
    write_cohort(tmp_path / "shown", other.shown())
    write_holdout(tmp_path / "held", other)
    read = read_cohort(tmp_path / "shown", "tune")
    assert np.array_equal(read.X, other.X)
    assert (read.y == other.y).all()
    assert read.groups.equals(other.groups)
    assert np.array_equal(read_holdout_inputs(tmp_path / "held"), other.X)
    assert (read_holdout_truth(tmp_path / "held").truth.outcome == other.y).all()


def test_a_new_kind_of_inputs_replaces_the_old_one(tmp_path):
    for other in (NOTES, IMAGES):
        write_cohort(tmp_path, other.shown())
        write_holdout(tmp_path / "held", other)
    assert np.array_equal(read_cohort(tmp_path, "tune").X, IMAGES.X)
    assert np.array_equal(read_holdout_inputs(tmp_path / "held"), IMAGES.X)


def test_a_feature_that_differs_from_a_group_of_its_name_is_refused(cohort, tmp_path):
    X = cohort.X.assign(group="C")
    with pytest.raises(BadInput, match="Two different columns are called 'group'"):
        write_cohort(tmp_path, replace(cohort, X=X).shown())


@pytest.mark.parametrize("name", ["patient", "outcome"])
def test_a_feature_named_like_the_outcome_or_the_patient_is_refused(
    name, cohort, tmp_path
):
    X = cohort.X.assign(**{name: 1})
    with pytest.raises(BadInput, match=f"called '{name}'"):
        write_cohort(tmp_path, replace(cohort, X=X).shown())


def test_a_table_that_is_no_cohort_is_refused(holdout):
    with pytest.raises(BadData, match="a table but not a cohort"):
        read_cohort(holdout / "inputs", "X")


def test_hidden_patients_are_read_back_whole(cohort, holdout):
    read = read_holdout_truth(holdout)
    pd.testing.assert_frame_equal(read_holdout_inputs(holdout), cohort.X)
    pd.testing.assert_frame_equal(read.groups, cohort.groups)
    for stored, kept in [
        (read.y, cohort.y),
        (read.patient, cohort.patient),
        (read.truth.outcome, cohort.truth.outcome),
        (read.truth.risk, cohort.truth.risk),
    ]:
        assert stored.dtype == kept.dtype
        assert (stored == kept).all()
    for name in ("label_error", "effects", "faults"):
        assert getattr(read.truth, name) == getattr(cohort.truth, name)
    assert read.post_index == cohort.post_index
    assert read.role == cohort.role
    assert len(read) == len(cohort)


def test_given_group_columns_are_served_and_no_others(cohort, holdout):
    served = read_holdout_inputs(holdout, given=["group"])
    assert served.equals(cohort.inputs(["group"]))
    with pytest.raises(BadInput, match="no group column race"):
        read_holdout_inputs(holdout, given=["race"])


def test_group_columns_cannot_be_given_with_images(tmp_path):
    write_holdout(tmp_path / "held", IMAGES)
    with pytest.raises(BadInput, match="only beside a table"):
        read_holdout_inputs(tmp_path / "held", given=["group"])


def test_what_may_be_served_holds_no_truth(cohort, holdout):
    stored = sorted(path.name for path in (holdout / "inputs").iterdir())
    assert stored == ["X.csv.gz", "groups.csv.gz"]
    X = pd.read_csv(holdout / "inputs" / "X.csv.gz", comment="#")
    groups = pd.read_csv(holdout / "inputs" / "groups.csv.gz", comment="#")
    assert list(X) == list(cohort.X)
    assert list(groups) == list(cohort.groups)


def test_only_the_owner_may_read_the_holdout_whatever_the_umask(cohort, tmp_path):
    old = os.umask(0)
    try:
        write_holdout(tmp_path / "open", cohort)
        os.umask(0o777)
        write_holdout(tmp_path / "shut", cohort)
    finally:
        os.umask(old)
    for name in ("open", "shut"):
        for path in [tmp_path / name, *(tmp_path / name).rglob("*")]:
            expected = 0o700 if path.is_dir() else 0o600
            assert stat.S_IMODE(path.stat().st_mode) == expected


def test_a_holdout_written_twice_has_the_same_bytes(cohort, holdout, tmp_path):
    write_holdout(tmp_path / "again", cohort)
    files = [path for path in holdout.rglob("*") if path.is_file()]
    assert len(files) == 5
    for path in files:
        twin = tmp_path / "again" / path.relative_to(holdout)
        assert twin.read_bytes() == path.read_bytes()


def test_real_patients_without_a_known_risk_keep_none(cohort, tmp_path):
    known = Truth(outcome=cohort.truth.outcome)
    write_holdout(tmp_path / "real", replace(cohort, truth=known))
    assert read_holdout_truth(tmp_path / "real").truth.risk is None


def test_a_truth_of_other_inputs_is_refused(holdout, tmp_path):
    other = make_readmission(300, secret="other", role="train")
    write_holdout(tmp_path / "other", other)
    os.replace(tmp_path / "other/inputs/X.csv.gz", holdout / "inputs/X.csv.gz")
    with pytest.raises(BadData, match="belongs to other inputs"):
        read_holdout_truth(holdout)


@pytest.mark.parametrize("content", [None, "{", "[]", "{}"])
def test_a_missing_or_damaged_truth_is_refused(content, holdout):
    path = holdout / "truth" / "truth.json"
    path.unlink() if content is None else path.write_text(content)
    with pytest.raises(BadData, match=r"truth\.json is (missing|damaged)"):
        read_holdout_truth(holdout)


def test_a_holdout_of_an_earlier_coursekit_has_no_details(cohort, holdout):
    path = holdout / "truth" / "truth.json"
    about = json.loads(path.read_text())
    del about["detail"]
    path.write_text(json.dumps(about))
    assert read_holdout_truth(holdout).truth.detail == {}
