"""How far a trigger reaches: from it to its limit, or to what ends it."""


def holds(hit, mention, hits):
    """Return whether a trigger's scope reaches a mention (first token, last token).

    Examples
    --------
    >>> from coursekit.nlp.triggers import Hit, Trigger
    >>> no, but = Trigger("absent"), Trigger("terminator", ends=frozenset({"absent"}))
    >>> hits = [Hit(0, 1, no), Hit(2, 3, but)]  # "no cough but fever"
    >>> holds(hits[0], (1, 2), hits), holds(hits[0], (3, 4), hits)
    (True, False)
    """
    trigger, (first, last) = hit.trigger, mention
    forward = first >= hit.last
    if trigger.direction == ("backward" if forward else "forward"):
        return False
    distance = first - hit.last if forward else hit.first - last
    return distance < trigger.scope and not any(
        trigger.category in other.trigger.ends and between(other, hit, mention)
        for other in hits
    )


def between(stop, hit, mention):
    """Return whether a terminator stands between a trigger and a mention.

    One that touches the trigger ends nothing: "denies: fever".

    Examples
    --------
    >>> from coursekit.nlp.triggers import Hit
    >>> between(Hit(2, 3, None), Hit(0, 1, None), (3, 4))
    True
    >>> between(Hit(1, 2, None), Hit(0, 1, None), (3, 4))
    False
    """
    if mention[0] >= hit.last:
        return hit.last < stop.first and stop.last <= mention[0]
    return mention[1] <= stop.first and stop.last < hit.first
