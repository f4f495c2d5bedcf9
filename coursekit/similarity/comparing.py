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
from coursekit.similarity.tokens import code_tokens, prose_tokens

MOST_PAIRS = 100  # that are told
COMMON_SHARE = 0.05  # of a class: what more have is common
FEW = 3  # so many may always have it
MOST_SHOWN = 300  # characters of a passage
MOST_TOKENS = 3000  # of each text, in which the longest passage is looked for


@dataclass(frozen=True)
class Kind:
    """How one kind of text is compared, and from when on two are alike."""

    name: str
    tokens: object  # function: text -> list of (token, start, end)
    length: int  # tokens in a fingerprint
    window: int
    share: float  # of the shorter one's own fingerprints
    least: int  # fingerprints in common

    def fingerprints(self, text):
        """Return the fingerprints of a text."""
        tokens = [token for token, *_ in self.tokens(text)]
        return fingerprints(tokens, self.length, self.window)


CODE = Kind("code", code_tokens, length=10, window=5, share=0.5, least=10)
PROSE = Kind("text", prose_tokens, length=5, window=4, share=0.3, least=6)
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


def compare(documents, handed_out, references=None):
    """Return the pairs that are alike, most alike first, at most `MOST_PAIRS`.

    Parameters
    ----------
    documents : dict of str to dict
        Student -> kind -> text; a kind that is left out is empty.
    handed_out : dict of str to str
        Kind -> what everyone was given.
    references : dict of str to dict, optional
        Like `documents`: what students may have copied from, such as the teacher's
        solution. They are not compared with one another.

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
    found = []
    for kind in KINDS:
        found += alike_in(kind, documents, handed_out, references or {})
    found.sort(key=lambda pair: (-pair.share, -pair.n_shared, pair.one, pair.other))
    kinds = {kind.name: kind for kind in KINDS}
    texts = (references or {}) | documents
    return [
        replace(pair, passage=passage(kinds[pair.kind], pair, texts))
        for pair in found[:MOST_PAIRS]
    ]


def alike_in(kind, documents, handed_out, references):
    """Return the pairs that are alike in one kind of text."""
    given = kind.fingerprints(handed_out.get(kind.name, ""))
    texts = {
        name: each.get(kind.name, "") for name, each in (references | documents).items()
    }
    prints = {name: kind.fingerprints(text) - given for name, text in texts.items()}
    holders = defaultdict(set)
    for name in documents:
        for each in prints[name]:
            holders[each].add(name)
    most = max(FEW, math.ceil(COMMON_SHARE * len(documents)))
    common = {each for each, names in holders.items() if len(names) > most}
    rare = {name: each - common for name, each in prints.items()}
    return [
        Pair(*names, kind.name, n / own(rare, names), n)
        for names, n in shared(rare, holders, documents).items()
        if is_alike(kind, n, rare, names)
    ]


def shared(rare, holders, documents):
    """Return how many rare fingerprints two have in common: (one, other) -> number."""
    counts = defaultdict(int)
    for name in rare.keys() - documents.keys():
        for each in rare[name]:
            for student in holders.get(each, ()):
                counts[student, name] += 1
    for each, names in holders.items():
        if all(each in rare[name] for name in names):
            for two in combinations(sorted(names), 2):
                counts[two] += 1
    return counts


def is_alike(kind, n_shared, rare, names):
    """Return True where enough of the shorter one is in the other."""
    return n_shared >= kind.least and n_shared >= kind.share * own(rare, names)


def own(rare, names):
    """Return how many rare fingerprints the shorter one has."""
    return min(len(rare[name]) for name in names)


def passage(kind, pair, texts):
    """Return the longest run of tokens that two have in common, as one wrote it."""
    text, other = texts[pair.one][kind.name], texts[pair.other][kind.name]
    mine, yours = kind.tokens(text)[:MOST_TOKENS], kind.tokens(other)[:MOST_TOKENS]
    matcher = difflib.SequenceMatcher(
        None, [t for t, *_ in mine], [t for t, *_ in yours], autojunk=False
    )
    start, _, n = matcher.find_longest_match()
    if not n:
        return ""
    found = text[mine[start][1] : mine[start + n - 1][2]]
    return found if len(found) <= MOST_SHOWN else found[:MOST_SHOWN] + " …"
