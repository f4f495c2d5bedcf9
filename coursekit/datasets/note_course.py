"""What is true about the notes of one course, drawn from its secret.

Which sentences are shown and which are held out for the hidden notes, which lay
wordings this course's patients use, and how often what is written and missed.
"""

from dataclasses import dataclass

import numpy as np

from coursekit.datasets.note_templates import (
    LETTER_OF,
    STYLES,
    all_templates,
    read,
    said_wordings,
)
from coursekit.datasets.note_words import SYMPTOMS
from coursekit.datasets.seeds import generator_from

N_LAY, N_SAID = 6, 4  # lay wordings of a symptom in one course, of 8 and 6
LAY_SHARE = {"physician": 0.15, "nurse": 0.40, "interpreter": 0.75}
MISSED_LAY = {"physician": 0.15, "nurse": 0.15, "interpreter": 0.35}
TYPO_RATE = 0.012  # of the words of five letters and more
COPY_SHARE = 0.5  # of the later notes of a patient


@dataclass(frozen=True)
class NoteCourse:
    """What is true about the notes of one course."""

    shown: dict  # (kind, style) -> tuple of Template
    held_out: dict
    lay: dict  # symptom -> tuple of noun phrases
    said: dict  # symptom -> tuple of (lead, wording)
    weights: dict  # "shown" or "hidden" -> how common the lay wordings are
    lay_share: dict  # author style -> share of the mentions, from 0 to 1
    missed_lay: dict  # author style -> share of the lay mentions of train
    typo_rate: float
    tilt: dict  # status -> factor on how often it is written


def draw_note_course(secret):
    """Draw what is true in one course.

    Examples
    --------
    >>> course = draw_note_course("demo")
    >>> shown = {t.id for some in course.shown.values() for t in some}
    >>> shown & {t.id for some in course.held_out.values() for t in some}
    set()
    >>> len(course.lay["syncope"]), len(course.said["syncope"])
    (6, 4)
    """
    rng = generator_from(secret, "notes", "course")
    shown, held_out = split_templates(rng)
    lay = {s: drawn(read("wordings")[s]["lay"], N_LAY, rng) for s in SYMPTOMS}
    said = {s: drawn(said_wordings(s), N_SAID, rng) for s in SYMPTOMS}
    return NoteCourse(
        shown=shown,
        held_out=held_out,
        lay=lay,
        said=said,
        weights={
            side: {"lay": cumulative(N_LAY, rng), "said": cumulative(N_SAID, rng)}
            for side in ("shown", "hidden")
        },
        lay_share={k: v * rng.uniform(0.9, 1.1) for k, v in LAY_SHARE.items()},
        missed_lay={k: v * rng.uniform(0.9, 1.1) for k, v in MISSED_LAY.items()},
        typo_rate=TYPO_RATE * rng.uniform(0.75, 1.25),
        tilt={
            status: rng.uniform(0.85, 1.15)
            for status in ("possible", "historical", "hypothetical", "family", "absent")
        },
    )


def drawn(items, n, rng):
    """Return n of the items, in a new order."""
    return tuple(items[i] for i in rng.permutation(len(items))[:n])


def cumulative(n, rng):
    """Return cumulative shares of n things, none of them rare."""
    weights = rng.uniform(0.6, 1.4, n)
    return tuple(float(share) for share in np.cumsum(weights / weights.sum()))


def split_templates(rng):
    """Return the templates by kind and style, in two halves that share none."""
    shown, held_out = {}, {}
    for kind in dict.fromkeys(t.kind for t in all_templates()):
        for style in STYLES:
            pool = [
                t
                for t in all_templates()
                if t.kind == kind and t.styles == LETTER_OF[style]
            ]
            half = (len(pool) + 1) // 2
            mixed = drawn(pool, len(pool), rng)
            shown[kind, style], held_out[kind, style] = mixed[:half], mixed[half:]
    return shown, held_out
