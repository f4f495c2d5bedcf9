import time

import numpy as np
import pytest
from scipy.ndimage import label

from coursekit.content import content
from coursekit.datasets import make_mri_slices, show_dataset
from coursekit.datasets.mri_lesions import outline
from coursekit.datasets.mri_model import MODALITIES, draw_imaging
from coursekit.datasets.mri_slices import ROLES
from coursekit.errors import BadInput
from coursekit.metrics import dice, volume_bias

T1, T1CE, T2, FLAIR = range(4)


@pytest.fixture(scope="module")
def hidden():
    return make_mri_slices(500, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def train():
    return make_mri_slices(600, secret="tests", role="train")


def rows(cohort, **values):
    """Return which rows have these values of the group columns."""
    columns = [cohort.groups[name] == value for name, value in values.items()]
    return np.logical_and.reduce(columns)


def test_the_same_secret_role_and_size_give_the_same_slices():
    one, again = (make_mri_slices(20, secret="s", role="train") for _ in range(2))
    assert (one.X == again.X).all()
    assert (one.y == again.y).all()
    assert one.groups.equals(again.groups)
    assert (one.patient == again.patient).all()


@pytest.mark.parametrize(("secret", "role"), [("s", "check"), ("other", "tune")])
def test_another_secret_or_role_gives_other_slices(secret, role):
    one = make_mri_slices(20, secret="s", role="tune")
    other = make_mri_slices(20, secret=secret, role=role)
    n = min(len(one), len(other))
    assert (one.X[:n] != other.X[:n]).mean() > 0.5


def test_train_has_three_outlines_a_slice_and_the_others_an_audited_mask(train, hidden):
    n = len(train)
    assert (train.X.shape, train.X.dtype) == ((n, 4, 64, 64), np.uint8)
    assert (train.y.shape, train.y.dtype) == ((n, 3, 64, 64), np.uint8)
    assert hidden.y.shape == (len(hidden), 64, 64)
    assert (hidden.y == hidden.truth.outcome).all()
    assert set(np.unique(hidden.y)) == {0, 1}
    assert hidden.truth.risk is None


def test_patients_have_one_or_two_slices_and_stand_in_one_role(train, hidden):
    counts = np.unique(train.patient, return_counts=True)[1]
    assert len(counts) == 600
    assert set(counts) == {1, 2}
    assert len(set(hidden.patient)) == len(hidden) == 500
    people = [make_mri_slices(5, secret="tests", role=r).patient for r in ROLES]
    assert len(set(np.concatenate(people))) == sum(len(set(p)) for p in people)


def test_both_slices_of_a_patient_have_group_sex_and_scanner_in_common(train):
    same = train.groups[["group", "sex", "scanner"]].groupby(train.patient).nunique()
    assert (same == 1).all(axis=None)


def test_both_slices_of_a_patient_look_alike(train):
    several = np.flatnonzero(np.diff(train.patient) == 0)
    pixels = train.X[:, :, ::2, ::2].reshape(len(train), -1).astype(float)
    to_other = np.abs(pixels[several] - pixels[several + 1]).mean()
    to_next = np.abs(pixels[several] - pixels[several - 1]).mean()
    assert to_other < 0.42 * to_next


def test_core_and_rim_lie_within_the_tumour_and_the_tumour_within_the_head(hidden):
    whole, core, rim = hidden.truth.outcome, *hidden.truth.detail.values()
    assert list(hidden.truth.detail) == ["core", "enhancing"]
    assert (rim <= core).all()
    assert (core <= whole).all()
    assert rim.sum() > 0.2 * core.sum()
    assert not whole[:, :4].any()
    assert not whole[:, :, :6].any()


def test_sizes_are_none_small_and_large_by_the_largest_lesion(hidden):
    for mask, size in zip(hidden.y[:100], hidden.groups["size"], strict=False):
        pieces, n_pieces = label(mask, np.ones((3, 3)))
        largest = max(np.bincount(pieces.ravel())[1:], default=0)
        assert size == (
            "none" if n_pieces == 0 else "small" if largest < 64 else "large"
        )
    share = hidden.groups["size"].value_counts(normalize=True)
    assert 0.17 < share["none"] < 0.30
    assert 0.28 < share["small"] < 0.48
    pieces = [label(mask, np.ones((3, 3)))[1] for mask in hidden.y]
    assert 0.08 < np.mean(np.array(pieces) == 2) < 0.25


def test_no_piece_of_a_tumour_is_a_speck(hidden):
    areas = [np.bincount(label(m, np.ones((3, 3)))[0].ravel())[1:] for m in hidden.y]
    assert np.concatenate(areas).min() >= 8


def test_oedema_is_bright_on_flair_and_t2_and_the_rim_on_t1ce(hidden):
    here = rows(hidden, scanner="newer")
    whole, core, rim = (
        mask[here].astype(bool)
        for mask in (hidden.truth.outcome, *hidden.truth.detail.values())
    )
    oedema, X = whole & ~core, hidden.X[here].astype(float)
    healthy = (X[:, T1] > 90) & ~whole
    assert X[:, FLAIR][oedema].mean() > X[:, FLAIR][healthy].mean() + 40
    assert X[:, T2][oedema].mean() > X[:, T2][healthy].mean() + 25
    assert X[:, T1CE][rim].mean() > X[:, T1CE][oedema].mean() + 50
    assert X[:, T1][rim].mean() < X[:, T1CE][rim].mean() - 50


def test_tumours_are_alike_in_both_groups_and_sexes():
    cohort = make_mri_slices(800, secret="tests", role="hidden")
    area = cohort.y.sum((1, 2))
    for column, pair in [("group", "AB"), ("sex", "FM")]:
        one, other = (area[rows(cohort, **{column: v})] for v in pair)
        error = np.hypot(one.std() / len(one) ** 0.5, other.std() / len(other) ** 0.5)
        assert abs(one.mean() - other.mean()) < 3 * error


def test_the_older_scanner_is_mostly_bs_and_shows_less_contrast(hidden):
    b = rows(hidden, group="B")
    older = rows(hidden, scanner="older")
    assert b.mean() == pytest.approx(0.30, abs=0.06)
    assert older[b].mean() == pytest.approx(0.90, abs=0.08)
    assert older[~b].mean() == pytest.approx(0.06, abs=0.04)

    def contrast(here):
        flair, ill = hidden.X[here, FLAIR].astype(float), hidden.y[here] == 1
        return flair[ill].mean() - flair[~ill & (flair > 80)].mean()

    assert contrast(older) < 0.9 * contrast(~older)


def test_rater_a_is_nearly_right_b_small_in_small_and_c_large_in_b(train):
    true = train.truth.outcome
    a, b, c = np.moveaxis(train.y, 1, 0)
    ill = true.any((1, 2))
    small = rows(train, size="small")
    in_b = rows(train, group="B")
    assert np.nanmean(dice(true[ill], a[ill])) > 0.90
    assert abs(volume_bias(true[in_b], a[in_b])) < 0.03
    said = train.truth.label_error
    assert volume_bias(true[small], b[small]) == pytest.approx(
        said["b_in_small"], abs=0.08
    )
    large = rows(train, size="large")
    assert volume_bias(true[large], b[large]) > -0.10
    assert volume_bias(true[in_b], c[in_b]) == pytest.approx(said["c_in_b"], abs=0.13)
    assert abs(volume_bias(true[~in_b], c[~in_b])) < 0.03


def test_rater_b_does_not_see_some_small_lesions_and_sees_all_large_ones(train):
    unseen = ~train.y[:, 1].any((1, 2))
    small, large = rows(train, size="small"), rows(train, size="large")
    missed = draw_imaging("tests").missed_by_b
    assert 0.6 * missed < unseen[small].mean() < 1.2 * missed  # some have two lesions
    assert not unseen[large].any()


def test_a_lesion_that_a_rater_does_not_see_leaves_no_pixel():
    rng = np.random.default_rng(0)
    at_the_middle, brain = np.zeros((2, 5, 64, 64)), np.ones((5, 64, 64), bool)
    lesions, unseen = {"radius": np.full((5, 2), 3.0)}, np.zeros((3, 5, 2))
    assert not outline(at_the_middle, lesions, brain, unseen, rng).any()
    assert outline(at_the_middle, lesions, brain, unseen + 1, rng).all()


@pytest.mark.parametrize(
    ("switch", "fault"),
    [
        ({"b_in_small": 1.0, "missed_by_b": 0.0}, "rater-b-under-contours"),
        ({"c_in_b": 1.0}, "rater-c-over-contours"),
        ({"contrast_in_b": 1.0}, "older-scanner"),
    ],
)
def test_each_fault_can_be_switched_off_alone(switch, fault):
    names = {"rater-b-under-contours", "rater-c-over-contours", "older-scanner"}
    cohort = make_mri_slices(150, secret="s", role="train", **switch)
    assert {planted.name for planted in cohort.truth.faults} == names - {fault}
    true, small, in_b = (
        cohort.truth.outcome,
        rows(cohort, size="small"),
        rows(cohort, group="B"),
    )
    older = rows(cohort, scanner="older")
    air = cohort.X[:, 0, :6, :6].mean((1, 2))
    seen = {
        "rater-b-under-contours": volume_bias(true[small], cohort.y[small, 1]) < -0.3,
        "rater-c-over-contours": volume_bias(true[in_b], cohort.y[in_b, 2]) > 0.3,
        "older-scanner": air[older].mean() > air[~older].mean() + 0.5,
    }
    assert {name for name, is_seen in seen.items() if is_seen} == names - {fault}


def test_audited_roles_have_no_rater_fault(hidden):
    assert [fault.name for fault in hidden.truth.faults] == ["older-scanner"]
    assert hidden.truth.label_error == {}


def test_stress_has_uneven_brightness_and_external_another(hidden):
    def unevenness(cohort):
        left, right = cohort.X[:, 0, :, 16:32], cohort.X[:, 0, :, 32:48]
        return np.abs(left.mean((1, 2)) - right.mean((1, 2))).mean()

    stress = make_mri_slices(100, secret="tests", role="stress")
    external = make_mri_slices(100, secret="tests", role="external")
    assert unevenness(stress) > 1.5 * unevenness(hidden)
    assert rows(external, scanner="older").mean() == pytest.approx(0.5, abs=0.15)


def test_settings_change_with_the_secret_and_stay_in_their_ranges():
    drawn = [draw_imaging(f"secret {number}") for number in range(50)]
    for name, low, high in [
        ("b_in_small", 0.62, 0.72),
        ("c_in_b", 1.28, 1.36),
        ("contrast_in_b", 0.70, 0.80),
        ("missed_by_b", 0.10, 0.20),
    ]:
        values = np.array([getattr(imaging, name) for imaging in drawn])
        assert low <= values.min() < values.max() <= high
        assert np.ptp(values) > 0.6 * (high - low)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_patients": 0}, "at least one patient"),
        ({"secret": ""}, "must be a text"),
        ({"role": "test"}, "There is no role 'test'"),
        ({"c_in_b": 2.5}, "c_in_b is 2.5"),
        ({"share_b": 1.5}, "share_b is 1.5"),
    ],
)
def test_impossible_arguments_are_refused_by_name(arguments, message):
    usual = {"n_patients": 2, "secret": "s", "role": "train"}
    with pytest.raises(BadInput, match=message):
        make_mri_slices(**{**usual, **arguments})


def test_one_patient_can_be_drawn_and_the_longest_cohort_is_quick():
    start = time.process_time()
    assert len(make_mri_slices(1, secret="s", role="hidden")) == 1
    make_mri_slices(200, secret="s", role="hidden")
    assert time.process_time() - start < 2  # 2,000 in under 10 s, with much to spare


def test_the_datasheet_names_every_picture_group_and_value_and_shows_slices(train):
    sheet = show_dataset("mri_slices")
    values = {value for name in train.groups for value in set(train.groups[name])}
    words = {*MODALITIES, *train.groups, *values - set("ABFM"), *train.truth.detail}
    assert [word for word in words if f"`{word}`" not in sheet] == []
    picture = content("datasets") / "mri_slices" / "contact_sheet.png"
    assert len(picture.read_bytes()) < 200_000
