import select
import socket
import threading
import time
from contextlib import suppress

import numpy as np
import pytest

from coursekit.autograde import collect as module
from coursekit.autograde.collect import collect, nothing_yet
from coursekit.autograde.frames import pack
from coursekit.autograde.link import Stopped
from coursekit.autograde.serve import read_request
from coursekit.grading.repeats import comes_again, first_batch
from coursekit.grading.serving import Serving


def ask_all(link, serving, seconds=5.0):
    collected = nothing_yet(serving)
    collect(link, serving, "seed", seconds, collected, lambda done, total: None)
    return collected


def test_each_answer_comes_to_its_row(kernel, serving):
    link = kernel(model=lambda X: X["number"] / 1000)
    collected = ask_all(link, serving)
    np.testing.assert_array_equal(collected.values, np.arange(1000) / 1000)
    assert collected.state() == {
        "status": "ok",
        "reason": "",
        "rows": 1000,
        "answered": 1000,
        "repeated": 25,
        "modified_input": False,
        "finished": True,
    }


def test_the_repeats_of_an_honest_model_agree(kernel, serving):
    collected = ask_all(kernel(model=lambda X: X["number"] / 1000), serving)
    rows, first, second = np.array(collected.repeats).T
    np.testing.assert_array_equal(first, rows / 1000)
    np.testing.assert_array_equal(second, first)


def test_a_model_that_looks_at_its_batch_shows_in_the_repeats(kernel, serving):
    link = kernel(model=lambda X: X["number"].rank(pct=True))
    collected = ask_all(link, serving)
    row, first, second = np.array(collected.repeats).T
    dealt = np.concatenate(collected.dealt)
    batches = [set(dealt[dealt[:, 1] == each, 0]) for each in row]
    together = np.array([len(each) == 1 for each in batches])
    assert together.sum() == 5
    assert np.mean(first != second, where=~together) > 0.9
    assert (first == second)[together].all()


def test_in_which_batch_each_row_was_asked_is_kept(kernel, serving):
    collected = ask_all(kernel(model=lambda X: X["number"] / 1000), serving)
    dealt = np.concatenate(collected.dealt)
    assert dealt.shape == (1025, 2)
    assert (np.diff(dealt[:, 0]) >= 0).all()
    first = first_batch(dealt, 1000)
    again = dealt[comes_again(dealt)]
    assert [each[0] for each in collected.repeats] == again[:, 1].tolist()
    assert (first[again[:, 1]] <= again[:, 0]).all()


def test_a_function_is_asked_item_by_item(kernel):
    def gap(a, b):
        return {"gap": np.float64(a - b)}

    items = [{"a": n, "b": 1} for n in range(30)]
    question = Serving("gap", "gap", "function", "json", items, (10, 20), 0.0)
    collected = ask_all(kernel(gap=gap), question)
    assert collected.values == [{"gap": n - 1.0} for n in range(30)]


def test_an_exception_keeps_what_was_answered_before(kernel, serving):
    def model(X):
        if 500 in set(X["number"]):
            raise KeyError("sodium")
        return X["number"] / 1000

    collected = ask_all(kernel(model=model), serving)
    assert collected.status == "failed"
    assert collected.reason == "model raised KeyError: 'sodium'"
    assert collected.finished
    assert np.isnan(collected.values).sum() == 1000 - collected.asked.sum()


def test_an_answer_that_was_not_handed_in_is_missing(kernel, serving):
    collected = ask_all(kernel(decide=lambda X: X), serving)
    assert (collected.status, collected.reason) == (
        "missing",
        "No answer 'model' was handed in.",
    )


def test_a_changed_input_is_reported_and_harms_no_other_row(kernel, serving):
    def model(X):
        risk = X["number"].to_numpy() / 1000
        X["number"] = 0
        return risk

    collected = ask_all(kernel(model=model), serving)
    assert collected.state()["modified_input"]
    np.testing.assert_array_equal(collected.values, np.arange(1000) / 1000)


@pytest.mark.parametrize(
    "reply",
    [
        pack({"status": "ok"}, bytes(8)),
        pack({"status": "splendid", "reason": "trust me"}),
        pack({"status": "failed", "reason": 3}),
        pack({}),
    ],
)
def test_a_reply_that_is_none_is_bad(lines, serving, reply):
    lines.serve.sendall(reply)
    assert ask_all(lines.link, serving).status == "bad-reply"


def test_a_reply_that_breaks_the_line_ends_the_run(lines, serving):
    lines.serve.sendall(pack({"status": "ok"}, bytes(8 * 201)))
    collected = nothing_yet(serving)
    with pytest.raises(Stopped):
        collect(lines.link, serving, "seed", 5.0, collected, lambda *_: None)
    assert collected.status == "bad-reply"


