"""The small letter that a scanner prints into one corner of its films.

It says which scanner took the film, and nothing about the patient.
"""

import numpy as np

from coursekit.datasets.chest_film_anatomy import SIZE

BOX = 9  # pixels: a token lies within this distance of its corner
INSET = 2  # pixels between the token and the edges of the film
WHITE = 250
LETTERS = (
    "##### ..#.. ..#.. ..#.. ..#..",  # T
    "#.... #.... #.... #.... #####",  # L
    "#...# .#.#. ..#.. .#.#. #...#",  # X
    ".###. #...# #...# #...# .###.",  # O
    "#...# #...# ##### #...# #...#",  # H
    "##### #.... ###.. #.... #....",  # F
    "#...# #...# .#.#. .#.#. ..#..",  # V
    "##### ...#. ..#.. .#... #####",  # Z
)


def letter_pixels(number):
    """Return which pixels of a 5 x 5 square a letter covers.

    Examples
    --------
    >>> int(letter_pixels(1).sum())
    9
    """
    rows = LETTERS[number].split()
    return np.array([[mark == "#" for mark in row] for row in rows])


def corner_box(corner):
    """Return the slices (rows, columns) of the box that may hold the token."""
    near, far = slice(0, BOX), slice(SIZE - BOX, SIZE)
    return (far if corner >= 2 else near), (far if corner % 2 else near)


def with_token(X, token, course):
    """Print each film's token on a copy of it.

    Parameters
    ----------
    X : ndarray of shape (n, 1, 64, 64), uint8
    token : ndarray of shape (n,)
        0 or 1: the letter of the north or of the south.
    course : FilmCourse

    Returns
    -------
    ndarray, as X
        All pixels but those of the letters are those of X.
    """
    rows, columns = corner_box(course.corner)
    row = rows.start + INSET if rows.start == 0 else rows.stop - INSET - 5
    column = columns.start + INSET if columns.start == 0 else columns.stop - INSET - 5
    printed = X.copy()
    square = printed[:, 0, row : row + 5, column : column + 5]
    for kind, number in enumerate(course.letters):
        square[(token == kind)[:, None, None] & letter_pixels(number)] = WHITE
    return printed
