import re

import numpy as np
import pytest

from coursekit.datasets import make_label_choice, show_dataset
from coursekit.datasets.label_choice_fit import (
    FITTED,
    PUBLISHED,
    fit_cost_model,
    highest,
    predicted_label,
    shares_of_b,
    swap_until_equally_ill,
)
from coursekit.datasets.label_choice_patients import draw_illness, with_cost
from coursekit.errors import BadInput


def in_b(cohort):
    return (cohort.groups["group"] == "B").to_numpy()


@pytest.fixture(scope="module")
def many():
    return make_label_choice(200_000, secret="tests", role="hidden")


@pytest.fixture(scope="module")
def shares(many):
    patients = many.X.assign(in_b=in_b(many), need=many.truth.detail["need"])
    return shares_of_b(patients)


def test_the_published_shift_is_reproduced_within_two_points(shares):
    assert PUBLISHED == {"by_cost": 0.177, "equally_ill": 0.465}
    for name, published in PUBLISHED.items():
        assert shares[name] == pytest.approx(published, abs=0.02)


def test_choosing_by_conditions_gives_b_more_places_and_by_need_most(shares):
    assert shares["by_cost"] < shares["by_conditions"] - 0.05
    assert shares["by_conditions"] < shares["by_need"]


def test_the_fit_on_other_patients_finds_about_the_committed_numbers():
    model, high_cost_eur = fit_cost_model(20_000, random_state=1)
    assert model.cost_in_b == pytest.approx(FITTED.cost_in_b, abs=0.25)
    assert model.cost_spread == pytest.approx(FITTED.cost_spread, abs=0.2)
    assert 6000 < high_cost_eur < 8500


def test_without_lower_cost_at_equal_illness_b_gets_more_of_the_places():
    illness = draw_illness(100_000, np.random.default_rng(0))
    fair = type(FITTED)(cost_in_b=0.0, cost_spread=FITTED.cost_spread)
    biased, same = (
        shares_of_b(with_cost(illness, m))["by_cost"] for m in (FITTED, fair)
    )
    assert same > biased + 0.08


def test_groups_have_the_published_size_and_illness(many):
    b = in_b(many)
    assert b.mean() == pytest.approx(0.1225, abs=0.003)
    conditions = many.X["conditions_before"]
    assert conditions[~b].mean() == pytest.approx(1.20, abs=0.02)
    assert conditions[b].mean() == pytest.approx(1.90, abs=0.04)


def test_at_equal_conditions_b_costs_less(many):
    b, X = in_b(many), many.X
    for n_conditions in range(4):
        here = (X["conditions_before"] == n_conditions).to_numpy()
        log_cost = np.log(X["cost_next_12m_eur"])
        difference = log_cost[here & b].mean() - log_cost[here & ~b].mean()
        assert difference == pytest.approx(FITTED.cost_in_b, abs=0.04)


def test_train_is_labelled_by_cost_and_the_others_by_need(many):
    train = make_label_choice(50_000, secret="tests", role="train")
    assert many.y.mean() == pytest.approx(0.03, abs=0.002)
    assert train.y.mean() == pytest.approx(0.03, abs=0.003)
    assert train.X["cost_next_12m_eur"][train.y == 1].min() > 7100
    assert (many.y == many.truth.outcome).all()
    assert (train.y != train.truth.outcome).any()


def test_the_sickest_of_b_change_places_with_the_healthiest_of_a_one_by_one():
    rng = np.random.default_rng(0)
    score, illness = rng.random(300), rng.integers(0, 9, 300)
    b = rng.random(300) < 0.3
    chosen = highest(score, 0.2)
    slow = chosen.copy()
    while True:
        leaving = min(np.flatnonzero(slow & ~b), key=lambda i: illness[i])
        coming = max(np.flatnonzero(~slow & b), key=lambda i: illness[i])
        if illness[coming] <= illness[leaving]:
            break
        slow[leaving], slow[coming] = False, True
    fast = swap_until_equally_ill(chosen, illness, b)
    assert fast.sum() == slow.sum() == chosen.sum() == 60
    assert fast[b].sum() == slow[b].sum()
    assert illness[fast].sum() == illness[slow].sum() > illness[chosen].sum()


def test_the_prediction_is_least_squares_without_the_group(many):
    X = many.X.iloc[:2000]
    predicted = predicted_label(X, "conditions_next_12m")
    left = np.log1p(X["conditions_next_12m"]) - predicted
    assert left.mean() == pytest.approx(0, abs=1e-9)
    for name in ("conditions_before", "cost_12m_eur"):
        assert np.corrcoef(left, np.log1p(X[name]))[0, 1] == pytest.approx(0, abs=1e-9)


def test_other_secrets_and_roles_are_other_patients():
    one, same, other, role = (
        make_label_choice(100, secret=s, role=r)
        for s, r in [("s", "tune"), ("s", "tune"), ("t", "tune"), ("s", "check")]
    )
    assert one.X.equals(same.X)
    assert not one.X.equals(other.X)
    assert not one.X.equals(role.X)
    with pytest.raises(BadInput, match="There is no role 'stress'"):
        make_label_choice(10, secret="s", role="stress")


def test_the_datasheet_describes_every_column_and_group():
    sheet = show_dataset("label_choice")
    cohort = make_label_choice(50, secret="s", role="train")
    described = set(re.findall(r"^\| `(\w+)`", sheet, flags=re.MULTILINE))
    assert described == set(cohort.X)
    assert all(f"`{name}`" in sheet for name in cohort.groups)
