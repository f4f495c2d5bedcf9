import gzip
import json
import time

import hypothesis
import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest

from coursekit.datasets.values import read_table, read_values, write_table, write_values
from coursekit.errors import BadData, BadInput

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
COLUMNS = {
    "int64": st.integers(-(2**63), 2**63 - 1),
    "float64": st.floats(width=64),
    "float32": st.floats(width=32),
    "bool": st.booleans(),
    "str": st.one_of(
        st.none(), TEXT, st.sampled_from(["", "NA", "None", r"\N", "1.0"])
    ),
}


@st.composite
def tables(draw):
    n_rows = draw(st.integers(0, 6))
    return pd.DataFrame(
        {
            f"a_{kind}": pd.Series(
                draw(st.lists(values, min_size=n_rows, max_size=n_rows)), dtype=kind
            )
            for kind, values in COLUMNS.items()
        }
    )


@hypothesis.given(table=tables())
@hypothesis.settings(max_examples=200, deadline=None, derandomize=True)
def test_any_table_is_read_back_as_it_was_written(table, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.csv.gz"
    write_table(path, table)
    pd.testing.assert_frame_equal(read_table(path)[0], table, check_exact=True)


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).random((3, 1, 4, 4)).astype("float32"),
        np.arange(6, dtype="uint8").reshape(2, 3),
        ["No fever.", "Fièvre\nsince Monday", {"text": "cough", "n": 2}],
        [],
        pd.DataFrame({"age_years": [61, 70]}),
    ],
)
def test_arrays_lists_and_tables_are_read_back_and_have_the_same_bytes(
    values, tmp_path, monkeypatch
):
    path = write_values(tmp_path, "X", values)
    first = path.read_bytes()
    read = read_values(tmp_path, "X")
    if isinstance(values, pd.DataFrame):
        pd.testing.assert_frame_equal(read, values)
    elif isinstance(values, np.ndarray):
        assert read.dtype == values.dtype
        assert (read == values).all()
    else:
        assert read == values
    later = time.time() + 1e6
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    write_values(tmp_path, "X", values)
    assert path.read_bytes() == first


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({1, 2}, "A set cannot be stored"),
        ([{1, 2}], "A list with what JSON cannot say"),
        (np.array([{}], dtype=object), "An array of object cannot be stored"),
        (pd.DataFrame({"day": pd.to_datetime(["2020-01-01"])}), "'day' has the type"),
        (pd.DataFrame({"mixed": pd.Series([1, "a"], dtype=object)}), "'mixed' has the"),
        (pd.DataFrame({"kind": pd.Categorical(["a"])}), "'kind' has the type category"),
        (pd.DataFrame(index=range(3)), "without columns"),
        (pd.DataFrame({0: [1]}), "column name 0 is not a text"),
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "Two columns"),
    ],
)
def test_what_cannot_be_read_back_the_same_is_not_written(values, message, tmp_path):
    with pytest.raises(BadInput, match=message):
        write_values(tmp_path, "X", values)
    assert not list(tmp_path.iterdir())


def test_a_stored_array_of_objects_is_not_unpickled(tmp_path):
    np.savez(tmp_path / "X.npz", values=np.array([print], dtype=object))
    with pytest.raises(BadData, match="damaged"):
        read_values(tmp_path, "X")


@pytest.fixture
def written(tmp_path):
    return write_table(
        tmp_path / "t.csv.gz", pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    )


def rewritten(path, change):
    path.write_bytes(gzip.compress(change(gzip.decompress(path.read_bytes()))))
    return path


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda text: text.replace(b"2,y\n", b""), "should have 2 rows"),
        (lambda text: text.replace(b"a,b\n", b"a,c\n"), "should have|altered"),
        (lambda text: text.replace(b"2,y", b"two,y"), "was altered"),
        (lambda text: text.split(b"\n", 1)[1], "lacks its first line"),
        (lambda text: text.replace(b'"format": 1', b'"format": 9'), "newer coursekit"),
        (lambda text: b"\xff" + text, "damaged"),
        (lambda text: b"#coursekit []\n", "lacks its first line"),
    ],
)
def test_an_altered_table_is_refused_with_what_is_wrong(change, message, written):
    with pytest.raises(BadData, match=message):
        read_table(rewritten(written, change))


def test_a_truncated_file_and_one_that_is_no_gzip_are_refused(written):
    whole = written.read_bytes()
    for part in (whole[:-10], b"a,b\n1,2\n", b""):
        written.write_bytes(part)
        with pytest.raises(BadData, match=r"damaged|lacks"):
            read_table(written)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadData, match=r"X\.csv\.gz is missing\. Keep the notebook"):
        read_values(tmp_path, "X")


def test_two_kinds_of_one_name_are_refused(tmp_path):
    write_values(tmp_path, "X", ["a"])
    write_values(tmp_path, "X", np.zeros(1))
    with pytest.raises(BadData, match="delete the one"):
        read_values(tmp_path, "X")


def test_the_first_line_says_types_in_json(written):
    first = gzip.decompress(written.read_bytes()).splitlines()[0]
    note = json.loads(first.removeprefix(b"#coursekit "))
    assert note["columns"] == {"a": "int64", "b": "str"}


def test_the_columns_of_a_table_in_a_case_keep_their_order(tmp_path):
    case = {"X": {"table": {"urea_mmol_l": [7.0], "age_years": [61]}}}
    write_values(tmp_path, "X", [case])
    assert list(read_values(tmp_path, "X")[0]["X"]["table"]) == list(case["X"]["table"])
