import time

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import equal_opportunity_difference
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.bands import critical_value, pair_limits
from coursekit.metrics.gaps import gap_interval, replicate_gaps, spread
from coursekit.metrics.intervals import replicate_counts
from coursekit.metrics.rates import (
    effective_sizes,
    grouped_cells,
    rate_of_counts,
)

ROWS = st.lists(
    st.tuples(st.integers(0, 1), st.integers(0, 1), st.sampled_from("abcd")),
    min_size=4,
    max_size=60,
)
GAP_RATES = [
    "sensitivity",
    "specificity",
    "false_positive_rate",
    "ppv",
    "npv",
    "alert_rate",
]


def ill(**found_of):
    """Return outcomes, alerts and groups of ill patients, ``group=(found, all)``."""
    alerts = [
        alert
        for found, n in found_of.values()
        for alert in [1] * found + [0] * (n - found)
    ]
    group = [name for name, (_, n) in found_of.items() for _ in range(n)]
    return [1] * len(alerts), alerts, group


def test_two_groups_get_newcombes_published_interval():
    gap = gap_interval(*ill(a=(56, 70), b=(48, 80)), level=0.95)
    assert (gap.low, gap.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_a_gap_is_told_in_full():
    gap = gap_interval(*ill(a=(90, 100), b=(60, 100), c=(30, 60)))
    assert gap.value == pytest.approx(0.4)
    assert gap.worst_group == "c"
    assert gap.ratio == pytest.approx(0.5 / 0.9)
    assert gap.by_group.to_dict() == pytest.approx({"a": 0.9, "b": 0.6, "c": 0.5})
    columns = ["group_a", "group_b", "difference", "low", "high"]
    assert gap.pairs.columns.tolist() == columns
    assert gap.pairs["difference"].tolist() == pytest.approx([0.3, 0.4, 0.1])
    widths = gap.pairs["high"] - gap.pairs["low"]
    assert gap.half_width == pytest.approx(widths.max() / 2)
    assert (gap.estimate.low, gap.estimate.high) == (gap.low, gap.high)


@given(ROWS, st.sampled_from(GAP_RATES))
def test_the_limits_are_the_extremes_over_the_pairs(rows, rate):
    y, alerts, group = zip(*rows, strict=True)
    judged = np.isfinite(rate_of_counts(grouped_cells(y, alerts, group).counts, rate))
    assume(judged.sum() >= 2)
    gap = gap_interval(y, alerts, group, rate, n_replicates=200)
    nearest = [
        0 if low <= 0 <= high else min(abs(low), abs(high))
        for low, high in zip(gap.pairs["low"], gap.pairs["high"], strict=True)
    ]
    assert gap.low == pytest.approx(max(nearest))
    assert gap.high == pytest.approx(gap.pairs[["low", "high"]].abs().max().max())
    assert 0 <= gap.low <= gap.value + 1e-12
    assert gap.value <= gap.high <= 1
    assert gap.value == pytest.approx(gap.by_group.max() - gap.by_group.min())


@given(ROWS)
def test_new_names_for_the_groups_change_no_number(rows):
    y, alerts, group = zip(*rows, strict=True)
    counts = grouped_cells(y, alerts, group).counts
    assume((counts[:, :2].sum(axis=1) > 0).sum() == 2)
    renamed = [{"a": "z", "b": "y", "c": "x", "d": "w"}[name] for name in group]
    one, other = gap_interval(y, alerts, group), gap_interval(y, alerts, renamed)
    assert (one.value, one.low, one.high) == pytest.approx(
        (other.value, other.low, other.high)
    )


def test_fairlearn_agrees_on_the_gap_in_sensitivity():
    rng = np.random.default_rng(0)
    y, alerts = rng.integers(0, 2, (2, 900))
    group = rng.integers(0, 4, 900)
    theirs = equal_opportunity_difference(y, alerts, sensitive_features=group)
    assert gap_interval(y, alerts, group).value == pytest.approx(theirs)


def test_a_group_without_cases_is_named_and_makes_no_gap():
    y, alerts, group = ill(a=(40, 40), b=(40, 40))
    gap = gap_interval([*y, 0, 0], [*alerts, 0, 0], [*group, "c", "c"])
    assert gap.value == 0
    assert gap.not_judged == ("c",)
    assert np.isnan(gap.by_group["c"])
    assert len(gap.pairs) == 1


def test_one_group_that_can_be_judged_makes_no_gap_and_the_others_are_named():
    with pytest.raises(
        NotEstimable, match=r"ill with an alert or ill without.* b, c\."
    ):
        gap_interval([1, 0, 0], [1, 0, 0], ["a", "b", "c"])
    with pytest.raises(NotEstimable, match="ill with an alert or well with an alert"):
        gap_interval([1, 0], [0, 0], ["a", "b"], "ppv")


def test_a_rate_of_1_in_a_small_group_is_not_taken_for_certain():
    gap = gap_interval(*ill(a=(5, 5), b=(5, 5)))
    assert (gap.value, gap.low) == (0, 0)
    assert 0.3 < gap.high < 0.5


@pytest.mark.parametrize(
    ("rate", "worst"), [("sensitivity", "b"), ("false_positive_rate", "a")]
)
def test_the_worst_group_is_the_one_served_worse(rate, worst):
    y = [1, 1, 0, 0] * 2
    alerts = [1, 1, 1, 0, 1, 0, 0, 0]
    gap = gap_interval(y, alerts, list("aaaabbbb"), rate)
    assert gap.worst_group == worst


def test_no_alerts_at_all_make_a_gap_of_0_and_no_ratio():
    gap = gap_interval(*ill(a=(0, 50), b=(0, 50)))
    assert gap.value == 0
    assert np.isnan(gap.ratio)


def test_intersections_make_pairs_of_intersections():
    y, alerts, group = ill(a=(10, 20), b=(15, 20))
    frame = pd.DataFrame({"ward": group, "sex": ["f", "m"] * 20})
    gap = gap_interval(y, alerts, frame)
    assert len(gap.pairs) == 6
    assert gap.pairs["group_a"][0] == ("a", "f")
    assert gap.worst_group in [("a", "f"), ("a", "m")]


def test_more_groups_need_a_wider_band():
    two = gap_interval(*ill(a=(40, 50), b=(40, 50)))
    five = gap_interval(*ill(**dict.fromkeys("abcde", (40, 50))))
    assert five.pairs["high"].max() > 1.3 * two.pairs["high"].max()


def test_copies_of_a_patient_add_no_certainty():
    y, alerts, group = ill(a=(40, 60), b=(45, 60), c=(20, 60))
    once = gap_interval(y, alerts, group)
    copied = [np.repeat(column, 3) for column in (y, alerts, group)]
    thrice = gap_interval(*copied, patient=np.repeat(np.arange(180), 3))
    row_wise = gap_interval(*copied)
    assert thrice.half_width == pytest.approx(once.half_width, rel=0.05)
    assert row_wise.half_width < 0.65 * once.half_width


def test_patients_of_one_row_each_change_nothing():
    rows = ill(a=(40, 60), b=(45, 60), c=(20, 60))
    plain, named = gap_interval(*rows), gap_interval(*rows, patient=np.arange(180))
    assert (plain.low, plain.high) == (named.low, named.high)


def test_groups_that_share_patients_are_told_apart_better():
    # each patient is seen once in ward a and once in b, nearly all in both or none
    rng = np.random.default_rng(0)
    alerts = np.repeat(rng.random(200) < 0.5, 2).astype(int)
    alerts[:10:2] = 1 - alerts[:10:2]
    y, ward = np.ones(400, int), np.tile(["a", "b"], 200)
    shared = gap_interval(y, alerts, ward, patient=np.repeat(np.arange(200), 2))
    apart = gap_interval(y, alerts, ward)
    assert shared.half_width < apart.half_width / 3


def test_the_same_seed_gives_the_same_limits_and_another_nearly_the_same():
    rows = ill(a=(40, 60), b=(45, 60), c=(20, 60))
    one, same = gap_interval(*rows), gap_interval(*rows)
    other = gap_interval(*rows, random_state=1)
    assert (one.low, one.high) == (same.low, same.high)
    assert one.low != other.low
    assert one.low == pytest.approx(other.low, abs=0.01)


def test_the_quantile_agrees_with_multinomial_replicates_of_the_patients():
    counts = np.array([[800, 200, 0, 0], [1200, 400, 0, 0], [300, 100, 0, 0]])
    rates, sizes = rate_of_counts(counts, "sensitivity"), counts.sum(axis=1)
    drawn = rate_of_counts(replicate_counts(counts, 20_000), "sensitivity")
    a, b = np.triu_indices(3, 1)
    differences = drawn[:, a] - drawn[:, b]
    largest = np.abs(differences - (rates[a] - rates[b])) / differences.std(axis=0)
    expected = np.quantile(largest.max(axis=1), 0.90)
    found = critical_value(rates, sizes, np.eye(3), n_replicates=20_000)
    assert found == pytest.approx(expected, rel=0.015)


def test_the_quantile_of_two_groups_is_exact_and_that_of_many_tukeys():
    rates, sizes = np.full(5, 0.5), np.full(5, 1e4)
    two = critical_value(rates[:2], sizes[:2], np.eye(2))
    assert two == pytest.approx(1.64485, abs=1e-5)
    found = critical_value(rates, sizes, np.eye(5), n_replicates=50_000)
    assert found == pytest.approx(3.478 / np.sqrt(2), rel=0.01)  # q(0.90; 5, inf)


def test_the_quantile_heeds_groups_that_share_patients():
    correlation = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])
    rates, sizes = np.full(3, 0.5), np.full(3, 1e4)
    drawn = np.random.default_rng(1).multivariate_normal(
        np.zeros(3), correlation, size=100_000
    )
    differences = drawn[:, [0, 0, 1]] - drawn[:, [1, 2, 2]]
    largest = np.abs(differences / differences.std(axis=0)).max(axis=1)
    found = critical_value(rates, sizes, correlation, n_replicates=50_000)
    assert found == pytest.approx(np.quantile(largest, 0.90), rel=0.01)


