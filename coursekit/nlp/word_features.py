"""What a tagger sees of a token: a few whole numbers.

The word itself only if it was common in training. Its first and last letters and its
shape help with words that were not, such as misspelt ones. The kind of section tells
what no word of the sentence does.
"""

import itertools
import zlib
from collections import Counter

import numpy as np

from coursekit.nlp.sections import sections
from coursekit.nlp.sentences import sentences
from coursekit.nlp.tokens import tokens

UNKNOWN = 0  # the number of every word that was rare in training
BUCKETS = {"first letters": 512, "last letters": 512, "shape": 64, "section": 32}
LONGEST = 60  # tokens; a longer sentence is read in parts


def known_words(notes, min_count=2):
    """Return a number from 1 for each word that occurs often enough.

    Parameters
    ----------
    notes : list of str
    min_count : int, default=2

    Returns
    -------
    dict of str to int
        By the word in lower case; in the order of the alphabet.

    Examples
    --------
    >>> known_words(["No cough.", "No fever."])
    {'.': 1, 'no': 2}
    """
    counts = Counter(
        note[start:end].lower() for note in notes for start, end in tokens(note)
    )
    common = sorted(word for word, n in counts.items() if n >= min_count)
    return {word: number for number, word in enumerate(common, start=1)}


def token_features(note, words):
    """Return the numbers of each token of a note.

    Parameters
    ----------
    note : str
    words : dict of str to int
        From `known_words`.

    Returns
    -------
    ndarray of int64, shape (n_tokens, 5)
        Word (0 is unknown), first three letters, last three, shape, kind of section;
        the last four are hashed into `BUCKETS`, so two of them may share a number.

    References
    ----------
    Weinberger K, Dasgupta A, Langford J, Smola A, Attenberg J. Feature hashing for
    large scale multitask learning. ICML 2009.

    Examples
    --------
    >>> token_features("Tamb coughed.", {"coughed": 1})[:, 0]
    array([0, 1, 0])
    """
    kinds = section_kinds(note)
    rows = []
    for (start, end), kind in zip(tokens(note), kinds, strict=True):
        written = note[start:end]
        word = written.lower()
        pieces = (word[:3], word[-3:], shape(written), kind)
        hashed = map(bucket, pieces, BUCKETS.values())
        rows.append([words.get(word, UNKNOWN), *hashed])
    return np.array(rows, dtype=np.int64).reshape(len(rows), 1 + len(BUCKETS))


def section_kinds(note):
    """Return the kind of section of each token.

    Examples
    --------
    >>> section_kinds("FH: cough")
    ['family history', 'family history', 'family history']
    """
    parts, at, kinds = sections(note), 0, []
    for start, _ in tokens(note):
        while parts[at].end <= start:
            at += 1
        kinds.append(parts[at].kind)
    return kinds


def shape(word):
    """Return how a word is written: capitals, small letters, digits, signs.

    Examples
    --------
    >>> shape("SOB"), shape("Mild"), shape("2024"), shape("b")
    ('XX', 'Xx', 'dd', 'x')
    """
    kinds = ["X" if c.isupper() else "x" if c.isalpha() else c for c in word]
    kinds = ["d" if c.isdigit() else c for c in kinds]
    kept = [c for at, c in enumerate(kinds) if at < 2 or c not in kinds[at - 2 : at]]
    return "".join(kept[:6])


def bucket(piece, n_buckets):
    """Return the same number below n_buckets for the same text, in every session.

    Examples
    --------
    >>> bucket("cou", 512) == bucket("cou", 512) < 512
    True
    """
    return zlib.crc32(piece.encode()) % n_buckets


def sentence_tokens(note):
    """Return the tokens (first, last) of each sentence, in order and without gaps.

    Examples
    --------
    >>> sentence_tokens("No cough. No fever.")
    [(0, 3), (3, 6)]
    """
    starts = [start for start, _ in tokens(note)]
    first_of = np.searchsorted(starts, [start for start, _ in sentences(note)])
    edges = sorted({0, *first_of.tolist(), len(starts)})
    return [
        (first, min(first + LONGEST, after))
        for begin, after in itertools.pairwise(edges)
        for first in range(begin, after, LONGEST)
    ]
