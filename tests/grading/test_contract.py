import numpy as np
import pandas as pd
import pytest

from coursekit.grading.asking import ask
from coursekit.grading.contract import Reply, breaches
from coursekit.grading.rubric import Answer
from coursekit.grading.serving import REPEAT_SHARE, Serving

RNG = np.random.default_rng(0)
MODEL, DECIDE = Answer("model", "risk"), Answer("decide", "decision")
TABLE = pd.DataFrame({"age_years": np.arange(400.0)})
MANY = pd.DataFrame({"age_years": np.arange(8000.0)})


def serving(answer, inputs=TABLE, reply="float64", share=0.1):
    return Serving(
        name=answer.name,
        answer=answer.name,
        contract=answer.contract,
        reply=reply,
        inputs=inputs,
        repeat_share=share,
    )


def codes(answer, function, inputs=TABLE):
    share = 0.1 if inputs is TABLE else REPEAT_SHARE
    reply = ask(function, serving(answer, inputs, share=share))
    return [each.code for each in breaches(answer, reply)]


def test_an_honest_model_keeps_its_contract_and_its_rows():
    reply = ask(lambda X: X["age_years"] / 400, serving(MODEL))
    assert breaches(MODEL, reply) == []
    np.testing.assert_allclose(reply.values, TABLE["age_years"] / 400)


@pytest.mark.parametrize(
    ("function", "code"),
    [
        (lambda X: X["age_years"], "OUT-OF-RANGE"),
        (lambda X: X["age_years"] * np.nan, "NOT-FINITE"),
        (lambda X: np.column_stack([X, X]), "NO-REPLY"),
        (lambda X: X["age_years"][:3], "NO-REPLY"),
        (lambda X: ["high"] * len(X), "NO-REPLY"),
        (lambda X: ["0.5"] * len(X), "NO-REPLY"),
        (lambda X: X["no such column"], "NO-REPLY"),
        (lambda X: X["age_years"].rank(pct=True), "BATCH-DEPENDENT"),
        (lambda X: RNG.random(len(X)), "RANDOM-ANSWERS"),
        (lambda X: np.linspace(0, 1, 400)[: len(X)], "STATIC-ANSWERS"),
    ],
)
def test_a_broken_promise_of_a_model_is_named(function, code):
    assert codes(MODEL, function) == [code]


def test_a_model_that_changes_its_input_is_named():
    def model(X):
        X["age_years"] = 0.0
        return np.zeros(len(X))

    assert codes(MODEL, model) == ["INPUT-MODIFIED"]


def test_decisions_other_than_0_and_1_are_named():
    assert codes(DECIDE, lambda X: X["age_years"] / 400) == ["NOT-A-DECISION"]


def test_a_cut_off_learnt_on_the_batch_is_named():
    def top_fifth(X):
        return X["age_years"] >= X["age_years"].quantile(0.8)

    assert codes(DECIDE, top_fifth, MANY) == ["BATCH-DEPENDENT"]


def remembering(answer, key="age_years"):
    """Return an answer that says again what it said about a patient before."""
    memory = {}

    def remember(X):
        told = zip(X[key], np.asarray(answer(X), dtype=float), strict=True)
        return np.array([memory.setdefault(patient, each) for patient, each in told])

    return remember


def test_a_cut_off_learnt_on_the_batch_is_named_though_answers_are_remembered():
    def top_fifth(X):
        return X["age_years"] >= X["age_years"].quantile(0.8)

    assert codes(DECIDE, remembering(top_fifth), MANY) == ["BATCH-DEPENDENT"]


def test_ranks_within_the_batch_are_named_though_answers_are_remembered():
    def rank(X):
        return X["age_years"].rank(pct=True)

    assert codes(MODEL, remembering(rank), MANY) == ["BATCH-DEPENDENT"]


def test_answers_that_rise_from_batch_to_batch_are_a_drift():
    calls = []

    def rising(X):
        calls.append(len(X))
        return X["age_years"] / 16_000 + len(calls) / 100

    assert codes(MODEL, rising, MANY) == ["DRIFTING-ANSWERS"]


def test_a_drift_is_named_though_answers_are_remembered():
    calls = []

    def laxer(X):
        calls.append(len(X))
        return X["age_years"] >= 8000 - 200 * len(calls)

    assert codes(DECIDE, remembering(laxer), MANY) == ["DRIFTING-ANSWERS"]


def test_a_cut_off_that_is_kept_is_accepted():
    assert codes(DECIDE, lambda X: X["age_years"] >= 320) == []
    assert codes(DECIDE, remembering(lambda X: X["age_years"] >= 6400), MANY) == []


def test_the_error_of_an_answer_is_told_in_words():
    reply = ask(lambda X: X["no such column"], serving(MODEL))
    assert "KeyError" in reply.reason
    assert breaches(MODEL, reply)[0].seen == reply.reason


def test_a_function_question_is_asked_item_by_item():
    question = serving(Answer("f", "function"), [{"x": 1}, {"x": 2}], "json")
    assert ask(lambda x: 2 * x, question).values == [2, 4]


def test_scores_may_differ_by_floating_point_noise_only():
    repeats = np.array([[0, 0.5, 0.5 + 1e-7], [1, 0.2, 0.2]])
    assert breaches(MODEL, Reply(np.array([0.5, 0.2]), repeats)) == []
