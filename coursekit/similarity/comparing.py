"""Compare texts with one another: what two have in common that hardly anyone else has.

What was handed out is left out, and so is what more than a few of a class have: many
students adapt the same cell of the same lab, and are right to.
"""

import difflib
import math
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import combinations

from coursekit.similarity.fingerprints import fingerprints
from coursekit.similarity.tokens import (
    MOST_CHARACTERS,
    code_tokens,
    plain_code,
    plain_prose,
    prose_tokens,
)

MOST_PAIRS = 100  # that are told
COMMON_SHARE = 0.05  # of a class: what more have is common
FEW = 5  # so many may always have it
MOST_SHOWN = 300  # characters of a passage
MOST_TOKENS = 1000  # of each text, in which the longest passage is looked for


@dataclass(frozen=True)
class Kind:
    """How one kind of text is compared, and from when on two are alike."""

    name: str
    plain: object  # function: text -> text without what may hide a copy
    tokens: object  # function: text -> list of (token, start, end)
    length: int  # tokens in a fingerprint
    window: int
    share: float  # of the shorter one's own fingerprints
    least: int  # fingerprints in common

    def is_cut(self, document):
        """Return True where a document has more text than is compared."""
        return len(self.plain(document.get(self.name, ""))) >= MOST_CHARACTERS

    def of(self, document):
        """Return the fingerprints of a document's text of this kind."""
        text = self.plain(document.get(self.name, ""))
        tokens = [token for token, *_ in self.tokens(text)]
        return fingerprints(tokens, self.length, self.window)


CODE = Kind("code", plain_code, code_tokens, length=10, window=5, share=0.5, least=10)
PROSE = Kind("text", plain_prose, prose_tokens, length=5, window=4, share=0.3, least=6)
KINDS = (CODE, PROSE)


@dataclass(frozen=True)
class Pair:
    """Two submissions that are alike.

    `share` is the share of the shorter one's own fingerprints that the other has too,
    and hardly anyone else; `n_shared` their number; `passage` the longest piece that
    both have, as `one` wrote it.
    """

    one: str
    other: str
    kind: str  # "code" or "text"
    share: float
    n_shared: int
    passage: str = ""


def compare(documents, handed_out, ours=None, others=None, own=None):
    """Return the pairs that are alike, most alike first, at most `MOST_PAIRS`.

    Parameters
    ----------
    documents : dict of str to dict
        Student -> kind -> text, cells joined by `CELL`; a kind that is left out is
        empty.
    handed_out : dict of str to str
        Kind -> what everyone was given.
    ours : dict of str to dict, optional
        Like `documents`: the teacher's solution and archetypes. What they have counts
        however many of the class have it; of them all only the nearest is told.
    others : dict of str to dict, optional
        Like `documents`: submissions of another term. They are not compared with one
        another.
    own : callable, optional
        Student -> the name of what is the student's own among `others`.

    Returns
    -------
    list of Pair

    Examples
    --------
    >>> def answer(text):
    ...     return {"text": text}
    >>> copied = (
    ...     "the cut off is learned on tune because the outcomes of train are biased "
    ...     "by follow up which the patients of group B had at another hospital"
    ... )
    >>> class_of = {"ann": answer(copied), "bob": answer("So " + copied + "!")}
    >>> class_of["cy"] = answer("every group has its own cut off and that is unfair")
    >>> [(pair.one, pair.other, pair.share) for pair in compare(class_of, {})]
    [('ann', 'bob', 1.0)]
    """
    ours, others = ours or {}, others or {}
    found = []
    for kind in KINDS:
        found += alike_in(kind, documents, handed_out, ours, others)
    if own is not None:
        found = [pair for pair in found if pair.other != own(pair.one)]
    found.sort(key=lambda pair: (-pair.share, -pair.n_shared, pair.one, pair.other))
    kinds = {kind.name: kind for kind in KINDS}
    texts = ours | others | documents
    return [
        replace(pair, passage=passage(kinds[pair.kind], pair, texts))
        for pair in nearest(found, ours)[:MOST_PAIRS]
    ]


def alike_in(kind, documents, handed_out, ours, others):
    """Return the pairs that are alike in one kind of text."""
    given = kind.of(handed_out)
    mine = {name: kind.of(each) - given for name, each in documents.items()}
    holders = held_by(mine)
    most = max(FEW, math.ceil(COMMON_SHARE * len(documents)))
    common = {each for each, names in holders.items() if len(names) > most}
    rare = {name: each - common for name, each in mine.items()}
    far = {name: kind.of(each) - given - common for name, each in others.items()}
    near = {name: kind.of(each) - given for name, each in ours.items()}
    return [
        *pairs(kind, among(rare), rare),
        *pairs(kind, between(rare, far), rare | far),
        *pairs(kind, between(mine, near), mine | near),
    ]


def held_by(prints):
    """Return who has each fingerprint: fingerprint -> names."""
    holders = defaultdict(set)
    for name, own in prints.items():
        for each in own:
            holders[each].add(name)
    return holders


def among(prints):
    """Return how many fingerprints each two of a class share."""
    counts = defaultdict(int)
    for names in held_by(prints).values():
        for two in combinations(sorted(names), 2):
            counts[two] += 1
    return counts


def between(prints, references):
    """Return how many each of a class shares with each reference."""
    counts, holders = defaultdict(int), held_by(prints)
    for name, own in references.items():
        for each in own:
            for student in holders.get(each, ()):
                counts[student, name] += 1
    return counts


def pairs(kind, counts, prints):
    """Return those who share enough of what the shorter one has."""
    found = []
    for names, n in counts.items():
        share = n / min(len(prints[name]) for name in names)
        if n >= kind.least and share >= kind.share:
            found.append(Pair(*names, kind.name, share, n))
    return found


def nearest(found, ours):
    """Return pairs in their order, of each student only the nearest of ours."""
    kept, told = [], set()
    for pair in found:
        key = pair.one, pair.kind
        if pair.other in ours and key in told:
            continue
        told |= {key} if pair.other in ours else set()
        kept.append(pair)
    return kept


def passage(kind, pair, texts):
    """Return the longest run of tokens that two have in common, as one wrote it."""
    text, other = (kind.plain(texts[n][kind.name]) for n in (pair.one, pair.other))
    mine, yours = kind.tokens(text)[:MOST_TOKENS], kind.tokens(other)[:MOST_TOKENS]
    matcher = difflib.SequenceMatcher(
        None, [t for t, *_ in mine], [t for t, *_ in yours], autojunk=False
    )
    start, _, n = matcher.find_longest_match()
    if not n:
        return ""
    found = text[mine[start][1] : mine[start + n - 1][2]]
    return found if len(found) <= MOST_SHOWN else found[:MOST_SHOWN] + " …"
