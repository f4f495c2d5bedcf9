import re
from collections import Counter

import pytest

from coursekit.datasets import (
    STATUSES,
    SYMPTOMS,
    make_notes,
    read_cohort,
    read_holdout_inputs,
    read_holdout_truth,
    write_cohort,
    write_holdout,
)
from coursekit.datasets.note_course import draw_note_course
from coursekit.datasets.note_templates import all_templates, read, said_wordings
from coursekit.datasets.notes import FAULTS, ROLES
from coursekit.errors import BadInput


@pytest.fixture(scope="module")
def of_role():
    return {role: make_notes(400, secret="tests", role=role) for role in ROLES}


def wordings(symptom, kind):
    """Return all wordings of a symptom, in lower case."""
    if kind == "clinician":
        return {text.lower() for text in read("wordings")[symptom]["clinician"]}
    said = {wording.lower() for _, wording in said_wordings(symptom)}
    return said | {text.lower() for text in read("wordings")[symptom]["lay"]}


def shown_templates(cohort):
    return {name for names in cohort.truth.detail["template"] for name in names}


def share(cohort, style=None):
    """Return the share of lay wording, of one author style or of all."""
    kinds = zip(
        cohort.groups["author_style"], cohort.truth.detail["wording"], strict=True
    )
    found = [kind for name, some in kinds if style in (None, name) for kind in some]
    return found.count("lay") / len(found)


@pytest.mark.parametrize("role", ROLES)
def test_a_span_is_exactly_a_known_wording_of_its_symptom(role):
    cohort = make_notes(200, secret="tests", role=role, typos=0)
    kinds = cohort.truth.detail["wording"]
    for note, spans, some in zip(cohort.X, cohort.truth.outcome, kinds, strict=True):
        assert spans == sorted(spans)
        for (start, end, symptom, status), kind in zip(spans, some, strict=True):
            assert note[start:end].lower() in wordings(symptom, kind)
            assert status in STATUSES


def test_typos_bend_words_and_leave_offsets_right():
    cohort = make_notes(200, secret="tests", role="hidden", typos=0.3)
    plain = make_notes(200, secret="tests", role="hidden", typos=0)
    n_bent = 0
    for notes in zip(cohort.X, plain.X, cohort.y, plain.y, strict=True):
        bent, straight, moved, spans = notes
        for (a, b, *named), (c, d, *same) in zip(moved, spans, strict=True):
            assert named == same
            assert abs((b - a) - (d - c)) <= len(re.findall(r"\w+", straight[c:d]))
            assert bent[a].lower() == straight[c].lower()
            assert bent[b : b + 1] == straight[d : d + 1]
            n_bent += bent[a:b] != straight[c:d]
    assert n_bent > 200


def test_no_two_spans_overlap_and_notes_have_a_usual_length(of_role):
    for cohort in of_role.values():
        for note, spans in zip(cohort.X, cohort.truth.outcome, strict=True):
            assert all(one[1] <= two[0] for one, two in zip(spans, spans[1:]))  # noqa: B905, RUF007
            assert 4 <= len(spans) <= 10
            assert 45 <= len(note.split()) <= 250


def test_the_same_secret_gives_the_same_notes_and_another_secret_or_role_others():
    first, second = (make_notes(20, secret="s", role="tune") for _ in range(2))
    assert (first.X, first.y) == (second.X, second.y)
    assert first.truth.detail == second.truth.detail
    assert first.groups.equals(second.groups)
    for secret, role in (("s", "check"), ("other", "tune")):
        assert not set(first.X) & set(make_notes(20, secret=secret, role=role).X)


def test_no_patient_stands_in_two_roles_and_some_have_several_notes(of_role):
    numbers = [set(cohort.patient) for cohort in of_role.values()]
    assert len(set.union(*numbers)) == sum(map(len, numbers))
    for role, cohort in of_role.items():
        most = max(Counter(cohort.patient.tolist()).values())
        assert most == (3 if role in ("train", "tune", "check") else 1)


def test_held_out_templates_stand_in_hidden_notes_only(of_role):
    course = draw_note_course("tests")
    held_out = {t.id for some in course.held_out.values() for t in some}
    for role, cohort in of_role.items():
        hidden = role in ("hidden", "hidden-2")
        used = shown_templates(cohort)
        assert used <= held_out if hidden else not used & held_out
    same = make_notes(50, secret="tests", role="hidden", held_out=False)
    assert not shown_templates(same) & held_out


def test_each_kind_and_style_keeps_shown_and_held_out_templates():
    shown = [draw_note_course(secret).shown for secret in ("one", "two")]
    assert shown[0] != shown[1]
    course = draw_note_course("one")
    assert course.shown.keys() == course.held_out.keys()
    assert all(len(some) >= 2 for some in course.held_out.values())
    of_status = Counter(
        part.name for t in all_templates() for part in t.parts if hasattr(part, "form")
    )
    assert all(of_status[status] >= 12 for status in STATUSES)


def test_lay_wording_of_hidden_notes_can_be_learnt_from_those_shown():
    def lay_of(role, n_notes):
        cohort = make_notes(n_notes, secret="tests", role=role, typos=0)
        return {
            (note[start:end].lower(), symptom)
            for note, spans, kinds in zip(
                cohort.X, cohort.y, cohort.truth.detail["wording"], strict=True
            )
            for (start, end, symptom, _), kind in zip(spans, kinds, strict=True)
            if kind == "lay"
        }

    assert lay_of("hidden", 300) <= lay_of("tune", 1500)


