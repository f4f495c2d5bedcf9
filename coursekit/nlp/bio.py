"""Spans as one tag a token, and back: what a tagger learns and says.

"B-cough" is the first token of a cough, "I-cough" a further one, "O" any other. What
is said of the symptom, its status, stands beside the tag.

References
----------
Ramshaw LA, Marcus MP. Text chunking using transformation-based learning. Third
Workshop on Very Large Corpora, 1995.
"""

from collections import Counter

from coursekit.datasets import STATUSES, SYMPTOMS
from coursekit.errors import BadInput
from coursekit.nlp.tokens import covered, tokens

OUTSIDE = "O"
TAGS = (OUTSIDE, *(f"{edge}-{symptom}" for symptom in SYMPTOMS for edge in "BI"))


def to_tags(note, spans):
    """Return a tag and a status for each token of a note.

    A token that a span only touches is tagged whole; of spans that share a token the
    first is kept. `lost_in_tags` tells which spans do not come back.

    Parameters
    ----------
    note : str
    spans : list of [start, end, symptom, status]

    Returns
    -------
    tags : list of str, one a token
        Of `TAGS`.
    statuses : list of str, one a token
        "" outside of spans.

    Raises
    ------
    BadInput
        If a span lies outside the note, or names an unknown symptom or status.

    Examples
    --------
    >>> to_tags("No dry cough.", [[3, 12, "cough", "absent"]])
    (['O', 'B-cough', 'I-cough', 'O'], ['', 'absent', 'absent', ''])
    """
    places = tokens(note)
    tags, statuses = [OUTSIDE] * len(places), [""] * len(places)
    for span in sorted(map(list, spans)):
        refuse_unknown(span, note)
        start, end, symptom, status = span
        first, last = covered(places, start, end)
        if set(tags[first:last]) == {OUTSIDE}:
            tags[first:last] = [f"B-{symptom}"] + [f"I-{symptom}"] * (last - first - 1)
            statuses[first:last] = [status] * (last - first)
    return tags, statuses


def from_tags(note, tags, statuses):
    """Return the spans that tags and statuses describe.

    The inverse of `to_tags` where spans begin and end with tokens and share none. A
    tagger may say what no span gives: an "I" without its beginning begins a span, and
    the status is the one that most tokens of the span have (at a tie the first).

    Parameters
    ----------
    note : str
    tags, statuses : list of str, one a token

    Returns
    -------
    list of [start, end, symptom, status]

    Raises
    ------
    BadInput
        If there are not as many tags and statuses as tokens.

    Examples
    --------
    >>> spans = [[3, 12, "cough", "absent"]]
    >>> from_tags("No dry cough.", *to_tags("No dry cough.", spans)) == spans
    True
    >>> from_tags("No dry cough.", ["O", "O", "I-cough", "O"], ["", "", "absent", ""])
    [[7, 12, 'cough', 'absent']]
    """
    places = tokens(note)
    if not len(places) == len(tags) == len(statuses):
        raise BadInput(
            f"The note has {len(places)} tokens; there are {len(tags)} tags and "
            f"{len(statuses)} statuses."
        )
    return [
        [
            places[first][0],
            places[last - 1][1],
            tags[first][2:],
            Counter(statuses[first:last]).most_common(1)[0][0],
        ]
        for first, last in stretches(tags)
    ]


def stretches(tags):
    """Return the tokens (first, last) of each span, last exclusive.

    Examples
    --------
    >>> stretches(["B-cough", "B-cough", "I-cough", "O", "I-fever"])
    [(0, 1), (1, 3), (4, 5)]
    """
    found = []
    for at, tag in enumerate(tags):
        if tag == OUTSIDE:
            continue
        goes_on = tag[0] == "I" and found and found[-1][1] == at
        if goes_on and tags[at - 1][2:] == tag[2:]:
            found[-1] = found[-1][0], at + 1
        else:
            found.append((at, at + 1))
    return found


def lost_in_tags(note, spans):
    """Return the spans that do not come back from their tags as they were.

    Those that begin or end within a token, and those that share a token with another.

    Parameters
    ----------
    note, spans
        As for `to_tags`.

    Returns
    -------
    list of [start, end, symptom, status]

    Examples
    --------
    >>> lost_in_tags("feverish", [[0, 5, "fever", "present"]])
    [[0, 5, 'fever', 'present']]
    """
    back = from_tags(note, *to_tags(note, spans))
    return [list(span) for span in spans if list(span) not in back]


def refuse_unknown(span, note):
    """Raise BadInput for a span that is none of this note, or of no known kind."""
    start, end, symptom, status = span
    if not 0 <= start < end <= len(note) or not note[start:end].strip():
        raise BadInput(f"The span {span} holds no word of a note of {len(note)} signs.")
    if symptom not in SYMPTOMS or status not in STATUSES:
        raise BadInput(
            f"The span {span} names an unknown symptom or status; there are "
            f"{SYMPTOMS} and {STATUSES}."
        )
