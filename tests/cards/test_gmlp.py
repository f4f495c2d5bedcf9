import pandas as pd
import pytest

from coursekit.cards import (
    PRINCIPLES,
    check_datasheet,
    check_evidence,
    datasheet_markdown,
    measured_cohort,
    patients_apart,
    represents,
)
from coursekit.cards.datasheet import AUTHORED
from coursekit.errors import BadInput

X = pd.DataFrame({"age_years": [61.0, None, 70.0, 50.0]})
GROUPS = pd.DataFrame({"sex": ["F", "M", "F", "F"]})
Y = [1, 0, 0, 0]


def test_a_principle_holds_only_if_all_its_evidence_is_there_and_green():
    results = {"apart": True, "target": False}
    matrix = {1: [], 3: ["target"], 4: ["apart"], 8: ["apart", "plot"]}
    table = check_evidence(matrix, results)
    assert list(table.index) == list(PRINCIPLES)
    assert table.index[table["holds"]].tolist() == [4]
    assert table.loc[3, "failed"] == "target"
    assert table.loc[8, "missing"] == "plot"


def test_principles_3_and_4_are_checked_by_numbers():
    assert patients_apart([1, 2, 3], [4, 5])
    assert not patients_apart([1, 2, 3], [3, 4])
    assert represents(["F"] * 54 + ["M"] * 46, {"F": 0.5, "M": 0.5})
    assert not represents(["F"] * 56 + ["M"] * 44, {"F": 0.5, "M": 0.5})
    assert not represents(["F", "M"], {"F": 0.45, "M": 0.45, "X": 0.10})
    assert not represents(["F"] * 9 + ["?"], {"F": 1.0})


def test_unknown_principles_and_shares_that_are_none_are_refused():
    with pytest.raises(BadInput, match="no principle 11"):
        check_evidence({11: []}, {})
    with pytest.raises(BadInput, match=r"sum to 1\.2"):
        represents(["F"], {"F": 0.6, "M": 0.6})


def sheet(**texts):
    authored = {**dict.fromkeys(AUTHORED, "It is said here."), **texts}
    return {"authored": authored, "numbers": measured_cohort(X, Y, GROUPS)}


def test_a_datasheet_of_other_patients_is_found_out():
    numbers = measured_cohort(X, Y, GROUPS)
    assert numbers["n_rows"] == 4
    assert numbers["missing/age_years"] == numbers["prevalence"] == 0.25
    assert numbers["share/sex=F"] == 0.75
    assert check_datasheet(sheet(), X, Y, GROUPS).empty
    found = check_datasheet(sheet(), X.fillna(40), Y, GROUPS)
    assert found["where"].tolist() == ["missing/age_years", "sha256"]
    assert set(found["level"]) == {"consistency"}


def test_undone_texts_of_a_datasheet_are_named():
    found = check_datasheet(sheet(consent="TODO", uses=""), X, Y, GROUPS)
    assert found[["level", "where"]].to_numpy().tolist() == [
        ["completeness", "consent"],
        ["schema", "uses"],
    ]
    text = datasheet_markdown(sheet(uses="To learn."), "ward")
    assert "## Uses\n\nTo learn.\n" in text
    assert "| share/sex=F | 0.750 |" in text
