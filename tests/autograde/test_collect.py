import numpy as np
import pytest

from coursekit.autograde import collect as module
from coursekit.autograde.collect import collect, nothing_yet
from coursekit.autograde.frames import pack
from coursekit.autograde.link import Stopped
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
