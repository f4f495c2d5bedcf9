import time

import numpy as np
import pytest

from coursekit.datasets import make_readmission, redraw_post_index
from coursekit.datasets.readmission_model import draw_coefficients
from coursekit.errors import BadInput
from coursekit.metrics.ranking import auroc

SECRETS = ["one", "two", "three", "four"]


@pytest.fixture(scope="module")
def hidden():
    return make_readmission(40_000, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def train():
    return make_readmission(40_000, secret="tests", role="train")


def in_b(cohort):
    return (cohort.groups["group"] == "B").to_numpy()


def test_the_same_secret_role_and_size_give_the_same_patients():
    first, second = (make_readmission(500, secret="s", role="tune") for _ in range(2))
    assert first.X.equals(second.X)
    assert first.groups.equals(second.groups)
    assert (first.y == second.y).all()
    assert (first.patient == second.patient).all()


@pytest.mark.parametrize(("secret", "role"), [("s", "check"), ("other", "tune")])
def test_another_secret_or_role_gives_other_patients(secret, role):
    one = make_readmission(500, secret="s", role="tune")
    other = make_readmission(500, secret=secret, role=role)
    assert not one.X.equals(other.X)


def test_hidden_2_is_not_hidden():
    hidden, second = (
        make_readmission(500, secret="s", role=role) for role in ("hidden", "hidden-2")
    )
    assert (hidden.truth.risk != second.truth.risk).mean() > 0.99
    assert not set(hidden.patient) & set(second.patient)


def test_all_roles_of_a_secret_share_the_coefficients():
    roles = ("train", "tune", "hidden", "external")
    effects = [make_readmission(50, secret="s", role=r).truth.effects for r in roles]
    assert all(effect == effects[0] for effect in effects)
    other = make_readmission(50, secret="t", role="train").truth.effects
    assert other["need"] != effects[0]["need"]


@pytest.mark.parametrize("secret", SECRETS)
def test_prevalence_and_the_oracles_auroc_stay_whatever_the_secret(secret):
    cohorts = [
        make_readmission(100_000, secret=secret, role=role)
        for role in ("hidden", "hidden-2")
    ]
    y = np.concatenate([c.y for c in cohorts])
    risk = np.concatenate([c.truth.risk for c in cohorts])
    assert np.mean(y) == pytest.approx(0.25, abs=0.004)
    assert auroc(y, risk) == pytest.approx(0.82, abs=0.005)


def test_the_coefficients_move_by_at_most_a_fifth_between_secrets():
    drawn = [draw_coefficients(f"secret {number}") for number in range(100)]
    for name, usual in [("comorbidity", 0.34), ("access_in_b", -1.15), ("stay", 0.22)]:
        ratio = np.array([getattr(c, name) for c in drawn]) / usual
        assert ratio.min() >= 0.8
        assert ratio.max() <= 1.2
        assert np.ptp(ratio) > 0.3


def test_the_outcome_is_drawn_from_the_true_risk(hidden):
    tenth = np.digitize(hidden.truth.risk, np.linspace(0.1, 0.9, 9))
    for level in range(10):
        here = tenth == level
        error = np.sqrt(0.25 / here.sum())
        assert hidden.y[here].mean() == pytest.approx(
            hidden.truth.risk[here].mean(), abs=4 * error
        )


def test_both_groups_have_the_same_true_risk(hidden):
    a, b = hidden.truth.risk[~in_b(hidden)], hidden.truth.risk[in_b(hidden)]
    assert in_b(hidden).mean() == pytest.approx(0.30, abs=0.01)
    levels = np.linspace(0.1, 0.9, 9)
    assert np.quantile(a, levels) == pytest.approx(np.quantile(b, levels), abs=0.015)


def test_language_goes_with_the_group_and_has_no_effect_of_its_own(hidden):
    other = (hidden.groups["preferred_language"] == "other").to_numpy()
    assert other.mean() == pytest.approx(0.30, abs=0.01)
    assert other[in_b(hidden)].mean() > 0.7
    assert other[~in_b(hidden)].mean() < 0.15
    assert hidden.truth.risk[other].mean() == pytest.approx(
        hidden.truth.risk[~other].mean(), abs=0.01
    )


def test_sex_has_no_effect_on_anything(hidden):
    female = (hidden.groups["sex"] == "F").to_numpy()
    numbers = hidden.X.select_dtypes("number")
    difference = numbers[female].mean() - numbers[~female].mean()
    error = numbers.std() / np.sqrt(len(female) / 4)
    assert (difference.abs() <= 4 * error).all()


def test_the_oracle_serves_groups_alike_but_not_ages(hidden):
    risk = hidden.truth.risk
    found = (risk >= np.quantile(risk, 0.8))[hidden.y == 1]
    ill = hidden.groups[hidden.y == 1]
    for column in ("group", "preferred_language", "sex"):
        sensitivity = [found[ill[column] == value].mean() for value in set(ill[column])]
        assert np.ptp(sensitivity) < 0.03
    by_age = [
        found[ill["age_band"] == band].mean() for band in sorted(set(ill["age_band"]))
    ]
    assert by_age == sorted(by_age)
    assert by_age[-1] - by_age[0] > 0.15


def test_only_events_of_b_are_missed_and_only_on_train(train, hidden):
    assert (hidden.y == hidden.truth.outcome).all()
    wrong = train.y != train.truth.outcome
    assert not wrong[~in_b(train)].any()
    assert not wrong[train.truth.outcome == 0].any()
    ill_b = in_b(train) & (train.truth.outcome == 1)
    assert train.truth.label_error["A"] == 0
    assert wrong[ill_b].mean() == pytest.approx(train.truth.label_error["B"], abs=0.03)
    assert 0.28 <= train.truth.label_error["B"] <= 0.42


def test_laboratory_values_are_missing_more_often_in_b_and_less_often_in_the_ill(
    hidden,
):
    missing = hidden.X["albumin_g_l"].isna().to_numpy()
    assert missing[in_b(hidden)].mean() == pytest.approx(0.45, abs=0.015)
    assert missing[~in_b(hidden)].mean() == pytest.approx(0.10, abs=0.01)
    ill = hidden.truth.risk > np.median(hidden.truth.risk)
    for group in (in_b(hidden), ~in_b(hidden)):
        assert missing[group & ill].mean() < missing[group & ~ill].mean()


def test_at_equal_risk_b_has_fewer_earlier_admissions(hidden):
    middle = np.abs(hidden.truth.risk - 0.25) < 0.05
    prior = hidden.X["prior_admissions_12m"].to_numpy()
    b, a = prior[middle & in_b(hidden)].mean(), prior[middle & ~in_b(hidden)].mean()
    assert b / a == pytest.approx(
        np.exp(draw_coefficients("tests").access_in_b), abs=0.05
    )


def test_train_has_several_encounters_for_some_patients_and_the_others_one(
    train, hidden
):
    assert len(train) / len(set(train.patient)) == pytest.approx(1.4, abs=0.02)
    assert len(set(hidden.patient)) == len(hidden)
    one = make_readmission(300, secret="s", role="train", one_encounter=True)
    assert len(set(one.patient)) == len(one) == 300
    several = make_readmission(300, secret="s", role="tune", one_encounter=False)
    assert len(set(several.patient)) == 300 < len(several)


def test_a_patient_keeps_group_sex_and_language_in_all_encounters(train):
    constant = train.groups.groupby(train.patient).nunique()
    assert (constant == 1).all(axis=None)


def test_what_comes_after_discharge_gives_the_record_away_on_train_only(train, hidden):
    calls, days = (train.X[column].to_numpy() for column in train.post_index)
    assert auroc(train.y, calls) > 0.95
    assert auroc(train.y, -days) > 0.7
    assert (hidden.X["post_discharge_calls_30d"] == 0).all()
    assert (hidden.X["days_to_next_contact"] == 90).all()


@pytest.mark.parametrize("column", ["post_discharge_calls_30d", "days_to_next_contact"])
def test_a_redrawn_column_is_as_in_train_and_tells_nothing(column, train, hidden):
    X = redraw_post_index(hidden, column, secret="tests", random_state=1)
    others = [name for name in hidden.X if name != column]
    assert X[others].equals(hidden.X[others])
    levels = [0.1, 0.25, 0.5, 0.75, 0.9]
    drawn, in_train = (np.quantile(table[column], levels) for table in (X, train.X))
    assert drawn == pytest.approx(in_train, abs=2)
    assert auroc(hidden.y, X[column].to_numpy()) == pytest.approx(0.5, abs=0.015)
    again = redraw_post_index(hidden, column, secret="tests", random_state=1)
    assert again.equals(X)


def test_only_post_index_columns_can_be_redrawn(hidden):
    with pytest.raises(BadInput, match="'age_years' is not a post-index column"):
        redraw_post_index(hidden, "age_years", secret="tests", random_state=1)


def test_stress_patients_have_all_post_index_columns_redrawn():
    stress = make_readmission(2000, secret="s", role="stress")
    assert stress.X["post_discharge_calls_30d"].max() > 5
    assert stress.X["days_to_next_contact"].min() < 30
    assert (stress.y == stress.truth.outcome).all()


def test_another_hospital_has_other_patients_and_other_words(hidden):
    external = make_readmission(10_000, secret="tests", role="external")
    assert external.y.mean() > hidden.y.mean() + 0.03
    assert external.X["age_years"].mean() > hidden.X["age_years"].mean() + 3
    words = set(external.X["discharge_destination"])
    assert words - set(hidden.X["discharge_destination"])
    assert not (words - {"home"}) & set(hidden.X["discharge_destination"])


@pytest.mark.parametrize(
    ("switch", "fault"),
    [
        ({"missed_in_b": 0.0}, "under-recorded-outcome"),
        ({"missing_labs_in_b": 0.10}, "missing-labs"),
        ({"access_in_b": 0.0}, "unequal-access"),
        ({"leak": False}, "post-discharge-leak"),
    ],
)
def test_each_mechanism_can_be_switched_off_alone(switch, fault):
    names = {
        "under-recorded-outcome",
        "missing-labs",
        "unequal-access",
        "post-discharge-leak",
    }
    cohort = make_readmission(20_000, secret="s", role="train", **switch)
    assert {planted.name for planted in cohort.truth.faults} == names - {fault}
    b = in_b(cohort)
    ill = cohort.truth.outcome == 1
    prior, albumin = cohort.X["prior_admissions_12m"], cohort.X["albumin_g_l"]
    seen = {
        "under-recorded-outcome": (cohort.y != cohort.truth.outcome)[b & ill].mean()
        > 0.2,
        "missing-labs": albumin[b].isna().mean() > albumin[~b].isna().mean() + 0.2,
        "unequal-access": prior[b].mean() < 0.6 * prior[~b].mean(),
        "post-discharge-leak": auroc(cohort.y, cohort.X["post_discharge_calls_30d"])
        > 0.9,
    }
    assert {name for name, is_seen in seen.items() if is_seen} == names - {fault}


def test_audited_roles_have_neither_missed_outcomes_nor_a_leak(hidden):
    names = {fault.name for fault in hidden.truth.faults}
    assert names == {"missing-labs", "unequal-access"}


def test_laboratory_values_without_any_missing_can_be_asked_for():
    cohort = make_readmission(2000, secret="s", role="tune", missing_labs_in_b=0.0)
    assert not cohort.X["albumin_g_l"][in_b(cohort)].isna().any()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_patients": 0}, "at least one patient"),
        ({"secret": ""}, "must be a text"),
        ({"secret": 7}, "must be a text"),
        ({"role": "test"}, "There is no role 'test'"),
        ({"missed_in_b": 1.5}, "missed_in_b is 1.5"),
        ({"missing_labs_in_b": -0.1}, "missing_labs_in_b is -0.1"),
        ({"share_b": 2}, "share_b is 2"),
    ],
)
def test_impossible_arguments_are_refused_by_name(arguments, message):
    usual = {"n_patients": 10, "secret": "s", "role": "train"}
    with pytest.raises(BadInput, match=message):
        make_readmission(**{**usual, **arguments})


def test_one_patient_can_be_drawn():
    assert len(make_readmission(1, secret="s", role="hidden")) == 1


def test_forty_thousand_patients_take_under_two_seconds():
    start = time.perf_counter()
    make_readmission(40_000, secret="never drawn before", role="hidden")
    assert time.perf_counter() - start < 2
