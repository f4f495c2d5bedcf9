import numpy as np
import pytest
import torch

from coursekit.datasets import make_mri_slices
from coursekit.errors import BadInput
from coursekit.imaging import (
    Augmentation,
    SoftDiceLoss,
    UNet,
    count_parameters,
    fit_masks,
    majority_vote,
    predict_mask,
    predict_mask_probability,
)
from coursekit.metrics import dice


@pytest.fixture(scope="module")
def cohorts():
    return [
        make_mri_slices(n, secret="tests", role=role)
        for n, role in ((60, "train"), (30, "tune"), (60, "hidden"))
    ]


def new_network():
    torch.manual_seed(0)
    return UNet(width=4)


def test_the_network_keeps_the_size_of_a_picture_and_is_small():
    for width in (4, 8):
        assert UNet(width=width)(torch.zeros(1, 4, 32, 40)).shape == (1, 1, 32, 40)
    assert UNet(in_channels=1, n_outputs=3)(torch.zeros(2, 1, 16, 16)).shape[1] == 3
    assert 100_000 < count_parameters(UNet()) < 500_000


def test_one_output_pixel_sees_far_and_every_level_takes_part():
    network = UNet().eval()
    slices = torch.rand(1, 4, 64, 64, requires_grad=True)
    network(slices)[0, 0, 32, 32].backward()
    reached = (slices.grad.abs().sum(1)[0] > 0).nonzero()
    assert (reached.max(0).values - reached.min(0).values).min() >= 40


def test_the_loss_is_dice_plus_cross_entropy_of_each_slice():
    rng = np.random.default_rng(0)
    logits = torch.tensor(rng.normal(0, 2, (3, 1, 5, 5)), dtype=torch.float32)
    masks = torch.tensor(rng.integers(0, 2, (3, 5, 5)), dtype=torch.float32)
    p, y = torch.sigmoid(logits[:, 0]).numpy(), masks.numpy()
    overlap = [
        (2 * (a * b).sum() + 1) / (a.sum() + b.sum() + 1)
        for a, b in zip(p, y, strict=True)
    ]
    entropy = -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean((1, 2))
    assert SoftDiceLoss()(logits, masks).tolist() == pytest.approx(
        1 - np.array(overlap) + entropy, abs=1e-5
    )
    assert SoftDiceLoss(cross_entropy=0)(logits, masks).tolist() == pytest.approx(
        1 - np.array(overlap), abs=1e-5
    )


def test_an_empty_answer_to_an_empty_slice_costs_next_to_nothing():
    loss = SoftDiceLoss()(torch.full((1, 1, 8, 8), -20.0), torch.zeros(1, 8, 8))
    assert 0 <= float(loss) < 1e-4


@pytest.fixture(scope="module")
def trained(cohorts):
    train, tune, _ = cohorts
    network = new_network()
    masks = majority_vote(train.y)
    settings = {"epochs": 8, "batch_size": 4, "learning_rate": 0.01}
    audited = tune.X, tune.y
    return network, fit_masks(network, train.X, masks, tune=audited, **settings)


def mean_dice(cohort, network):
    ill = cohort.y.any((1, 2))
    return dice(cohort.y[ill], predict_mask(network, cohort.X[ill])).mean()


def test_a_short_training_learns_to_outline_unseen_tumours(cohorts, trained):
    network, history = trained
    losses = history.frame()["train_loss"]
    assert losses.iloc[-1] < 0.7 * losses.iloc[0]
    assert mean_dice(cohorts[2], network) > 0.6


def test_the_epoch_of_the_highest_dice_on_tune_is_kept(cohorts, trained):
    network, history = trained
    frame = history.frame()
    assert history.best_epoch == frame["tune_loss"].idxmin()
    assert 1 - mean_dice(cohorts[1], network) == pytest.approx(frame["tune_loss"].min())


def test_equal_seeds_give_equal_masks_and_the_order_of_slices_does_not_matter(cohorts):
    train, *_ = cohorts
    X, masks = train.X[:16], majority_vote(train.y[:16])
    networks = [new_network() for _ in range(3)]
    for network, seed in zip(networks, (1, 1, 2), strict=True):
        fit_masks(network, X, masks, epochs=1, random_state=seed)
    one, same, other = (predict_mask_probability(n, X) for n in networks)
    assert (one == same).all()
    assert (one != other).any()
    backwards = predict_mask_probability(networks[0], X[::-1])[::-1]
    assert backwards == pytest.approx(one, abs=1e-5)


def test_a_higher_cut_off_outlines_less(cohorts, trained):
    X = cohorts[2].X[:20]
    sizes = [int(predict_mask(trained[0], X, cut).sum()) for cut in (0, 0.2, 0.8, 1)]
    assert sizes[0] == X[:, 0].size
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes[:3])) == 3


@pytest.mark.parametrize(
    ("masks", "settings", "message"),
    [
        (np.zeros((2, 3, 8, 8)), {}, "one mask a slice, such as a vote"),
        (np.full((2, 8, 8), 2), {}, "lie from 0 to 1"),
        (
            np.zeros((2, 8, 8)),
            {"augment": Augmentation(shift=2)},
            "does not move along",
        ),
    ],
)
def test_masks_that_do_not_fit_are_refused(masks, settings, message):
    with pytest.raises(BadInput, match=message):
        fit_masks(new_network(), np.zeros((2, 4, 8, 8), "uint8"), masks, **settings)


def test_brightness_may_be_augmented(cohorts):
    train, *_ = cohorts
    augment = Augmentation(brightness=0.1, contrast=0.2)
    settings = {"epochs": 1, "augment": augment}
    X, masks = train.X[:8], train.truth.outcome[:8]
    changed, plain = new_network(), new_network()
    fit_masks(changed, X, masks, **settings)
    fit_masks(plain, X, masks, epochs=1)
    assert (
        predict_mask_probability(changed, X) != predict_mask_probability(plain, X)
    ).any()
