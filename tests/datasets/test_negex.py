from pathlib import Path

import pytest

from coursekit.datasets import load_negex
from coursekit.errors import BadData

REAL = Path(__file__).parents[3] / "shared" / "data" / "negex" / "annotations-dev.tsv"
HEAD = "Report No.\tConcept\tSentence\tNegation\n"


def load(folder, text, encoding="utf-8"):
    path = folder / "sentences.tsv"
    path.write_bytes((HEAD + text).encode(encoding))
    return load_negex(path)


def test_quotes_neither_join_lines_nor_stay_around_a_field(tmp_path):
    frame = load(
        tmp_path,
        '1\tcough \t"No "alarm" sign, COUGH\tNegated\r\n'
        '1\t"fever"\t"He said ""FEVER""."\taffirmed\n\n',
    )
    assert list(frame.columns) == ["report", "concept", "sentence", "is_negated"]
    assert frame.values.tolist() == [
        ["1", "cough", '"No "alarm" sign, COUGH', True],
        ["1", "fever", 'He said "FEVER".', False],
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1"])
def test_three_encodings_are_read(tmp_path, encoding):
    frame = load(tmp_path, "1\tMénière\tNo MÉNIÈRE\tNegated\n", encoding)
    assert frame["concept"].tolist() == ["Ménière"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1\tcough\tNo cough\n", "Line 2 of .* has 3 fields"),
        (
            "1\tcough\tCough\tAffirmed\n1\tcough\tCough\tPossible\n",
            "Line 3 .*'Possible'",
        ),
        ("", "holds no sentences"),
    ],
)
def test_a_file_of_another_form_is_refused_by_line(tmp_path, text, message):
    with pytest.raises(BadData, match=message):
        load(tmp_path, text)


@pytest.mark.skipif(not REAL.is_file(), reason="../shared/data has no NegEx file here")
def test_the_real_half_has_the_sizes_of_its_datasheet():
    frame = load_negex(REAL)
    assert (len(frame), frame["report"].nunique()) == (1091, 58)
    assert frame["is_negated"].sum() == 213
