"""Tables as clinics export them, and what is refused."""

import re

import pandas as pd
import pytest

from coursekit.audit import audit_scores, read_table
from coursekit.audit.columns import outcomes, risks
from coursekit.audit.dates import dates_of
from coursekit.errors import BadData, BadInput

ROWS = [
    (n % 2, "0.75" if n % 2 else "0.25", "Niño" if n % 3 else "Ana") for n in range(60)
]


def written(folder, text, encoding="utf-8"):
    file = folder / "scores.csv"
    file.write_bytes(text.encode(encoding))
    return file


def text(separator=",", point=".", header="y,p,ward"):
    lines = [header.replace(",", separator)]
    lines += [
        separator.join([str(y), p.replace(".", point), ward]) for y, p, ward in ROWS
    ]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("separator", "point", "encoding"),
    [
        (",", ".", "utf-8"),
        (",", ".", "utf-8-sig"),
        (";", ",", "latin-1"),
        ("\t", ".", "utf-16"),
        (";", ",", "utf-8-sig"),
    ],
)
def test_the_same_table_is_read_however_it_was_saved(
    tmp_path, separator, point, encoding
):
    table = read_table(written(tmp_path, text(separator, point), encoding))
    found = audit_scores(table, "y", "p", groups=["ward"], threshold=0.5)
    assert sorted(found.groups["ward"].index) == ["Ana", "Niño"]
    assert found.data.risk_range == (0.25, 0.75)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is empty"),
        ("y\n1\n0\n", "names one column only"),
        ("y,p\n", "no rows"),
        ("y,p,p\n1,1,1\n", "two columns named 'p'"),
        ("PK\x03\x04", "is a spreadsheet"),
        ('y,p\n1,"0.2\n0,0.1\n', "is not a table"),
        ("y,p\n1,0.2,7\n0,0.1\n", "is not a table"),
    ],
)
def test_a_file_that_is_no_table_is_refused_and_named(tmp_path, content, said):
    with pytest.raises(BadData, match=said) as refused:
        read_table(written(tmp_path, content))
    assert "scores.csv" in str(refused.value)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["0.2", "high", "0.4"], "'high' in row 3"),
        (["12", "87", "3"], "look like percentages. Add --percent"),
        (["0.2", "1.3"], "'1.3' in row 3"),
        (["-2.1", "0.4"], "log odds are no probabilities"),
        (["12%", "0.4"], "1 cells with a % sign"),
    ],
)
def test_scores_that_are_no_probabilities_are_refused(cells, said):
    with pytest.raises(BadData, match=re.escape(said)):
        risks(pd.Series(cells, name="p"), percent=False)


def test_percentages_are_divided_when_their_sign_or_the_option_says_so():
    signed, notes = risks(pd.Series(["12%", "7.5 %"], name="p"), percent=False)
    assert signed.tolist() == [0.12, 0.075]
    assert "divided by 100" in notes[0]
    assert risks(pd.Series(["12"], name="p"), percent=True)[0].tolist() == [0.12]


def test_an_outcome_that_is_neither_1_nor_0_is_refused_with_its_row():
    with pytest.raises(BadData, match="'maybe' in row 3"):
        outcomes(pd.Series(["1", "maybe", "0"], name="y"))


@pytest.mark.parametrize(
    ("cells", "months"),
    [
        (["2024-01-31", "2024-02-01 13:05", ""], [1, 2, None]),
        (["31/01/2024", "01/02/2024", ""], [1, 2, None]),
        (["01/31/2024", "02/01/2024", ""], [1, 2, None]),
        (["31.01.2024", "1.2.2024", ""], [1, 2, None]),
    ],
)
def test_dates_in_three_formats_are_read(cells, months):
    found = dates_of(pd.Series(cells, name="day")).dt.month
    assert [None if pd.isna(each) else int(each) for each in found] == months


def test_dates_that_could_be_read_in_two_ways_are_asked_for():
    cells = pd.Series(["01/02/2024", "03/04/2024"], name="day")
    with pytest.raises(BadData, match="--date-format dmy or --date-format mdy"):
        dates_of(cells)
    assert dates_of(cells, "dmy").dt.month.tolist() == [2, 4]
    assert dates_of(cells, "mdy").dt.month.tolist() == [1, 3]
    assert dates_of(cells, "%d/%m/%Y").dt.month.tolist() == [2, 4]


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        (["13/01/2024", "01/13/2024"], "two ways"),
        (["2024-01-31", "soon"], "'soon' in row 3"),
        (["2024-01-31", "31/01/2024"], "in row 2"),
    ],
)
def test_a_cell_that_is_no_date_is_refused_with_its_row(cells, said):
    with pytest.raises(BadData, match=re.escape(said)):
        dates_of(pd.Series(cells, name="day"))


def test_a_missing_column_is_refused_and_the_nearest_named():
    table = pd.DataFrame({"y": [], "Risk": []})
    with pytest.raises(BadInput, match="did you mean 'Risk'"):
        audit_scores(table, "y", "risk_")


def test_one_outcome_only_many_groups_or_no_patient_are_refused():
    table = pd.DataFrame(ROWS, columns=["y", "p", "ward"])
    with pytest.raises(BadData, match="'y' is 1 in 0 of 60"):
        audit_scores(table.assign(y=0), "y", "p")
    with pytest.raises(BadData, match="60 different values"):
        audit_scores(table.assign(ward=range(60)), "y", "p", groups=["ward"])
    table["ward"] = table["ward"].where(table["ward"] != "Ana", "")
    with pytest.raises(BadData, match="empty in 20 rows, such as row 2"):
        audit_scores(table, "y", "p", patient="ward")


def test_options_that_contradict_are_refused():
    table = pd.DataFrame(ROWS, columns=["y", "p", "ward"])
    with pytest.raises(BadInput, match="not both"):
        audit_scores(table, "y", "p", alert_rate=0.2, threshold=0.5)
    with pytest.raises(BadInput, match="between 0 and 1"):
        audit_scores(table, "y", "p", alert_rate=20)
    with pytest.raises(BadInput, match="named twice"):
        audit_scores(table, "y", "y")


def test_rows_without_outcome_or_score_are_left_out_and_counted():
    table = pd.DataFrame(ROWS, columns=["y", "p", "ward"]).astype(str)
    table.loc[:2, "y"] = ""
    table.loc[2:3, "p"] = "NA"
    data = audit_scores(table, "y", "p").data
    assert (data.n_rows, data.n_used) == (60, 56)
    assert data.left_out == {"'y' is empty": 3, "'p' is empty": 1}
