from itertools import permutations

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from coursekit.errors import BadInput
from coursekit.metrics import adjusted_rand, rightly_assigned, share_explained


@pytest.mark.parametrize("seed", range(5))
def test_the_adjusted_rand_index_is_that_of_scikit_learn(seed):
    rng = np.random.default_rng(seed)
    one, other = rng.integers(0, 4, 60), rng.integers(0, 3 + seed, 60)
    mixed = np.where(rng.random(60) < 0.5, one, other)
    for pair in ((one, other), (one, mixed), (one, one), (one, 0 * one)):
        assert adjusted_rand(*pair) == pytest.approx(adjusted_rand_score(*pair))


def test_names_of_labels_do_not_count():
    one, named = [0, 0, 1, 2, 2, 2], list("xxzyyy")
    assert adjusted_rand(one, named) == 1
    assert rightly_assigned(one, named).all()


def test_all_in_one_cluster_is_as_good_as_chance_and_no_better():
    assert adjusted_rand([0, 0, 1, 1], [7, 7, 7, 7]) == 0
    assert adjusted_rand([0, 0], [7, 7]) == 1


@pytest.mark.parametrize("seed", range(4))
def test_no_other_matching_of_clusters_puts_more_patients_right(seed):
    rng = np.random.default_rng(seed)
    true = rng.integers(0, 4, 50)
    labels = np.where(rng.random(50) < 0.6, (true + 1) % 4, rng.integers(0, 4, 50))
    best = max(
        np.mean(np.array(order)[labels] == true) for order in permutations(range(4))
    )
    assert rightly_assigned(true, labels).mean() == pytest.approx(best)


def test_patients_of_a_cluster_that_is_left_over_are_wrong():
    assert rightly_assigned([0] * 6, [1, 1, 1, 1, 2, 3]).tolist() == [True] * 4 + [
        False,
        False,
    ]


def test_what_clusters_explain_is_the_variance_of_their_means():
    assert share_explained([1, 2, 5, 6], [0, 0, 1, 1]) == pytest.approx(16 / 17)
    assert share_explained([3, 3], [0, 1]) == 0


def test_labels_of_other_patients_are_refused():
    with pytest.raises(BadInput, match="2 and 3 labels"):
        adjusted_rand([0, 1], [0, 1, 2])
