"""Small pieces of Markdown."""

import re


def cell(text):
    r"""Return text that stays text in a cell of a table.

    Examples
    --------
    >>> cell("a|b of *X*[0]")
    'a\\|b of \\*X\\*\\[0\\]'
    """
    return re.sub(r"([\\`*_\[\]<>|$#])", r"\\\1", " ".join(text.split()))


def table(heading, rows):
    r"""Return a table.

    Examples
    --------
    >>> table(["group", "n"], [["a", 3]])
    '| group | n |\n|---|---|\n| a | 3 |\n'
    """
    lines = [heading, ["---"] * len(heading), *rows]
    drawn = [f"| {' | '.join(map(str, line))} |" for line in lines]
    drawn[1] = "|" + "---|" * len(heading)
    return "\n".join(drawn) + "\n"
