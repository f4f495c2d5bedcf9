"""Labels from sources that are cheap and miss things: rules, a busy annotator.

A network trained on them can be better than its sources where their mistakes do not
agree, and is as deaf as they are where they do.

References
----------
Ratner A, De Sa C, Wu S, Selsam D, Ré C. Data programming: creating large training
sets, quickly. NeurIPS 2016.
Irvin J, Rajpurkar P, Ko M, et al. CheXpert: a large chest radiograph dataset with
uncertainty labels and expert comparison. AAAI 2019.
"""

import math

from coursekit.datasets import SYMPTOMS
from coursekit.errors import BadInput
from coursekit.nlp.extracting import extract_by_rules, status_in
from coursekit.nlp.sections import sections
from coursekit.nlp.sentences import sentences


def label_by_rules(notes, lexicon=None, method="context"):
    """Return what the rules mark in each note, to be learnt from.

    Parameters
    ----------
    notes : list of str
    lexicon, method
        As for `extract_by_rules`.

    Returns
    -------
    list of list of [start, end, symptom, status]

    Examples
    --------
    >>> label_by_rules(["No cough.", "Well."])
    [[[3, 8, 'cough', 'absent']], []]
    """
    return [extract_by_rules(note, lexicon, method) for note in notes]


def marked_wordings(notes, spans):
    """Return the wordings that were marked, by symptom: `more` of `lexicon`.

    Parameters
    ----------
    notes : list of str
    spans : list of list of [start, end, symptom, status]

    Returns
    -------
    dict of str to list of str
        In lower case, each once, in the order of the alphabet; symptoms that nobody
        marked have an empty list.

    Examples
    --------
    >>> marked_wordings(["Dry cough."], [[[0, 9, "cough", "present"]]])["cough"]
    ['dry cough']
    """
    refuse_unmatched(notes, spans)
    found = {symptom: set() for symptom in SYMPTOMS}
    for note, some in zip(notes, spans, strict=True):
        for start, end, symptom, _ in some:
            found[symptom].add(" ".join(note[start:end].lower().split()))
    return {symptom: sorted(wordings) for symptom, wordings in found.items()}


def with_ruled_status(notes, spans, method="context"):
    """Return spans whose status is judged anew by a rule: a hybrid.

    Parameters
    ----------
    notes : list of str
    spans : list of list of [start, end, symptom, status]
        Such as a tagger's, whose wordings are kept.
    method : str, default="context"
        As for `extract_by_rules`.

    Returns
    -------
    list of list of [start, end, symptom, status]

    Examples
    --------
    >>> with_ruled_status(["No cough."], [[[3, 8, "cough", "present"]]])
    [[[3, 8, 'cough', 'absent']]]
    """
    refuse_unmatched(notes, spans)
    judged = []
    for note, some in zip(notes, spans, strict=True):
        parts, lines = sections(note), sentences(note)
        judged.append(
            [
                [*span[:3], status_in(note, *span[:2], parts, lines, method)]
                for span in some
            ]
        )
    return judged


def missed_share(true, marked):
    """Return the share of the true mentions that a source left out.

    Parameters
    ----------
    true, marked : list of list of [start, end, symptom, status], one list a note
        A mention is marked if a span of its symptom overlaps it, whatever the status.

    Returns
    -------
    float
        In [0, 1]; NaN if there is no true mention.

    Raises
    ------
    BadInput
        If the lists are not of the same notes.

    Examples
    --------
    >>> true = [[[0, 5, "cough", "absent"], [9, 14, "fever", "absent"]]]
    >>> missed_share(true, [[[0, 5, "cough", "present"]]])
    0.5
    """
    refuse_unmatched(true, marked)
    missed = [
        not is_marked(span, said)
        for spans, said in zip(true, marked, strict=True)
        for span in spans
    ]
    return sum(missed) / len(missed) if missed else math.nan


