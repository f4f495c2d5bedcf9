import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.imaging import (
    Augmentation,
    SmallCNN,
    fit,
    mask_corners,
    moved_by,
    predict_risk,
    site_only_risk,
    with_corners_of,
)
from coursekit.metrics import auroc


def test_corners_are_masked_on_a_copy_and_nothing_else_is(train):
    films = train.films[:6]
    masked = mask_corners(films, 3)
    assert masked.dtype == films.dtype
    assert masked is not films
    same = masked == films
    assert same[:, :, 3:-3].all()
    assert same[:, :, :, 3:-3].all()
    for rows, columns in [(0, 0), (0, -1), (-1, 0), (-1, -1)]:
        assert (masked[:, 0, rows, columns] == films.mean((1, 2, 3)).astype(int)).all()
    with pytest.raises(BadInput, match="give 1 or more"):
        mask_corners(films, 0)


def test_a_donors_corners_are_printed_on_a_copy_and_nothing_else_is(train):
    films, donor = train.films[:6], train.films[9]
    before = films.copy()
    printed = with_corners_of(films, donor, 3)
    assert (films == before).all()
    assert printed.dtype == films.dtype
    is_corner = np.zeros((16, 16), dtype=bool)
    for rows in (slice(3), slice(-3, None)):
        is_corner[rows, :3] = is_corner[rows, -3:] = True
    assert (printed[..., is_corner] == donor[..., is_corner]).all()
    assert (printed[..., ~is_corner] == films[..., ~is_corner]).all()
    assert (with_corners_of(films[:, 0], donor[0], 3) == printed[:, 0]).all()
    with pytest.raises(BadInput, match="Give one film"):
        with_corners_of(films, train.films[9:10])
    with pytest.raises(BadInput, match="uint8, the donor is float"):
        with_corners_of(films, donor / 255)


def test_the_site_alone_ranks_patients_when_prevalence_differs():
    rng = np.random.default_rng(0)
    site = rng.integers(0, 2, 4000)
    y = (rng.random(4000) < np.where(site == 1, 0.35, 0.01)).astype(int)
    risk = site_only_risk(site[2000:], y[:2000], site[:2000])
    assert len(np.unique(risk)) == 2
    assert auroc(y[2000:], risk) > 0.75
    with pytest.raises(BadInput, match="one value per training film"):
        site_only_risk(site, y[:5], site[:4])


def with_token(films, has_token):
    """Return a copy with the scanner's token on some films: a white corner."""
    films = films.copy()
    films[has_token, :, :2, :2] = 255
    return films


def test_a_network_that_reads_the_token_is_found_and_swapping_corners_mends_it(faint):
    token = np.where(np.random.default_rng(0).random(256) < 0.95, faint.y, 1 - faint.y)
    films = with_token(faint.films, token == 1)
    flipped = with_token(faint.films, token == 0)
    moves = []
    for augment in (None, Augmentation(swap_corners=2)):
        network = SmallCNN()
        settings = {"epochs": 6, "batch_size": 32, "learning_rate": 5e-3}
        fit(network, films, faint.y, augment=augment, **settings)
        moves.append(moved_by(lambda f, n=network: predict_risk(n, f), films, flipped))
    assert moves[0] > 0.3
    assert moves[1] < moves[0] / 3


def test_a_change_is_measured_on_the_same_patients():
    with pytest.raises(BadInput, match="same patients"):
        moved_by(
            lambda films: films.mean((1, 2, 3)),
            np.zeros((2, 1, 4, 4)),
            np.zeros((1, 1, 4, 4)),
        )
