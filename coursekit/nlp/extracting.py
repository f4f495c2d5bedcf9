"""Symptoms of a whole note: lexicon, sections, sentences, and a rule for the status."""

from coursekit.errors import BadInput
from coursekit.nlp.baselines import keyword_status, sentence_status, window_status
from coursekit.nlp.context import context_status
from coursekit.nlp.lexicon import find_mentions
from coursekit.nlp.negex import negex_status
from coursekit.nlp.privacy import find_phi
from coursekit.nlp.sections import sections
from coursekit.nlp.sentences import sentences

REACH = 1000  # characters: in a line of many thousands, nobody means so far
METHODS = {
    "keyword": keyword_status,
    "window": window_status,
    "sentence": sentence_status,
    "negex": negex_status,
    "context": context_status,
}


def extract_by_rules(note, lexicon=None, method="context", triggers=None):
    r"""Return the symptoms that a note names, with what it says of each.

    Parameters
    ----------
    note : str
    lexicon : Phrases, optional
        From `lexicon`; clinicians' and lay wordings without.
    method : str, default="context"
        "context" also knows the sections; "negex", "window", "sentence" and "keyword"
        know fewer statuses each.
    triggers : Phrases, optional
        Of ConText, from `own_triggers`; the room's alone without.

    Returns
    -------
    list of [start, end, symptom, status]
        Offsets into the note as written, end exclusive; in order, without overlap,
        none within a name or another identifier that `find_phi` sees.

    Raises
    ------
    BadInput
        If there is no such method.

    Examples
    --------
    >>> note = "HPI: cough, no fever.\nFH: syncope\nSeen by Dr. Fevers"
    >>> for span in extract_by_rules(note):
    ...     print(span)
    [5, 10, 'cough', 'present']
    [15, 20, 'fever', 'absent']
    [26, 33, 'syncope', 'family']
    >>> [status for *_, status in extract_by_rules(note, method="keyword")]
    ['present', 'present', 'present']
    """
    if method not in METHODS:
        raise BadInput(
            f"There is no method {method!r}; there are {', '.join(METHODS)}."
        )
    masked, parts, lines = find_phi(note), sections(note), sentences(note)
    return [
        [
            start,
            end,
            symptom,
            status_in(note, start, end, parts, lines, method, triggers),
        ]
        for start, end, symptom in find_mentions(note, lexicon)
        if not any(start < last and end > first for first, last, _ in masked)
    ]


def status_in(note, start, end, parts, lines, method, triggers=None):
    """Return the status of a mention from its sentence and, with ConText, its section.

    Examples
    --------
    >>> note = "Syncope in 2010? No."
    >>> status_in(note, 0, 7, sections(note), sentences(note), "keyword")
    'present'
    """
    part = holding(start, [(part.start, part.end) for part in parts])
    line = holding(start, lines)
    first, last = max(lines[line][0], parts[part].start), max(lines[line][1], end)
    first, last = max(first, start - REACH), min(last, end + REACH)
    more = {}
    if method == "context":
        more = {"default": parts[part].status, "triggers": triggers}
    return METHODS[method](note[first:last], start - first, end - first, **more)


def holding(offset, stretches):
    """Return the number of the stretch (start, end) that an offset lies in.

    Examples
    --------
    >>> holding(5, [(0, 4), (4, 9)])
    1
    """
    return next(n for n, (start, end) in enumerate(stretches) if start <= offset < end)
