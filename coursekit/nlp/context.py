"""ConText: what a mention says, by the triggers whose scope it lies in.

A trigger's scope runs from it to the end of the sentence, or to the nearest
terminator, or as far as its own limit. All categories work alike; a section of the
note may say what a mention is by default.

References
----------
Chapman WW, Bridewell W, Hanbury P, Cooper GF, Buchanan BG. A simple algorithm for
identifying negated findings and diseases in discharge summaries. Journal of Biomedical
Informatics 2001; 34:301-310.
Harkema H, Dowling JN, Thornblade T, Chapman WW. ConText: an algorithm for determining
negation, experiencer, and temporal status from clinical reports. Journal of Biomedical
Informatics 2009; 42:839-851.
"""

from coursekit.nlp.scopes import holds
from coursekit.nlp.tokens import covered, tokens
from coursekit.nlp.triggers import find_triggers

ORDER = ("absent", "family", "hypothetical", "historical", "possible")


def context_status(sentence, start, end, triggers=None, default="present"):
    """Return the status of the mention at these offsets of one sentence.

    Where scopes of several categories hold it, the first of `ORDER` is returned: "no
    family history of syncope" is absent, since nobody is said to have had it.

    Parameters
    ----------
    sentence : str
        One sentence; scopes never leave it.
    start, end : int
        Offsets of the mention, end exclusive.
    triggers : Phrases, optional
        From `read_triggers`; the room's own without.
    default : str, default="present"
        The status without any trigger, as the section of the note has it. "family"
        also counts beside a trigger: what is doubtful there is still not the patient's.

    Returns
    -------
    str
        "present", "absent", "possible", "historical", "hypothetical" or "family".

    Examples
    --------
    >>> context_status("Denies cough, but has fever.", 7, 12)
    'absent'
    >>> context_status("Denies cough, but has fever.", 22, 27)
    'present'
    """
    found = modifiers(sentence, start, end, triggers)
    if default == "family" or not found:
        found = found | {default}
    return next((category for category in ORDER if category in found), "present")


def modifiers(sentence, start, end, triggers=None):
    """Return the categories of all triggers whose scope holds a mention.

    Parameters
    ----------
    sentence, start, end, triggers
        As for `context_status`.

    Returns
    -------
    set of str

    Examples
    --------
    >>> sorted(modifiers("No history of syncope.", 14, 21))
    ['absent']
    >>> sorted(modifiers("Possible syncope in her mother.", 9, 16))
    ['family', 'possible']
    """
    places = tokens(sentence)
    mention = covered(places, start, end)
    hits = find_triggers(sentence, places, triggers, mention)
    found = {hit.trigger.category for hit in hits if holds(hit, mention, hits)}
    return found & set(ORDER)
