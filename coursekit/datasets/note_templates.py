"""The sentences, fillers and wordings that notes are written from.

They are data, in three TOML files beside this module; here they are only read. A
sentence is a tuple of texts and slots, so that a place in a note is known by counting.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coursekit.datasets.note_words import STATUSES

STYLES = ("physician", "nurse", "interpreter")
LETTER_OF = {"physician": "p", "nurse": "n", "interpreter": "i"}
SLOT = re.compile(r"\{([^}]+)\}")
NOUN, SAID, FEELING = "noun", "said", "feeling"


@dataclass(frozen=True)
class Slot:
    """A gap of a sentence: what fills it, and in which form."""

    name: str  # a status, or a field such as "drug"
    form: str = NOUN  # of a symptom: noun, said or feeling

    @property
    def is_symptom(self):
        """True where a symptom is named."""
        return self.name in STATUSES


@dataclass(frozen=True)
class Template:
    """One sentence with gaps."""

    id: str  # such as "mixed-03", the same in every course
    kind: str
    styles: str  # letters of the author styles that use it
    parts: tuple  # of str and Slot

    @property
    def n_symptoms(self):
        """Number of symptoms that it names."""
        return sum(isinstance(part, Slot) and part.is_symptom for part in self.parts)


def parse(text):
    """Return a sentence as a tuple of texts and slots.

    Examples
    --------
    >>> parse("No {absent}.")
    ('No ', Slot(name='absent', form='noun'), '.')
    """
    parts = []
    for number, piece in enumerate(SLOT.split(text)):
        if number % 2:
            name, _, form = piece.partition(".")
            parts.append(Slot(name, form or NOUN))
        elif piece:
            parts.append(piece)
    return tuple(parts)


@cache
def read(name):
    """Return the content of a TOML file beside this module."""
    path = Path(__file__).with_name(f"note_{name}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def all_templates():
    """Return every sentence that names a symptom, as a tuple of `Template`.

    Examples
    --------
    >>> len(all_templates()) > 200
    True
    >>> all_templates()[0].id
    'present-00'
    """
    found = []
    for kind, lines in read("templates").items():
        for number, line in enumerate(lines):
            styles, _, text = line.partition(" | ")
            found.append(Template(f"{kind}-{number:02d}", kind, styles, parse(text)))
    return tuple(found)


@cache
def filler_sentences(section, name):
    """Return the fillers of a section for a specialty or style, parsed."""
    group = read("fillers")[section]
    return tuple(parse(text) for text in group.get(name, group.get("any", ())))


@cache
def said_wordings(symptom):
    """Return patients' own sentences: pairs of what leads up to it and the wording.

    Examples
    --------
    >>> said_wordings("syncope")[0]
    ('I ', 'passed out')
    """
    lines = read("wordings")[symptom]["said"]
    return tuple(tuple(line.split("|")) for line in lines)
