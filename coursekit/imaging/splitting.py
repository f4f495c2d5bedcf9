"""Splitting films so that no patient, or no hospital, stands on both sides.

Films of one patient show the same ribs: a network tested on a patient it was trained
on is tested, in part, on its memory. A new hospital is the harder question.
"""

import numpy as np

from coursekit.errors import BadInput


def split_by_patient(patient, *, shares=(0.7, 0.15, 0.15), random_state=0):
    """Split films into parts with no patient in two of them.

    Parameters
    ----------
    patient : array-like of shape (n_films,)
        Whose film it is.
    shares : sequence of float, default=(0.7, 0.15, 0.15)
        Of the *patients*, for each part; they sum to 1.
    random_state : int or Generator, default=0
        Which patients.

    Returns
    -------
    list of ndarray of int
        Positions of the films of each part, ascending; together all films.

    Raises
    ------
    BadInput
        If shares do not sum to 1, or a part would have no patient.

    Examples
    --------
    >>> patient = ["ann", "ann", "bob", "bob", "cy", "cy"]
    >>> train, test = split_by_patient(patient, shares=(2 / 3, 1 / 3))
    >>> train, test
    (array([0, 1, 4, 5]), array([2, 3]))
    """
    if min(shares) <= 0 or not np.isclose(sum(shares), 1):
        raise BadInput(f"Shares must be above 0 and sum to 1, not {tuple(shares)}.")
    everyone, whose = np.unique(np.asarray(patient), return_inverse=True)
    up_to = np.round(np.cumsum(shares) * len(everyone)).astype(int)
    if min(np.diff(up_to, prepend=0)) < 1:
        raise BadInput(f"{len(everyone)} patients are too few for {len(shares)} parts.")
    order = np.random.default_rng(random_state).permutation(len(everyone))
    part_of = np.empty(len(everyone), dtype=int)
    part_of[order] = np.searchsorted(up_to, np.arange(len(everyone)), side="right")
    return [np.flatnonzero(part_of[whose] == part) for part in range(len(shares))]


def split_by_site(site, held_out):
    """Split films by hospital: train inside, test at hospitals never seen.

    Parameters
    ----------
    site : array-like of shape (n_films,)
        Where the film was taken.
    held_out : one name or a collection of names
        Of sites that go to the second part.

    Returns
    -------
    inside, outside : ndarray of int
        Positions, ascending; together all films.

    Raises
    ------
    BadInput
        If a name does not occur, or no film stays inside.

    Examples
    --------
    >>> split_by_site(["north", "south", "north"], "south")
    (array([0, 2]), array([1]))
    """
    site = np.asarray(site)
    names = np.atleast_1d(np.asarray(held_out))
    unknown = sorted({*names.tolist()} - {*site.tolist()})
    if unknown:
        raise BadInput(f"No film is from {unknown}; there are {sorted(set(site))}.")
    is_outside = np.isin(site, names)
    if is_outside.all():
        raise BadInput("Every site is held out, so there is nothing to train on.")
    return np.flatnonzero(~is_outside), np.flatnonzero(is_outside)
