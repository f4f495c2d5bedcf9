"""Who is heard: the true spans that are found, by an attribute of each of them."""

from coursekit.errors import BadInput
from coursekit.metrics.spans import found_in_note


def recall_by_attribute(true, predicted, attribute, *, relaxed=True):
    """Return how many of the true spans are found, separately for each attribute.

    Parameters
    ----------
    true, predicted : list of list of spans, one list a note
        A span is ``[start, end, symptom, status]``.
    attribute : list of list of str
        One for each true span, such as "clinician" or "lay" wording.
    relaxed : bool, default=True
        True: a span that overlaps, with the same symptom and status, finds it. False:
        only the same span does. Each predicted span finds one true span at most.

    Returns
    -------
    dict of str to (n_found, n_true)
        Attributes in the order of the alphabet; those without spans do not occur, so
        the share is always defined.

    Raises
    ------
    BadInput
        If the three lists are not of the same notes and spans.

    Examples
    --------
    >>> true = [[[0, 3, "dyspnea", "present"], [8, 19, "dyspnea", "present"]]]
    >>> recall_by_attribute(true, [true[0][:1]], [["clinician", "lay"]])
    {'clinician': (1, 1), 'lay': (0, 1)}
    """
    if not len(true) == len(predicted) == len(attribute):
        raise BadInput(
            f"There are {len(true)} notes with true spans, {len(predicted)} with "
            f"predicted ones and {len(attribute)} with attributes; give one list each."
        )
    tally = {}
    for spans, said, kinds in zip(true, predicted, attribute, strict=True):
        if len(spans) != len(kinds):
            raise BadInput(
                f"A note has {len(spans)} spans but {len(kinds)} attributes."
            )
        hits = found_in_note(spans, said, relaxed=relaxed)
        for kind, found in zip(kinds, hits, strict=True):
            n_found, n_true = tally.get(kind, (0, 0))
            tally[kind] = n_found + found, n_true + 1
    return dict(sorted(tally.items()))
