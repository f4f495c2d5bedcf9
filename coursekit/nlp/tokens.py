"""Words with their places, and phrases found among them whatever their case.

A note is never lower-cased as a whole: that can change its length ("İ" becomes two
characters), and every place after it is then wrong. Words are compared in lower case
one by one, and places always count in the note as written.
"""

import re
from functools import cache

import spacy
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

MARKS = "\u0300-\u036f\u200c\u200d\ufe0e\ufe0f"  # stand on or join what is before
TOKEN = re.compile(rf"[^\W_][^\W_{MARKS}]*(?:[{MARKS}]+[^\W_]*)*|[^\w\s]|_")
SAME = {"’": "'", "‘": "'", "–": "-", "—": "-", "‐": "-", "‑": "-"}


@cache
def vocabulary():
    """Return the vocabulary of spaCy's blank English pipeline, made once.

    Examples
    --------
    >>> vocabulary().lang
    'en'
    """
    return spacy.blank("en").vocab


def tokens(text):
    """Return where the words and signs of a text stand.

    Every sign parts words ("fever/chills" and "c/o" are three tokens each), marks such
    as accents stay with their letter, white space is in no token.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of (start, end)
        Offsets into the text, end exclusive, in order.

    Examples
    --------
    >>> [("No SOB/CP.")[start:end] for start, end in tokens("No SOB/CP.")]
    ['No', 'SOB', '/', 'CP', '.']
    """
    return [match.span() for match in TOKEN.finditer(text)]


def as_doc(text, places):
    """Return spaCy's Doc of the tokens, without white space.

    Examples
    --------
    >>> len(as_doc("chest  pain", [(0, 5), (7, 11)]))
    2
    """
    words = [text[start:end] for start, end in places]
    return Doc(vocabulary(), words=[SAME.get(word, word) for word in words])


class Phrases:
    r"""Phrases to be found in texts: whole words, any case, any white space between.

    Parameters
    ----------
    meanings : dict of str to anything
        What each phrase stands for.

    Examples
    --------
    >>> phrases = Phrases({"chest pain": "pain", "pain": "pain", "cp": "pain"})
    >>> text = "CHEST\n pain; tcp, Cp"
    >>> [(first, last) for first, last, _ in phrases.find(text, tokens(text))]
    [(0, 2), (5, 6)]
    """

    def __init__(self, meanings):
        self.meanings = list(meanings.values())
        self.matcher = PhraseMatcher(vocabulary(), attr="LOWER")
        for number, phrase in enumerate(meanings):
            self.matcher.add(str(number), [as_doc(phrase, tokens(phrase))])

    def find(self, text, places, taken=()):
        """Return what is found; of phrases that overlap, the longest (then the first).

        Parameters
        ----------
        text : str
        places : list of (start, end)
            From `tokens`.
        taken : iterable of int, optional
            Numbers of tokens that are in no phrase.

        Returns
        -------
        list of (first, last, meaning)
            Numbers of tokens, last exclusive, in order.
        """
        found = self.matcher(as_doc(text, places))
        names = vocabulary().strings
        taken, kept = set(taken), []
        for key, first, last in sorted(found, key=longest_first):
            if taken.isdisjoint(range(first, last)):
                taken.update(range(first, last))
                kept.append((first, last, self.meanings[int(names[key])]))
        return sorted(kept, key=lambda hit: hit[:2])


def longest_first(match):
    """Return a key that sorts spaCy's matches by length, then by place.

    Examples
    --------
    >>> sorted([(7, 0, 1), (8, 0, 2)], key=longest_first)
    [(8, 0, 2), (7, 0, 1)]
    """
    _, first, last = match
    return first - last, first


def covered(places, start, end):
    """Return the numbers of the tokens (first, last) that a stretch of text touches.

    Examples
    --------
    >>> covered([(0, 2), (3, 8), (9, 13)], 3, 13)
    (1, 3)
    """
    touching = [n for n, (a, b) in enumerate(places) if a < end and b > start]
    return (touching[0], touching[-1] + 1) if touching else (0, 0)
