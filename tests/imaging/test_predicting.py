import numpy as np
import pytest

from coursekit.imaging import SmallCNN, predict_logits, predict_risk


def test_a_film_has_the_same_risk_whoever_is_sent_along(trained, tune):
    together = predict_risk(trained.network, tune.films)
    alone = [predict_risk(trained.network, film[None])[0] for film in tune.films[:10]]
    assert together[:10] == pytest.approx(alone, abs=1e-6)
    in_batches = predict_risk(trained.network, tune.films, batch_size=7)
    assert together == pytest.approx(in_batches, abs=1e-6)
    assert together.dtype == np.float64


def test_the_mode_of_every_part_is_put_back():
    network = SmallCNN().train()
    network.features[1].eval()
    modes = [part.training for part in network.modules()]
    films = np.zeros((2, 1, 16, 16), dtype="uint8")
    risk = predict_risk(network, films)
    assert [part.training for part in network.modules()] == modes
    assert (risk == predict_risk(network.eval(), films)).all()
    assert all(p.grad is None for p in network.parameters())


def test_risk_is_the_sigmoid_of_the_logit(trained, tune):
    logits = predict_logits(trained.network, tune.films)
    risk = predict_risk(trained.network, tune.films)
    assert risk == pytest.approx(1 / (1 + np.exp(-logits)))
