"""Whole notes: which sections a note has, what each says, and its text with offsets."""

import re
from dataclasses import dataclass

from coursekit.datasets.note_patients import pick
from coursekit.datasets.note_templates import filler_sentences
from coursekit.datasets.note_writing import Piece

MOST = 10  # mentions in a note
FEWEST = 4
HEADINGS = {
    "physician": {
        "hpi": ("HPI:", "History of Present Illness:", "HISTORY OF PRESENT ILLNESS:"),
        "pmh": ("PMH:", "Past Medical History:", "PMHx:"),
        "fh": ("FH:", "Family History:", "FHx:"),
        "ros": ("ROS:", "Review of Systems:", "REVIEW OF SYSTEMS:"),
        "exam": ("Exam:", "PHYSICAL EXAM:", "PE:"),
        "plan": ("A/P:", "Assessment and Plan:", "Impression/Plan:"),
    },
    "nurse": {"hpi": ("",), "pmh": ("Background:", "Hx:"), "plan": ("Plan:", "POC:")},
}
HEADINGS["interpreter"] = HEADINGS["physician"]
CHIEF = {"present": 0.30, "mixed": 0.30, "pseudo": 0.16, "turn": 0.14, "double": 0.10}
WORD = re.compile(r"\b[a-z]{5,}\b")


@dataclass(frozen=True)
class Paragraph:
    """A section of a note."""

    key: str  # "head", "hpi", ...
    pieces: tuple
    templates: tuple  # ids of the sentences that name symptoms

    @property
    def n_mentions(self):
        """Number of symptoms that it names."""
        return sum(piece.mark[:1] == ("span",) for piece in self.pieces)


def plan_mentions(course, style, rng):
    """Draw the kinds of sentences that name symptoms, section by section."""
    tilt = course.tilt
    chief = [draw_chief(course, style, rng) for _ in range(2 + int(rng.random() * 2))]
    plan = {"hpi": chief, "pmh": [], "fh": [], "ros": [], "plan": []}
    chances = (
        ("pmh", "historical", 0.48 * tilt["historical"]),
        ("fh", "family", 0.40 * tilt["family"]),
        ("ros", "absent", 0.30 * tilt["absent"]),
        ("ros", "mixed", 0.25),
        ("plan", "possible", 0.48 * tilt["possible"]),
        ("plan", "hypothetical", 0.36 * tilt["hypothetical"]),
    )
    for section, kind, chance in chances:
        if rng.random() < chance:
            plan[section].append(kind)
    if "absent" in plan["ros"] and rng.random() < course.lay_share[style] * 0.4:
        plan["ros"] = ["relief" if k == "absent" else k for k in plan["ros"]]
    return plan


def draw_chief(course, style, rng):
    """Draw the kind of one sentence about the present illness."""
    if rng.random() < course.lay_share[style] * 0.45:
        return "said"
    u = rng.random()
    for kind, share in CHIEF.items():
        u -= share
        if u < 0:
            return kind
    return "present"


def choose_templates(plan, style, templates, rng):
    """Return section -> templates: none twice, and not too many mentions in all."""
    chosen, used, n_mentions = {}, set(), 0
    for section, kinds in plan.items():
        chosen[section] = []
        for kind in kinds:
            template = pick(templates[kind, style], rng)
            fits = n_mentions + template.n_symptoms <= MOST
            if template.id not in used and fits:
                chosen[section].append(template)
                used.add(template.id)
                n_mentions += template.n_symptoms
    while n_mentions < FEWEST:
        template = pick(templates["mixed", style], rng)
        if template.id not in used:
            chosen["hpi"].append(template)
            used.add(template.id)
            n_mentions += template.n_symptoms
    return chosen


def draw_note(writer, templates):
    """Draw one note as a list of `Paragraph`."""
    style, rng = writer.style, writer.rng
    plan = plan_mentions(writer.course, style, rng)
    chosen = choose_templates(plan, style, templates, rng)
    head = pick(filler_sentences("head", style), rng)
    paragraphs = [Paragraph("head", tuple(writer.sentence(head)), ())]
    if style == "nurse":
        chosen["hpi"] += chosen.pop("ros")
        chosen["pmh"] += chosen.pop("fh")
    headings = {key: pick(some, rng) for key, some in HEADINGS[style].items()}
    for key, heading in headings.items():
        texts = fillers_around(key, writer)
        body = [(t.parts, t.id) for t in chosen.get(key, [])]
        sentences = arranged(key, body, texts, rng)
        if sentences:
            paragraphs.append(paragraph(key, heading, sentences, writer))
    return paragraphs


