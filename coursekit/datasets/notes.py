"""Drawn clinical notes: each mention of a symptom has a known place and status.

One rule: a span is known because it was written, never because it was found again.
Half of the sentences are held out for the hidden notes.
"""

from dataclasses import replace

from coursekit.datasets.cohort import Cohort, Fault, Truth
from coursekit.datasets.drawing import patient_numbers, refuse_undrawable
from coursekit.datasets.note_charts import (
    assembled,
    copied_forward,
    draw_note,
    with_typos,
)
from coursekit.datasets.note_course import COPY_SHARE, draw_note_course
from coursekit.datasets.note_patients import draw_complaints, draw_visits
from coursekit.datasets.note_templates import STYLES
from coursekit.datasets.note_writing import Writer
from coursekit.datasets.seeds import generator_from
from coursekit.errors import BadInput

ROLES = ("train", "tune", "check", "inside", "hidden", "hidden-2")
SEVERAL_NOTES = ("train", "tune", "check")
HELD_OUT = ("hidden", "hidden-2")
FAULTS = (
    Fault(
        "lay-wording", (), "Patients' own words name symptoms, most with interpreters."
    ),
    Fault("missed-lay", (), "The annotators of train missed some lay wording."),
    Fault("typos", (), "Some words are misspelt, symptoms too."),
    Fault("copy-forward", (), "Later notes repeat a section of an earlier one."),
    Fault("held-out-templates", (), "The hidden notes use other sentences."),
    Fault("phi", (), "Names, dates, numbers and addresses of invented people."),
)


def make_notes(
    n_notes,
    *,
    secret,
    role,
    lay=None,
    missed_lay=None,
    typos=None,
    copy_forward=None,
    held_out=True,
    phi=True,
):
    """Draw clinical notes that name symptoms as present, absent or otherwise.

    A grammar writes the notes: of physicians, nurses, and visits held through an
    interpreter, in six specialties. Mentions of twelve symptoms are present, absent,
    possible, historical, hypothetical or a relative's, with the traps for which NegEx
    and ConText were written: pseudo-negation, scopes that end at "but" or "except",
    lists, negation after the symptom.

    Parameters
    ----------
    n_notes : int
        Number of notes. On train, tune and check a patient has one to three, on the
        other roles one.
    secret : str
        Redraws which sentences are shown and which held out, which lay wordings the
        patients use, how often each status is written, typos and, with the role, the
        patients.
    role : {"train", "tune", "check", "inside", "hidden", "hidden-2"}
        The two hidden roles use the held-out sentences, all others the shown ones. On
        train spans are as a busy annotator marked them, elsewhere as audited.
    lay : float in [0, 1], optional
        Switch 1, lay wording: its share of the mentions whoever writes; 0 switches it
        off. By default about 0.15 in physicians' notes, 0.40 in nurses' and 0.75 with
        an interpreter.
    missed_lay : float in [0, 1], optional
        Switch 2, the label: share of lay mentions that the annotators of train
        missed; 0 switches it off. By default about 0.35 with an interpreter and 0.15
        elsewhere.
    typos : float in [0, 1], optional
        Switch 3: share of the words of five letters and more that are misspelt; 0
        switches it off. By default about 0.012.
    copy_forward : float in [0, 1], optional
        Switch 4: share of a patient's later notes that repeat a section of the one
        before; 0 switches it off. By default 0.5.
    held_out : bool, default=True
        Switch 5: False writes the hidden notes with the shown sentences.
    phi : bool, default=True
        Switch 6: False puts marks such as ``**NAME[AAA]`` in the place of every
        identifier, as a redactor does in about every seventh note anyway.

    Returns
    -------
    Cohort
        ``X`` is a list of str. ``y`` has a list of spans for each note, in order;
        a span is ``[start, end, symptom, status]``: offsets in code points, the end
        exclusive. ``groups`` has author_style, language, sex, age_band and specialty.
        ``truth.outcome`` are the true spans, ``truth.label_error`` the share of them
        missing from ``y``, by author style. ``truth.detail`` holds, a list for each
        note, the ``"wording"`` of each true span ("clinician" or "lay"), the
        ``"phi"`` as ``[start, end, kind]``, and the ids of each ``"template"``.

    Raises
    ------
    BadInput
        For a number, secret, role or share that no notes can be drawn from.

    References
    ----------
    Chapman WW, Bridewell W, Hanbury P, Cooper GF, Buchanan BG. A simple algorithm for
    identifying negated findings and diseases in discharge summaries. Journal of
    Biomedical Informatics 2001; 34: 301-310.
    Harkema H, Dowling JN, Thornblade T, Chapman WW. ConText: an algorithm for
    determining negation, experiencer, and temporal status from clinical reports.
    Journal of Biomedical Informatics 2009; 42: 839-851.

    Examples
    --------
    >>> cohort = make_notes(40, secret="demo", role="tune")
    >>> start, end, symptom, status = cohort.y[0][0]
    >>> cohort.X[0][start:end], symptom, status
    ('N/V', 'nausea', 'absent')
    >>> sorted(cohort.groups)
    ['age_band', 'author_style', 'language', 'sex', 'specialty']
    """
    shares = {
        "lay": lay,
        "missed_lay": missed_lay,
        "typos": typos,
        "copy_forward": copy_forward,
    }
    refuse_impossible(n_notes, secret, role, shares)
    course = changed_course(draw_note_course(secret), lay, missed_lay, typos)
    if copy_forward is None:
        copy_forward = COPY_SHARE if role in SEVERAL_NOTES else 0.0
    hidden = role in HELD_OUT and held_out
    number, groups, notes = draw_notes(
        n_notes, secret, role, course, copy_forward, hidden=hidden
    )
    texts, spans, wording, private = map(
        list, zip(*(assembled(note, phi=phi) for note in notes), strict=True)
    )
    styles = list(groups["author_style"])
    rng = generator_from(secret, "notes", role, "annotators")
    marked = annotated(spans, wording, styles, course, rng, role)
    return Cohort(
        role=role,
        X=texts,
        y=marked,
        groups=groups,
        patient=patient_numbers(number, role, ROLES, rng),
        truth=Truth(
            outcome=spans,
            label_error=share_missed(spans, marked, styles),
            effects=true_effects(course, copy_forward),
            faults=planted_faults(course, role, copy_forward, hidden, phi),
            detail={
                "wording": wording,
                "phi": private,
                "template": [[t for p in note for t in p.templates] for note in notes],
            },
        ),
    )


