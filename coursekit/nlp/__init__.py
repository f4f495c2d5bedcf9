"""The room of notes: symptoms found by rules, and what is said of each of them.

A note is a str. A span is ``[start, end, symptom, status]``: offsets into the note as
written, end exclusive. Importing this room loads spaCy (blank English pipeline only).
"""

from coursekit.nlp.assertion import assertion_status
from coursekit.nlp.context import context_status, modifiers
from coursekit.nlp.sentences import sentences
from coursekit.nlp.tokens import Phrases, tokens
from coursekit.nlp.triggers import Hit, Trigger, find_triggers, read_triggers

__all__ = [
    "Hit",
    "Phrases",
    "Trigger",
    "assertion_status",
    "context_status",
    "find_triggers",
    "modifiers",
    "read_triggers",
    "sentences",
    "tokens",
]
