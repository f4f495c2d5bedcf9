"""How a name reads when spelling, order and signs do not count."""

from coursekit.datasets.messy_names import BLANKS, unaccented


def plain_name(*parts):
    """Return names without accents, signs and capitals, in alphabetical order.

    Parameters
    ----------
    *parts : str
        Family name and first name, in any order.

    Returns
    -------
    str

    Examples
    --------
    >>> plain_name("Smith-Jones", "Zoë") == plain_name("ZOE", "SMITHJONES")
    True
    """
    return " ".join(sorted(BLANKS.sub("", unaccented(part)).lower() for part in parts))