def changed_course(course, lay, missed_lay, typos):
    """Return the course with the switches that were given; None means: as it is."""
    given = {}
    if lay is not None:
        given["lay_share"] = dict.fromkeys(STYLES, lay)
    if missed_lay is not None:
        given["missed_lay"] = dict.fromkeys(STYLES, missed_lay)
    if typos is not None:
        given["typo_rate"] = typos
    return replace(course, **given)


def draw_notes(n_notes, secret, role, course, copy_forward, *, hidden):
    """Draw the notes of a role as paragraphs, with who is seen and by whom.

    People, sentences, typos and copies each have their own generator, so that
    switching one off leaves the others as they were.
    """
    rngs = {
        part: generator_from(secret, "notes", role, part)
        for part in ("people", "text", "typos", "copies")
    }
    person, number, groups = draw_visits(
        n_notes, rngs["people"], several=role in SEVERAL_NOTES
    )
    drafts = draw_drafts(person, groups, course, rngs, hidden=hidden)
    return number, groups, with_copies(drafts, number, copy_forward, rngs["copies"])


def draw_drafts(person, groups, course, rngs, *, hidden):
    """Draw each note on its own, as lists of paragraphs, misspelt here and there."""
    rng = rngs["text"]
    side = "hidden" if hidden else "shown"
    templates = course.held_out if hidden else course.shown
    drafts = []
    seen = zip(person, groups["specialty"], groups["author_style"], strict=True)
    for someone, specialty, style in seen:
        complaints = draw_complaints(specialty, rng)
        writer = Writer(someone, specialty, style, complaints, course, side, rng)
        note = draw_note(writer, templates)
        drafts.append(with_typos(note, course.typo_rate, rngs["typos"]))
    return drafts


def with_copies(drafts, number, share, rng):
    """Return the notes, some of them with a section of the patient's note before."""
    notes = []
    for at, draft in enumerate(drafts):
        again = at > 0 and number[at] == number[at - 1]
        copies = again and rng.random() < share
        notes.append(copied_forward(draft, notes[-1], rng) if copies else draft)
    return notes


def annotated(spans, wording, styles, course, rng, role):
    """Return what the annotators marked: on train not all of the lay wording."""
    if role != "train":
        return [[list(span) for span in some] for some in spans]
    return [
        [
            list(span)
            for span, kind in zip(some, kinds, strict=True)
            if not (kind == "lay" and rng.random() < course.missed_lay[style])
        ]
        for some, kinds, style in zip(spans, wording, styles, strict=True)
    ]


def share_missed(spans, marked, styles):
    """Return the share of the true spans that are not marked, by author style."""
    shares = {}
    for style in STYLES:
        rows = [i for i, name in enumerate(styles) if name == style]
        n_true = sum(len(spans[i]) for i in rows)
        n_marked = sum(len(marked[i]) for i in rows)
        shares[style] = (n_true - n_marked) / n_true if n_true else 0.0
    return shares


def true_effects(course, copy_forward):
    """Return what is true of a course, by name."""
    return {
        **{f"lay_share_{k}": v for k, v in course.lay_share.items()},
        **{f"missed_lay_{k}": v for k, v in course.missed_lay.items()},
        "typo_rate": course.typo_rate,
        "copy_share": copy_forward,
    }


def planted_faults(course, role, copy_forward, hidden, phi):
    """Return the faults that are switched on in a cohort."""
    lay = max(course.lay_share.values()) > 0
    on = {
        "lay-wording": lay,
        "missed-lay": role == "train" and lay and max(course.missed_lay.values()) > 0,
        "typos": course.typo_rate > 0,
        "copy-forward": role in SEVERAL_NOTES and copy_forward > 0,
        "held-out-templates": hidden,
        "phi": phi,
    }
    return tuple(fault for fault in FAULTS if on[fault.name])


def refuse_impossible(n_notes, secret, role, shares):
    """Raise BadInput for arguments that no notes can be drawn from."""
    if n_notes < 1:
        raise BadInput(f"n_notes is {n_notes}; draw at least one note.")
    refuse_undrawable(n_notes, secret, role, ROLES)
    for name, share in shares.items():
        if share is not None and not 0 <= share <= 1:
            raise BadInput(f"{name} is {share}; it is a share, from 0 to 1.")
