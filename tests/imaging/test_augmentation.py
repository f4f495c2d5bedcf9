import numpy as np
import pytest
import torch

from coursekit.imaging import Augmentation, mask_corners


@pytest.fixture
def films(train):
    return torch.from_numpy(train.films[:32] / 255).float()


def changed(films, random_state=0, **amounts):
    generator = torch.Generator().manual_seed(random_state)
    return Augmentation(**amounts)(films, generator)


def test_nothing_asked_for_changes_nothing(films):
    assert torch.equal(changed(films), films)


@pytest.mark.parametrize(
    "amount",
    [
        {"shift": 2},
        {"rotate": 10},
        {"zoom": 0.2},
        {"contrast": 0.3},
        {"brightness": 0.2},
        {"noise": 0.1},
        {"mask_corners": 3},
        {"swap_corners": 3},
    ],
    ids=lambda amount: next(iter(amount)),
)
def test_each_change_follows_the_generator_stays_in_range_and_copies(films, amount):
    before = films.clone()
    first, again, other = (changed(films, s, **amount) for s in (1, 1, 2))
    assert torch.equal(films, before)
    assert torch.equal(first, again)
    assert not torch.equal(first, films)
    assert ("mask_corners" in amount) == torch.equal(first, other)
    assert first.min() >= 0
    assert first.max() <= 1


def test_a_patients_left_stays_left():
    """No film comes near to its mirror image, in 200 draws of every movement."""
    film = torch.zeros(1, 1, 28, 28)
    film[..., 18:24, 4:10] = 1  # the heart, as seen on the film
    many = film.repeat(200, 1, 1, 1)
    moved = changed(many, shift=3, rotate=15, zoom=0.2)
    left, right = moved[..., :14].sum((1, 2, 3)), moved[..., 14:].sum((1, 2, 3))
    assert (left > right).all()


def test_a_shift_moves_by_so_many_pixels_at_most():
    film = torch.zeros(300, 1, 21, 21)
    film[..., 10, 10] = 1
    moved = changed(film, shift=3)
    place = torch.arange(21.0) - 10
    mean = (moved.sum((1, 2)) * place).sum(1) / moved.sum((1, 2, 3))
    assert mean.abs().max() <= 3 + 1e-4
    assert mean.min() < -2.5
    assert mean.max() > 2.5


def test_masked_corners_are_those_of_the_probe(films):
    masked = mask_corners(films.numpy(), 3)
    assert changed(films, mask_corners=3).numpy() == pytest.approx(masked, abs=1e-6)


def test_swapped_corners_keep_their_values_but_not_their_films(films):
    films[:16, :, :3, :3] = 1  # a token on half of the films
    swapped = changed(films, swap_corners=3)
    token = swapped[:, 0, :3, :3].mean((1, 2)) == 1
    assert token.sum() == 16
    assert 0 < token[:16].sum() < 16
    assert torch.equal(swapped[:, :, 3:-3], films[:, :, 3:-3])


def test_the_mean_stays_and_the_spread_follows_the_contrast(films):
    flat = films.flatten(1)
    grey = changed(films, contrast=0.2).flatten(1)
    ratio = grey.std(1) / flat.std(1)
    assert grey.mean(1).numpy() == pytest.approx(flat.mean(1).numpy(), abs=0.01)
    assert ratio.min() >= 0.79
    assert ratio.max() <= 1.21
    assert np.ptp(ratio.numpy()) > 0.2
