"""Names and other identifiers in notes, found by rules and masked.

The HIPAA Safe Harbor rule (45 CFR 164.514(b)(2)) lists eighteen kinds of identifiers.
Looked for here: names, dates (years alone may stay), telephone and fax numbers, e-mail
and web addresses, streets and ZIP codes, record, account and social security numbers,
ages over 89. Not looked for: towns and hospitals by name, licence plates, device
numbers, photographs, and whatever else tells who someone is, such as a rare job. A
name amid a sentence without a title, a label, a relative or an age beside it is missed.
Safe Harbor also demands that nobody knows a way to recognise the patient; no program
sees to that.
"""

import re

GAP = r"[^\S\r\n]+"  # white space within a line
ROOM = r"[^\S\r\n]*"
MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?"
    r"|Sept?(?:ember)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\.?"
)
DAY, YEAR = r"\d{1,2}(?:st|nd|rd|th)?", r"(?:19|20)\d{2}"
WORD = r"[A-ZÀ-ÖØ-Þ](?:[^\W\d_]|['’-](?=[^\W\d_]))*"  # begins with a capital
INITIAL = rf"(?:[A-Z]\.?{GAP})?"
NEXT = r"(?!(?:MRN|DOB|DOA|Age|Sex|Date|Phone|Tel|Room)\b)"  # the next label
NAME = rf"{WORD}(?: {NEXT}{INITIAL}(?:(?:de|del|la|van|von|bin|al) )*{WORD}){{0,2}}"
KIN = (
    "mother|father|wife|husband|son|daughter|sister|brother|niece|nephew|aunt|uncle"
    "|granddaughter|grandson|partner|friend|neighbou?r|caregiver|interpreter|nurse"
)
LABEL = (
    rf"(?:patient|pt)(?:{GAP}name)?|name|attending|provider|physician|pcp|author"
    rf"|signed(?:{GAP}by)?|dictated{GAP}by|interpreter|nurse|(?:emergency{GAP})?contact"
    rf"|next{GAP}of{GAP}kin"
)
DEGREE = r"(?:M\.?D|D\.?O|R\.?N|N\.?P|PA(?:-C)?|LPN)\b"
STREET = (
    "Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl"
    "|Way|Terrace|Circle|Cir|Parkway|Pkwy|Highway|Hwy|Square|Sq|Trail|Row"
)
FLAT = rf"(?:,?{GAP}(?:Apt|Unit|Suite|\#)\.?{ROOM}\w+)?"
TOWN = rf"(?:,{GAP}{WORD}(?:{GAP}{WORD})?)?"
ZIP = rf"[A-Z]{{2}}{GAP}\d{{5}}(?:-\d{{4}})?"
RECORD = (
    rf"MRN|MR|medical{GAP}record|record|account|acct|policy|member|patient{GAP}id"
    rf"|pt{GAP}id|id|chart|encounter|visit|case"
)
NUMBER = rf"{ROOM}(?:(?:id|no|number|num)\b\.?)?{ROOM}[:\#]?{ROOM}\#?"
LINE = "tel|telephone|phone|ph|cell|mobile|pager|fax|call|at|or"
HEADING_WORDS = (
    "Note|Nursing|Progress|Visit|Emergency|Department|Clinic|Discharge|Summary|History"
    "|Physical|Exam|Medical|Family|Social|Review|Systems|Plan|Normal|Sinus|Rhythm|Vital"
    "|Signs|General|Chest|Pain|Abdominal|Shortness|Breath|Head|Heart|Lungs?|Cough|Fever"
    "|Fatigue|Nausea|Headache|Dizziness|Palpitations|Edema|Syncope|Stable|Regular|Room"
    "|Chief|Complaint|Mild|Moderate|Severe|Acute|Chronic|Possible|Probable|Likely|Diet"
)
LONE = rf"(?!(?:{HEADING_WORDS})\b)[A-Z][a-zà-ÿ]+(?:['’-][A-Z]?[a-zà-ÿ]+)*"
RULES = (  # the earlier rule wins; (?P<phi>...) is the identifier, or else all of it
    ("email", r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"),
    ("url", r"(?:https?://|www\.)[^\s<>\"')]+"),
    (
        "address",
        rf"\b\d{{1,5}}{GAP}(?:[NSEW]\.?{GAP})?(?:{WORD}{GAP}){{1,3}}(?:{STREET})\b\.?"
        rf"{FLAT}{TOWN}(?:,?{GAP}{ZIP}\b)?",
    ),
    ("address", rf"\b{ZIP}\b"),
    ("address", rf"(?i:\bZIP(?:{GAP}code)?:?){GAP}(?P<phi>\d{{5}})\b"),
    ("mrn", rf"(?i:\b(?:{RECORD}){NUMBER})(?P<phi>[A-Z]{{0,4}}-?\d[\d-]{{3,}}\w*)"),
    ("ssn", r"\b\d{3}-\d{2}-\d{4}\b"),
    (
        "phone",
        rf"(?<![\w-])(?:\+?1[-. ])?(?:\(\d{{3}}\){ROOM}|\d{{3}}[-. ])"
        rf"\d{{3}}[-. ]\d{{4}}\b(?:{ROOM}(?:x|ext\.?){ROOM}\d+)?",
    ),
    ("phone", rf"(?i:\b(?:{LINE})\b\.?:?{ROOM})(?P<phi>\d{{3}}[-. ]\d{{4}})\b"),
    (
        "date",
        r"(?<![\w/.-])(?:\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d{2})"
        r"|\d{4}[/-]\d{1,2}[/-]\d{1,2})(?![\w/-])",
    ),
    ("date", rf"\b{MONTH}{GAP}{DAY}\b(?:,?{GAP}{YEAR}\b)?"),
    ("date", rf"\b{DAY}(?:{GAP}of)?{GAP}{MONTH}(?!\w)(?:,?{GAP}{YEAR}\b)?"),
    ("date", rf"\b\d{{1,2}}[-/]{MONTH}[-/](?:{YEAR}|\d{{2}})\b"),
    ("date", rf"\b{MONTH},?{GAP}{YEAR}\b"),
    (
        "date",
        rf"(?i:\b(?:on|since|dated|seen|dob|until|from){GAP})"
        r"(?P<phi>\d{1,2}/\d{1,2})(?![\w/])",
    ),
    (
        "age",
        r"(?<![\w.-])(?P<phi>9\d|1[0-2]\d)"
        r"(?=[-\s]*(?:year|yr|y/?o\b|y\.o)|\s?[MF]\b)",
    ),
    ("age", rf"(?i:\bage[ds]?:?{GAP})(?P<phi>9\d|1[0-2]\d)\b"),
    (
        "name",
        rf"(?<!\w)(?:Drs?|Mrs?|Ms|Miss|Prof|MRS?|MS|DR)\b\.?{GAP}"
        rf"(?P<phi>{INITIAL}{NAME})",
    ),
    (
        "name",
        rf"(?i:\b(?:{LABEL})(?:{GAP}\(\w+\))?:{ROOM})"
        rf"(?!(?:Drs?|Mrs?|Ms)\b)(?P<phi>{NAME}(?:, (?!{DEGREE})(?=\w\w){WORD})?)",
    ),
    (
        "name",
        rf"\b(?i:{KIN}),?{GAP}\(?(?P<phi>[A-Z][a-zà-ÿ]+(?:{GAP}[A-Z][a-zà-ÿ'’-]+)?)",
    ),
    ("name", rf"(?P<phi>{WORD}{GAP}{INITIAL}{WORD}),?{GAP}{DEGREE}"),
    (
        "name",
        rf"(?:(?i:pt|patient){GAP})?(?P<phi>{WORD} {INITIAL}{WORD}),?{GAP}"
        rf"(?:MRN|DOB|seen\b|(?:is{GAP})?(?:an?{GAP})?\d{{1,3}}[-\s]?(?:year|yr|y/?o\b))",
    ),
    ("name", rf"(?<=[.-] )(?P<phi>{LONE} {INITIAL}{LONE})(?= - |\.(?:\s|$))"),
)
PATTERNS = tuple((kind, re.compile(rule)) for kind, rule in RULES)
NO_NAMES = """
He She They The A An And Patient Pt Denies No Yes Not In At On Unknown None Reports
States Says Interpreter Name Also Is Was Has Had With Will Who For Via Per Spanish
"""
NO_NAME = frozenset(NO_NAMES.split())


def find_phi(note):
    """Return what in a note may tell who the patient is.

    Parameters
    ----------
    note : str

    Returns
    -------
    list of [start, end, kind]
        Offsets, end exclusive; in order and without overlap. `kind` is one of
        "name", "date", "phone", "mrn" (any record's number), "ssn", "address",
        "email", "url", "age" (over 89).

    Examples
    --------
    >>> note = "Mrs. Payne, 92 yo, MRN 0048213, seen 3/14/2024."
    >>> [(note[start:end], kind) for start, end, kind in find_phi(note)]
    [('Payne', 'name'), ('92', 'age'), ('0048213', 'mrn'), ('3/14/2024', 'date')]
    """
    taken, found = set(), []
    seen = by_rules(note)
    for start, end, kind in [*seen, *named_again(note, seen)]:
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            found.append([start, end, kind])
    return sorted(found)


def by_rules(note):
    """Return what each rule finds, the earlier rules first; some may overlap.

    Examples
    --------
    >>> by_rules("Mr. Burns, SSN 123-45-6789")
    [(15, 26, 'ssn'), (4, 9, 'name')]
    """
    found = [
        (*match.span("phi" if "phi" in pattern.groupindex else 0), kind)
        for kind, pattern in PATTERNS
        for match in pattern.finditer(note)
    ]
    return [
        (start, end, kind)
        for start, end, kind in found
        if kind != "name" or note[start:end].split()[0] not in NO_NAME
    ]


def named_again(note, found):
    """Return where names of two words or more, once found, stand again.

    Examples
    --------
    >>> named_again("Name: Ann Lee. Ann Lee left.", [(6, 13, "name")])
    [(6, 13, 'name'), (15, 22, 'name')]
    """
    names = {note[start:end] for start, end, kind in found if kind == "name"}
    return [
        (*match.span(), "name")
        for name in sorted(names)
        if " " in name
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", note)
    ]


def deidentify(note, *, keep_offsets=False):
    """Return a note with its identifiers masked.

    Parameters
    ----------
    note : str
    keep_offsets : bool, default=False
        True: each character becomes ``*``, so that spans stay where they are (and the
        length of a name can still be read). False: ``[NAME]``, ``[DATE]`` and so on.

    Returns
    -------
    str

    Examples
    --------
    >>> deidentify("Dr. Burns saw her on 3/14/2024.")
    'Dr. [NAME] saw her on [DATE].'
    >>> deidentify("Dr. Burns saw her.", keep_offsets=True)
    'Dr. ***** saw her.'
    """
    pieces, at = [], 0
    for start, end, kind in find_phi(note):
        mask = "*" * (end - start) if keep_offsets else f"[{kind.upper()}]"
        pieces += [note[at:start], mask]
        at = end
    return "".join([*pieces, note[at:]])