def test_groups_in_which_all_are_found_still_get_a_quantile():
    found = critical_value(np.ones(3), np.full(3, 20.0), np.eye(3))
    assert found == pytest.approx(2.05, abs=0.03)


def test_sizes_of_few_patients_are_set_at_the_level_of_one_pair():
    rng = np.random.default_rng(0)
    hit, patient = rng.random(90) < 0.6, np.repeat(np.arange(30), 3)
    ward = patient % 3
    patients = patient, 30
    sizes, correlation = effective_sizes(
        hit, np.full(90, True), ward, 3, patients, 1 - 0.1 / 3
    )
    rates = np.bincount(ward, hit) / 30
    critical = critical_value(rates, sizes, correlation)
    low, high = pair_limits(rates, sizes, correlation, critical)
    gap = gap_interval(np.ones(90), hit, ward, patient=patient)
    assert gap.pairs["low"].to_numpy() == pytest.approx(low)
    assert gap.pairs["high"].to_numpy() == pytest.approx(high)


def test_large_groups_get_the_plain_normal_band():
    rates, sizes = np.array([0.5, 0.4]), np.array([70_000, 30_000])
    low, high = pair_limits(rates, sizes, np.eye(2), 1.645)
    plain = 1.645 * np.sqrt((rates * (1 - rates) / sizes).sum())
    assert (high - low) / 2 == pytest.approx(plain, rel=1e-3)


