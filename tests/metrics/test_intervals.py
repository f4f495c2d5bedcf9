import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.intervals import (
    Estimate,
    interval_from_influence,
    logit_interval,
    paired_difference,
    paired_standard_error,
    replicate_counts,
    standard_error,
    wilson,
)
from coursekit.metrics.limits import t_quantile, wilson_limits


def test_an_infinite_estimate_has_no_width():
    assert Estimate(np.inf, np.inf, np.inf).half_width == 0


def test_the_error_of_a_mean_is_the_textbook_one():
    x = np.random.default_rng(0).normal(size=50)
    assert standard_error(x - x.mean()) == pytest.approx(stats.sem(x))


def test_the_interval_of_a_mean_is_students():
    x = np.random.default_rng(0).normal(size=12)
    found = interval_from_influence(x.mean(), x - x.mean(), level=0.95)
    expected = stats.ttest_1samp(x, 0).confidence_interval(0.95)
    assert (found.low, found.high) == pytest.approx(tuple(expected))


def clustered_error_patient_by_patient(influence, patient):
    names = sorted(set(patient))
    total = sum(
        sum(x for x, p in zip(influence, patient, strict=True) if p == name) ** 2
        for name in names
    )
    return (len(names) / (len(names) - 1) * total) ** 0.5 / len(influence)


@given(
    st.lists(
        st.tuples(st.floats(-5, 5), st.sampled_from("abcd")), min_size=4, max_size=30
    ).filter(lambda rows: len({p for _, p in rows}) > 1)
)
def test_clustering_agrees_with_a_sum_patient_by_patient(rows):
    influence, patient = zip(*rows, strict=True)
    expected = clustered_error_patient_by_patient(influence, patient)
    assert standard_error(influence, patient) == pytest.approx(expected, abs=1e-12)


def test_copies_of_a_patient_add_no_certainty():
    x = np.random.default_rng(0).normal(size=30)
    x -= x.mean()
    patient = np.repeat(np.arange(30), 3)
    assert standard_error(np.repeat(x, 3), patient) == pytest.approx(standard_error(x))


def test_one_patient_alone_shows_no_spread():
    with pytest.raises(NotEstimable, match="at least two"):
        standard_error([0.1, -0.1], ["p", "p"])


def test_an_interval_stays_within_its_bounds():
    found = interval_from_influence(0.1, [2.0, -2.0, 2.0, -2.0], bounds=(0, 1))
    assert (found.low, found.high) == (0, 1)


@pytest.mark.parametrize("level", [0, 1, 90])
def test_a_level_outside_0_and_1_is_refused(level):
    with pytest.raises(BadInput, match=r"such as 0\.90"):
        t_quantile(level, 5)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [  # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_agrees_with_the_published_table(successes, n, low, high):
    found = wilson(successes, n, level=0.95)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_agrees_with_scipy_and_holds_the_share(case):
    successes, n = case
    found = wilson(successes, n)
    expected = stats.binomtest(successes, n).proportion_ci(0.90, method="wilson")
    assert (found.low, found.high) == pytest.approx(tuple(expected), abs=1e-12)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_a_share_of_nobody_is_not_known():
    with pytest.raises(NotEstimable):
        wilson(0, 0)


@pytest.mark.parametrize("successes", [-1, 6])
def test_impossible_counts_are_refused(successes):
    with pytest.raises(BadInput, match="among 5"):
        wilson(successes, 5)


def test_fewer_independent_rows_make_wilsons_limits_wider():
    low, high = wilson_limits([0.3, 0.3], [100, 40.5], 1.645)
    assert low[1] < low[0]
    assert high[0] < high[1]


def test_the_logit_interval_is_the_delta_methods():
    found = logit_interval(0.8, 0.05)
    middle, error = np.log(0.8 / 0.2), 0.05 / (0.8 * 0.2)
    ends = 1 / (1 + np.exp(-(middle + np.array([-1, 1]) * 1.6448536 * error)))
    assert (found.low, found.high) == pytest.approx(tuple(ends))


def test_a_paired_difference_is_surer_than_two_apart():
    rng = np.random.default_rng(0)
    shared = rng.normal(size=400)
    a, b = shared + rng.normal(size=(2, 400)) / 10
    a, b = a - a.mean(), b - b.mean()
    paired = paired_difference(0.8, a, 0.7, b)
    apart = np.hypot(standard_error(a), standard_error(b))
    assert paired.value == pytest.approx(0.1)
    assert paired_standard_error(a, b) < apart / 5
    reach = t_quantile(0.9, 399) * paired_standard_error(a, b)
    assert paired.half_width == pytest.approx(reach)


def test_copies_of_a_patient_add_no_certainty_to_a_pair():
    a, b = np.random.default_rng(0).normal(size=(2, 50))
    copies, patient = (np.repeat(a, 3), np.repeat(b, 3)), np.repeat(np.arange(50), 3)
    once, thrice = paired_standard_error(a, b), paired_standard_error(*copies, patient)
    assert thrice == pytest.approx(once)


def test_pairs_need_the_same_rows():
    with pytest.raises(BadInput, match="2 and 3"):
        paired_standard_error([0.1, 0.2], [0.1, 0.2, 0.3])


def test_multinomial_replicates_spread_like_a_bootstrap_of_the_patients():
    counts = np.array([[30, 20, 10, 60], [12, 8, 5, 25]])
    drawn = replicate_counts(counts, 4000, random_state=1)
    rng = np.random.default_rng(2)
    patients = np.repeat(np.arange(8), counts.ravel())
    twin = [
        np.bincount(rng.choice(patients, len(patients)), minlength=8)
        for _ in range(4000)
    ]
    flat = drawn.reshape(4000, 8)
    assert flat.mean(axis=0) == pytest.approx(counts.ravel(), abs=0.5)
    seen, wanted = np.cov(flat.T), np.cov(np.array(twin).T)
    assert seen == pytest.approx(wanted, abs=0.06 * counts.max())


def test_the_same_seed_draws_the_same_replicates():
    one, same = (replicate_counts([[5, 5]], 9, random_state=3) for _ in range(2))
    other = replicate_counts([[5, 5]], 9, random_state=4)
    assert (one == same).all()
    assert (one != other).any()


def test_no_patients_make_no_replicates():
    with pytest.raises(NotEstimable):
        replicate_counts([[0, 0]])
