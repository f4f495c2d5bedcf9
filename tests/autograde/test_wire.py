import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from coursekit.autograde.frames import BadReply
from coursekit.autograde.wire import decode, decode_numbers, decode_values, encode
from coursekit.errors import BadInput

rows = st.lists(
    st.tuples(
        st.floats(width=64),
        st.integers(-(2**63), 2**63 - 1),
        st.booleans(),
        st.one_of(st.none(), st.text()),
    ),
    max_size=20,
)


@given(rows)
def test_a_table_arrives_as_it_was_sent(rows):
    columns = zip(*rows, strict=True) if rows else ([], [], [], [])
    floats, ints, bools, texts = map(list, columns)
    table = pd.DataFrame(
        {
            "creatinine_mg_dl": np.array(floats, dtype=float),
            "n_visits": np.array(ints, dtype=np.int64),
            "on_insulin": np.array(bools, dtype=bool),
            "note": pd.Series(texts, dtype="str"),
        }
    )
    assert_frame_equal(decode(*encode(table)), table, check_exact=True)


def test_the_index_does_not_travel():
    table = pd.DataFrame({"age": [70.0, 80.0]}, index=[4711, 42])
    assert list(decode(*encode(table)).index) == [0, 1]


def test_a_table_without_columns_keeps_its_rows():
    assert decode(*encode(pd.DataFrame(index=range(3)))).shape == (3, 0)


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "uint8", "bool", "int16"])
def test_an_array_arrives_as_it_was_sent(dtype):
    images = np.arange(24).reshape(2, 3, 4).astype(dtype)[:, ::-1]
    arrived = decode(*encode(images))
    np.testing.assert_array_equal(arrived, images)
    assert arrived.dtype == images.dtype.newbyteorder("<")
    assert arrived.flags.writeable


def test_a_list_of_items_arrives_as_it_was_sent():
    items = [{"y": [0, 1], "group": "A"}, "a note with ü", None]
    assert decode(*encode(items)) == items


@pytest.mark.parametrize(
    "column", [["x", 1], pd.Categorical(["A", "B"]), pd.to_datetime(["2020", "2021"])]
)
def test_a_column_of_another_type_is_refused_by_name(column):
    table = pd.DataFrame({"mixed": pd.Series(column)})
    with pytest.raises(BadInput, match="mixed"):
        encode(table)


def test_two_columns_of_one_name_are_refused():
    with pytest.raises(BadInput, match="same name"):
        encode(pd.DataFrame([[1, 2]], columns=["a", "a"]))


def test_an_array_of_objects_is_refused():
    with pytest.raises(BadInput, match="object"):
        encode(np.array([object()]))


def test_numbers_that_are_not_finite_pass_as_they_are():
    sent = np.array([np.nan, np.inf, -np.inf, 0.5])
    np.testing.assert_array_equal(decode_numbers(sent.tobytes(), (4,)), sent)


@pytest.mark.parametrize("n_bytes", [0, 8, 15, 17, 24])
def test_any_other_number_of_bytes_is_a_bad_reply(n_bytes):
    with pytest.raises(BadReply, match=f"{n_bytes} bytes came back for 2 rows"):
        decode_numbers(bytes(n_bytes), (2,))


@pytest.mark.parametrize("text", [b"", b"{}", b"[1]", b"[1, 2, 3]", b"\xff", b"[1, 2"])
def test_anything_but_a_list_of_the_right_length_is_a_bad_reply(text):
    with pytest.raises(BadReply):
        decode_values(text, 2)
