"""Consensus clustering: who is together with whom, over many resamples."""

from dataclasses import dataclass

import numpy as np
from sklearn.cluster import AgglomerativeClustering

from coursekit.errors import BadInput
from coursekit.unsupervised.stability import SHARE, take


@dataclass(frozen=True)
class Consensus:
    """How often two patients were together, and the clusters that follow."""

    together: np.ndarray  # (n, n) in [0, 1]; of the resamples that had both
    labels: np.ndarray  # (n,)
    ambiguous: float  # share of pairs neither nearly always nor nearly never together


def consensus_clusters(cluster, X, k, *, n_resamples=30, share=SHARE, random_state=0):
    """Cluster random parts of the patients, and count who was together with whom.

    The consensus matrix is then cut into k clusters by average linkage. Pairs that are
    together in more than 10 % and less than 90 % of the resamples are ambiguous; a k
    with few of these is a steady one. Taught in lab 03_phenotypes.

    It finds steady clusters in noise too, so it cannot say that there are any.

    Parameters
    ----------
    cluster : callable
        ``cluster(X)`` returns one label a row.
    X : array or DataFrame of n rows
    k : int
        Number of clusters of the result.
    n_resamples : int, default=30
    share : float in (0, 1), default=0.8
    random_state : int, default=0

    Returns
    -------
    Consensus

    Raises
    ------
    BadInput
        If k is not from 2 to n, or two patients were never drawn together.

    References
    ----------
    Monti, Tamayo, Mesirov and Golub 2003, Machine Learning 52:91-118; the share of
    ambiguous pairs: Senbabaoglu, Michailidis and Li 2014, Scientific Reports 4:6207.

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [0.2], [9.0], [9.1], [9.2]])
    >>> found = consensus_clusters(lambda X: (X[:, 0] > 5).astype(int), X, 2)
    >>> found.ambiguous, len(set(found.labels[:3])), len(set(found.labels))
    (0.0, 1, 2)
    """
    if not 2 <= k <= len(X):
        raise BadInput(f"k is {k}; give 2 to {len(X)}, the number of patients.")
    rng = np.random.default_rng(random_state)
    same, both = np.zeros((2, len(X), len(X)))
    for _ in range(n_resamples):
        rows = rng.choice(len(X), round(share * len(X)), replace=False)
        labels = np.asarray(cluster(take(X, rows)))
        both[np.ix_(rows, rows)] += 1
        same[np.ix_(rows, rows)] += labels[:, None] == labels
    if not both.all():
        raise BadInput("Some patients were never drawn together: draw more resamples.")
    together = same / both
    linkage = AgglomerativeClustering(k, metric="precomputed", linkage="average")
    pairs = together[np.triu_indices(len(X), 1)]
    ambiguous = float(np.mean((pairs > 0.1) & (pairs < 0.9)))
    return Consensus(together, linkage.fit_predict(1 - together), ambiguous)
