from itertools import pairwise

import numpy as np
import pytest

from coursekit.errors import BadInput
from coursekit.imaging import energy, recall, recall_error, store


@pytest.fixture
def patterns():
    return np.random.default_rng(0).choice([-1, 1], (5, 120))


def test_damaged_patterns_are_completed(patterns):
    damaged = np.where(np.random.default_rng(1).random((5, 120)) < 0.2, -1, 1)
    shown = patterns * damaged
    assert (shown != patterns).mean() > 0.15
    assert (recall(store(patterns), shown) == patterns).all()
    assert (shown == patterns * damaged).all()


def test_weights_are_the_sum_over_patterns_pair_by_pair(patterns):
    weights = store(patterns)
    by_hand = sum(p[3] * p[7] for p in patterns) / 120
    assert weights[3, 7] == weights[7, 3] == pytest.approx(by_hand)
    assert (np.diag(weights) == 0).all()


def test_the_energy_never_rises(patterns):
    weights = store(patterns)
    states = np.random.default_rng(2).choice([-1, 1], (20, 120))
    levels = [
        energy(weights, recall(weights, states, sweeps=sweeps, random_state=0))
        for sweeps in range(4)
    ]
    assert (levels[0] == energy(weights, states)).all()
    for higher, lower in pairwise(levels):
        assert (lower <= higher + 1e-12).all()
    assert (levels[1] < levels[0]).any()


def test_the_memory_breaks_down_at_about_one_pattern_in_seven_units():
    below, above = (recall_error(400, round(share * 400)) for share in (0.10, 0.20))
    assert below < 0.01
    assert above > 0.10


def test_a_unit_that_is_told_nothing_stays():
    assert recall(np.zeros((2, 2)), [[1, -1]]).tolist() == [[1, -1]]


@pytest.mark.parametrize("states", [[[0, 1]], [1, -1], [[2, 1]]])
def test_states_other_than_plus_and_minus_one_are_refused(states):
    with pytest.raises(BadInput, match="-1 and 1"):
        store(states)
