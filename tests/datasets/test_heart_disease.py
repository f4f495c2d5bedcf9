from pathlib import Path

import pytest

from coursekit.datasets import load_heart_disease, make_heart_disease_twin
from coursekit.datasets.heart_disease import COLUMNS, SITES
from coursekit.datasets.heart_disease_twin import draw_raw
from coursekit.errors import BadData, BadInput

REAL = Path(__file__).parents[3] / "shared" / "data" / "heart_uci"
needs_real = pytest.mark.skipif(
    not (REAL / "processed.hungarian.data").is_file(),
    reason="processed.*.data are not in ../shared/data/heart_uci",
)


def written(folder, site="cleveland", header=False, raw=None):
    """Write a twin as UCI writes a file: no line of names, ? where nothing is."""
    raw = draw_raw(site) if raw is None else raw
    path = folder / f"processed.{site}.data"
    raw.to_csv(path, index=False, header=header, na_rep="?")
    return path


@needs_real
def test_the_real_patients_have_their_known_counts():
    cleveland, hungarian = (load_heart_disease(REAL, site) for site in SITES)
    assert [len(cleveland), len(hungarian)] == [303, 294]
    assert [int(t["diseased"].sum()) for t in (cleveland, hungarian)] == [139, 106]
    assert (cleveland["sex"] == "M").sum() == 206
    assert hungarian["n_vessels"].isna().sum() == 291
    assert hungarian["thallium_scan"].isna().sum() == 266
    assert cleveland["n_vessels"].isna().sum() == 4


@pytest.mark.parametrize("site", SITES)
@pytest.mark.parametrize("header", [False, True])
def test_a_file_with_or_without_names_is_read_as_the_twin_is_drawn(
    site, header, tmp_path
):
    path = written(tmp_path, site, header)
    for place in (path, tmp_path):
        read = load_heart_disease(place, site)
        assert read.equals(make_heart_disease_twin(site))
    assert read["age_years"].dtype == float
    assert set(read["diseased"]) == {0, 1}
    assert read["st_slope"].dropna().isin(["up", "flat", "down"]).all()


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda raw: raw.iloc[:-1], "302 patients; cleveland has 303"),
        (lambda raw: raw.assign(age=raw["age"] * 10), "age leaves 18 to 100"),
        (lambda raw: raw.assign(thal=5), "thal has unknown codes"),
        (lambda raw: raw.assign(target=0), "139 with the disease"),
        (lambda raw: raw.assign(chol="high"), "no number"),
        (lambda raw: raw.drop(columns="ca"), "without 14 values"),
    ],
)
def test_an_altered_file_is_refused_in_words(spoil, message, tmp_path):
    written(tmp_path, raw=spoil(draw_raw("cleveland")))
    with pytest.raises(BadData, match=message) as refused:
        load_heart_disease(tmp_path, "cleveland")
    assert "data set 45" in str(refused.value)


def test_a_missing_file_and_an_unknown_site_are_answered(tmp_path):
    with pytest.raises(BadData, match="There is no file"):
        load_heart_disease(tmp_path, "hungarian")
    with pytest.raises(BadInput, match="cleveland and hungarian"):
        load_heart_disease(tmp_path, "zurich")
    with pytest.raises(BadInput, match="cleveland and hungarian"):
        make_heart_disease_twin("zurich")
    (tmp_path / "processed.cleveland.data").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadData, match="cannot be read as text"):
        load_heart_disease(tmp_path, "cleveland")


def test_the_twin_has_no_column_of_its_own():
    assert make_heart_disease_twin("hungarian").shape[1] == len(COLUMNS)
