"""The usual accidents: what was seen, what to do about it, and whether it is grave.

The texts are data, in `accidents.toml`. They speak to a student at her own desk;
`coursekit.grading.codes` has those that come with a mark.
"""

import functools
import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Accident:
    """One accident, in words."""

    code: str
    says: str
    do: str
    grave: bool  # changes the mark, or leaves it open


@functools.cache
def catalogue():
    """Return all accidents: code -> {"says", "do", "grave"}."""
    path = Path(__file__).with_name("accidents.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def accident(code, **words):
    """Return an accident with its words filled in.

    Examples
    --------
    >>> accident("CELL-GONE", name="fairness").says
    'The cell fairness is gone.'
    """
    texts = catalogue()[code]
    says, do = (texts[key].format(**words) for key in ("says", "do"))
    return Accident(code, says, do, texts.get("grave", False))
