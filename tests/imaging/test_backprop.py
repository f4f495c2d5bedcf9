import numpy as np
import pytest
import torch

from coursekit.errors import BadInput
from coursekit.imaging import (
    Adam,
    GradientDescent,
    Momentum,
    TwoLayers,
    descend,
    gradient_error,
    numeric_gradient,
)

XOR = np.array([[0, 0], [0, 1], [1, 0], [1, 1.0]]), np.array([0, 1, 1, 0])


def train(network, X, y, optimiser, n_steps):
    for _ in range(n_steps):
        network.weights = network.weights + optimiser.step(network.gradient(X, y))


@pytest.mark.parametrize("random_state", range(3))
def test_back_propagation_passes_the_gradient_check(random_state):
    rng = np.random.default_rng(random_state)
    X, y = rng.normal(size=(20, 4)), rng.integers(0, 2, 20)
    network = TwoLayers(4, 5, random_state=rng)
    error = gradient_error(
        lambda weights: network.loss(X, y, weights),
        network.gradient(X, y),
        network.weights,
    )
    assert error < 1e-6


def test_a_forgotten_slope_of_tanh_fails_the_gradient_check():
    X, y = XOR
    network = TwoLayers(2, 3)
    gradient = network.gradient(X, y)
    gradient[:9] *= 1.2
    error = gradient_error(
        lambda weights: network.loss(X, y, weights), gradient, network.weights
    )
    assert error > 0.01


def test_two_layers_learn_xor():
    network = TwoLayers(2, 4, random_state=1)
    train(network, *XOR, Adam(0.05), 400)
    assert ((network.risk(XOR[0]) > 0.5) == XOR[1]).all()
    assert network.loss(*XOR) < 0.05
    with pytest.raises(BadInput, match=r"needs \(n, 2\)"):
        network.risk([[1.0]])


def test_the_numeric_gradient_leaves_the_point_as_it_was():
    point = np.array([[1.0, 2.0]])
    slope = numeric_gradient(lambda x: x[0, 0] * x[0, 1] ** 2, point)
    assert slope == pytest.approx(np.array([[4.0, 4.0]]))
    assert point.tolist() == [[1.0, 2.0]]


def test_gradients_of_0_agree_and_other_shapes_are_refused():
    assert gradient_error(lambda x: 0.0, [0.0], [1.0]) == 0
    with pytest.raises(BadInput, match="not alike"):
        gradient_error(lambda x: 0.0, [0.0, 1.0], [1.0])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (GradientDescent(0.03), lambda w: torch.optim.SGD(w, lr=0.03)),
        (Momentum(0.03, 0.2), lambda w: torch.optim.SGD(w, lr=0.03, momentum=0.8)),
        (Adam(0.03), lambda w: torch.optim.Adam(w, lr=0.03)),
    ],
    ids=["descent", "momentum", "adam"],
)
def test_each_optimiser_walks_as_torchs_does(ours, theirs):
    curve = np.array([1.0, 20.0])
    path = descend(lambda x: curve * x, [1.0, -2.0], ours, 30)
    weights = torch.tensor([1.0, -2.0], dtype=torch.float64, requires_grad=True)
    optimiser = theirs([weights])
    for place in path:
        assert place == pytest.approx(weights.detach().numpy(), abs=1e-6)
        optimiser.zero_grad()
        (torch.from_numpy(curve) * weights**2 / 2).sum().backward()
        optimiser.step()


def test_a_learning_rate_that_is_too_high_is_named():
    with pytest.raises(BadInput, match="lower learning rate"):
        descend(lambda x: 2 * x, [1.0], GradientDescent(2.0), 500)
