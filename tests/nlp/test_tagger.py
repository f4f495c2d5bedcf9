import numpy as np
import pytest
import torch

from coursekit.datasets import STATUSES, SYMPTOMS, make_notes
from coursekit.errors import BadInput
from coursekit.metrics import macro_f1
from coursekit.nlp.bilstm import BiLSTM
from coursekit.nlp.tagger import Tagger, fit_tagger, predict_spans
from coursekit.nlp.word_features import known_words, sentence_tokens, token_features

FAST = {"epochs": 1, "batch_size": 16}
ODD = ["", " \n", "cough", "😀 İ\r\n\tno fever", "word " * 500, "**NAME[AAA] e\u0301"]


@pytest.fixture(scope="module")
def train():
    return make_notes(150, secret="tagger", role="train", missed_lay=0)


@pytest.fixture(scope="module")
def tune():
    return make_notes(60, secret="tagger", role="tune")


@pytest.fixture(scope="module")
def trained(train, tune):
    settings = {"batch_size": 16, "learning_rate": 0.01, "epochs": 4}
    return fit_tagger(train.X, train.y, tune=(tune.X, tune.y), **settings)


def test_symptoms_and_what_is_said_of_them_are_learnt(trained, tune):
    predicted = predict_spans(trained, tune.X)
    assert macro_f1(tune.y, predicted) > 0.5
    losses = [loss for loss, _ in trained.history]
    assert losses[-1] < losses[0] / 3


def test_the_tagger_is_left_at_its_best_epoch(trained, tune):
    reached = [f1 for _, f1 in trained.history]
    assert trained.best_epoch == np.argmax(reached)
    assert macro_f1(tune.y, predict_spans(trained, tune.X)) == max(reached)


def test_training_ends_when_nothing_gets_better(train, tune):
    nothing = [[] for _ in tune.X]
    settings = {**FAST, "epochs": 9, "patience": 2}
    few = fit_tagger(train.X[:20], train.y[:20], tune=(tune.X, nothing), **settings)
    assert len(few.history) == few.best_epoch + 3
    assert few.best_epoch == 0


def test_without_audited_notes_the_last_epoch_is_kept(train):
    few = fit_tagger(train.X[:10], train.y[:10], epochs=2)
    assert few.best_epoch == 1
    assert np.isnan([f1 for _, f1 in few.history]).all()


def test_spans_are_sorted_within_the_note_and_of_known_kinds(trained):
    for note, spans in zip(ODD, predict_spans(trained, ODD), strict=True):
        assert spans == sorted(spans)
        ends = [0, *(end for _, end, _, _ in spans)]
        for before, (start, end, symptom, status) in zip(ends, spans, strict=False):
            assert before <= start < end <= len(note)
            assert symptom in SYMPTOMS
            assert status in STATUSES


def test_a_note_is_read_alike_whoever_stands_beside_it(trained, tune):
    together = predict_spans(trained, tune.X, batch_size=7)
    alone = [predict_spans(trained, [note])[0] for note in tune.X]
    assert together == alone


def test_equal_seeds_give_equal_taggers_and_leave_torch_as_it_was(train):
    before = torch.get_rng_state()
    weights = [
        fit_tagger(
            train.X[:20], train.y[:20], random_state=seed, **FAST
        ).network.tag.weight.sum()
        for seed in (3, 3, 4)
    ]
    assert weights[0] == weights[1] != weights[2]
    assert (torch.get_rng_state() == before).all()


def test_the_network_is_small(trained):
    size = sum(p.numel() for p in BiLSTM(5000).parameters())
    assert size < 500_000


def test_an_unknown_word_and_all_rare_ones_look_alike_in_their_first_number():
    words = known_words(["cough now", "cough then"])
    assert list(words) == ["cough"]
    assert token_features("cough now", words)[:, 0].tolist() == [1, 0]
    assert token_features("", words).shape == (0, 5)


def test_sentences_cover_all_tokens_and_a_long_one_is_read_in_parts():
    for note in ODD:
        pieces = sentence_tokens(note)
        numbers = [n for first, last in pieces for n in range(first, last)]
        assert numbers == list(range(len(token_features(note, {}))))
        assert all(0 < last - first <= 60 for first, last in pieces)


@pytest.mark.parametrize(("notes", "spans"), [([], []), ([""], [[]]), (["a"], [])])
def test_nothing_to_learn_from_is_refused(notes, spans):
    with pytest.raises(BadInput, match="give a list for each note"):
        fit_tagger(notes, spans)


def test_an_untrained_tagger_reads_too():
    assert len(predict_spans(Tagger(BiLSTM(0), {}), ["Cough.", "Fever."])) == 2
