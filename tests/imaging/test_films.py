import numpy as np
import pytest
import torch

from coursekit.errors import BadInput
from coursekit.imaging import SmallCNN, fit, predict_risk
from coursekit.imaging.films import read_films, to_unit


def test_bytes_and_fractions_of_the_same_film_are_the_same_to_a_network(train):
    network, films = SmallCNN(), train.films[:5]
    fractions = films / 255
    assert predict_risk(network, films) == pytest.approx(
        predict_risk(network, fractions), abs=1e-6
    )


def test_films_without_a_channel_axis_have_one_channel(train):
    network = SmallCNN()
    with_axis = predict_risk(network, train.films[:5])
    assert (predict_risk(network, train.films[:5, 0]) == with_axis).all()


def test_films_are_copied_not_changed(train):
    for films in (train.films[:4].copy(), train.films[:4] / 255):
        read_films(films)[:] = 0
        assert films.max() > 0
    assert to_unit(torch.tensor([255], dtype=torch.uint8)).item() == 1


@pytest.mark.parametrize(
    ("films", "message"),
    [
        (np.zeros((5, 5)), "they need"),
        (np.zeros((2, 1, 5, 5), dtype=int), "give uint8"),
        (np.full((2, 1, 5, 5), 255.0), r"must lie in \[0, 1\]"),
        (np.full((2, 1, 5, 5), np.nan), "no NaN"),
    ],
)
def test_films_of_another_shape_type_or_range_are_refused(films, message):
    with pytest.raises(BadInput, match=message):
        predict_risk(SmallCNN(), films)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0, 1], r"4 films but y has the shape \(2,\)"),
        ([[0], [1], [0], [1]], r"shape \(4, 1\)"),
        ([0, 1, 2, 0], "between 0 and 1"),
        ([0, 1, np.nan, 0], "no NaN"),
    ],
)
def test_outcomes_that_do_not_fit_are_refused(train, y, message):
    with pytest.raises(BadInput, match=message):
        fit(SmallCNN(), train.films[:4], y)
