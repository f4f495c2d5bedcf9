"""The room of notes: symptoms found by rules, and what is said of each of them.

A note is a str. A span is ``[start, end, symptom, status]``: offsets into the note as
written, end exclusive. Importing this room loads spaCy (blank English pipeline only).
What needs torch stands apart, so that rules work without it:
``from coursekit.nlp.tagger import fit_tagger, predict_spans``.
"""

from coursekit.nlp.assertion import assertion_status
from coursekit.nlp.baselines import keyword_status, sentence_status, window_status
from coursekit.nlp.bio import from_tags, lost_in_tags, to_tags
from coursekit.nlp.context import context_status, modifiers
from coursekit.nlp.extracting import extract_by_rules
from coursekit.nlp.lexicon import find_mentions, lexicon
from coursekit.nlp.negex import negex_status
from coursekit.nlp.privacy import deidentify, find_phi
from coursekit.nlp.sections import Section, sections
from coursekit.nlp.sentences import sentences
from coursekit.nlp.tokens import Phrases, tokens
from coursekit.nlp.triggers import (
    Hit,
    Trigger,
    find_triggers,
    own_triggers,
    read_triggers,
)
from coursekit.nlp.weak import (
    label_by_rules,
    marked_wordings,
    missed_share,
    united,
    voted,
    with_ruled_status,
)

__all__ = [
    "Hit",
    "Phrases",
    "Section",
    "Trigger",
    "assertion_status",
    "context_status",
    "deidentify",
    "extract_by_rules",
    "find_mentions",
    "find_phi",
    "find_triggers",
    "from_tags",
    "keyword_status",
    "label_by_rules",
    "lexicon",
    "lost_in_tags",
    "marked_wordings",
    "missed_share",
    "modifiers",
    "negex_status",
    "own_triggers",
    "read_triggers",
    "sections",
    "sentence_status",
    "sentences",
    "to_tags",
    "tokens",
    "united",
    "voted",
    "window_status",
    "with_ruled_status",
]
