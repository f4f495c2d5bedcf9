"""The words that change what a mention means, kept as data in `triggers.toml`."""

import itertools
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from coursekit.errors import BadInput
from coursekit.nlp.tokens import Phrases

CATEGORIES = (
    "absent",
    "possible",
    "historical",
    "hypothetical",
    "family",
    "pseudo",
    "terminator",
)
GROUP_KEYS = {"category", "phrases", "direction", "scope", "ends"}
DIRECTIONS = ("forward", "backward", "both")
GROUP = ("category", "phrases", "direction", "scope", "ends")
SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Trigger:
    """What a phrase does to the mentions near it."""

    category: str  # one of CATEGORIES
    direction: str = "forward"  # where its scope lies, seen from the phrase
    scope: int = 1000  # tokens at most; 1000 is to the end of the sentence
    ends: frozenset = frozenset()  # the categories whose scope stops here


@dataclass(frozen=True)
class Hit:
    """A trigger found in a sentence: tokens first to last (exclusive)."""

    first: int
    last: int
    trigger: Trigger


def read_triggers(text):
    r"""Return the triggers that a TOML text describes.

    Parameters
    ----------
    text : str
        ``[words]`` are lists of words that stand for a slot; each ``[[group]]`` has
        ``category``, ``phrases`` and, if not the usual, ``direction``, ``scope``
        and ``ends``. ``"{be} not seen"`` becomes one phrase a word of ``be``.

    Returns
    -------
    dict of str to Trigger

    Raises
    ------
    BadInput
        If a key, category or direction is not known, or one phrase has two meanings.

    Examples
    --------
    >>> toml = '[words]\nbe = ["is", "was"]\n[[group]]\ncategory = "absent"\n'
    >>> list(read_triggers(toml + 'phrases = ["no", "{be} not seen"]'))
    ['no', 'is not seen', 'was not seen']
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"The triggers are no TOML: {error}.") from None
    refuse_other_tables(table)
    triggers = {}
    for group in table.get("group", []):
        trigger = trigger_of(group)
        for phrase in group["phrases"]:
            for filled in fill(phrase, table.get("words", {})):
                if triggers.setdefault(filled, trigger) != trigger:
                    raise BadInput(f"The trigger {filled!r} has two meanings.")
    return triggers


def refuse_other_tables(table):
    """Raise BadInput for tables and keys that would be read as something else."""
    if unknown := sorted(set(table) - {"words", "group"}):
        raise BadInput(
            f"The triggers have {unknown}; only words and [[group]] are read."
        )
    groups = table.get("group", [])
    if not isinstance(groups, list):
        raise BadInput("Write [[group]] in two brackets: there may be several.")
    for group in groups:
        if unknown := sorted(set(group) - set(GROUP)):
            raise BadInput(f"A group has {unknown}; it may have {', '.join(GROUP)}.")
        phrases, scope = group.get("phrases"), group.get("scope", 1)
        if not isinstance(phrases, list):
            raise BadInput(f'phrases is {phrases!r}; it is a list: ["no", "without"].')
        if type(scope) is not int or "category" not in group:
            raise BadInput(f"A group needs a category, and a scope in tokens: {group}.")


def trigger_of(group):
    """Return the Trigger that a group of the file describes.

    Examples
    --------
    >>> trigger_of({"category": "absent", "phrases": ["no"], "scope": 5}).scope
    5
    """
    unknown = sorted(set(group) - GROUP_KEYS)
    if unknown or not {"category", "phrases"} <= set(group):
        raise BadInput(
            "A group of triggers needs category and phrases and may have direction, "
            f"scope and ends; one has {sorted(group)}."
        )
    settings = {key: value for key, value in group.items() if key != "phrases"}
    settings["ends"] = frozenset(settings.get("ends", ()))
    trigger = Trigger(**settings)
    if trigger.category not in CATEGORIES or trigger.direction not in DIRECTIONS:
        raise BadInput(
            f"A trigger has the category {trigger.category!r} and the direction "
            f"{trigger.direction!r}; choose from {CATEGORIES} and {DIRECTIONS}."
        )
    return trigger


def fill(phrase, words):
    """Return a phrase once for each way of filling its slots.

    Examples
    --------
    >>> fill("{who} says", {"who": ["wife", "son"]})
    ['wife says', 'son says']
    """
    slots = SLOT.findall(phrase)
    unknown = sorted(set(slots) - set(words))
    if unknown:
        raise BadInput(f"The trigger {phrase!r} has slots without words: {unknown}.")
    filled = []
    for choice in itertools.product(*(words[slot] for slot in slots)):
        parts = iter(choice)
        filled.append(SLOT.sub(lambda _, parts=parts: next(parts), phrase))
    return [" ".join(one.split()) for one in filled]


@cache
def default_triggers():
    """Return the Phrases of the room's own `triggers.toml`, read once.

    Examples
    --------
    >>> default_triggers().find("denied", [(0, 6)])[0][2].category
    'absent'
    """
    text = files("coursekit.nlp").joinpath("triggers.toml").read_text("utf-8")
    return Phrases(read_triggers(text))


def own_triggers(text):
    r"""Return the room's triggers with further ones, which come before them.

    Parameters
    ----------
    text : str
        As `read_triggers` takes it.

    Returns
    -------
    Phrases

    Examples
    --------
    >>> toml = '[[group]]\ncategory = "absent"\nphrases = ["nary a"]\n'
    >>> own_triggers(toml).find("Nary a cough", [(0, 4), (5, 6), (7, 12)])[0][:2]
    (0, 2)
    """
    shipped = files("coursekit.nlp").joinpath("triggers.toml").read_text("utf-8")
    return Phrases(read_triggers(shipped) | read_triggers(text))


def find_triggers(text, places, triggers=None, mention=(0, 0)):
    """Return the triggers of a sentence, the longest where phrases overlap.

    Parameters
    ----------
    text : str
    places : list of (start, end)
        From `tokens`.
    triggers : Phrases, optional
        The room's own without.
    mention : (first, last), optional
        Tokens that are part of no trigger: those of the mention in question.

    Returns
    -------
    list of Hit
        In order; pseudo-triggers and terminators too.

    Examples
    --------
    >>> from coursekit.nlp.tokens import tokens
    >>> text = "No change in edema, no cough."
    >>> [(hit.first, hit.trigger.category) for hit in find_triggers(text, tokens(text))]
    [(0, 'pseudo'), (5, 'absent')]
    """
    triggers = triggers or default_triggers()
    stop = len(text) + 1, len(text) + 2  # the end counts as a full stop
    found = triggers.find(f"{text} .", [*places, stop], taken=range(*mention))
    return [Hit(*hit) for hit in found]
