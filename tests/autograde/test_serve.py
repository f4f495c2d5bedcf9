import re
import time

import numpy as np
import pandas as pd
import pytest

from coursekit.autograde.serve import respond
from coursekit.autograde.wire import decode_numbers, decode_values, encode


def ask(answer, batch, *, contract="risk", reply="float64", item_shape=(), seconds=5.0):
    spec, payload = encode(batch)
    request = {
        "answer": "model",
        "contract": contract,
        "reply": reply,
        "rows": len(batch),
        "shape": (len(batch), *item_shape),
        "seconds": seconds,
        "batch": spec,
    }
    return respond({"model": answer}, request, payload)


@pytest.fixture
def two():
    return pd.DataFrame({"age": [70.0, np.nan]})


@pytest.mark.parametrize(
    "answer",
    [
        lambda X: [0.25, 1],
        lambda X: np.array([0.25, 1.0], dtype="float32"),
        lambda X: pd.Series([0.25, 1.0], index=[7, 9]),
        lambda X: (0.25, True),
    ],
)
def test_anything_that_is_one_number_a_row_is_an_answer(answer, two):
    header, reply = ask(answer, two)
    assert header == {"status": "ok", "modified": False}
    np.testing.assert_array_equal(decode_numbers(reply, (2,)), [0.25, 1.0])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda X: ["0.5", "0.5"], "they must be numbers"),
        (lambda X: np.array([0.5, None]), "they must be numbers"),
        (lambda X: [0.5], r"shape \(1,\) for 2 rows"),
        (lambda X: 0.5, r"shape \(\) for 2 rows"),
        (lambda X: [[0.5, 0.5]] * 2, r"shape \(2, 2\) for 2 rows"),
        (lambda X: None, r"shape \(\)"),
        (lambda X: np.array([1j, 1]), "complex"),
    ],
)
def test_an_answer_of_another_kind_is_named(answer, words, two):
    header, reply = ask(answer, two)
    assert header["status"] == "bad-reply"
    assert reply == b""
    assert re.search(words, header["reason"])


@pytest.fixture
def films():
    return np.zeros((2, 1, 4, 4), dtype=np.uint8)


def test_an_answer_may_be_a_picture_for_each_film(films):
    header, reply = ask(
        lambda X: X[:, 0] == 0, films, contract="mask", reply="uint8", item_shape=(4, 4)
    )
    assert header == {"status": "ok", "modified": False}
    masks = decode_numbers(reply, (2, 4, 4), "uint8")
    assert masks.all()
    assert masks.shape == (2, 4, 4)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda X: X, r"shape \(2, 1, 4, 4\) for 2 rows; it must be \(2, 4, 4\)"),
        (lambda X: X[:, 0] + 0.5, "0.5, where a mask has only 0 and 1"),
        (lambda X: X[:, 0] - 1.0, "-1, where a mask"),
        (lambda X: X[:, 0] * np.nan, "nan, where a mask"),
    ],
)
def test_a_picture_of_another_kind_is_named(answer, words, films):
    header, _ = ask(answer, films, contract="mask", reply="uint8", item_shape=(4, 4))
    assert header["status"] == "bad-reply"
    assert re.search(words, header["reason"])


class SilentError(Exception):
    def __str__(self):
        raise RuntimeError


def raise_it(error):
    def answer(X):
        raise error

    return answer


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KeyError("age"), "model raised KeyError: 'age'"),
        (SystemExit(0), "model raised SystemExit: 0"),
        (KeyboardInterrupt(), "model raised KeyboardInterrupt"),
        (SilentError(), "model raised SilentError"),
    ],
)
def test_an_exception_becomes_a_reason(error, reason, two):
    assert ask(raise_it(error), two)[0] == {"status": "failed", "reason": reason}


def test_a_long_reason_is_cut(two):
    header, _ = ask(raise_it(ValueError("x" * 10_000)), two)
    assert len(header["reason"]) == 500


def test_an_answer_that_takes_too_long_is_stopped(two):
    def slow(X):
        try:
            time.sleep(30)
        except Exception:
            return [0, 0]

    begun = time.monotonic()
    header, _ = ask(slow, two, seconds=0.2)
    assert header["status"] == "timeout"
    assert time.monotonic() - begun < 5


def fill_missing(X):
    X.fillna(0, inplace=True)
    return X["age"]


def test_a_table_changed_in_place_is_reported(two):
    assert ask(fill_missing, two)[0]["modified"]


def test_a_missing_value_left_alone_is_no_change(two):
    assert not ask(lambda X: [0, 0], two)[0]["modified"]


def test_an_array_changed_in_place_is_reported():
    def scale(images):
        images /= 255
        return images.mean(axis=(1, 2))

    assert ask(scale, np.full((2, 3, 3), 255.0))[0]["modified"]


def test_a_function_gets_an_object_as_keyword_arguments():
    items = [{"tp": 3, "n": 4}, {"n": 2, "tp": 1}]
    header, reply = ask(lambda tp, n: tp / n, items, reply="json", contract="function")
    assert header["status"] == "ok"
    assert decode_values(reply, 2) == [0.75, 0.5]


def test_a_function_gets_any_other_item_as_it_is():
    _, reply = ask(len, ["ab", "c"], reply="json", contract="function")
    assert decode_values(reply, 2) == [2, 1]


@pytest.mark.parametrize(
    ("value", "plain"),
    [
        (np.float64(0.5), 0.5),
        (np.arange(2), [0, 1]),
        (pd.Series({"A": 0.5}), {"A": 0.5}),
        ({"gap": np.int64(3)}, {"gap": 3}),
    ],
)
def test_numpy_and_pandas_values_become_json(value, plain):
    _, reply = ask(lambda x: value, [1], reply="json", contract="function")
    assert decode_values(reply, 1) == [plain]


@pytest.mark.parametrize("value", [object(), {1, 2}, {(1, 2): 3}])
def test_what_json_cannot_say_is_named(value):
    header, _ = ask(lambda x: value, [1], reply="json", contract="function")
    assert header["status"] == "bad-reply"
    assert "JSON cannot say" in header["reason"]


def test_answers_longer_than_allowed_are_named():
    header, _ = ask(lambda x: "x" * 2**20, [1], reply="json", contract="function")
    assert "are allowed" in header["reason"]


def test_the_note_on_which_an_answer_raises_is_told_by_its_length_and_not_quoted():
    def extract(note):
        raise ValueError("no place for " + (note[-30:] if "Payne" in note else "it"))

    def reason(note):
        return ask(extract, [note], reply="json", contract="spans")[0]["reason"]

    assert reason("Fine.") == (
        "model raised ValueError: no place for it on a text of 5 characters"
    )
    note = "Mrs. Payne has a headache since Monday."
    assert reason(note) == "model raised ValueError on a text of 39 characters"


def test_a_long_message_about_a_note_is_cut():
    answer = raise_it(ValueError("x" * 10_000))
    header, _ = ask(answer, ["Fine."], reply="json", contract="spans")
    assert header["reason"].count("x") == 121  # one of them in "text"


def test_a_note_that_takes_too_long_is_out_of_time_and_no_failure():
    header, _ = ask(lambda note: time.sleep(9), ["Fine."], reply="json", seconds=0.1)
    assert header["status"] == "timeout"