def test_rows_of_few_patients_are_worth_what_korn_and_graubard_say():
    rng = np.random.default_rng(0)
    own = rng.random(12)
    patient = np.repeat(np.arange(12), 4)
    hit = rng.random(48) < own[patient]
    p = hit.mean()
    sums = np.array([(hit[patient == i] - p).sum() for i in range(12)])
    variance = 12 / 11 * (sums**2).sum() / 48**2
    few = (stats.norm.ppf(0.95) / stats.t.ppf(0.95, 11)) ** 2
    everyone = np.full(48, True), np.zeros(48, int), 1, (patient, 12)
    found, _ = effective_sizes(hit, *everyone)
    assert 12 < found[0] < 48
    assert found[0] == pytest.approx(p * (1 - p) / variance * few)


def test_where_all_are_found_rows_are_worth_no_more_than_patients():
    patient = np.repeat(np.arange(30), 4)
    found = np.full(120, True), np.full(120, True)
    size, _ = effective_sizes(*found, np.zeros(120, int), 1, (patient, 30))
    assert 25 < size[0] <= 30


def test_rows_that_nearly_cancel_within_patients_are_worth_their_number():
    hit = np.array([1, 0] * 10 + [1, 1]) == 1
    patient = np.repeat(np.arange(11), 2)
    everyone = np.full(22, True), np.zeros(22, int), 1, (patient, 11)
    assert effective_sizes(hit, *everyone)[0] == 22


def test_rows_are_worth_no_more_than_their_number_and_no_less_than_one_patient():
    hit = np.array([1, 0, 1, 0, 1, 0]) == 1
    counted, code = np.full(6, True), np.zeros(6, int)
    patients = np.array([0, 0, 1, 1, 2, 2]), 3
    cancelled, _ = effective_sizes(hit, counted, code, 1, patients)
    assert 0 < cancelled[0] <= 3
    split = np.array([0, 0, 0, 1, 1, 1]), 2
    opposed, _ = effective_sizes(hit, counted, code, 1, split)
    assert opposed[0] <= 6


def test_replicates_of_every_rate_spread_around_too_large_a_gap():
    counts = np.tile([40, 10, 20, 130], (5, 1))
    drawn = replicate_gaps(counts, 2000)
    assert set(GAP_RATES) < set(drawn)
    assert drawn["sensitivity"].shape == (2000,)
    assert 0.11 < drawn["sensitivity"].mean() < 0.15  # the true gap is 0


def test_a_replicate_without_two_groups_has_no_gap():
    drawn = replicate_gaps([[5, 5, 0, 0], [0, 0, 5, 5]], 50)["sensitivity"]
    assert np.isnan(drawn).all()
    assert np.isnan(spread(np.array([np.nan, 0.3])))


def test_counts_of_another_shape_are_refused():
    with pytest.raises(BadInput, match=r"\(n_groups, 4\)"):
        replicate_gaps([[5, 5]])


def test_a_thousand_replicates_of_40_000_patients_take_under_50_ms():
    rng = np.random.default_rng(0)
    y, alerts = rng.integers(0, 2, (2, 40_000))
    group = pd.Series(rng.choice(list("abcd"), 40_000))
    times = []
    for _ in range(5):
        start = time.process_time()
        replicate_gaps(grouped_cells(y, alerts, group).counts, 1000)
        times.append(time.process_time() - start)
    assert min(times) < 0.05
