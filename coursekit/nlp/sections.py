"""Sections of a note: its headings, what they mean, and where each section ends.

"Syncope" under *Family history* is not the patient's, and under *Return precautions*
it has not happened.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

STATUS_IN = {
    "past history": "historical",
    "family history": "family",
    "instructions": "hypothetical",
}


@dataclass(frozen=True)
class Section:
    """A part of a note, heading included."""

    start: int  # offsets into the note, end exclusive
    end: int
    kind: str  # such as "family history"; "none" before the first heading
    heading: str  # as written, without the colon

    @property
    def status(self):
        """What a mention is here if no trigger says otherwise."""
        return STATUS_IN.get(self.kind, "present")


@cache
def headings():
    """Return the kind of every known heading, in lower case, and their pattern.

    Examples
    --------
    >>> headings()[0]["fhx"]
    'family history'
    """
    text = files("coursekit.nlp").joinpath("sections.toml").read_text("utf-8")
    table = tomllib.loads(text)["kinds"]
    kinds = {squeezed(name): kind for kind, names in table.items() for name in names}
    longest_first = sorted(
        {name for names in table.values() for name in names}, key=len, reverse=True
    )
    names = "|".join(r"\s*".join(map(re.escape, n.split())) for n in longest_first)
    pattern = re.compile(
        rf"""(?:^|(?<=[.;!?])[^\S\r\n]|[^\S\r\n]{{2}})[^\S\r\n]*[#*_=-]*[^\S\r\n]*
        (?P<name>{names})
        [*_]*[^\S\r\n]*(?::|[=-]*[^\S\r\n]*$)""",
        re.IGNORECASE | re.MULTILINE | re.VERBOSE,
    )
    return kinds, pattern


def squeezed(heading):
    """Return a heading in lower case without white space.

    Examples
    --------
    >>> squeezed("Family  Hx")
    'familyhx'
    """
    return "".join(heading.lower().split())


def sections(note):
    r"""Return the sections of a note.

    A heading is known (see `sections.toml`), begins a line or follows a full stop,
    and has a colon or a line of its own; one letter ("A") needs the colon.

    Parameters
    ----------
    note : str

    Returns
    -------
    list of Section
        In order and without gaps. Text before the first heading is of the kind "none";
        an empty note has no sections.

    Examples
    --------
    >>> note = "Seen today.\nFamily Hx: syncope.\nROS: no cough"
    >>> [part.kind for part in sections(note)]
    ['none', 'family history', 'review of systems']
    """
    kinds, pattern = headings()
    found = [
        (match.start("name"), kinds[squeezed(match["name"])], match["name"])
        for match in pattern.finditer(note.replace("\r", "\n"))
        if len(match["name"]) > 1 or ":" in match[0]
    ]
    if not note:
        return []
    if not found or found[0][0] > 0:
        found.insert(0, (0, "none", ""))
    ends = [start for start, _, _ in found[1:]] + [len(note)]
    return [
        Section(start, end, kind, heading)
        for (start, kind, heading), end in zip(found, ends, strict=True)
    ]
