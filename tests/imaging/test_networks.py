import pytest
import torch

from coursekit.imaging import ResNet18, SmallCNN, count_parameters
from coursekit.imaging.networks import ResidualBlock


@pytest.mark.parametrize("size", [28, 64])
@pytest.mark.parametrize("network", [SmallCNN, ResNet18])
def test_networks_take_small_and_larger_films_of_any_channels(network, size):
    films = torch.zeros(2, 3, size, size)
    assert network(in_channels=3, n_outputs=5, width=4)(films).shape == (2, 5)


def test_the_sizes_are_those_that_are_told():
    assert 10_000 < count_parameters(SmallCNN()) < 20_000
    # He's network for 1000 photographs has 11,689,512 parameters; less its head, and
    # a 3x3 stem of one channel for a 7x7 one of three
    photographs = 11_689_512 - (512 * 1000 + 1000) - 64 * 3 * 49
    assert count_parameters(ResNet18()) == photographs + 64 * 9 + (512 + 1)


@pytest.mark.parametrize("network", [SmallCNN, ResNet18])
def test_first_weights_follow_the_random_state_and_leave_torch_as_it_was(network):
    before = torch.get_rng_state()
    first, again, other = (network(width=2, random_state=s) for s in (1, 1, 2))
    assert (torch.get_rng_state() == before).all()
    films = torch.rand(2, 1, 16, 16)
    with torch.no_grad():
        outputs = [n.eval()(films) for n in (first, again, other)]
    assert (outputs[0] == outputs[1]).all()
    assert (outputs[0] != outputs[2]).all()


def test_dropout_acts_in_training_only():
    network = SmallCNN(dropout=0.5).train()
    films = torch.rand(8, 1, 16, 16)
    assert (network(films) != network(films)).any()
    network.eval()
    assert (network(films) == network(films)).all()


def test_a_block_that_adds_nothing_passes_its_input_on():
    block = ResidualBlock(3, 3).eval()
    for weights in block.change.parameters():
        weights.data.zero_()
    maps = torch.rand(1, 3, 4, 4)
    assert torch.equal(block(maps), maps)
