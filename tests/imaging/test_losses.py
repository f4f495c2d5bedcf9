import pytest
import torch

from coursekit.imaging import FocalLoss, WeightedBCE
from coursekit.imaging.losses import plain_loss

LOGITS = torch.tensor([[-2.0], [0.5], [3.0], [-60.0]])
Y = torch.tensor([0.0, 1.0, 0.0, 1.0])


def test_weight_1_and_gamma_0_are_plain_cross_entropy():
    plain = plain_loss(LOGITS, Y)
    assert plain[1].item() == pytest.approx(0.4741, abs=1e-4)  # log(1 + exp(-0.5))
    assert torch.equal(WeightedBCE()(LOGITS, Y), plain)
    assert torch.allclose(FocalLoss(gamma=0)(LOGITS, Y), plain)


def test_only_the_ill_weigh_more():
    ratio = WeightedBCE(4.0)(LOGITS, Y) / plain_loss(LOGITS, Y)
    assert ratio.tolist() == pytest.approx([1, 4, 1, 4])


def test_focal_loss_is_its_formula():
    chance = torch.sigmoid(LOGITS[:, 0])
    of_truth = torch.where(Y == 1, chance, 1 - chance)[:3]
    alpha = torch.tensor([0.75, 0.25, 0.75])
    expected = -alpha * (1 - of_truth) ** 2 * of_truth.log()
    assert torch.allclose(FocalLoss(2.0, 0.25)(LOGITS, Y)[:3], expected)


def test_losses_and_their_slopes_stay_finite_when_a_network_is_sure():
    logits = torch.tensor([[80.0], [-80.0]], requires_grad=True)
    for y in (torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])):
        values = FocalLoss(0.5)(logits, y)
        [slope] = torch.autograd.grad(values.sum(), logits)
        assert values.isfinite().all()
        assert slope.isfinite().all()
