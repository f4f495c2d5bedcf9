"""Sentences of a clinical note, which is seldom written in sentences.

A full stop is no end within an abbreviation, a number or the marks of a
de-identified text; a heading, a bullet or a short line is an end without any full stop.
"""

import itertools
import re

BREAK = re.compile(
    r"""(?P<stop>(?<=\S)[.!?]+["')\]]*)(?=\s|$)  # a full stop before white space
      | (?<=[a-z]{2})(?P<glued>\.)(?=[A-Z][a-z])  # "pain.Denies"
      | (?P<lines>[^\S\r\n]*(?:\r\n|\r|\n)\s*)
      | (?P<wide>(?<=[^\s:,])\s{4,}(?=[A-Z0-9*•]))  # lines that were joined into one
      | (?P<item>(?<=[^\s:])\s+(?=\d{1,2}\)\s))  # "1) nausea  2) cough"
      | (?P<heading>(?<=\S)\s{2,}(?=[A-Z][A-Z /&-]{2,40}:\s))
    """,
    re.VERBOSE,
)
MASKED = re.compile(r"\*\*[A-Z]+(?:-[A-Z]+)?\[[^\]\n]{0,80}\]|\[\*\*.{0,80}?\*\*\]")
ABBREVIATIONS = """
dr mr mrs ms prof st vs e.g i.e approx no fig dept sgt rev ext resp abd hosp cf
hx dx tx rx sx pt pts wt ht temp min hr mo wk yr yrs inc jr sr jan feb mar apr jun jul
aug sep sept oct nov dec
"""
NEVER_LAST = frozenset(ABBREVIATIONS.split())
SPELT = re.compile(r"(?:[A-Za-z]\.)*[A-Za-z]")  # of b.i.d., p.o., J.
ANSWER = re.compile(r"[ \t]*(?:no|yes|none|denies|y|n)\b", re.IGNORECASE)  # "Cough? No"
BULLET = re.compile(r"[-*•·+>]\s|\d{1,2}[.)]\s|\[[ xX]?\]")
TITLE = re.compile(r"[A-Za-z][\w /&'-]{0,40}:")
HALF_LINE, FULL_LINE = 40, 60  # characters of a line that ran out of room


def sentences(note):
    r"""Return where the sentences of a note stand.

    Parameters
    ----------
    note : str

    Returns
    -------
    list of (start, end)
        In order and without gaps: together they are the whole note, and white space
        belongs to the sentence before it. An empty note has none.

    Examples
    --------
    >>> note = "Seen by Dr. Who at 2.5 h.\n- no fever\n- cough b.i.d. and at night"
    >>> [note[start:end].strip() for start, end in sentences(note)]
    ['Seen by Dr. Who at 2.5 h.', '- no fever', '- cough b.i.d. and at night']
    """
    ends = [end for end in breaks(note) if 0 < end < len(note)]
    edges = sorted({0, len(note), *ends})
    return list(itertools.pairwise(edges))


def breaks(note):
    """Yield the offsets at which a sentence begins after another.

    Examples
    --------
    >>> list(breaks("Afebrile. No cough."))
    [10]
    """
    masked = [match.span() for match in MASKED.finditer(note)]
    for match in BREAK.finditer(note):
        if any(start < match.start() < end for start, end in masked):
            continue
        if match["stop"] and not is_last(note, match.start()):
            continue
        if match["lines"] is not None and goes_on(note, match):
            continue
        end = match.end()
        while end < len(note) and note[end].isspace():
            end += 1
        if note[:end].strip() and end < len(note):
            yield end


def is_last(note, stop):
    """Return whether the full stop at this place ends a sentence.

    Examples
    --------
    >>> is_last("vs. CT", 2), is_last("2. CT", 1), is_last("No CT. We", 5)
    (False, False, True)
    >>> is_last("Taken b.i.d. He is well.", 11), is_last("Taken b.i.d. with", 11)
    (True, False)
    >>> is_last("No fever. no cough", 8), is_last("Mid. lobe", 3)
    (True, False)
    """
    if note[stop] != ".":
        return not ANSWER.match(note, stop + 1)
    word = note[max(0, stop - 20) : stop].split()[-1:] or [""]
    word = word[0].lstrip("([\"'").lower()
    if word in NEVER_LAST:
        return False
    following = note[stop + 1 : stop + 40].lstrip(" \t\"')]")
    if SPELT.fullmatch(word):
        return len(word) > 1 and following[:1].isupper()
    if word.isdigit() and len(word) < 3:  # "2." is a number of a list
        return not is_list_number(note, stop - len(word))
    return not following[:1].islower() or len(word) > 3


def is_list_number(note, start):
    """Return whether a number at this place begins its line or its sentence.

    Examples
    --------
    >>> is_list_number("1. CT", 0), is_list_number("Pain of 7. He", 8)
    (True, False)
    """
    before = note[max(0, start - 60) : start].rstrip(" \t")
    return not before or before[-1] in "\r\n.:;!?"


def goes_on(note, lines):
    r"""Return whether the text after a line's end belongs to the sentence before it.

    Examples
    --------
    >>> note = "The patient came in with a cough that is\nworse at night."
    >>> goes_on(note, BREAK.search(note))
    True
    """
    if len(re.findall(r"\r\n|\r|\n", lines[0])) > 1:
        return False
    start = max(note.rfind("\n", 0, lines.start()), note.rfind("\r", 0, lines.start()))
    line = note[start + 1 : lines.start()].strip()
    after = note[lines.end() : lines.end() + 60]
    if not line or line[-1] in ".!?:;" or BULLET.match(after) or TITLE.match(after):
        return False
    if after[:1].islower() or line[-1] == ",":
        return len(line) >= HALF_LINE or line[-1] == ","
    return len(line) >= FULL_LINE
