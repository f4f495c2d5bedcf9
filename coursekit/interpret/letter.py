"""What can be checked in a letter that explains a model's answer to a physician.

Every number must be one of the model's or the patient's; what the letter must tell
must be in it; an association must not be told as a cause; and it must be readable.
Whether its tone is right is for a person to judge.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pandas as pd

from coursekit.errors import BadInput
from coursekit.interpret.reading_level import grade_level, sentences

UNITS = ("probability", "log-odds", "plain")
NUMBER = re.compile(
    r"(?<![\w.,])(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:\s*(?P<percent>%|per ?cent\w*)"
    r"|\s+(?:in|out of|of)\s+(?P<of>100|1,?000|10)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Fact:
    """A number that a letter may tell."""

    value: float
    unit: str = "plain"  # "probability", "log-odds", or "plain": years, mmHg, counts
    needed: bool = False  # whether the letter must tell it


@cache
def letter_words():
    """Return the word lists of `letter_words.toml`, read once.

    Examples
    --------
    >>> sorted(letter_words())
    ['about_the_model', 'always', 'denials', 'unless_about_the_model']
    """
    text = files("coursekit.interpret").joinpath("letter_words.toml").read_text("utf-8")
    return tomllib.loads(text)


def check_letter(text, facts, *, most_grade=12.0):
    """Return what is wrong with a letter, sentence by sentence.

    Parameters
    ----------
    text : str
        English prose.
    facts : dict of str to Fact
        All numbers that the letter may tell: the model's, and the patient's own.
    most_grade : float, default=12.0
        Highest Flesch-Kincaid grade. A choice of ours, for a physician.

    Returns
    -------
    DataFrame with ``kind``, ``where`` and ``message``; empty if nothing is found
        Kinds: ``number``, ``log-odds-as-percent``, ``missing``, ``causal-verb``,
        ``hard-to-read``.

    Raises
    ------
    BadInput
        If the letter is empty or a fact has an unknown unit.

    Examples
    --------
    >>> facts = {"risk": Fact(0.234, "probability", needed=True), "age": Fact(82)}
    >>> fine = "The model puts the risk of this patient, aged 82, at 23 %."
    >>> len(check_letter(fine, facts))
    0
    >>> check_letter("Asthma lowers her risk to 20 %.", facts)["kind"].tolist()
    ['number', 'causal-verb', 'missing']
    """
    if not text.strip():
        raise BadInput("The letter is empty.")
    for name, fact in facts.items():
        if fact.unit not in UNITS:
            raise BadInput(
                f"{name} has the unit {fact.unit!r}, not {', '.join(UNITS)}."
            )
    found, told = [], set()
    for sentence in sentences(text):
        wrong, names = check_numbers(sentence, facts)
        told |= names
        found += wrong
        found += [
            (
                "causal-verb",
                sentence,
                f"{word!r} claims a cause; the model only knows "
                "what goes together. Say that the model's answer is higher or lower.",
            )
            for word in causal_verbs(sentence)
        ]
    found += [
        ("missing", name, f"The letter does not tell {name}.")
        for name, fact in facts.items()
        if fact.needed and name not in told
    ]
    grade = grade_level(text)
    if grade > most_grade:
        found.append(
            (
                "hard-to-read",
                "the letter",
                f"Its grade is {grade:.1f}, above "
                f"{most_grade:g}. Shorten sentences; use shorter words.",
            )
        )
    return pd.DataFrame(found, columns=["kind", "where", "message"])


def check_numbers(sentence, facts):
    """Return the numbers of a sentence that are nobody's, and the facts it tells.

    A number agrees with a fact if the fact, rounded to the digits that are written,
    is that number. Signs are not read: a letter says "lower by".

    Returns
    -------
    wrong : list of (kind, sentence, message)
    told : set of str

    Examples
    --------
    >>> facts = {"risk": Fact(0.234, "probability"), "asthma": Fact(-0.41, "log-odds")}
    >>> check_numbers("It is 23 in 100.", facts)
    ([], {'risk'})
    >>> check_numbers("Lower by 41 %.", facts)[0][0][0]
    'log-odds-as-percent'
    """
    wrong, told = [], set()
    for match in NUMBER.finditer(sentence):
        names = {name for name, fact in facts.items() if agrees(match, fact)}
        told |= names
        if names:
            continue
        kind, message = "number", f"{match[0]!r} is no number of the model or patient."
        if any(is_log_odds_as_percent(match, fact) for fact in facts.values()):
            kind = "log-odds-as-percent"
            message = f"{match[0]!r} is a difference of log odds, not of percentages."
        wrong.append((kind, sentence, message))
    return wrong, told


def agrees(match, fact):
    """Return True if a written number is a fact, rounded as it is written.

    Examples
    --------
    >>> agrees(NUMBER.search("0.41 log odds"), Fact(-0.409, "log-odds"))
    True
    >>> agrees(NUMBER.search("41 %"), Fact(-0.409, "log-odds"))
    False
    """
    share = match["percent"] or match["of"]
    if share and fact.unit != "probability":
        return False
    return written(match, fact.value * whole(match) if share else fact.value)


def is_log_odds_as_percent(match, fact):
    """Return True if a percentage is a hundred times a difference of log odds.

    Examples
    --------
    >>> is_log_odds_as_percent(NUMBER.search("41 %"), Fact(-0.409, "log-odds"))
    True
    """
    share = bool(match["percent"] or match["of"])
    return (
        share and fact.unit == "log-odds" and written(match, fact.value * whole(match))
    )


def whole(match):
    """Return of how many a share is written.

    Examples
    --------
    >>> whole(NUMBER.search("2 in 10")), whole(NUMBER.search("23 %"))
    (10.0, 100.0)
    """
    return float(match["of"].replace(",", "")) if match["of"] else 100.0


def written(match, value):
    """Return True if a value, rounded to the digits written, is the number written.

    Examples
    --------
    >>> written(NUMBER.search("23.4"), 23.44), written(NUMBER.search("23"), 23.6)
    (True, False)
    """
    number = match["number"].replace(",", "")
    half = 0.5 * 10.0 ** -len(number.partition(".")[2])
    return abs(abs(value) - float(number)) <= half + 1e-9


def causal_verbs(sentence):
    """Return the words of a sentence that claim a cause.

    Parameters
    ----------
    sentence : str

    Returns
    -------
    list of str
        None that is denied earlier in the sentence; and of those that a model's
        answer can do as well ("lowers the estimate"), none where the sentence is
        about the model.

    Examples
    --------
    >>> causal_verbs("Asthma protects her.")
    ['protect']
    >>> causal_verbs("This does not mean that asthma protects her.")
    []
    >>> causal_verbs("Asthma lowers the predicted risk.")
    []
    >>> causal_verbs("Asthma lowers risk.")
    ['lowers']
    """
    words = letter_words()
    about_model = any(phrase in sentence.lower() for phrase in words["about_the_model"])
    claims = list(words["always"])
    if not about_model:
        claims += words["unless_about_the_model"]
    found = []
    for claim in claims:
        place = re.search(rf"\b{re.escape(claim)}", sentence, re.IGNORECASE)
        if place and not is_denied(sentence[: place.start()]):
            found.append(claim)
    return found


def is_denied(before):
    """Return True if a claim is denied by what stands before it in the sentence.

    "Not only" denies nothing.

    Examples
    --------
    >>> is_denied("There is no evidence that asthma "), is_denied("It not only ")
    (True, False)
    """
    before = re.sub(r"\bnot only\b", "", before.lower())
    return any(
        re.search(rf"(?<!\w){re.escape(word)}(?!\w)", before)
        for word in letter_words()["denials"]
    )