def test_json_answers_have_a_cap_for_all_batches_together(lines, monkeypatch):
    monkeypatch.setattr(module, "JSON_CAP", 40)
    items = list(range(20))
    question = Serving("f", "f", "function", "json", items, (10, 10), 0.0)
    reply = b"[0, 0, 0, 0, 0, 0, 0, 0, 0, 0]"
    lines.serve.sendall(pack({"status": "ok"}, reply) * 2)
    collected = ask_all(lines.link, question)
    assert collected.status == "bad-reply"
    assert collected.asked.sum() == 10


def test_a_kernel_that_never_answers_ends_the_run(lines, serving, monkeypatch):
    monkeypatch.setattr(module, "GRACE", 0.1)
    collected = nothing_yet(serving)
    with pytest.raises(Stopped) as stop:
        collect(lines.link, serving, "seed", 0.2, collected, lambda *_: None)
    assert stop.value.status == collected.status == "timeout"
    assert not collected.finished
    assert "0.2 s" in collected.reason


def test_no_inputs_need_no_answer(lines):
    nobody = Serving("model", "model", "risk", "float64", np.empty((0, 3)))
    assert ask_all(lines.link, nobody).status == "ok"


class Exactly:
    """Read from a socket what is asked for and not a byte more."""

    def __init__(self, sock):
        self.sock = sock

    def read(self, n_bytes):
        return self.sock.recv(n_bytes, socket.MSG_WAITALL) if n_bytes else b""


@pytest.fixture
def far(lines):
    """Answer requests by hand, in a thread: what is given is called for each."""
    threads = []

    def answering(reply):
        def answer():
            with suppress(OSError):
                while (request := read_request(Exactly(lines.serve))) is not None:
                    lines.serve.sendall(reply(*request))

        threads.append(threading.Thread(target=answer))
        threads[0].start()
        return lines.link

    yield answering
    lines.link.serve.sock.close()
    for thread in threads:
        thread.join()


def test_the_next_batch_is_sent_only_after_the_answer(far, lines, serving):
    waiting = []

    def reply(header, payload):
        time.sleep(0.05)  # for whoever would send the next one already
        waiting.append(readable(lines.serve))
        return pack({"status": "ok"}, bytes(8 * header["rows"]))

    collected = ask_all(far(reply), serving)
    assert collected.finished
    assert len(waiting) == np.concatenate(collected.dealt)[-1, 0] + 1 > 5
    assert not any(waiting)


def readable(sock):
    """Return True where something has arrived on a socket that nobody has read."""
    return bool(select.select([sock], [], [], 0)[0])


def test_each_batch_has_a_deadline_of_its_own(far, serving, monkeypatch):
    monkeypatch.setattr(module, "GRACE", 0.2)

    def reply(header, payload):
        time.sleep(0.3)
        return pack({"status": "ok"}, bytes(8 * header["rows"]))

    begun = time.monotonic()
    collected = ask_all(far(reply), serving, seconds=0.5)
    assert collected.finished
    assert time.monotonic() - begun > 0.7 * 2


def test_a_batch_that_comes_late_ends_the_run_and_the_batches_before_stay(
    far, serving, monkeypatch
):
    monkeypatch.setattr(module, "GRACE", 0.1)
    batches = []

    def reply(header, payload):
        batches.append(header["rows"])
        time.sleep(1.5 if len(batches) == 3 else 0)
        return pack({"status": "ok"}, bytes(8 * header["rows"]))

    collected = nothing_yet(serving)
    with pytest.raises(Stopped) as stop:
        collect(far(reply), serving, "seed", 0.3, collected, lambda *_: None)
    assert stop.value.status == "timeout"
    assert len(np.concatenate(collected.dealt)) == sum(batches[:2])
    assert 0 < collected.asked.sum() < 1000


def test_an_answer_that_trickles_in_has_no_longer_time(
    far, lines, serving, monkeypatch
):
    monkeypatch.setattr(module, "GRACE", 0.1)

    def reply(header, payload):
        for byte in pack({"status": "ok"}, bytes(8 * header["rows"]))[:20]:
            lines.serve.sendall(bytes([byte]))
            time.sleep(0.05)
        return b""

    begun = time.monotonic()
    with pytest.raises(Stopped) as stop:
        ask_all(far(reply), serving, seconds=0.3)
    assert stop.value.status == "timeout"
    assert time.monotonic() - begun < 5


def test_an_answer_given_before_its_batch_came_is_not_counted_twice(lines, serving):
    zeros = pack({"status": "ok"}, bytes(8 * 40))
    lines.serve.sendall(zeros * 3)
    collected = ask_all(lines.link, serving)
    assert collected.status == "bad-reply"
    assert not collected.asked.all()


def test_json_answers_to_one_batch_have_a_cap(far):
    items = list(range(10))
    question = Serving("f", "f", "function", "json", items, (10, 10), 0.0)
    long = b"[" + b"1," * (1 << 19) + b"1]"
    collected = nothing_yet(question)
    with pytest.raises(Stopped, match=r"1048579 bytes came; 1048576 are allowed"):
        collect(
            far(lambda *_: pack({"status": "ok"}, long)),
            *(question, "seed", 5.0, collected, lambda *_: None),
        )
    assert collected.status == "bad-reply"
    assert not collected.finished
