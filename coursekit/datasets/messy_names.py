"""Invented names of patients, and how a second clerk may spell them."""

import re
import unicodedata

FAMILY = (
    *("Müller", "Nuñez", "O'Connor", "Smith-Jones", "Kowalczyk", "Johansson"),
    *("Haddad", "Petrova", "Okonkwo", "Larsson", "McAllister", "Ferreira"),
    *("Schneider", "Thompson", "Castellanos", "Yilmaz", "Bergström", "Abdullahi"),
    *("Hoffmann", "Phillips", "Marchetti", "Lefèvre", "Vandenberg", "Szabó"),
    *("Carpenter", "Whitaker", "Nakamura", "Gallagher", "Dvořák", "Sørensen"),
)
FEMALE = (
    *("Catherine", "Zoë", "Maria", "Elisabeth", "Aisha", "Hannah"),
    *("Philippa", "Renée", "Isabella", "Yasmin", "Johanna", "Marianne"),
)
MALE = (
    *("Matthew", "José", "Christopher", "Jürgen", "Mohammed", "Philip"),
    *("Aleksander", "Frédéric", "Geoffrey", "Johannes", "Rafael", "Nicholas"),
)
BLANKS = re.compile(r"[-' ]")


def respelt(family, first, rng):
    """Return a name as another clerk wrote it; never as it was.

    Parameters
    ----------
    family, first : str
    rng : numpy.random.Generator

    Returns
    -------
    tuple of str
        Family name and first name: without accents or hyphen, with two letters
        turned round, one letter single, an initial, or the two names swapped.

    Examples
    --------
    >>> import numpy as np
    >>> respelt("Müller", "Zoë", np.random.default_rng(1)) != ("Müller", "Zoë")
    True
    """
    ways = (plainly, turned, single, initial, swapped)
    for way in rng.permutation(len(ways)):
        again = ways[way](family, first, rng)
        if again != (family, first):
            return again
    return first, family


def plainly(family, first, rng):
    """Return the name in capitals, without accents, hyphens and apostrophes."""
    return tuple(BLANKS.sub("", unaccented(each)).upper() for each in (family, first))


def unaccented(text):
    """Return text without accents.

    Examples
    --------
    >>> unaccented("Dvořák")
    'Dvorak'
    """
    apart = unicodedata.normalize("NFKD", text)
    return "".join(each for each in apart if not unicodedata.combining(each))


def turned(family, first, rng):
    """Return the name with two neighbouring letters of the family name turned round."""
    if len(family) < 4:
        return family, first
    at = int(rng.integers(1, len(family) - 2))
    return family[:at] + family[at + 1] + family[at] + family[at + 2 :], first


def single(family, first, rng):
    """Return the name with double letters written once."""
    return tuple(re.sub(r"(.)\1", r"\1", each) for each in (family, first))


def initial(family, first, rng):
    """Return the name with the first name's initial alone."""
    return family, f"{first[0]}."


def swapped(family, first, rng):
    """Return the two names in each other's column."""
    return first, family