def test_lay_wording_holds_no_clinical_wording_of_any_symptom():
    clinical = {text for s in SYMPTOMS for text in wordings(s, "clinician")}
    lay = {text for s in SYMPTOMS for text in wordings(s, "lay")}
    assert not [
        (one, text)
        for text in lay
        for one in clinical
        if re.search(rf"\b{re.escape(one)}\b", text)
    ]
    assert min(len(wordings(s, "clinician")) for s in SYMPTOMS) >= 5
    assert min(len(wordings(s, "lay")) for s in SYMPTOMS) >= 10


def test_identifiers_are_where_they_are_said_to_be_and_never_in_a_span(of_role):
    kinds = set()
    for cohort in of_role.values():
        phi = cohort.truth.detail["phi"]
        for note, private, spans in zip(
            cohort.X, phi, cohort.truth.outcome, strict=True
        ):
            for start, end, kind in private:
                kinds.add(kind)
                assert all(end <= span[0] or span[1] <= start for span in spans)
                assert kind != "mrn" or re.fullmatch(r"\d{7}", note[start:end])
                assert kind != "phone" or note[start:end].startswith("555-")
                assert kind != "age" or int(note[start:end]) > 89
    assert kinds == {"name", "date", "mrn", "phone", "address", "age"}


def test_train_misses_lay_wording_most_with_interpreters_and_others_miss_none(of_role):
    train = make_notes(1500, secret="tests", role="train")
    error = train.truth.label_error
    assert error["interpreter"] > 2 * error["nurse"] > 2 * error["physician"] > 0
    for role, cohort in of_role.items():
        assert (cohort.y == cohort.truth.outcome) == (role != "train")
        for marked, true in zip(cohort.y, cohort.truth.outcome, strict=True):
            assert all(span in true for span in marked)


def test_who_writes_decides_how_much_lay_wording_there_is(of_role):
    shares = [share(of_role["tune"], s) for s in ("physician", "nurse", "interpreter")]
    assert shares[0] < 0.3 < shares[1] < 0.6 < shares[2]


@pytest.mark.parametrize(
    ("switch", "role", "fault"),
    [
        ({"lay": 0}, "tune", "lay-wording"),
        ({"missed_lay": 0}, "train", "missed-lay"),
        ({"typos": 0}, "train", "typos"),
        ({"copy_forward": 0}, "train", "copy-forward"),
        ({"held_out": False}, "hidden", "held-out-templates"),
        ({"phi": False}, "hidden", "phi"),
    ],
)
def test_each_mechanism_can_be_switched_off_alone(switch, role, fault):
    usual = make_notes(60, secret="s", role=role)
    cohort = make_notes(60, secret="s", role=role, **switch)
    named = {each.name for each in usual.truth.faults}
    assert named - {each.name for each in cohort.truth.faults} == {fault}
    assert named <= {each.name for each in FAULTS}


def test_switched_off_means_none_at_all():
    assert share(make_notes(100, secret="s", role="tune", lay=0)) == 0
    assert share(make_notes(100, secret="s", role="tune", lay=1)) == 1
    train = make_notes(100, secret="s", role="train", missed_lay=0)
    assert train.y == train.truth.outcome
    redacted = make_notes(100, secret="s", role="train", phi=False)
    assert redacted.truth.detail["phi"] == [[] for _ in redacted.X]
    assert not re.search(r"555-|Payne|\d{7}|/20\d\d", "".join(redacted.X))


def test_a_later_note_repeats_a_section_unless_copying_is_off():
    def repeats(cohort):
        sections = [set(note.split("\n")[1:]) for note in cohort.X]
        patient = cohort.patient
        return sum(
            any(len(line) > 150 for line in sections[i] & sections[i - 1])
            for i in range(1, len(cohort))
            if patient[i] == patient[i - 1]
        )

    usual = make_notes(300, secret="s", role="train")
    assert repeats(usual) > 10
    assert repeats(make_notes(300, secret="s", role="train", copy_forward=0)) == 0


def test_notes_and_spans_come_back_from_disk_as_they_were(tmp_path):
    cohort = make_notes(60, secret="s", role="train")
    write_cohort(tmp_path, cohort.shown())
    shown = read_cohort(tmp_path, "train")
    assert (shown.X, shown.y) == (cohort.X, cohort.y)
    assert shown.groups.equals(cohort.groups)
    write_holdout(tmp_path / "holdout", cohort)
    assert read_holdout_inputs(tmp_path / "holdout") == cohort.X
    kept = read_holdout_truth(tmp_path / "holdout")
    assert kept.y == cohort.y
    assert kept.truth == cohort.truth
    few = cohort.take([3, 1])
    assert few.y == [cohort.y[3], cohort.y[1]]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_notes": 0}, "draw at least one note"),
        ({"secret": ""}, "must be a text"),
        ({"role": "external"}, "There is no role 'external'"),
        ({"lay": 1.1}, "lay is 1.1; it is a share"),
        ({"typos": -1}, "typos is -1"),
    ],
)
def test_impossible_arguments_are_refused_by_name(arguments, message):
    usual = {"n_notes": 10, "secret": "s", "role": "train"}
    with pytest.raises(BadInput, match=message):
        make_notes(**{**usual, **arguments})
