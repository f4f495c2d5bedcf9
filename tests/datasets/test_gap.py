import itertools
import re

import numpy as np
import pytest

from coursekit.datasets import make_gap, show_dataset
from coursekit.datasets.gap_caused import (
    caused_gaps,
    cut_off,
    fit_logistic,
    numbers,
    reference_gap,
    standardised,
)
from coursekit.datasets.gap_model import MECHANISMS, draw_gap_model, read_mechanisms
from coursekit.errors import BadInput
from coursekit.metrics.ranking import auroc

SECRETS = ["one", "two", "three", "four", "five"]
TOUCHED = {  # columns of X that a mechanism changes in B
    "under-ascertainment": set(),
    "measurement": {"spo2_percent"},
    "under-representation": {"albumin_g_l", "haemoglobin_g_dl"},
    "proxy-label": {"cost_12m_eur"},
}


def in_b(cohort):
    return (cohort.groups["group"] == "B").to_numpy()


def drawn(role="hidden", mechanisms=(), n=20_000, **switches):
    return make_gap(n, secret="tests", role=role, mechanisms=mechanisms, **switches)


@pytest.fixture(scope="module")
def off():
    return drawn()


def test_the_same_arguments_give_the_same_patients_and_another_role_others():
    first, second, other = (
        make_gap(500, secret="s", role=role) for role in ("tune", "tune", "check")
    )
    assert first.X.equals(second.X)
    assert (first.y == second.y).all()
    assert not first.X.equals(other.X)
    assert not set(first.patient) & set(other.patient)


@pytest.mark.parametrize("secret", SECRETS)
def test_prevalence_and_the_oracles_auroc_stay_whatever_the_secret(secret):
    cohort = make_gap(100_000, secret=secret, role="hidden", mechanisms=())
    assert cohort.y.mean() == pytest.approx(0.25, abs=0.006)
    assert auroc(cohort.y, cohort.truth.risk) == pytest.approx(0.82, abs=0.006)


@pytest.mark.parametrize("name", MECHANISMS)
def test_need_and_true_risk_are_the_same_in_both_groups_and_with_all_mechanisms(
    name, off
):
    on = drawn(mechanisms=[name])
    assert (on.truth.risk == off.truth.risk).all()
    b = in_b(on)
    levels = np.linspace(0.1, 0.9, 9)
    a_risk, b_risk = (np.quantile(on.truth.risk[g], levels) for g in (~b, b))
    assert a_risk == pytest.approx(b_risk, abs=0.02)


@pytest.mark.parametrize("name", MECHANISMS)
def test_a_mechanism_changes_its_columns_in_b_and_nothing_else(name, off):
    on = drawn(mechanisms=[name])
    changed = {c for c in on.X if not on.X[c].equals(off.X[c])}
    assert changed == TOUCHED[name]
    assert on.X[~in_b(on)].equals(off.X[~in_b(off)])
    assert on.groups.equals(off.groups)
    assert (on.y == off.y).all()


def test_what_is_off_leaves_no_trace_in_any_subset():
    everything = drawn("train", MECHANISMS, share_b=0.3)
    for n_on in range(4):
        for on in itertools.combinations(MECHANISMS, n_on):
            some = drawn("train", on, share_b=0.3)
            for name in MECHANISMS:
                for column in TOUCHED[name]:
                    same = some.X[column].equals(everything.X[column])
                    assert same == (name in on)
            assert {fault.name for fault in some.truth.faults} == set(on)


def test_with_all_off_the_label_of_train_is_the_truth_and_groups_look_alike():
    train = drawn("train")
    assert (train.y == train.truth.outcome).all()
    assert train.truth.label_error == {"A": 0.0, "B": 0.0}
    b = in_b(train)
    means = train.X.drop(columns="distance_km").groupby(b).mean()
    error = train.X.std() / np.sqrt(b.sum())
    assert ((means.loc[True] - means.loc[False]).abs() < 4 * error[list(means)]).all()


def test_under_ascertainment_loses_events_of_b_in_train_only(off):
    train = drawn("train", ["under-ascertainment"])
    wrong = train.y != train.truth.outcome
    assert (wrong == train.truth.detail["missed"]).all()
    assert not wrong[~in_b(train)].any()
    ill_b = in_b(train) & (train.truth.outcome == 1)
    assert wrong[ill_b].mean() == pytest.approx(train.truth.label_error["B"], abs=0.03)
    assert not wrong[train.truth.outcome == 0].any()
    tune = drawn("tune", ["under-ascertainment"])
    assert (tune.y == tune.truth.outcome).all()
    assert tune.truth.label_error["B"] == 0


def test_the_oximeter_hides_low_values_in_b_and_the_blood_gas_shows_them():
    cohort = drawn(mechanisms=["measurement"])
    b = in_b(cohort)
    device, gas = cohort.X["spo2_percent"], cohort.X["sao2_percent"]
    taken = gas.notna().to_numpy()
    assert taken.mean() == pytest.approx(0.125, abs=0.01)
    error = (device - gas).to_numpy()
    assert abs(np.nanmean(error[~b])) < 0.3
    low = (gas < 92).to_numpy()
    assert np.nanmean(error[b & low]) > 5
    truly_low = cohort.truth.detail["sao2_percent"] < 88
    shown_well = (device >= 92).to_numpy()
    assert truly_low[shown_well & b].mean() > 3 * truly_low[shown_well & ~b].mean()


