"""Whether a network reads the film, or the scanner's token on it.

A hospital that sends its ill to one scanner teaches a network to read the scanner.
It does well there and fails elsewhere (Zech 2018; DeGrave 2021).
"""

import numpy as np

from coursekit.errors import BadInput


def corners(size):
    """Return the four corners of films as indices into (..., height, width)."""
    if size < 1:
        raise BadInput(f"Corners of {size} pixels are none; give 1 or more.")
    first, last = slice(None, size), slice(-size, None)
    return [(..., rows, columns) for rows in (first, last) for columns in (first, last)]


def mask_corners(films, size):
    """Fill the four corners of each film with its own mean.

    Parameters
    ----------
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        uint8 in 0..255 or float in [0, 1]; not changed.
    size : int >= 1
        Pixels.

    Returns
    -------
    ndarray
        A copy of the same shape and type.

    References
    ----------
    DeGrave AJ, Janizek JD, Lee S-I. AI for radiographic COVID-19 detection selects
    shortcuts over signal. Nature Machine Intelligence 2021; 3: 610-619.

    Examples
    --------
    >>> film = np.full((1, 1, 4, 4), 100, dtype="uint8")
    >>> film[..., 0, 0] = 180
    >>> mask_corners(film, 1)[0, 0, 0]
    array([105, 100, 100, 105], dtype=uint8)
    """
    masked = np.array(films)
    mean = masked.mean((-2, -1), keepdims=True).astype(masked.dtype)
    for place in corners(size):
        masked[place] = mean
    return masked


def with_corners_of(films, donor, size=10):
    """Print the corners of one film on others: another hospital's letter, say.

    Not one pixel of the lungs changes, so a risk that moves (`moved_by`) was read in a
    corner. A donor's corner has its own grey too: compare with a donor of the film's
    own hospital, whose letter is the same.

    Parameters
    ----------
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        uint8 in 0..255 or float in [0, 1]; not changed.
    donor : array-like, the shape of one of the films
        Coded as they are.
    size : int >= 1, default=10
        Pixels; the corners that `mask_corners` masks. A scanner of `make_chest_films`
        prints within 10.

    Returns
    -------
    ndarray
        A copy of the same shape and type.

    Raises
    ------
    BadInput
        If the donor is not one film shaped and coded as the others.

    References
    ----------
    DeGrave AJ, Janizek JD, Lee S-I. AI for radiographic COVID-19 detection selects
    shortcuts over signal. Nature Machine Intelligence 2021; 3: 610-619.

    Examples
    --------
    >>> films = np.full((2, 1, 4, 4), 100, dtype="uint8")
    >>> with_letter = films[0].copy()
    >>> with_letter[:, 0, 0] = 250
    >>> with_corners_of(films, with_letter, 1)[:, 0, 0]
    array([[250, 100, 100, 100],
           [250, 100, 100, 100]], dtype=uint8)
    """
    printed, donor = np.array(films), np.asarray(donor)
    if donor.shape != printed.shape[1:]:
        raise BadInput(
            f"The donor has the shape {donor.shape}; one of the films has "
            f"{printed.shape[1:]}. Give one film, as in films[0]."
        )
    if donor.dtype != printed.dtype:
        raise BadInput(f"The films are {printed.dtype}, the donor is {donor.dtype}.")
    for place in corners(size):
        printed[place] = donor[place]
    return printed


def site_only_risk(site, y_train, site_train):
    """Return the risk that the site alone tells: how common the disease is there.

    A model that reads no film at all. What it reaches is what a network may owe to
    recognising the hospital; Zech 2018 found an AUROC of 0.861 so.

    Parameters
    ----------
    site : array-like of shape (n,)
        Of the patients to be judged.
    y_train : array-like of shape (n_train,)
        0 or 1.
    site_train : array-like of shape (n_train,)

    Returns
    -------
    ndarray of shape (n,)
        Share of the ill among the training films of that site; the share overall for
        a site that training has not seen.

    References
    ----------
    Zech JR, Badgeley MA, Liu M, et al. Variable generalization performance of a deep
    learning model to detect pneumonia in chest radiographs. PLoS Medicine 2018; 15:
    e1002683.

    Examples
    --------
    >>> site_only_risk(["a", "b", "c"], [1, 1, 0, 0], ["a", "a", "a", "b"]).round(2)
    array([0.67, 0.  , 0.5 ])
    """
    y_train, site_train = np.asarray(y_train), np.asarray(site_train)
    if len(y_train) == 0 or len(y_train) != len(site_train):
        raise BadInput("y_train and site_train need one value per training film.")
    share = {name: y_train[site_train == name].mean() for name in np.unique(site_train)}
    return np.array([share.get(name, y_train.mean()) for name in np.asarray(site)])


def moved_by(predict, films, altered):
    """Return how far a change of the films moves the risks, on average.

    Parameters
    ----------
    predict : callable
        Takes films, returns (n,) risks.
    films, altered : array-like
        The same patients, as they are and with a change that says nothing of the
        disease, such as a token added or a corner masked.

    Returns
    -------
    float in [0, 1]
        Mean absolute change of the risk; 0 if the change is ignored.

    Examples
    --------
    >>> films = np.zeros((2, 1, 4, 4))
    >>> def reads_the_corner(films):
    ...     return films[:, 0, 0, 0]
    >>> moved_by(reads_the_corner, films, films + 0.25)
    0.25
    """
    before = np.asarray(predict(films), dtype=float)
    after = np.asarray(predict(altered), dtype=float)
    if before.shape != after.shape or before.size == 0:
        raise BadInput("films and altered must be the same patients, one at least.")
    return float(np.abs(after - before).mean())
