"""Points as an LMS writes and reads them."""

import math
import re
from decimal import ROUND_HALF_UP, Decimal

from coursekit.errors import BadData

NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")
CENT = Decimal("0.01")


def in_digits(points, comma=False):
    """Return points with two decimals, half of the last one rounded up.

    Examples
    --------
    >>> in_digits(72.345), in_digits(7), in_digits(0.125, comma=True)
    ('72.35', '7.00', '0,13')
    """
    exact = Decimal(repr(round(float(points), 8)))
    text = str(exact.quantize(CENT, ROUND_HALF_UP))
    return text.replace(".", ",") if comma else text


def number_in(text):
    """Return the number that a cell says, with a point or a comma; else None.

    Examples
    --------
    >>> number_in(" 100,00 "), number_in("73.5"), number_in("(read only)")
    (100.0, 73.5, None)
    """
    text = text.strip()
    return float(text.replace(",", ".")) if NUMBER.fullmatch(text) else None


def has_comma(texts):
    """Return True if numbers are written with a comma."""
    return any("," in text for text in texts if NUMBER.fullmatch(text.strip()))


def factor_of(ours, theirs, scale, where):
    """Return by what points are multiplied to fit a template's maximum.

    Parameters
    ----------
    ours, theirs : float
        Most points here, and in the template.
    scale : bool
        Whether they may be scaled.
    where : str
        Where the other maximum stands, for the message.

    Raises
    ------
    BadData
        If the two differ and scaling was not asked for.

    Examples
    --------
    >>> factor_of(110, 100.0, True, "t.csv")
    0.9090909090909091
    """
    if math.isclose(ours, theirs, abs_tol=0.005):
        return 1.0
    if theirs <= 0 or ours <= 0:
        raise BadData(f"Most points are {ours:g} here and {theirs:g} in {where}.")
    if not scale:
        raise BadData(
            f"Most points are {ours:g} here and {theirs:g} in {where}. Change it there "
            f"to {ours:g} and download it again, or say --scale: then each mark is "
            f"multiplied by {theirs:g}/{ours:g}."
        )
    return theirs / ours