def test_under_representation_makes_b_rare_in_train_and_its_signs_other():
    train, hidden = (drawn(r, ["under-representation"]) for r in ("train", "hidden"))
    assert in_b(train).mean() < 0.05
    assert in_b(hidden).mean() == pytest.approx(0.30, abs=0.01)
    b, need = in_b(hidden), hidden.truth.detail["need"]
    for group, column, other in [
        (~b, "albumin_g_l", "haemoglobin_g_dl"),
        (b, "haemoglobin_g_dl", "albumin_g_l"),
    ]:
        told = [
            np.corrcoef(hidden.X[c][group], need[group])[0, 1] for c in (column, other)
        ]
        assert told[0] < -0.6
        assert told[1] > -0.1


def test_the_proxy_label_is_high_cost_which_b_reaches_with_more_need(off):
    train = drawn("train", ["proxy-label"])
    assert (train.y == train.truth.detail["high_cost"]).all()
    b, need = in_b(train), train.truth.detail["need"]
    labelled = train.y == 1
    assert need[labelled & b].mean() > need[labelled & ~b].mean() + 0.1
    assert train.y[~b].mean() == pytest.approx(0.25, abs=0.01)
    assert train.y[b].mean() < 0.18


def test_none_one_or_two_mechanisms_are_drawn_from_the_secret():
    drawn_sets = [read_mechanisms(None, f"secret {n}") for n in range(300)]
    sizes = np.bincount([len(names) for names in drawn_sets]) / 300
    assert sizes == pytest.approx([1 / 6, 3 / 6, 2 / 6], abs=0.08)
    assert {name for names in drawn_sets for name in names} == set(MECHANISMS)
    roles = [make_gap(50, secret="s", role=r).truth.faults for r in ("train", "hidden")]
    assert roles[0] == roles[1]


@pytest.mark.parametrize("secret", SECRETS)
def test_each_mechanism_alone_causes_a_gap_and_none_causes_none(secret):
    assert abs(reference_gap(secret, ())) < 0.03
    for name in MECHANISMS:
        effects = caused_gaps(secret, (name,))
        assert effects["gap"] > 0.10
        assert effects["together"] == pytest.approx(0, abs=1e-9)
        caused = effects[f"caused_by_{name}"]
        assert caused == pytest.approx(
            effects["gap"] - effects["gap_all_off"], abs=1e-5
        )


def test_what_each_causes_and_what_they_cause_together_add_up_to_the_gap():
    effects = caused_gaps("tests", MECHANISMS)
    parts = sum(effects[f"caused_by_{name}"] for name in MECHANISMS)
    whole = effects["gap_all_off"] + parts + effects["together"]
    assert whole == pytest.approx(effects["gap"], abs=1e-5)


@pytest.mark.parametrize("on", [(), ("measurement",), MECHANISMS])
def test_the_reference_gap_is_that_of_a_logistic_model_on_drawn_patients(on):
    train = drawn("train", on)
    hidden = drawn("hidden", on, n=40_000)
    seen = numbers(train.X)
    fitted = fit_logistic(standardised(seen, seen), train.y)
    score = standardised(numbers(hidden.X), seen) @ fitted
    alert = score >= np.quantile(score, 0.8)
    ill, b = hidden.y == 1, in_b(hidden)
    gap = alert[ill & ~b].mean() - alert[ill & b].mean()
    assert gap == pytest.approx(hidden.truth.effects["gap"], abs=0.06)


def test_a_logistic_regression_finds_the_coefficients_that_made_the_labels():
    rng = np.random.default_rng(0)
    columns = np.column_stack([np.ones(50_000), rng.normal(size=(50_000, 2))])
    true = np.array([-1.0, 0.8, 0.0])
    y = rng.random(50_000) < 1 / (1 + np.exp(-columns @ true))
    assert fit_logistic(columns, y) == pytest.approx(true, abs=0.04)


def test_the_cut_off_alerts_a_fifth_of_a_hospital_with_three_tenths_of_b():
    score_a, score_b = np.arange(10_000.0), np.arange(10_000.0) - 3000
    cut = cut_off(score_a, score_b)
    alerts = 0.7 * np.mean(score_a >= cut) + 0.3 * np.mean(score_b >= cut)
    assert alerts == pytest.approx(0.2, abs=0.001)


def test_the_strengths_stay_in_their_ranges_and_move():
    models = [draw_gap_model(f"secret {number}") for number in range(60)]
    for name, low, high in [
        ("missed_in_b", 0.50, 0.65),
        ("device_loss", 0.90, 0.97),
        ("share_b_in_train", 0.02, 0.035),
        ("cost_in_b", -0.55, -0.42),
    ]:
        values = np.array([getattr(model, name) for model in models])
        assert low <= values.min() < values.max() <= high
        assert np.ptp(values) > 0.7 * (high - low)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_patients": 0}, "at least one patient"),
        ({"secret": ""}, "must be a text"),
        ({"role": "external"}, "There is no role 'external'"),
        ({"share_b": 2}, "share_b is 2"),
        ({"mechanisms": ["bias"]}, "no mechanism bias; there are under-asc"),
    ],
)
def test_impossible_arguments_are_refused_by_name(arguments, message):
    usual = {"n_patients": 10, "secret": "s", "role": "train"}
    with pytest.raises(BadInput, match=message):
        make_gap(**{**usual, **arguments})


def test_the_datasheet_describes_every_column_group_and_mechanism():
    sheet = show_dataset("gap")
    cohort = make_gap(50, secret="s", role="train")
    described = set(re.findall(r"^\| `(\w+)`", sheet, flags=re.MULTILINE))
    assert described - set(MECHANISMS) == set(cohort.X)
    assert all(f"`{name}`" in sheet for name in [*cohort.groups, *MECHANISMS])
