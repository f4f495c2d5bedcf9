"""How hard a text is to read, by a formula that is stated."""

import re

from coursekit.errors import BadInput

TITLES = re.compile(r"\b(Dr|Mr|Mrs|Ms|Prof|vs|e\.g|i\.e)\.", re.IGNORECASE)
SILENT = re.compile(
    r"[^aeiouyl]e$|[aeiouy]le$|[^aeiouysxzcg](?<![csl]h)(?<![^aeiouy]l)es$"
    r"|[^aeiouytd]ed$"
)
WORD = re.compile(r"[A-Za-z]+(?:['’-][A-Za-z]+)*|\d+(?:[.,]\d+)*")


def grade_level(text):
    """Return the Flesch-Kincaid grade of an English text.

    ``0.39 words / sentences + 11.8 syllables / words - 15.59``: about the years of
    school in the United States that reading it takes. It counts lengths and knows
    nothing of sense.

    Parameters
    ----------
    text : str

    Returns
    -------
    float
        Can be negative for very short words.

    Raises
    ------
    BadInput
        If there is no word.

    References
    ----------
    Kincaid JP et al. 1975, Research Branch Report 8-75, Naval Technical Training
    Command.

    Examples
    --------
    >>> round(grade_level("The cat sat on the mat."), 2)
    -1.45
    """
    words = WORD.findall(text)
    if not words:
        raise BadInput("There is no word in the text.")
    per_sentence = len(words) / len(sentences(text))
    per_word = sum(n_syllables(word) for word in words) / len(words)
    return 0.39 * per_sentence + 11.8 * per_word - 15.59


def sentences(text):
    r"""Return the sentences of a text; a blank line ends one too.

    Examples
    --------
    >>> sentences("Dear Dr. Ames,\n\nThe risk is 3.5 %. It is low.")
    ['Dear Dr Ames,', 'The risk is 3.5 %.', 'It is low.']
    """
    text = TITLES.sub(lambda match: match[0].replace(".", ""), text)
    parts = re.split(r"(?<=[.!?])\s+|\n\s*\n", text)
    return [" ".join(part.split()) for part in parts if WORD.search(part)]


def n_syllables(word):
    """Return how many syllables an English word has, about: groups of vowels.

    A silent e at the end (care, gives, changed) is not counted; a number counts as one.
    Vowels that meet without a bond (creatinine) are taken for one.

    Examples
    --------
    >>> words = ("asthma", "care", "gives", "changes", "changed", "treated", "table")
    >>> [n_syllables(word) for word in words]
    [2, 1, 1, 2, 1, 2, 2]
    """
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    return max(groups - bool(SILENT.search(word)), 1)
