"""NegEx: a mention is negated if a trigger stands within a few words of it.

References
----------
Chapman WW, Bridewell W, Hanbury P, Cooper GF, Buchanan BG. A simple algorithm for
identifying negated findings and diseases in discharge summaries. Journal of Biomedical
Informatics 2001; 34:301-310.
"""

from dataclasses import replace

from coursekit.nlp.scopes import holds
from coursekit.nlp.tokens import covered, tokens
from coursekit.nlp.triggers import find_triggers

WINDOW = 5  # tokens


def negex_status(sentence, start, end, triggers=None, window=WINDOW):
    """Return whether a mention is absent, possible or (of anything else) present.

    Every trigger reaches `window` tokens, forward or backward as it says, or to a
    terminator before that. Pseudo-triggers ("no change") do nothing. The end of a long
    list is out of reach, and whose symptom it is, or when, is not asked.

    Parameters
    ----------
    sentence : str
        One sentence.
    start, end : int
        Offsets of the mention, end exclusive.
    triggers : Phrases, optional
        From `read_triggers`; the room's own without.
    window : int, default=5
        Tokens; a mention begins within them.

    Returns
    -------
    str
        "absent", "possible" or "present".

    Examples
    --------
    >>> negex_status("No fever or cough.", 3, 8)
    'absent'
    >>> negex_status("No change in cough.", 13, 18)
    'present'
    >>> negex_status("No fever, chills, sweats, nausea or cough.", 36, 41)
    'present'
    """
    places = tokens(sentence)
    mention = covered(places, start, end)
    hits = find_triggers(sentence, places, triggers, mention)
    found = {
        hit.trigger.category
        for hit in hits
        if holds(within(hit, window), mention, hits)
    }
    return next(
        (status for status in ("absent", "possible") if status in found), "present"
    )


def within(hit, window):
    """Return a hit whose trigger reaches no further than the window.

    Examples
    --------
    >>> from coursekit.nlp.triggers import Hit, Trigger
    >>> within(Hit(0, 1, Trigger("absent", scope=1000)), 5).trigger.scope
    5
    """
    scope = min(hit.trigger.scope, window)
    return replace(hit, trigger=replace(hit.trigger, scope=scope))