def united(*sources):
    """Return what any of the sources marks.

    Right where sources miss much and invent little, and where they miss different
    things.

    Parameters
    ----------
    *sources : list of list of [start, end, symptom, status], one list a note
        In order of trust: where two overlap with one symptom, the first is kept.

    Returns
    -------
    list of list of [start, end, symptom, status]

    Examples
    --------
    >>> rules = [[[3, 8, "cough", "absent"]]]
    >>> annotator = [[[3, 8, "cough", "present"], [10, 20, "fever", "present"]]]
    >>> united(rules, annotator)
    [[[3, 8, 'cough', 'absent'], [10, 20, 'fever', 'present']]]
    """
    return [candidates(marks) for marks in by_note(sources)]


def voted(sources, misses, wrong, prior=0.5):
    r"""Return the mentions that the sources together make more likely than not.

    Each source is heard as far as it can be trusted: with odds
    :math:`\frac{p}{1 - p} \prod_k \frac{1 - m_k}{w_k}` over those that mark a mention
    times :math:`\prod_k \frac{m_k}{1 - w_k}` over those that do not, as if the sources
    erred independently. Whoever misses much says little by silence.

    Parameters
    ----------
    sources : list of sources, as for `united`
    misses : list of float in (0, 1), one a source
        Share of the true mentions that it leaves out (`missed_share`).
    wrong : list of float in (0, 1), one a source
        Share of the stretches, marked by another source but no mention, that it marks.
    prior : float in (0, 1), default=0.5
        Share of the stretches marked by anybody that are mentions.

    Returns
    -------
    list of list of [start, end, symptom, status]
        Places and status of the first source that marks them.

    Raises
    ------
    BadInput
        If a share is not between 0 and 1, or there is not one a source.

    References
    ----------
    Dawid AP, Skene AM. Maximum likelihood estimation of observer error-rates using the
    EM algorithm. Applied Statistics 1979; 28:20-28.

    Examples
    --------
    >>> careful, sloppy = [[]], [[[3, 8, "cough", "absent"]]]
    >>> voted([careful, sloppy], misses=[0.05, 0.2], wrong=[0.01, 0.4])
    [[]]
    >>> voted([careful, sloppy], misses=[0.6, 0.2], wrong=[0.01, 0.4])
    [[[3, 8, 'cough', 'absent']]]
    """
    refuse_shares(sources, misses, wrong, prior)
    return [
        [
            span
            for span in candidates(marks)
            if log_odds(span, marks, misses, wrong, prior) > 0
        ]
        for marks in by_note(sources)
    ]


def log_odds(span, marks, misses, wrong, prior):
    """Return the log odds that a stretch is a mention, from who marks it.

    Examples
    --------
    >>> span = [3, 8, "cough", "absent"]
    >>> round(log_odds(span, [[span]], [0.5], [0.25], 0.5), 3)  # log(2)
    0.693
    """
    total = math.log(prior / (1 - prior))
    for said, missed, invented in zip(marks, misses, wrong, strict=True):
        if is_marked(span, said):
            total += math.log((1 - missed) / invented)
        else:
            total += math.log(missed / (1 - invented))
    return total


def candidates(marks):
    """Return the spans of all sources of one note, overlapping ones only once."""
    kept = []
    for said in marks:
        kept += [list(span) for span in said if not is_marked(span, kept)]
    return sorted(kept)


def is_marked(span, said):
    """Return whether a span of the same symptom overlaps this one."""
    start, end, symptom, _ = span
    return any(a < end and start < b and other == symptom for a, b, other, _ in said)


def by_note(sources):
    """Return for each note what each source marks in it."""
    for source in sources[1:]:
        refuse_unmatched(sources[0], source)
    return list(zip(*sources, strict=True))


def refuse_unmatched(notes, spans):
    """Raise BadInput where two lists are not of the same notes."""
    if len(notes) != len(spans):
        raise BadInput(
            f"There are {len(notes)} notes on one side and {len(spans)} on the other; "
            "give one list of spans for each note."
        )


def refuse_shares(sources, misses, wrong, prior):
    """Raise BadInput for shares that are none, or not one a source."""
    if not len(sources) == len(misses) == len(wrong) or not sources:
        raise BadInput(
            f"{len(sources)} sources have {len(misses)} shares missed and {len(wrong)} "
            "wrong; give one of each for each source."
        )
    if not all(0 < share < 1 for share in (*misses, *wrong, prior)):
        raise BadInput("Each share must lie between 0 and 1; use 0.001 for never.")
