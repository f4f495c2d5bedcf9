import numpy as np
import pytest
import torch

from coursekit.errors import BadInput
from coursekit.imaging import (
    ResNet18,
    latency_ms,
    predict_risk,
    prune_smallest,
    quantise,
    share_of_zeros,
    size_bytes,
)
from coursekit.metrics import auroc


def test_a_quarter_of_the_bytes_ranks_as_well(trained, tune):
    small = quantise(trained.network)
    assert size_bytes(small) < 0.3 * size_bytes(trained.network)
    before, after = (predict_risk(n, tune.films) for n in (trained.network, small))
    assert auroc(tune.y, after) > auroc(tune.y, before) - 0.01
    assert (before != after).any()
    assert after == pytest.approx(before, abs=0.1)


def test_a_weight_is_off_by_half_a_step_at_most():
    layer = torch.nn.Linear(20, 5)
    stored = quantise(layer)
    step = layer.weight.abs().amax(1, keepdim=True) / 127
    off = (stored.weight * stored.scale - layer.weight).abs()
    assert (off <= step / 2 + 1e-7).all()
    assert stored.weight.dtype == torch.int8
    assert torch.equal(stored.bias, layer.bias)


def test_strides_and_paddings_are_kept_and_odd_convolutions_left_alone():
    network = ResNet18(width=2).eval()
    films = np.random.default_rng(0).random((3, 1, 16, 16))
    before, after = predict_risk(network, films), predict_risk(quantise(network), films)
    assert after == pytest.approx(before, abs=0.02)
    by_channel = torch.nn.Sequential(torch.nn.Conv2d(4, 4, 3, groups=4))
    assert isinstance(quantise(by_channel)[0], torch.nn.Conv2d)


class Clock:
    """A clock on which the calls of a network take 1, 2, 3, ... ms."""

    def __init__(self):
        self.now, self.reads = 0.0, 0

    def __call__(self):
        self.reads += 1
        if self.reads % 2 == 0:
            self.now += self.reads / 2 / 1000
        return self.now


def test_the_latency_is_the_quantile_of_the_calls_after_three(
    trained, tune, monkeypatch
):
    for quantile, expected in [(0.5, 6), (1.0, 8)]:  # of calls 4 to 8
        monkeypatch.setattr("coursekit.imaging.latency.time.perf_counter", Clock())
        wait = latency_ms(trained.network, tune.films[:1], repeats=5, quantile=quantile)
        assert wait == pytest.approx(expected)


def test_the_smallest_weights_of_all_layers_are_set_to_0_on_a_copy():
    network = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.Linear(2, 1))
    network[0].weight.data = torch.tensor([[0.1, -0.2], [0.3, 4.0]])
    network[1].weight.data = torch.tensor([[-5.0, 0.05]])
    pruned = prune_smallest(network, 0.5)
    assert pruned[0].weight.tolist() == [[0, 0], [pytest.approx(0.3), 4]]
    assert pruned[1].weight.tolist() == [[-5, 0]]
    assert share_of_zeros(pruned) == 0.5
    assert share_of_zeros(network) == 0
    assert torch.equal(pruned[0].bias, network[0].bias)
    assert set(pruned.state_dict()) == set(network.state_dict())
    with pytest.raises(BadInput, match="less than 1"):
        prune_smallest(network, 1)
    for function in (share_of_zeros, lambda n: prune_smallest(n, 0.5)):
        with pytest.raises(BadInput, match="no linear or convolutional"):
            function(torch.nn.ReLU())
