import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coursekit.datasets import (
    load_diabetes130,
    make_diabetes130_twin,
    readmission_task,
    write_holdout,
)
from coursekit.datasets.diabetes130 import COLUMNS, CSV_NAME, DRUGS, ZIP_NAME
from coursekit.errors import BadData, BadInput

REAL = Path(__file__).parents[3] / "shared" / "data" / "diabetes130" / ZIP_NAME
needs_real = pytest.mark.skipif(
    not REAL.is_file(), reason=f"{REAL.name} is not in ../shared/data/diabetes130"
)


@pytest.fixture(scope="module")
def real():
    return load_diabetes130(REAL)


@pytest.fixture(scope="module")
def twin():
    return make_diabetes130_twin(30_000)


@pytest.fixture
def csv(twin, tmp_path):
    """A file of the right form with other content."""
    path = tmp_path / CSV_NAME
    twin.drop(columns="is_death_or_hospice").to_csv(path, index=False, na_rep="?")
    return path


@needs_real
def test_the_real_table_has_its_known_counts(real):
    assert real.shape == (101_766, 51)
    assert real["patient_nbr"].nunique() == 71_518
    returned = real["readmitted"].value_counts().to_dict()
    assert returned == {"NO": 54_864, ">30": 35_545, "<30": 11_357}
    assert real["is_death_or_hospice"].sum() == 2_423


@needs_real
def test_question_marks_are_missing_and_none_is_a_category(real):
    assert real["weight"].isna().mean() == pytest.approx(0.9686, abs=1e-4)
    assert not real["A1Cresult"].isna().any()
    assert (real["A1Cresult"] == "None").sum() == 84_748
    assert not (real == "?").any(axis=None)


@needs_real
def test_codes_and_ages_are_text_and_counts_are_numbers(real):
    assert real["age"].iloc[0] == "[0-10)"
    assert real["diag_1"].iloc[0] == "250.83"
    assert real["admission_type_id"].iloc[0] == "6"
    assert real["time_in_hospital"].dtype == "int64"
    assert real["patient_nbr"].dtype == "int64"
    assert real["is_death_or_hospice"].dtype == bool


@needs_real
def test_the_task_leaves_out_death_and_hospice_and_has_no_known_risk(real, tmp_path):
    cohort = readmission_task(real)
    assert len(cohort) == 99_343
    assert cohort.y.mean() == pytest.approx(0.1139, abs=1e-4)
    assert cohort.groups["race"].value_counts()["Unknown"] == 2_234
    assert cohort.truth.risk is None
    write_holdout(tmp_path / "real", cohort.take(slice(100)))


@needs_real
def test_43_of_771_discharged_to_a_hospice_return_within_30_days(real):
    hospice = real[real["discharge_disposition_id"].isin(["13", "14"])]
    assert len(hospice) == 771
    assert (hospice["readmitted"] == "<30").sum() == 43


@needs_real
def test_zip_csv_and_folder_give_the_same_table(real, tmp_path):
    with zipfile.ZipFile(REAL) as archive:
        content = archive.read(f"dataset_diabetes/{CSV_NAME}")
    (tmp_path / CSV_NAME).write_bytes(content)
    assert load_diabetes130(tmp_path / CSV_NAME).equals(real)
    assert load_diabetes130(tmp_path).equals(real)
    assert load_diabetes130(REAL.parent).equals(real)


@needs_real
def test_other_line_ends_are_accepted_only_when_asked_for(real, tmp_path):
    path = tmp_path / CSV_NAME
    with zipfile.ZipFile(REAL) as archive:
        content = archive.read(f"dataset_diabetes/{CSV_NAME}")
    path.write_bytes(content.replace(b"\r\n", b"\n"))
    with pytest.raises(BadData, match="truncated or altered"):
        load_diabetes130(path)
    assert load_diabetes130(path, verify=False).equals(real)


@needs_real
def test_a_table_with_one_altered_value_is_refused(tmp_path):
    path = tmp_path / CSV_NAME
    with zipfile.ZipFile(REAL) as archive:
        content = archive.read(f"dataset_diabetes/{CSV_NAME}")
    path.write_bytes(content.replace(b"Female", b"Male  ", 1))
    with pytest.raises(BadData, match="SHA-256 differs"):
        load_diabetes130(path)


@needs_real
def test_a_truncated_zip_is_refused(tmp_path):
    path = tmp_path / ZIP_NAME
    path.write_bytes(REAL.read_bytes()[:1_000_000])
    with pytest.raises(BadData, match="truncated or damaged"):
        load_diabetes130(path)


