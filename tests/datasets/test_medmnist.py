from pathlib import Path

import numpy as np
import pytest

from coursekit.datasets import load_medmnist, make_pneumoniamnist_twin
from coursekit.datasets.medmnist import OFFICIAL
from coursekit.errors import BadData, BadInput

NAME = "pneumoniamnist"
REAL = Path(__file__).parents[3] / "shared" / "data" / NAME / f"{NAME}.npz"
needs_real = pytest.mark.skipif(
    not REAL.is_file(), reason=f"{REAL.name} is not in ../shared/data/{NAME}"
)


def arrays(name):
    """Return six arrays of the right form for a data set, all black films."""
    official = OFFICIAL[name]
    colour = (3,) if official.channels == 3 else ()
    found = {}
    for split, n in zip(("train", "val", "test"), official.n_films, strict=True):
        found[f"{split}_images"] = np.zeros((n, 28, 28, *colour), dtype="uint8")
        labels = np.arange(n) % len(official.classes)
        found[f"{split}_labels"] = labels[:, None].astype("uint8")
    return found


def saved(folder, name=NAME, **changed):
    path = folder / f"{name}.npz"
    np.savez_compressed(path, **{**arrays(name), **changed})
    return path


@pytest.fixture(scope="module")
def twin():
    return make_pneumoniamnist_twin((400, 200, 200))


@needs_real
def test_the_real_films_have_their_known_counts():
    real = load_medmnist(REAL)
    assert [len(part) for part in (real.train, real.val, real.test)] == [4708, 524, 624]
    assert [int(part.y.sum()) for part in (real.train, real.val, real.test)] == [
        3494,
        389,
        390,
    ]
    assert real.train.films.shape == (4708, 1, 28, 28)
    assert real.train.films.dtype == np.uint8
    assert real.train.y.dtype == np.int64
    assert real.classes == ("normal", "pneumonia")


@needs_real
def test_no_test_film_is_a_training_film_byte_for_byte():
    real = load_medmnist(REAL.parent)
    train, val, test = (
        {film.tobytes() for film in part.films}
        for part in (real.train, real.val, real.test)
    )
    assert not test & (train | val)


@pytest.mark.parametrize("name", OFFICIAL)
def test_a_file_of_the_official_form_is_read_channels_first(name, tmp_path):
    given = arrays(name)
    given["val_images"][3, 5, 7] = 9
    splits = load_medmnist(saved(tmp_path, name, **given), name)
    channels = OFFICIAL[name].channels
    assert splits.val.films[3, :, 5, 7].tolist() == [9] * channels
    assert splits.test.films.shape == (len(splits.test), channels, 28, 28)
    assert (splits.test.y == given["test_labels"][:, 0]).all()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"test_images": np.zeros((623, 28, 28), "uint8")}, "624 square films"),
        ({"val_images": np.zeros((524, 28, 28))}, "val_images is float64"),
        ({"val_images": np.zeros((524, 28, 27), "uint8")}, "square films"),
        ({"val_images": np.zeros((524, 9, 9), "uint8")}, "28 or 64 or 128"),
        ({"val_images": np.zeros(524, "uint8")}, r"of shape \(524,\)"),
        ({"val_labels": np.zeros((524, 1), "uint8")}, r"val_labels holds \[0\]"),
        ({"val_labels": np.zeros(524, "uint8")}, r"shape \(524, 1\)"),
        ({"val_labels": np.full((524, 1), 0.5)}, "val_labels is float64"),
    ],
)
def test_an_altered_file_is_refused_and_told_what_to_get(changed, message, tmp_path):
    path = saved(tmp_path, **changed)
    with pytest.raises(BadData, match=message) as refused:
        load_medmnist(path)
    assert "Get pneumoniamnist.npz from MedMNIST" in str(refused.value)


def test_another_data_set_is_not_taken_for_the_one_asked_for(tmp_path):
    path = saved(tmp_path, "breastmnist")
    with pytest.raises(BadData, match=r"is no pneumoniamnist: train_images"):
        load_medmnist(path)
    with pytest.raises(BadInput, match="'mnist' here; there are pneumoniamnist"):
        load_medmnist(path, "mnist")


def test_a_missing_truncated_or_foreign_file_is_refused(tmp_path):
    with pytest.raises(BadData, match=r"no file .*Get breastmnist"):
        load_medmnist(tmp_path, "breastmnist")
    path = saved(tmp_path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BadData, match="truncated or damaged"):
        load_medmnist(path)
    np.savez(path, train_images=np.zeros(3))
    with pytest.raises(BadData, match="it lacks train_labels, val_images"):
        load_medmnist(path)
    with path.open("wb") as stream:
        np.save(stream, np.zeros(3))
    with pytest.raises(BadData, match="is one array"):
        load_medmnist(path)


def test_pickled_objects_are_never_opened(tmp_path):
    path = saved(tmp_path, train_labels=np.array([{}], dtype=object))
    with pytest.raises(BadData, match="allow_pickle=False"):
        load_medmnist(path)


def test_the_twin_has_the_shapes_and_shares_of_the_real_films(twin):
    assert twin.train.films.shape == (400, 1, 28, 28)
    assert twin.train.films.dtype == np.uint8
    shares = [part.y.mean() for part in (twin.train, twin.val, twin.test)]
    assert shares == pytest.approx([0.742, 0.742, 0.625], abs=0.003)
    assert twin.classes == OFFICIAL[NAME].classes


def test_the_same_random_state_draws_the_same_twin():
    first, again, other = (
        make_pneumoniamnist_twin((8, 4, 4), random_state=s).train for s in (1, 1, 2)
    )
    assert (first.films == again.films).all()
    assert (first.films != other.films).any()
    with pytest.raises(BadInput, match="three numbers of 2 or more"):
        make_pneumoniamnist_twin((8, 4, 1))


def test_pneumonia_brightens_the_lungs_of_the_twin_less_so_in_the_test_films(twin):
    def brighter(part):
        lungs = part.films[:, 0, 8:16, 6:10].mean((1, 2))
        return lungs[part.y == 1].mean() - lungs[part.y == 0].mean()

    assert brighter(twin.train) > brighter(twin.test) + 5
    assert brighter(twin.test) > 5


def test_the_twins_heart_lies_on_the_right_of_the_film(twin):
    healthy = twin.train.films[twin.train.y == 0, 0].astype(float)
    rows = slice(15, 20)
    left, right = healthy[:, rows, 6:12].mean(), healthy[:, rows, 16:22].mean()
    assert right > left + 5
