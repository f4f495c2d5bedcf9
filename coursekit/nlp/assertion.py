"""One question of one sentence: is this said to be there, absent, or something else."""

import re

from coursekit.errors import BadInput
from coursekit.nlp.context import context_status
from coursekit.nlp.sentences import sentences


def assertion_status(sentence, concept, *, rule=context_status):
    """Return what a sentence says of a concept that is found in it.

    Parameters
    ----------
    sentence : str
        If it is several sentences, the one with the concept counts.
    concept : str
        Words of the sentence, in any case and with any white space between them. If
        they stand there more than once, the first place with the very same letters
        counts, or else the first of all; a heading ("Pain: no pain") only if it is all.
    rule : callable, default=context_status
        What judges the mention: `negex_status`, `window_status` or another of the same
        arguments, to be compared.

    Returns
    -------
    str
        "present", "absent", "possible", "historical", "hypothetical" or "family".

    Raises
    ------
    BadInput
        If the concept is empty or does not stand in the sentence.

    Examples
    --------
    >>> from coursekit.nlp import sentence_status
    >>> assertion_status("No fever, but she has had a cough.", "fever")
    'absent'
    >>> assertion_status("Return if fever.", "FEVER"), assertion_status("Ill.", "ill")
    ('hypothetical', 'present')
    >>> assertion_status("Cough, no fever.", "cough", rule=sentence_status)  # wrong
    'absent'
    >>> assertion_status("No fever.", "cough")
    Traceback (most recent call last):
    ...
    coursekit.errors.BadInput: The concept 'cough' does not stand in 'No fever.'...
    """
    start, end = place_of(concept, sentence)
    for first, last in sentences(sentence):
        if first <= start < last:
            stretch = sentence[first : max(last, end)]
            return rule(stretch, start - first, end - first)
    raise AssertionError("sentences() left a part of the text out")


def place_of(concept, sentence):
    """Return where a concept stands in a sentence, as (start, end).

    Examples
    --------
    >>> place_of("chest pain", "No CHEST  PAIN")
    (3, 14)
    """
    words = concept.split()
    if not words:
        raise BadInput("The concept is empty. Give words of the sentence.")
    pattern = r"\s+".join(map(re.escape, words))
    edges = rf"(?<!\w){pattern}(?!\w|['’]\w)"
    no_heading, any_case = rf"{edges}(?!\s*:)", re.IGNORECASE
    for wanted, flags in (
        (no_heading, 0),
        (no_heading, any_case),
        (edges, any_case),
        (pattern, any_case),
    ):
        match = re.search(wanted, sentence, flags)
        if match:
            return match.span()
    raise BadInput(
        f"The concept {concept!r} does not stand in {sentence[:80]!r}. "
        "Give words as they stand there."
    )
