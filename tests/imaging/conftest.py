"""One thread, and 16x16 films with a lesion that a network learns in a second."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from coursekit.imaging import SmallCNN, fit


@pytest.fixture(scope="session", autouse=True)
def one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def draw_films(n, random_state, contrast=90):
    """Noise, and in the films of the ill a bright square of 4x4 pixels somewhere."""
    rng = np.random.default_rng(random_state)
    y = rng.integers(0, 2, n)
    films = rng.integers(40, 120, (n, 1, 16, 16)).astype("uint8")
    masks = np.zeros((n, 16, 16), dtype=bool)
    for row in np.flatnonzero(y):
        top, left = rng.integers(2, 11, 2)
        masks[row, top : top + 4, left : left + 4] = True
    films[masks[:, None]] += np.uint8(contrast)
    return SimpleNamespace(films=films, y=y, masks=masks)


@pytest.fixture(scope="session")
def train():
    return draw_films(256, 0)


@pytest.fixture(scope="session")
def tune():
    return draw_films(128, 1)


@pytest.fixture(scope="session")
def faint():
    """Films on which the lesion is hard to see."""
    return draw_films(256, 2, contrast=15)


@pytest.fixture(scope="session")
def trained(train, tune):
    """A network that has learnt to see the lesion, and its history."""
    network = SmallCNN(random_state=0)
    settings = {"epochs": 6, "batch_size": 32, "learning_rate": 5e-3}
    history = fit(network, train.films, train.y, tune=(tune.films, tune.y), **settings)
    return SimpleNamespace(network=network, history=history)
