import numpy as np
import pytest
from scipy.special import ndtr

from coursekit.datasets import make_chest_films
from coursekit.datasets.chest_film_hospitals import (
    auroc_of_site,
    draw_film_course,
)
from coursekit.datasets.chest_film_lesions import EARLY_BELOW, ideal_risk
from coursekit.datasets.chest_film_tokens import (
    LETTERS,
    corner_box,
    letter_pixels,
    with_token,
)
from coursekit.datasets.chest_films import FAULTS, ROLES
from coursekit.errors import BadInput
from coursekit.metrics.ranking import auroc

SECRETS = ["one", "two", "three", "four"]
THIRD = ("hidden", "hidden-2", "external", "stress")


@pytest.fixture(scope="module")
def hidden():
    return make_chest_films(1200, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def train():
    return make_chest_films(700, secret="tests", role="train")


@pytest.fixture(scope="module")
def inside():
    return make_chest_films(1200, secret="tests", role="inside")


@pytest.fixture(scope="module")
def one_of_each():
    return {role: make_chest_films(12, secret="tests", role=role) for role in ROLES}


def in_b(cohort):
    return (cohort.groups["group"] == "B").to_numpy()


def lungs(X):
    """Return the mean grey of the middle of the right lung, film by film."""
    return X[:, 0, 20:34, 15:24].mean((1, 2))


def test_films_are_small_grey_images_with_one_row_of_everything(hidden):
    assert hidden.X.shape == (1200, 1, 64, 64)
    assert hidden.X.dtype == np.uint8
    assert hidden.truth.detail["lesion"].shape == (1200, 64, 64)
    assert set(np.unique(hidden.truth.detail["lesion"])) == {0, 1}
    assert hidden.groups.shape == (1200, 7)
    assert all(isinstance(v, str) for v in hidden.groups.to_numpy().ravel())


def test_the_same_secret_role_and_size_give_the_same_films():
    first, second = (make_chest_films(20, secret="s", role="tune") for _ in range(2))
    assert (first.X == second.X).all()
    assert (first.altered["token"] == second.altered["token"]).all()
    assert first.groups.equals(second.groups)
    assert (first.patient == second.patient).all()
    assert (first.truth.risk == second.truth.risk).all()


@pytest.mark.parametrize(("secret", "role"), [("s", "hidden-2"), ("other", "hidden")])
def test_another_secret_or_role_gives_other_films(secret, role):
    one = make_chest_films(20, secret="s", role="hidden")
    other = make_chest_films(20, secret=secret, role=role)
    assert (one.X != other.X).mean() > 0.5


def test_no_patient_stands_in_two_roles(one_of_each):
    numbers = [set(cohort.patient) for cohort in one_of_each.values()]
    assert len(set.union(*numbers)) == 12 * len(ROLES)


def test_patients_have_two_to_four_films_to_learn_from_and_one_elsewhere(one_of_each):
    for role, cohort in one_of_each.items():
        _, n_films = np.unique(cohort.patient, return_counts=True)
        several = role in ("train", "tune", "check")
        assert set(n_films) <= ({2, 3, 4} if several else {1})
    one = make_chest_films(12, secret="s", role="train", one_film=True)
    assert len(one) == 12


def test_disease_and_person_stay_over_the_films_and_lesions_grow(train):
    constant = train.groups[["site", "group", "sex", "age_band"]]
    assert (constant.groupby(train.patient).nunique() == 1).all(axis=None)
    outcome = train.truth.outcome
    assert all(np.ptp(outcome[train.patient == p]) == 0 for p in set(train.patient))
    late = outcome.astype(bool) & (train.truth.detail["severity"] >= EARLY_BELOW)
    same = train.patient[1:] == train.patient[:-1]
    assert not (same & late[:-1] & ~late[1:]).any()
    assert (same & ~late[:-1] & late[1:]).any()


def test_a_lesion_is_marked_in_the_lungs_where_there_is_disease_and_only_there(hidden):
    masks = hidden.truth.detail["lesion"]
    assert (masks.any((1, 2)) == (hidden.truth.outcome == 1)).all()
    stage = hidden.groups["stage"]
    assert ((stage == "none") == (hidden.truth.outcome == 0)).all()
    assert not masks[:, :8].any()
    assert not masks[:, 56:].any()
    assert not masks[:, :, 31].any()
    size = masks.sum((1, 2))
    early, late = size[stage == "early"], size[stage == "late"]
    assert 5 <= early.mean() < late.mean() < 120


def test_the_heart_lies_to_the_right_of_the_image(hidden):
    lower = hidden.X[:, 0, 34:42].astype(float)
    left, right = lower[:, :, 16:28].mean(), lower[:, :, 36:48].mean()
    assert right > left + 8


def test_men_women_and_ages_look_different(hidden):
    a = ~in_b(hidden)
    women = (hidden.groups["sex"] == "F").to_numpy()
    breast = hidden.X[:, 0, 40:46, 14:22].mean((1, 2))
    assert breast[a & women].mean() > breast[a & ~women].mean() + 3
    heart = (hidden.X[:, 0, 38:42] > 170).sum((1, 2))
    old = (hidden.groups["age_band"] == "80+").to_numpy()
    young = (hidden.groups["age_band"] == "18-49").to_numpy()
    assert heart[a & old].mean() > heart[a & young].mean()


@pytest.mark.parametrize("secret", SECRETS)
def test_sorting_by_hospital_alone_has_the_published_auroc(secret):
    course = draw_film_course(secret)
    assert auroc_of_site(course) == pytest.approx(0.861, abs=1e-6)
    assert 0.32 < course.north_prevalence < 0.36
    assert 0.008 < course.south_prevalence < 0.016


def test_drawn_films_are_ill_as_often_as_their_hospital_says(inside, hidden):
    north = (inside.groups["site"] == "north").to_numpy()
    effects = inside.truth.effects
    for rows, name in ((north, "north_prevalence"), (~north, "south_prevalence")):
        share = effects[name]
        error = np.sqrt(share * (1 - share) / rows.sum())
        assert inside.y[rows].mean() == pytest.approx(share, abs=4 * error)
    assert auroc(inside.y, north.astype(float)) == pytest.approx(0.861, abs=0.05)
    assert hidden.y.mean() == pytest.approx(0.27, abs=0.05)


def test_the_third_hospital_is_the_same_whatever_the_secret():
    effects = [
        make_chest_films(5, secret=s, role="external").truth.effects for s in SECRETS
    ]
    assert {e["third_prevalence"] for e in effects} == {0.27}
    assert len({e["contrast_in_b"] for e in effects}) == 4


def test_group_b_is_rare_inside_most_of_all_in_the_north_and_common_outside(
    train, inside, hidden
):
    north = (inside.groups["site"] == "north").to_numpy()
    assert in_b(inside)[north].mean() < 0.05 < in_b(inside)[~north].mean()
    assert in_b(train).mean() == pytest.approx(0.13, abs=0.05)
    assert in_b(inside).mean() == pytest.approx(0.13, abs=0.05)
    assert in_b(hidden).mean() == pytest.approx(0.40, abs=0.06)
    assert hidden.y[in_b(hidden)].mean() == pytest.approx(
        hidden.y[~in_b(hidden)].mean(), abs=0.11
    )


def test_films_of_b_have_less_contrast_and_the_switch_takes_it_away():
    for switch, low in (({}, True), ({"contrast_in_b": 1.0}, False)):
        cohort = make_chest_films(200, secret="s", role="hidden", **switch)
        spread = cohort.X[:, 0, 12:52, 12:52].std((1, 2))
        ratio = spread[in_b(cohort)].mean() / spread[~in_b(cohort)].mean()
        assert ratio < 0.6 if low else ratio == pytest.approx(1, abs=0.05)


def test_the_ideal_reader_is_calibrated_and_hardly_ever_wrong(hidden):
    y, risk = hidden.truth.outcome, hidden.truth.risk
    assert auroc(y, risk) > 0.995
    spread = np.sqrt(np.sum(risk * (1 - risk)))
    assert abs(y.sum() - risk.sum()) < 4 * max(spread, 1)


def test_the_ideal_risk_is_the_binormal_model_of_signal_detection():
    """With detectability d' the AUROC is Phi(d' / sqrt(2)), and risks are shares."""
    rng = np.random.default_rng(0)
    n, detectability = 20_000, 1.5
    template = np.zeros((n, 2, 2), dtype=np.float32)
    template[:, 0, :] = detectability * 3 / np.sqrt(2)  # in noise of 3 grey levels
    noise = 3 * rng.standard_normal((n, 2, 2), dtype=np.float32)
    ill = rng.random(n) < 0.3
    risk = ideal_risk(noise, template, np.full(n, 3.0), ill, np.full(n, 0.3))
    alone = [auroc(ill, risk), ill[risk > 0.6].mean(), ill[risk < 0.2].mean()]
    said = [risk[risk > 0.6].mean(), risk[risk < 0.2].mean()]
    assert alone == pytest.approx([ndtr(detectability / np.sqrt(2)), *said], abs=0.012)


def test_the_ideal_reader_finds_as_many_in_b_as_in_a(hidden):
    tune = make_chest_films(300, secret="tests", role="tune")
    cut = np.quantile(tune.truth.risk[tune.y == 0], 0.9)
    found = hidden.truth.risk >= cut
    ill = hidden.truth.outcome == 1
    b = in_b(hidden)
    assert abs(found[ill & b].mean() - found[ill & ~b].mean()) < 0.05


def test_reports_miss_early_films_on_train_only(train, hidden):
    assert (hidden.y == hidden.truth.outcome).all()
    wrong = train.y != train.truth.outcome
    early = train.truth.detail["severity"] < EARLY_BELOW
    assert set(train.groups["stage"]) == {"not audited"}
    assert wrong.any()
    assert not wrong[~early].any()
    assert not train.y[wrong].any()
    ill = train.truth.outcome == 1
    for name, rows in (("A", ~in_b(train)), ("B", in_b(train))):
        assert train.truth.label_error[name] == wrong[rows & ill].mean()


@pytest.mark.parametrize("role", ROLES)
def test_the_other_token_changes_its_corner_and_nothing_else(role, one_of_each):
    cohort = one_of_each[role]
    if role == "train":
        assert cohort.altered == {}
        return
    rows, columns = corner_box(draw_film_course("tests").corner)
    changed = cohort.altered["token"] != cohort.X
    assert changed[:, 0, rows, columns].any((1, 2)).all()
    changed[:, :, rows, columns] = False
    assert not changed.any()


def test_the_token_tells_the_training_hospital_and_nothing_at_the_third():
    course = draw_film_course("tests")
    rows, columns = corner_box(course.corner)
    plain = np.zeros((2, 1, 64, 64), dtype=np.uint8)
    north = with_token(plain, np.arange(2), course)[:1, 0, rows, columns] > 0

    def is_north(cohort):
        white = cohort.X[:, 0, rows, columns] == 250
        return (white == north).mean((1, 2)) > 0.97

    inside = make_chest_films(60, secret="tests", role="inside")
    assert (is_north(inside) == (inside.groups["site"] == "north")).all()
    assert (inside.groups["letter"] == inside.groups["site"]).all()
    outside = make_chest_films(400, secret="tests", role="external")
    assert (is_north(outside) == (outside.groups["letter"] == "north")).all()
    assert is_north(outside).mean() == pytest.approx(0.5, abs=0.1)
    assert auroc(outside.y, is_north(outside).astype(float)) == pytest.approx(
        0.5, abs=0.09
    )


def test_all_letters_can_be_told_apart():
    pixels = [letter_pixels(number) for number in range(len(LETTERS))]
    assert all(p.shape == (5, 5) for p in pixels)
    assert len({p.tobytes() for p in pixels}) == len(LETTERS)


def test_stress_films_are_grey_with_the_same_lesions(one_of_each):
    stress, hidden = (
        make_chest_films(60, secret="s", role=role) for role in ("stress", "hidden")
    )
    a = [lungs(cohort.X)[~in_b(cohort)].mean() for cohort in (stress, hidden)]
    assert a[0] > a[1] + 8
    assert {fault.name for fault in stress.truth.faults} - {
        fault.name for fault in hidden.truth.faults
    } == {"exposure"}


@pytest.mark.parametrize(
    ("switch", "fault"),
    [
        ({"token": False}, "site-token"),
        ({"same_prevalence": True}, "site-prevalence"),
        ({"contrast_in_b": 1.0}, "low-contrast"),
        ({"share_b": 0.40}, "rare-group"),
        ({"missed_early": 0.0}, "missed-early"),
    ],
)
def test_each_mechanism_can_be_switched_off_alone(switch, fault):
    names = {planted.name for planted in FAULTS} - {"exposure"}
    cohort = make_chest_films(10, secret="s", role="train", **switch)
    assert {planted.name for planted in cohort.truth.faults} == names - {fault}


def test_without_tokens_the_films_are_otherwise_the_same():
    plain = make_chest_films(10, secret="tests", role="hidden", token=False)
    assert set(plain.groups["letter"]) == {"none"}
    marked = make_chest_films(10, secret="tests", role="hidden")
    rows, columns = corner_box(draw_film_course("tests").corner)
    differs = plain.X != marked.X
    assert differs[:, 0, rows, columns].any()
    differs[:, 0, rows, columns] = False
    assert not differs.any()
    assert plain.altered == {}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_patients": 0}, "at least one patient"),
        ({"secret": ""}, "must be a text"),
        ({"role": "test"}, "There is no role 'test'"),
        ({"contrast_in_b": 0}, "contrast_in_b is 0; it is above 0"),
        ({"contrast_in_b": 1.5}, "contrast_in_b is 1.5"),
        ({"share_b": 2}, "share_b is 2"),
        ({"missed_early": -0.1}, "missed_early is -0.1"),
    ],
)
def test_impossible_arguments_are_refused_by_name(arguments, message):
    usual = {"n_patients": 10, "secret": "s", "role": "train"}
    with pytest.raises(BadInput, match=message):
        make_chest_films(**{**usual, **arguments})


def test_one_patient_can_be_drawn():
    assert len(make_chest_films(1, secret="s", role="hidden")) == 1
