"""The symptoms' wordings, kept as data in `lexicon.toml`, and where a note has them."""

import tomllib
from functools import cache
from importlib.resources import files

from coursekit.datasets import SYMPTOMS
from coursekit.errors import BadInput
from coursekit.nlp.tokens import Phrases, tokens

ELSEWHERE = None  # what phrases such as "cough syrup" stand for


@cache
def wordings():
    """Return the table of `lexicon.toml`, read once.

    Examples
    --------
    >>> wordings()["chest pain"]["clinician"][:2]
    ['chest pain', 'chest pains']
    """
    text = files("coursekit.nlp").joinpath("lexicon.toml").read_text("utf-8")
    return tomllib.loads(text)


def lexicon(*, lay=True, more=None):
    """Return the wordings of the twelve symptoms, ready to be found in notes.

    Parameters
    ----------
    lay : bool, default=True
        Whether patients' own words ("can't catch my breath") are in it. Without them,
        whoever is quoted in a note is not heard.
    more : dict of str to list of str, optional
        Further wordings by symptom, such as those of spans that you have read.

    Returns
    -------
    Phrases

    Raises
    ------
    BadInput
        If `more` names a symptom that there is not.

    Examples
    --------
    >>> note = "Out of breath since May."
    >>> find_mentions(note, lexicon(lay=False)), find_mentions(note, lexicon())
    ([], [[0, 13, 'dyspnea']])
    """
    more = more or {}
    unknown = sorted(set(more) - set(SYMPTOMS))
    if unknown:
        raise BadInput(f"There are no symptoms {unknown}; there are {SYMPTOMS}.")
    for symptom, words in more.items():
        if isinstance(words, str):
            raise BadInput(f"more[{symptom!r}] is one text; give a list: [{words!r}].")
    kinds = ("clinician", "lay") if lay else ("clinician",)
    meanings = dict.fromkeys(wordings()["elsewhere"], ELSEWHERE)
    for symptom in SYMPTOMS:
        for kind in kinds:
            meanings |= dict.fromkeys(wordings()[symptom][kind], symptom)
        meanings |= dict.fromkeys(more.get(symptom, ()), symptom)
    return Phrases(meanings)


@cache
def default_lexicon():
    """Return `lexicon()`, made once.

    Examples
    --------
    >>> default_lexicon() is default_lexicon()
    True
    """
    return lexicon()


def find_mentions(note, lexicon=None):
    """Return where a note names symptoms, whatever it says of them.

    Only whole words count ("cp" is not in "tcp"), in any case; where wordings
    overlap the longest is taken. A misspelt word is not found.

    Parameters
    ----------
    note : str
    lexicon : Phrases, optional
        From `lexicon`; clinicians' and lay wordings without.

    Returns
    -------
    list of [start, end, symptom]
        Offsets into the note, end exclusive; in order, without overlap.

    Examples
    --------
    >>> find_mentions("TCP open. İ: no CP, cough syrup for COUGH.")
    [[16, 18, 'chest pain'], [36, 41, 'cough']]
    """
    phrases = lexicon or default_lexicon()
    places = tokens(note)
    return [
        [places[first][0], places[last - 1][1], symptom]
        for first, last, symptom in phrases.find(note, places)
        if symptom is not ELSEWHERE
    ]
