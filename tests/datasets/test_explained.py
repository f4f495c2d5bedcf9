import itertools
import math
import re

import numpy as np
import pytest

from coursekit.datasets import explained_background, make_explained, show_dataset
from coursekit.datasets.explained_model import (
    PLANTED,
    WEIGHTS,
    draw_explained_model,
    read_planted,
)
from coursekit.errors import BadInput
from coursekit.metrics import auroc

NAMES = list(WEIGHTS)
WITHOUT_PART = ("creatinine_umol_l", "temperature_c", "distance_km")
TOUCHED = {  # by switching it off: columns of X, columns of the Shapley values
    "treated-asthma": (set(), {"asthma"}),
    "interaction": (set(), {"age_years", "systolic_mmhg"}),
    "distractor": ({"creatinine_umol_l"}, set()),
    "group-proxy": ({"distance_km"}, set()),
}


def drawn(planted=None, role="hidden", n=20_000):
    return make_explained(n, secret="tests", role=role, planted=planted)


def all_but(name):
    return [other for other in PLANTED if other != name]


@pytest.fixture(scope="module")
def cohort():
    return drawn()


def shapley_by_definition(predict, patient, background):
    """Return the Shapley values of one patient, from all subsets of columns."""
    n = len(patient)
    worth = {}
    for size in range(n + 1):
        for known in itertools.combinations(range(n), size):
            filled = background.copy()
            filled[:, known] = patient[list(known)]
            worth[frozenset(known)] = predict(filled).mean()
    values = np.zeros(n)
    for known, value in worth.items():
        s = len(known)
        for column in set(range(n)) - known:
            weight = math.factorial(s) * math.factorial(n - s - 1) / math.factorial(n)
            values[column] += weight * (worth[known | {column}] - value)
    return values


@pytest.mark.parametrize("planted", [None, ["distractor"]])
def test_the_closed_form_is_the_definition_over_all_subsets(planted):
    cohort = make_explained(3, secret="brute", role="tune", planted=planted)
    model = draw_explained_model("brute", read_planted(planted))
    background = explained_background("brute", planted=planted).to_numpy(float)
    for row, patient in enumerate(cohort.X.to_numpy(float)):
        slow = shapley_by_definition(model.log_odds, patient, background)
        assert cohort.truth.detail["shapley"][row] == pytest.approx(slow, abs=1e-9)


def test_the_values_of_a_patient_add_up_to_their_true_log_odds(cohort):
    total = cohort.truth.detail["shapley"].sum(axis=1)
    total += cohort.truth.effects["background_log_odds"]
    risk = cohort.truth.risk
    assert total == pytest.approx(np.log(risk / (1 - risk)), abs=1e-9)
    assert cohort.truth.detail["shapley"].shape == cohort.X.shape


@pytest.mark.parametrize("secret", ["one", "two", "three"])
def test_prevalence_and_the_oracles_auroc_stay_whatever_the_secret(secret):
    cohort = make_explained(30_000, secret=secret, role="hidden")
    assert cohort.truth.risk.mean() == pytest.approx(0.20, abs=0.012)
    assert cohort.y.mean() == pytest.approx(cohort.truth.risk.mean(), abs=0.01)
    assert auroc(cohort.y, cohort.truth.risk) == pytest.approx(0.82, abs=0.015)


@pytest.mark.parametrize("name", PLANTED)
def test_what_is_off_leaves_no_trace_and_touches_nothing_else(name, cohort):
    off = drawn(all_but(name))
    columns, values = TOUCHED[name]
    assert {c for c in off.X if not off.X[c].equals(cohort.X[c])} == columns
    moved = off.truth.detail["shapley"] != cohort.truth.detail["shapley"]
    assert {NAMES[k] for k in np.flatnonzero(moved.any(axis=0))} == values
    assert off.groups.equals(cohort.groups)
    assert (off.patient == cohort.patient).all()
    assert name not in {fault.name for fault in off.truth.faults}
    if not values:
        assert (off.y == cohort.y).all()


