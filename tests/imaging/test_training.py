import copy

import numpy as np
import pytest
import torch

from coursekit.errors import BadInput
from coursekit.imaging import (
    Augmentation,
    SmallCNN,
    WeightedBCE,
    fit,
    predict_logits,
    predict_risk,
)
from coursekit.metrics import auroc

FAST = {"epochs": 2, "batch_size": 32, "learning_rate": 5e-3}


def test_a_lesion_is_learnt_and_the_history_tells_how(trained, tune):
    assert auroc(tune.y, predict_risk(trained.network, tune.films)) > 0.95
    table = trained.history.frame()
    assert len(table) == 6
    assert table["train_loss"].iloc[-1] < table["train_loss"].iloc[0]
    assert table["learning_rate"].is_monotonic_decreasing
    assert table["learning_rate"].iloc[-1] == pytest.approx(0, abs=1e-9)
    assert (table["seconds"] > 0).all()


def test_the_network_is_left_at_its_best_epoch(train, tune):
    wrong = (tune.films, 1 - tune.y)  # what is learnt looks ever worse
    settings = {"epochs": 4, "learning_rate": 5e-4, "schedule": None}
    network = SmallCNN()
    history = fit(network, train.films, train.y, tune=wrong, **settings)
    reached = history.frame()["tune_auroc"]
    assert reached.iloc[-1] < reached.max() - 0.1
    assert history.best_epoch == reached.argmax()
    risk = predict_risk(network, tune.films)
    assert auroc(1 - tune.y, risk) == pytest.approx(reached.max())


def test_patience_ends_a_training_that_gets_no_better(train, tune):
    wrong = (tune.films, 1 - tune.y)
    settings = {**FAST, "epochs": 30, "tune": wrong, "patience": 2}
    history = fit(SmallCNN(), train.films, train.y, **settings)
    assert len(history.epochs) == history.best_epoch + 3
    with pytest.raises(BadInput, match="needs tune films"):
        fit(SmallCNN(), train.films, train.y, patience=2)


def test_equal_seeds_give_equal_weights_and_leave_torch_as_it_was(train):
    before = torch.get_rng_state()
    augment = Augmentation(shift=1, noise=0.02)
    logits = []
    for random_state in (3, 3, 4):
        network = SmallCNN(dropout=0.2)
        fit(
            network,
            train.films,
            train.y,
            augment=augment,
            random_state=random_state,
            **FAST,
        )
        logits.append(predict_logits(network, train.films[:20]))
    assert (logits[0] == logits[1]).all()
    assert (logits[0] != logits[2]).any()
    assert (torch.get_rng_state() == before).all()


def test_films_of_weight_0_teach_nothing(train):
    confused = train.y.copy()
    confused[128:] = 1 - confused[128:]
    settings = {**FAST, "epochs": 6}
    networks = SmallCNN(), SmallCNN()
    weight = np.repeat([2.0, 0.0], 128)
    fit(networks[0], train.films, confused, sample_weight=weight, **settings)
    fit(networks[1], train.films, confused, **settings)
    first, second = (auroc(train.y, predict_risk(n, train.films)) for n in networks)
    assert first > 0.9
    assert second < first - 0.2


def test_a_heavier_weight_of_the_ill_raises_their_risk_to_the_weighted_share():
    """Films that say nothing: the risk learnt is weight / (weight + 1)."""
    rng = np.random.default_rng(0)
    films, y = rng.integers(0, 256, (256, 1, 8, 8)).astype("uint8"), np.arange(256) % 2
    for weight in (1.0, 8.0):
        network = SmallCNN(width=2)
        fit(network, films, y, loss=WeightedBCE(weight), **{**FAST, "epochs": 8})
        risk = predict_risk(network, films).mean()
        assert risk == pytest.approx(weight / (weight + 1), abs=0.07)


def test_several_classes_are_learnt_by_cross_entropy(train):
    place = np.where(train.y == 0, 0, 1 + (train.masks.argmax(2).argmax(1) % 2))
    network = SmallCNN(n_outputs=3)
    history = fit(network, train.films, place, tune=(train.films, place), **FAST)
    risk = predict_risk(network, train.films)
    assert risk.shape == (256, 3)
    assert risk.sum(1) == pytest.approx(1)
    best = min(history.epochs, key=lambda epoch: epoch.tune_loss)
    assert history.epochs[history.best_epoch] is best
    assert np.isnan(best.tune_auroc)


def test_without_tune_films_the_last_epoch_stays(train):
    history = fit(SmallCNN(), train.films[:64], train.y[:64], schedule=None, **FAST)
    assert history.best_epoch == 1
    assert history.frame()["learning_rate"].tolist() == [5e-3, 5e-3]
    assert history.frame()["tune_loss"].isna().all()


def test_mixed_precision_changes_nothing_on_a_cpu(train):
    networks = SmallCNN(), SmallCNN()
    for network, half in zip(networks, (None, True), strict=True):
        fit(network, train.films, train.y, mixed_precision=half, **FAST)
    first, second = (predict_logits(n, train.films[:9]) for n in networks)
    assert (first == second).all()


def test_what_cannot_be_trained_on_is_refused(train):
    films, y = train.films[:8], train.y[:8]
    with pytest.raises(BadInput, match="no training films"):
        fit(SmallCNN(), films[:0], y[:0])
    with pytest.raises(BadInput, match="sample_weight has the shape"):
        fit(SmallCNN(), films, y, sample_weight=[1.0])
    with pytest.raises(BadInput, match="groups has the shape"):
        fit(SmallCNN(), films, y, groups=["a"])
    with pytest.raises(BadInput, match='give "cosine" or None'):
        fit(SmallCNN(), films, y, schedule="step")
    broken = copy.deepcopy(SmallCNN())
    broken.head[1].bias.data.fill_(float("nan"))
    with pytest.raises(BadInput, match="learning rate too high"):
        fit(broken, films, y, **FAST)
