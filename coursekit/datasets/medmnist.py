"""MedMNIST v2: small real films with official splits, from a local file.

The file is checked before it is believed: names, types, shapes, labels and the number
of films of each split. Nothing is downloaded.
"""

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from coursekit.errors import BadData, BadInput

SPLITS = ("train", "val", "test")
SIZES = (28, 64, 128, 224)  # pixels; MedMNIST+ has the three larger ones
WHERE = "Get {name}.npz from MedMNIST (medmnist.com, Zenodo record 10519652)"


@dataclass(frozen=True)
class Official:
    """What MedMNIST says of one of its data sets."""

    classes: tuple  # names of the labels 0, 1, ...
    channels: int
    n_films: tuple  # of train, val, test


OFFICIAL = {
    "pneumoniamnist": Official(("normal", "pneumonia"), 1, (4708, 524, 624)),
    "breastmnist": Official(("malignant", "normal, benign"), 1, (546, 78, 156)),
    "dermamnist": Official(
        (
            "actinic keratoses and intraepithelial carcinoma",
            "basal cell carcinoma",
            "benign keratosis-like lesions",
            "dermatofibroma",
            "melanoma",
            "melanocytic nevi",
            "vascular lesions",
        ),
        3,
        (7007, 1003, 2005),
    ),
}


@dataclass(frozen=True)
class Films:
    """Films of one split, and their labels."""

    films: np.ndarray  # (n, channels, height, width), uint8 in 0..255
    y: np.ndarray  # (n,), int64: numbers of classes

    def __len__(self):
        return len(self.y)


@dataclass(frozen=True)
class FilmSplits:
    """A set of films in its three official parts."""

    name: str
    classes: tuple  # names of the labels 0, 1, ...
    train: Films
    val: Films
    test: Films


def load_medmnist(path, name="pneumoniamnist"):
    """Load a data set of MedMNIST v2 in its official splits.

    Parameters
    ----------
    path : path
        The npz file, or a folder that holds ``<name>.npz``.
    name : str, default="pneumoniamnist"
        Or ``"breastmnist"`` (0 is malignant, 1 normal or benign) or ``"dermamnist"``
        (seven classes, colour).

    Returns
    -------
    FilmSplits
        `train`, `val` and `test`, each with `films` (n, channels, height, width),
        uint8 in 0..255, and `y` (n,), int64. PneumoniaMNIST has 4,708, 524 and 624.
        There are no patients in the file: whose film it is, is not known.

    Raises
    ------
    BadInput
        If the name is not one of these.
    BadData
        If the file is missing, damaged or not that data set; the message says where
        to get it.

    References
    ----------
    Yang J, Shi R, Wei D, et al. MedMNIST v2: a large-scale lightweight benchmark for
    2D and 3D biomedical image classification. Scientific Data 2023; 10: 41.

    Examples
    --------
    >>> load_medmnist("nowhere.npz")
    Traceback (most recent call last):
    ...
    coursekit.errors.BadData: There is no file nowhere.npz. Get pneumoniamnist.npz ...
    """
    if name not in OFFICIAL:
        raise BadInput(f"There is no {name!r} here; there are {', '.join(OFFICIAL)}.")
    path = Path(path)
    if path.is_dir():
        path = path / f"{name}.npz"
    where = f"{WHERE.format(name=name)} and give its path."
    if not path.is_file():
        raise BadData(f"There is no file {path}. {where}")
    try:
        arrays = read_arrays(path)
        parts = [
            read_split(arrays, split, OFFICIAL[name], n_films)
            for split, n_films in zip(SPLITS, OFFICIAL[name].n_films, strict=True)
        ]
    except BadData as error:
        raise BadData(f"{path} is no {name}: {error} {where}") from None
    return FilmSplits(name, OFFICIAL[name].classes, *parts)


def read_arrays(path):
    """Return the six arrays of an npz; pickled objects are never opened."""
    names = [f"{split}_{kind}" for split in SPLITS for kind in ("images", "labels")]
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            missing = [name for name in names if name not in archive]
            if missing:
                raise BadData(f"it lacks {', '.join(missing)}.")
            return {name: archive[name] for name in names}
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        if isinstance(error, BadData):
            raise
        raise BadData(f"it is truncated or damaged ({error}).") from None
    except TypeError:  # a single array instead of an archive
        raise BadData("it is one array, not an archive of six.") from None


def read_split(arrays, split, official, n_films):
    """Return the films and labels of one split, or raise BadData."""
    films, labels = arrays[f"{split}_images"], arrays[f"{split}_labels"]
    shape = (n_films, films.shape[1] if films.ndim > 1 else 0)
    shape = (*shape, shape[1]) + ((3,) if official.channels == 3 else ())
    if films.dtype != np.uint8 or films.shape != shape or shape[1] not in SIZES:
        raise BadData(
            f"{split}_images is {films.dtype} of shape {films.shape}; it should be "
            f"uint8, {n_films:,} square films of {' or '.join(map(str, SIZES))} "
            f"pixels and {official.channels} channel(s)."
        )
    if labels.shape != (n_films, 1) or not np.issubdtype(labels.dtype, np.integer):
        raise BadData(
            f"{split}_labels is {labels.dtype} of shape {labels.shape}; it should be "
            f"whole numbers of shape ({n_films}, 1)."
        )
    found, known = np.unique(labels), range(len(official.classes))
    if found.tolist() != list(known):
        raise BadData(
            f"{split}_labels holds {found.tolist()}; it should be {list(known)}."
        )
    films = films[:, None] if films.ndim == 3 else np.moveaxis(films, 3, 1)
    return Films(np.ascontiguousarray(films), labels[:, 0].astype("int64"))
