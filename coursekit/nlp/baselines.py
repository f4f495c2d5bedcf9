"""Three quick ways to judge a mention, to see what each of them gets wrong.

All take a sentence and a mention's offsets, as `negex_status` and `context_status` do.
"""

from coursekit.nlp.tokens import Phrases, covered, tokens

NEGATIONS = Phrases(
    dict.fromkeys(
        ("no", "not", "denies", "denied", "without", "negative", "never", "w/o"), True
    )
)


def keyword_status(sentence, start, end):
    """Return "present": a word that is there is believed.

    Examples
    --------
    >>> keyword_status("No fever.", 3, 8)
    'present'
    """
    return "present"


def window_status(sentence, start, end, window=4):
    """Return "absent" if a negation stands at most `window` tokens before the mention.

    Examples
    --------
    >>> window_status("No fever, but a cough.", 3, 8)
    'absent'
    >>> window_status("No fever, but cough.", 14, 19)  # wrong
    'absent'
    """
    places = tokens(sentence)
    first, _ = covered(places, start, end)
    near = [last for _, last, _ in NEGATIONS.find(sentence, places) if last <= first]
    return "absent" if near and first - near[-1] < window else "present"


def sentence_status(sentence, start, end):
    """Return "absent" if a negation stands anywhere in the sentence.

    Examples
    --------
    >>> sentence_status("Cough for a week without fever.", 0, 5)  # wrong
    'absent'
    """
    negated = NEGATIONS.find(sentence, tokens(sentence))
    return "absent" if negated else "present"
