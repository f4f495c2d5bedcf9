"""Winnowing: a few hashes that stand for a text, wherever a piece of it is copied to.

Of Schleimer, Wilkerson & Aiken, "Winnowing: Local algorithms for document
fingerprinting", SIGMOD 2003 (https://doi.org/10.1145/872757.872770), which MOSS uses.
"""

import hashlib


def fingerprints(tokens, length, window):
    """Return the fingerprints of a sequence of tokens.

    Whatever two texts have in common over ``length + window - 1`` tokens or more, they
    share a fingerprint of; nothing shorter than ``length`` tokens is ever one.

    Parameters
    ----------
    tokens : sequence of str
    length : int
        Tokens that are hashed together.
    window : int
        The least hash of so many following ones is kept.

    Returns
    -------
    frozenset of int

    Examples
    --------
    >>> one = fingerprints("a b c d e f".split(), length=3, window=2)
    >>> other = fingerprints("x y b c d e z".split(), length=3, window=2)
    >>> len(one & other), len(fingerprints("a b".split(), length=3, window=2))
    (1, 0)
    """
    hashes = [
        hash_of(tokens[start : start + length])
        for start in range(len(tokens) - length + 1)
    ]
    if len(hashes) <= window:
        return frozenset(hashes)
    return frozenset(
        min(hashes[start : start + window]) for start in range(len(hashes) - window + 1)
    )


def hash_of(tokens):
    """Return a hash of a few tokens, the same in every process."""
    text = "\0".join(tokens).encode("utf-8", "replace")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
