import numpy as np
import pytest
import torch

from coursekit.errors import BadInput
from coursekit.imaging import GroupDRO, SmallCNN, fit, group_weights, predict_logits
from coursekit.imaging.temperature import mean_log_loss


def test_weighted_so_every_group_and_outcome_counts_the_same():
    group = np.array(["a"] * 8 + ["b"] * 2)
    y = np.array([0, 0, 0, 0, 0, 0, 1, 1, 0, 1])
    weight = group_weights(group)
    assert weight[group == "a"].sum() == pytest.approx(weight[group == "b"].sum())
    weight = group_weights(group, y)
    sums = [weight[(group == g) & (y == k)].sum() for g in "ab" for k in (0, 1)]
    assert sums == pytest.approx([2.5] * 4)
    with pytest.raises(BadInput, match="one film at least"):
        group_weights([])


def test_the_group_with_the_higher_loss_comes_to_rule():
    dro = GroupDRO(2, step=0.1)
    group = torch.tensor([0, 0, 1])
    losses = [float(dro(torch.tensor([0.2, 0.4, 2.0]), group)) for _ in range(60)]
    assert losses[0] < losses[-1]
    assert losses[-1] == pytest.approx(2.0, abs=0.02)
    assert dro.weights.sum() == pytest.approx(1)


def test_a_group_that_a_batch_lacks_keeps_its_share_of_the_weights():
    dro = GroupDRO(3, step=1.0)
    dro(torch.tensor([0.0, 0.0]), torch.tensor([0, 1]))
    assert dro.weights.tolist() == pytest.approx([1 / 3] * 3)


def test_a_network_trained_by_groups_does_not_give_up_the_rare_one():
    """The mark of the ill in group a is that of the well in group b, 1 film in 16."""
    rng = np.random.default_rng(0)
    n = 512
    y, in_b = rng.integers(0, 2, n), rng.random(n) < 1 / 16
    films = rng.integers(100, 140, (n, 1, 8, 8)).astype("uint8")
    films[(y == 1) != in_b, :, 2:5, 2:5] += np.uint8(60)
    losses = []
    for groups, step in ((None, 0.01), (in_b, 0.01), (in_b, 0.1)):
        network = SmallCNN(width=2)
        settings = {"epochs": 4, "batch_size": 32, "learning_rate": 5e-3}
        fit(network, films, y, groups=groups, group_step=step, **settings)
        losses.append([loss_in(network, films[g], y[g]) for g in (in_b, ~in_b)])
    [mean_b, mean_a], slow, fast = losses
    assert mean_a < 0.3
    assert mean_b > 2
    assert max(slow) < 1
    assert max(fast) < 1
    assert fast != slow


def loss_in(network, films, y):
    return mean_log_loss(predict_logits(network, films), y)
