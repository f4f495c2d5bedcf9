import re

import numpy as np
import pandas as pd
import pytest
from sklearn.cluster import KMeans

from coursekit import unsupervised
from coursekit.content import content
from coursekit.errors import BadInput
from coursekit.metrics import adjusted_rand
from coursekit.unsupervised import (
    adjusted_for,
    cluster_stability,
    consensus_clusters,
    gap_statistic,
    jaccard,
)


def heaps(k, n=40, apart=8.0, seed=0):
    """Return points in k heaps, and whose heap each is in."""
    kind = np.repeat(np.arange(k), n)
    centres = apart * np.eye(3)[:k]
    return centres[kind] + np.random.default_rng(seed).normal(size=(k * n, 3)), kind


def k_means(k):
    return lambda X: KMeans(k, n_init=2, random_state=0).fit_predict(X)


@pytest.mark.parametrize("reference", ["box", "normal"])
def test_the_gap_statistic_finds_heaps_and_finds_none_in_one(reference):
    for k in (1, 3):
        given = {"n_references": 6, "reference": reference}
        assert gap_statistic(heaps(k)[0], 4, **given).k == k


def test_a_gap_is_the_reference_less_what_is_seen():
    line = np.linspace(0, 1, 50)[:, None]
    found = gap_statistic(line, 2, n_references=20)
    # One evenly spread line is as tight as evenly spread points by chance are.
    assert abs(found.gaps[0]) < 0.1
    assert found.errors.shape == (2,)


def test_stability_tells_a_cluster_that_dissolves_from_those_that_stay():
    X, _ = heaps(2)
    found = cluster_stability(k_means(2), X, n_resamples=8)
    assert min(found.by_cluster.values()) > 0.95
    assert found.adjusted_rand > 0.95
    split = cluster_stability(k_means(4), X, n_resamples=8)
    assert min(split.by_cluster.values()) < 0.75
    assert split.adjusted_rand < found.adjusted_rand


def test_jaccard_is_counted_by_hand():
    assert jaccard({1, 2}, {2, 3, 4}) == 0.25
    assert jaccard(set(), set()) == 1


def test_the_consensus_matrix_counts_only_resamples_that_had_both():
    X, kind = heaps(3, n=15)
    found = consensus_clusters(k_means(3), X, 3, n_resamples=20)
    assert np.allclose(found.together, kind[:, None] == kind)
    assert adjusted_rand(found.labels, kind) == 1
    assert found.ambiguous == 0
    unsteady = consensus_clusters(k_means(5), X, 5, n_resamples=20)
    assert unsteady.ambiguous > 0.05


def test_after_adjusting_sites_agree_in_centre_and_spread_and_care_is_gone():
    rng = np.random.default_rng(0)
    site, care = np.repeat(["north", "south"], 100), rng.normal(size=200)
    X = pd.DataFrame({"inr": rng.normal(size=200) + 2 * care + 5 * (site == "north")})
    found = adjusted_for(site, X, care)["inr"]
    by_site = found.groupby(site)
    assert by_site.mean().to_numpy() == pytest.approx([0, 0])
    assert by_site.std(ddof=0).to_numpy() == pytest.approx([1, 1])
    assert abs(np.corrcoef(found, care)[0, 1]) < 1e-9


def test_adjusting_takes_out_what_truly_differs_between_sites():
    X, kind = heaps(2)
    site = np.where(np.arange(80) % 10 == 0, 1 - kind, kind)  # nearly the kind itself
    assert adjusted_rand(k_means(2)(X), kind) == 1
    assert adjusted_rand(k_means(2)(adjusted_for(site, X).to_numpy()), kind) < 0.6


def test_a_column_that_is_the_same_at_a_site_becomes_zero():
    assert adjusted_for([0, 0, 0], np.ones((3, 1))).to_numpy().tolist() == [[0.0]] * 3


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: gap_statistic(np.ones((5, 1)), 9), "k_max is 9"),
        (lambda: gap_statistic(np.ones((5, 1)), 2, reference="flat"), "only box"),
        (lambda: cluster_stability(k_means(2), np.ones((9, 1)), share=1), "9 of 9"),
        (lambda: consensus_clusters(k_means(2), np.ones((9, 1)), 1), "k is 1"),
        (lambda: adjusted_for([0, 1], np.ones((3, 1))), "2 sites for 3"),
        (lambda: adjusted_for([0, 1, 1], np.ones((3, 1))), "too few"),
        (lambda: adjusted_for([0, 0], [[np.nan], [1.0]]), "missing"),
        (lambda: adjusted_for([0, 0], [[0.0], [1.0]], [1]), "1 covariates"),
    ],
)
def test_what_cannot_be_done_is_said(call, words):
    with pytest.raises(BadInput, match=words):
        call()


@pytest.mark.parametrize(
    "taught", [name for name in unsupervised.__all__ if name[0].islower()]
)
def test_a_taught_function_names_the_lab_that_uses_it(taught):
    if taught != "jaccard":
        lesson = re.search(r"lab\s+(\w+)", getattr(unsupervised, taught).__doc__)
        lab = content("notebooks") / f"{lesson[1]}.py"
        assert f"{taught}(" in lab.read_text("utf-8")
