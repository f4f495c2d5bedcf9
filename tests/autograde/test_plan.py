import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coursekit.autograde.plan import plan


@given(
    st.integers(0, 300),
    st.integers(1, 20),
    st.integers(0, 30),
    st.floats(0, 1),
    st.text(max_size=5),
)
def test_each_row_comes_once_or_twice_and_batches_keep_to_their_size(
    n_rows, low, more, share, seed
):
    batches = plan(n_rows, (low, low + more), share, seed)
    asked = np.concatenate(batches) if batches else np.array([], dtype=int)
    times = np.bincount(asked, minlength=n_rows)
    assert set(times) <= {1, 2}
    assert all(0 < len(set(batch)) <= low + more for batch in batches)


def test_the_asked_share_of_rows_comes_twice():
    batches = plan(40_000, (250, 2000), 0.02, "seed")
    together = sum(len(batch) - len(set(batch)) for batch in batches)
    assert together == 200
    assert sum(map(len, batches)) == 40_800 + together


def test_rows_that_come_twice_in_a_batch_come_in_no_other():
    batches = plan(2000, (100, 300), 0.1, "seed")
    doubled = [row for b in batches for row in set(b) if np.sum(b == row) == 2]
    assert len(doubled) == 50
    assert all(sum(row in batch for batch in batches) == 1 for row in doubled)


def test_batches_differ_in_size_and_keep_to_their_range():
    sizes = [len(batch) for batch in plan(40_000, (250, 2000), 0.02, "seed")]
    assert min(sizes[:-1]) >= 250
    assert max(sizes) <= 2000 * 1.02
    assert len(set(sizes)) > len(sizes) / 2


def test_few_rows_are_dealt_to_twelve_batches_or_more():
    for n_rows in (300, 1500, 8000):
        sizes = [len(batch) for batch in plan(n_rows, (250, 2000), 0.02, "seed")]
        assert len(sizes) >= 12
        assert max(sizes) <= 1.05 * n_rows / 12 + 1
        assert min(sizes[:-1]) >= 10


def test_very_few_rows_are_cut_in_two_so_that_repeats_meet_other_rows():
    assert len(plan(17, (250, 2000), 0.06, "seed")) == 2


def test_without_repeats_few_rows_are_one_batch():
    assert len(plan(100, (250, 2000), 0.0, "seed")) == 1


def test_the_same_seed_gives_the_same_order_and_another_another():
    first, again, other = (plan(500, (50, 90), 0.1, seed) for seed in "aab")
    assert all(map(np.array_equal, first, again))
    assert not np.array_equal(np.concatenate(first), np.concatenate(other))


@pytest.mark.parametrize("seed", ["a", "b"])
def test_the_order_is_not_the_order_of_the_rows(seed):
    asked = np.concatenate(plan(1000, (100, 100), 0.0, seed))
    assert abs(np.corrcoef(asked, np.arange(1000))[0, 1]) < 0.15
