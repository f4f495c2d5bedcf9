import json
import time

import pytest
from nbformat.v4 import new_output

from coursekit.autograde.outputs import trimmed, valid


def stream(text):
    return new_output("stream", name="stdout", text=text)


def html(text):
    return new_output("display_data", data={"text/html": text})


def test_small_outputs_stay_as_they_are():
    outputs = [stream("hello"), html("<b>hello</b>")]
    assert trimmed(outputs, 1000, 5000) == outputs


def test_a_long_text_keeps_its_beginning_and_says_what_is_missing():
    (short,) = trimmed([stream("x" * 5000)], 1000, 5000)
    assert short["text"].startswith("x" * 1000 + "\n[coursekit] The rest is left out")


def test_a_large_rich_output_is_replaced_by_a_note():
    (short,) = trimmed([html("x" * 5000)], 1000, 5000)
    assert "is left out" in short["data"]["text/plain"]
    assert short["output_type"] == "display_data"


def test_a_long_error_keeps_its_name():
    error = new_output("error", ename="ValueError", evalue="x" * 5000, traceback=["t"])
    (short,) = trimmed([error], 1000, 5000)
    assert (short["ename"], len(short["evalue"])) == ("ValueError", 500)


def test_too_many_outputs_end_with_a_note():
    kept = trimmed([stream("x" * 100)] * 1000, 1000, 5000)
    assert len(json.dumps(kept)) < 5500
    assert "too many" in kept[-1]["text"]


def test_text_of_many_bytes_a_letter_counts_as_its_bytes():
    (short,) = trimmed([stream("ü" * 900)], 1000, 50_000)
    assert "left out" in short["text"]


def test_text_that_cannot_be_written_becomes_a_note():
    (note,) = valid([dict(stream("\ud800"))])
    assert "malformed" in note["text"]


@pytest.mark.parametrize("outputs", [None, 3, [3], [{"output_type": "evil"}], [{}]])
def test_malformed_outputs_become_a_note(outputs):
    (note,) = valid(outputs)
    assert "malformed" in note["text"]


def test_well_formed_outputs_pass():
    assert valid([dict(stream("hello"))]) == [stream("hello")]


def test_what_is_no_text_is_left_out_at_once():
    lists = new_output("display_data", data={"text/plain": "shown"})
    lists["data"]["text/html"] = [[]] * 300_000
    begun = time.monotonic()
    assert valid([lists])[0]["data"] == {"text/plain": "shown"}
    assert time.monotonic() - begun < 5


def test_only_so_many_outputs_are_kept():
    kept = valid([stream("x")] * 50, most=20)
    assert len(kept) == 21
    assert "too many" in kept[-1]["text"]


def test_text_may_be_a_list_of_lines():
    assert valid([stream("a\nb") | {"text": ["a\n", "b"]}]) == [stream("a\nb")]
