"""Text that others wrote, made fit to be read: students wrote some of it.

Escaping for HTML is the template's work. Here goes what escaping leaves: characters
that cannot be seen, that turn the direction of writing or end a line, and sheer length.
"""

import re

from markupsafe import Markup

BLANKS = re.compile(" +")
MOST = 400  # characters of a sentence that are shown
MOST_OF_A_NAME = 60
LONG = 1000  # from here on it is said how long it was


def legible(text, most=MOST):
    r"""Return text in one line, without characters that cannot be seen, cut if long.

    Parameters
    ----------
    text : object
        What is no str, or is markup of our own, is returned as it is.
    most : int
        Characters that are shown.

    Examples
    --------
    >>> legible("ann\u202egnp.exe\n\x1b[2J")
    'ann�gnp.exe �[2J'
    >>> legible("a" * 10_000, most=5)
    'aaaa… (10,000 characters)'
    """
    if not isinstance(text, str) or isinstance(text, Markup):
        return text
    length, text = len(text), text[: 4 * most]
    seen = (
        each if each.isprintable() else " " if each.isspace() else "�" for each in text
    )
    line = BLANKS.sub(" ", "".join(seen))
    if len(line) <= most and length <= 4 * most:
        return line
    said = f" ({length:,} characters)" if length > LONG else ""
    return f"{line[: most - 1]}…{said}"


def short(name):
    """Return an id or a name, cut to what a table has room for.

    Examples
    --------
    >>> short("ann")
    'ann'
    """
    return legible(name, MOST_OF_A_NAME).strip()