def test_every_refusal_says_where_to_get_the_file(tmp_path, csv):
    empty = tmp_path / "empty"
    empty.mkdir()
    no_table = tmp_path / "other.zip"
    with zipfile.ZipFile(no_table, "w") as archive:
        archive.writestr("readme.txt", "nothing")
    for path in (tmp_path / "absent.zip", empty, no_table, csv):
        with pytest.raises(BadData, match="UCI Machine Learning Repository"):
            load_diabetes130(path)


def test_a_damaged_member_of_a_zip_is_refused(csv, tmp_path):
    path = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(csv, CSV_NAME)
    content = bytearray(path.read_bytes())
    content[5000:5100] = bytes(100)
    path.write_bytes(content)
    with pytest.raises(BadData, match="truncated or damaged"):
        load_diabetes130(path)


def test_without_verification_columns_and_rows_are_still_checked(csv):
    with pytest.raises(BadData, match=r"30,000 rows of 101,766: it is truncated"):
        load_diabetes130(csv, verify=False)
    pd.read_csv(csv).drop(columns="race").to_csv(csv, index=False)
    with pytest.raises(BadData, match=r"missing: \['race'\]"):
        load_diabetes130(csv, verify=False)
    csv.write_bytes(b"")
    with pytest.raises(BadData, match="no CSV table"):
        load_diabetes130(csv, verify=False)


@needs_real
def test_the_twin_has_the_real_columns_types_and_shares(real):
    twin = make_diabetes130_twin(len(real))
    assert (twin.dtypes == real.dtypes).all()
    assert list(twin) == list(real)
    left_out = {"encounter_id", "patient_nbr"}
    for name in set(real) - left_out:
        shares = real[name].value_counts(normalize=True, dropna=False)
        drawn = twin[name].value_counts(normalize=True, dropna=False)
        rare = 0.06 if name.startswith(("diag", "medical")) else 0.008
        assert (shares - drawn.reindex(shares.index).fillna(0)).abs().max() < rare, name


@needs_real
def test_no_row_of_the_real_table_is_in_the_twin(real):
    twin = make_diabetes130_twin(len(real))
    columns = [name for name in COLUMNS if name not in ("encounter_id", "patient_nbr")]
    hashes = (
        pd.util.hash_pandas_object(frame[columns].astype("str"), index=False)
        for frame in (real, twin)
    )
    assert not set(next(hashes)) & set(next(hashes))


def test_the_same_random_state_draws_the_same_twin():
    first, second, other = (
        make_diabetes130_twin(200, random_state=s) for s in (1, 1, 2)
    )
    assert first.equals(second)
    assert not first.equals(other)


def test_the_twin_is_consistent_within_a_row(twin):
    assert twin["encounter_id"].is_unique
    given = (twin[list(DRUGS)] != "No").any(axis=1)
    assert ((twin["diabetesMed"] == "Yes") == given).all()
    moved = twin[list(DRUGS)].isin(["Up", "Down"]).any(axis=1)
    assert (twin["change"][moved] == "Ch").all()
    dead = twin["discharge_disposition_id"].isin(["11", "19", "20", "21"])
    assert dead.any()
    assert (twin["readmitted"][dead] == "NO").all()
    person = twin.groupby("patient_nbr")[["race", "gender", "age"]]
    assert (person.nunique(dropna=False) == 1).all(axis=None)
    assert len(twin) / twin["patient_nbr"].nunique() == pytest.approx(1.41, abs=0.03)


def test_need_shows_in_the_twins_counts_and_return(twin):
    cohort = readmission_task(twin)
    assert cohort.y.mean() == pytest.approx(0.114, abs=0.008)
    inpatient = cohort.X["number_inpatient"]
    assert np.corrcoef(inpatient.rank(), cohort.y)[0, 1] > 0.1


def test_the_task_keeps_identifiers_and_groups_out_of_the_features(twin):
    cohort = readmission_task(twin)
    hidden = {"encounter_id", "patient_nbr", "race", "gender", "readmitted"}
    assert not hidden & set(cohort.X)
    assert "is_death_or_hospice" not in cohort.X
    assert set(cohort.groups["age_band"]) == {"0-39", "40-59", "60-79", "80-99"}
    first, age = cohort.groups["age_band"], cohort.X["age"]
    assert set(age[first == "40-59"]) == {"[40-50)", "[50-60)"}
    assert not cohort.groups.isna().any(axis=None)


def test_a_twin_of_no_encounters_is_refused():
    with pytest.raises(BadInput, match="at least one"):
        make_diabetes130_twin(0)