def test_columns_are_independent_but_for_the_pair_that_runs_together(cohort):
    for planted in (None, all_but("distractor")):
        logs = drawn(planted).X.assign(
            urea_mmol_l=lambda X: np.log(X["urea_mmol_l"]),
            creatinine_umol_l=lambda X: np.log(X["creatinine_umol_l"]),
        )
        found = np.corrcoef(logs.to_numpy(float), rowvar=False)
        np.fill_diagonal(found, 0)
        pair = NAMES.index("urea_mmol_l"), NAMES.index("creatinine_umol_l")
        if planted is None:
            assert 0.86 < found[pair] < 0.96
            found[pair] = found[pair[::-1]] = 0
        assert np.abs(found).max() < 4.5 / np.sqrt(20_000)


def test_asthma_seems_to_protect_where_it_is_treated_and_harms_where_not(cohort):
    asthma = cohort.X["asthma"].to_numpy() == 1
    untreated = drawn(all_but("treated-asthma"))
    assert cohort.y[asthma].mean() < cohort.y[~asthma].mean() - 0.03
    assert untreated.y[asthma].mean() > untreated.y[~asthma].mean() + 0.03
    assert (cohort.y[~asthma] == untreated.y[~asthma]).all()
    assert (cohort.truth.detail["intensive_care"] == asthma).all()
    assert not untreated.truth.detail["intensive_care"].any()
    for other in (cohort, untreated):
        assert other.truth.detail["log_odds_untreated"] == pytest.approx(
            untreated.truth.detail["log_odds"], abs=1e-9
        )


def test_columns_without_a_part_get_nothing_and_all_others_something(cohort):
    size = np.abs(cohort.truth.detail["shapley"]).mean(axis=0)
    nothing = {name for name, value in zip(NAMES, size, strict=True) if value == 0}
    assert nothing == set(WITHOUT_PART)


def test_group_and_sex_are_the_same_in_risk_and_distance_tells_the_group(cohort):
    for column in ("group", "sex"):
        first = (cohort.groups[column] == cohort.groups[column].iloc[0]).to_numpy()
        risk = cohort.truth.risk
        assert abs(risk[first].mean() - risk[~first].mean()) < 0.012
    in_b = (cohort.groups["group"] == "B").to_numpy()
    assert auroc(in_b, cohort.X["distance_km"]) > 0.85
    off = drawn(all_but("group-proxy"))
    assert auroc(in_b, off.X["distance_km"]) == pytest.approx(0.5, abs=0.02)


def test_the_same_arguments_give_the_same_patients_and_another_role_others():
    first, second, other = (drawn(role=r, n=300) for r in ("tune", "tune", "check"))
    assert first.X.equals(second.X)
    assert (first.y == second.y).all()
    assert not first.X.equals(other.X)
    assert not set(first.patient) & set(other.patient)
    assert first.truth.effects == other.truth.effects


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n_patients": 0}, "at least one patient"),
        ({"secret": ""}, "must be a text"),
        ({"role": "external"}, "There is no role 'external'"),
        ({"planted": ["leak"]}, "leak cannot be planted; what can is treated-asthma"),
    ],
)
def test_impossible_arguments_are_refused_by_name(arguments, message):
    usual = {"n_patients": 10, "secret": "s", "role": "train"}
    with pytest.raises(BadInput, match=message):
        make_explained(**{**usual, **arguments})


def test_the_datasheet_describes_every_column_group_and_switch():
    sheet = show_dataset("explained")
    described = set(re.findall(r"^\| `(\w+)`", sheet, flags=re.MULTILINE))
    assert described == {*NAMES, "interaction", "distractor"}
    assert all(f"`{name}`" in sheet for name in [*PLANTED, "group", "sex", "age_band"])


def test_a_taken_part_keeps_each_patients_values(cohort):
    some = cohort.take([5, 2])
    assert (
        some.truth.detail["shapley"] == cohort.truth.detail["shapley"][[5, 2]]
    ).all()