def fillers_around(key, writer):
    """Return the sentences of a section that name no symptom."""
    style, rng, specialty = writer.style, writer.rng, writer.specialty

    def some(section, n, name="any"):
        pool = list(filler_sentences(section, name))
        return [pool.pop(int(rng.random() * len(pool))) for _ in range(n)]

    if key == "hpi":
        texts = some("opening", 1, style)
        if style == "nurse":
            return texts + some("nursing", 4)
        texts += some("hpi", 1, specialty)
        return texts + (some("interpreting", 1) if style == "interpreter" else [])
    if key == "pmh":
        return some("pmh", 1)
    if key == "fh":
        return some("fh", 1) if rng.random() < 0.5 else []
    if key == "ros":
        return some("ros", 1) if rng.random() < 0.6 else []
    if key == "exam":
        return some("exam", 2) + some("results", 1)
    if key == "plan":
        return some("plan", 2)
    return []


def arranged(key, body, texts, rng):
    """Return sentences of a section in an order: pairs of parts and template id."""
    fillers = [(text, None) for text in texts]
    first, rest = fillers[:1], fillers[1:]
    if key == "plan":
        return first + body + rest
    if key == "ros":
        return body + fillers
    if key != "hpi":
        return fillers + body
    order = list(body)
    for filler in rest:
        order.insert(int(rng.random() * (len(order) + 1)), filler)
    return first + order


def paragraph(key, heading, sentences, writer):
    """Return a section written out; plans and reviews are lists in some notes."""
    listed = key in ("plan", "ros") and writer.rng.random() < 0.4
    pieces = [Piece(heading)] if heading else []
    for parts, _ in sentences:
        if listed:
            pieces.append(Piece("\n- " if pieces else "- "))
        elif pieces:
            pieces.append(Piece(" "))
        pieces += writer.sentence(parts)
    ids = tuple(name for _, name in sentences if name)
    return Paragraph(key, tuple(pieces), ids)


def with_typos(paragraphs, rate, rng):
    """Return the paragraphs with some long words misspelt, spans and all."""
    return [
        Paragraph(
            p.key,
            tuple(
                piece if piece.mark[:1] == ("phi",) else misspelt(piece, rate, rng)
                for piece in p.pieces
            ),
            p.templates,
        )
        for p in paragraphs
    ]


def misspelt(piece, rate, rng):
    """Return a piece in which each word of five letters and more may be misspelt."""
    return Piece(
        WORD.sub(
            lambda found: slip(found[0], rng) if rng.random() < rate else found[0],
            piece.text,
        ),
        piece.mark,
    )


def slip(word, rng):
    """Return a word with two letters swapped, one left out or one doubled.

    Examples
    --------
    >>> import numpy as np
    >>> slip("nausea", np.random.default_rng(0)) != "nausea"
    True
    """
    at = 1 + int(rng.random() * (len(word) - 2))
    if rng.random() < 0.4 and word[at] != word[at + 1 : at + 2]:
        return word[:at] + word[at + 1 : at + 2] + word[at] + word[at + 2 :]
    if rng.random() < 0.5:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def copied_forward(paragraphs, earlier, rng):
    """Return a note in which one section is that of the patient's earlier note."""
    by_key = {p.key: p for p in earlier}
    keys = [p.key for p in paragraphs if p.key in by_key and p.templates]
    keys = [key for key in keys if by_key[key].templates and key != "head"]
    if not keys:
        return paragraphs
    key = pick(keys, rng)
    changed = [by_key[key] if p.key == key else p for p in paragraphs]
    fits = FEWEST <= sum(p.n_mentions for p in changed) <= MOST
    return changed if fits else paragraphs


def assembled(paragraphs, *, phi):
    """Return the text of a note, its spans, their wording and what is private.

    Parameters
    ----------
    paragraphs : list of Paragraph
    phi : bool
        False puts a redactor's mark in the place of every identifier.

    Returns
    -------
    text : str
    spans : list of [start, end, symptom, status]
    wording : list of str
    private : list of [start, end, kind]
    """
    texts, spans, wording, private, at = [], [], [], [], 0
    for number, each in enumerate(paragraphs):
        for piece in (*((Piece("\n"),) if number else ()), *each.pieces):
            text = piece.text
            if piece.mark and piece.mark[0] == "span":
                spans.append([at, at + len(text), *piece.mark[1:3]])
                wording.append(piece.mark[3])
            elif piece.mark and (piece.mark[2] or not phi):
                text = f"**{piece.mark[1].upper()}[AAA]"
            elif piece.mark:
                private.append([at, at + len(text), piece.mark[1]])
            texts.append(text)
            at += len(text)
    return "".join(texts), spans, wording, private
