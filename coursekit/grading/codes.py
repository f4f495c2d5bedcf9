"""Feedback codes: what was seen, why it matters to the patient, one hint.

The texts are data, in `codes.toml`. A code stands for one mistake and never changes
its meaning, so that a class can be counted by it.
"""

import functools
import tomllib
from importlib import resources

from coursekit.errors import BadRubric


@functools.cache
def catalogue():
    """Return all codes: code -> {"title", "why", "hint"}."""
    text = (
        resources.files("coursekit.grading").joinpath("codes.toml").read_text("utf-8")
    )
    return tomllib.loads(text)


def explain(named, awards):
    """Return the feedback of a record: each code once, in order of appearance.

    Parameters
    ----------
    named : list of Breach
        Codes that come with what was seen.
    awards : list of Award
        Whose codes are explained by their own sentences.

    Returns
    -------
    list of dict
        ``code``, ``kind`` (of points), ``title``, ``seen`` (empty where a criterion's
        own sentence says it), ``why``, ``hint``.
    """
    seen = {}
    for breach in named:
        seen.setdefault(breach.code, (breach.kind, breach.seen))
    for each in awards:
        for code in each.codes:
            seen.setdefault(code, (each.kind, ""))
    return [
        {"code": code, "kind": kind, "seen": text, **look_up(code)}
        for code, (kind, text) in seen.items()
    ]


def look_up(code):
    """Return the texts of one code.

    Examples
    --------
    >>> sorted(look_up("NO-ALERTS"))
    ['hint', 'title', 'why']
    """
    try:
        return catalogue()[code]
    except KeyError:
        raise BadRubric(f"The feedback code {code!r} is not in codes.toml.") from None
