import numpy as np
import pytest
import torch

from coursekit.errors import BadInput
from coursekit.imaging import (
    SmallCNN,
    grad_cam,
    integrated_gradients,
    mass_in_mask,
    predict_logits,
)
from coursekit.imaging.films import read_films, to_unit


@pytest.fixture(scope="module")
def ill(tune):
    rows = np.flatnonzero(tune.y)[:24]
    return tune.films[rows], tune.masks[rows]


def test_maps_of_a_network_that_sees_the_lesion_lie_on_it(trained, ill):
    films, masks = ill
    area = masks.mean()
    cam = grad_cam(trained.network, films)
    assert cam.shape == masks.shape
    assert cam.min() >= 0
    assert np.nanmean(mass_in_mask(cam, masks)) > 2.5 * area
    pixels = integrated_gradients(trained.network, films)[:, 0]
    assert np.nanmean(mass_in_mask(pixels, masks)) > 2.5 * area


def test_maps_of_an_untrained_network_lie_anywhere(ill):
    films, masks = ill
    share = np.nanmean(mass_in_mask(grad_cam(SmallCNN(random_state=5), films), masks))
    assert share < 2 * masks.mean()


def test_grad_cam_is_its_formula_on_a_network_of_one_feature():
    """One 1x1 convolution of weight 2, averaged: the map is the film times a number."""
    features = torch.nn.Conv2d(1, 1, 1, bias=False)
    features.weight.data.fill_(2.0)
    network = torch.nn.Sequential(
        features, torch.nn.AdaptiveAvgPool2d(1), torch.nn.Flatten()
    )
    film = np.random.default_rng(0).random((1, 1, 6, 6))
    cam = grad_cam(network, film, layer=features)
    assert cam[0] == pytest.approx(film[0, 0] * 2 / 36, rel=1e-5)


@pytest.mark.parametrize("grey", [None, 0.4])
def test_pixel_by_pixel_contributions_sum_to_the_logit(trained, tune, grey):
    films = tune.films[:8] / 255
    baseline = np.full_like(films[:1], 0.0 if grey is None else grey)
    parts = integrated_gradients(
        trained.network,
        films,
        baseline=None if grey is None else baseline,
        steps=256,
    )
    whole = predict_logits(trained.network, films)
    whole = whole - predict_logits(trained.network, baseline)
    assert parts.sum((1, 2, 3)) == pytest.approx(whole, abs=0.05, rel=0.01)


def test_captum_agrees(trained, tune):
    attr = pytest.importorskip("captum.attr", reason="captum is not installed")
    films = to_unit(read_films(tune.films[:4]))
    theirs = attr.IntegratedGradients(trained.network.eval()).attribute(
        films, target=0, n_steps=128, method="riemann_middle"
    )
    ours = integrated_gradients(trained.network, tune.films[:4], steps=128)
    assert ours == pytest.approx(theirs.detach().numpy(), abs=1e-4)


def test_explaining_changes_nothing_in_the_network(trained, ill):
    network = trained.network.train()
    before = {name: t.clone() for name, t in network.state_dict().items()}
    grad_cam(network, ill[0][:2])
    integrated_gradients(network, ill[0][:2], steps=2)
    assert network.training
    assert all(torch.equal(t, before[name]) for name, t in network.state_dict().items())
    assert not network.features._forward_hooks
    assert all(p.grad is None or not p.grad.any() for p in SmallCNN().parameters())
    network.eval()


def test_a_network_without_features_needs_a_layer():
    with pytest.raises(BadInput, match="name a layer"):
        grad_cam(torch.nn.Flatten(), np.zeros((1, 1, 4, 4)))


def test_mass_is_unknown_without_a_lesion_or_without_a_map():
    maps, masks = np.zeros((3, 2, 2)), np.zeros((3, 2, 2))
    maps[:2, 0], masks[1:, 0, 0] = -1.0, 1
    share = mass_in_mask(maps, masks)
    assert np.isnan(share[[0, 2]]).all()
    assert share[1] == 0.5
    with pytest.raises(BadInput, match="same shape"):
        mass_in_mask(maps, masks[0])
