"""Whether clusters come back in a resample: Hennig's Jaccard, and the ARI."""

from dataclasses import dataclass

import numpy as np

from coursekit.errors import BadInput
from coursekit.metrics import adjusted_rand

SHARE = 0.8


@dataclass(frozen=True)
class Stability:
    """What became of clusters when patients were left out."""

    labels: np.ndarray  # (n,) of all patients
    by_cluster: dict  # label -> mean Jaccard similarity, in [0, 1]
    adjusted_rand: float  # mean over resamples


def jaccard(one, other):
    """Return the size of what two sets share, as a share of all that is in either.

    Examples
    --------
    >>> jaccard({1, 2, 3}, {2, 3, 4})
    0.5
    """
    either = one | other
    return len(one & other) / len(either) if either else 1.0


def cluster_stability(cluster, X, *, n_resamples=20, share=SHARE, random_state=0):
    """Cluster random parts of the patients again, and see which clusters come back.

    Each cluster of all patients is compared, among the patients drawn, with the cluster
    of the part that is most like it. Hennig calls a cluster dissolved at a Jaccard
    similarity of 0.5 or less; the help of his R function `clusterboot` asks for a mean
    of 0.75 of a stable one. Taught in lab 03_phenotypes.

    A cluster that comes back need not mean anything: a hospital comes back too.

    Parameters
    ----------
    cluster : callable
        ``cluster(X)`` returns one label a row. All that is chosen from the patients
        (scales, the number of clusters) belongs in here.
    X : array or DataFrame of n rows
    n_resamples : int, default=20
    share : float in (0, 1), default=0.8
        Of the patients, drawn without replacement.
    random_state : int, default=0

    Returns
    -------
    Stability

    Raises
    ------
    BadInput
        If the share leaves nobody out, or draws fewer than two patients.

    References
    ----------
    Hennig 2007, Computational Statistics & Data Analysis 52:258-271.

    Examples
    --------
    >>> X = np.array([[0.0], [0.1], [0.2], [9.0], [9.1], [9.2]])
    >>> found = cluster_stability(lambda X: (X[:, 0] > 5).astype(int), X)
    >>> found.by_cluster, found.adjusted_rand
    ({0: 1.0, 1: 1.0}, 1.0)
    """
    n_drawn = round(share * len(X))
    if not 2 <= n_drawn < len(X):
        raise BadInput(f"A share of {share} draws {n_drawn} of {len(X)} patients.")
    rng = np.random.default_rng(random_state)
    labels = np.asarray(cluster(X))
    similar = {label: [] for label in np.unique(labels).tolist()}
    agreed = []
    for _ in range(n_resamples):
        rows = np.sort(rng.choice(len(X), n_drawn, replace=False))
        again = np.asarray(cluster(take(X, rows)))
        agreed.append(adjusted_rand(labels[rows], again))
        for label, seen in best_matches(labels[rows], again).items():
            similar[label].append(seen)
    means = {k: float(np.mean(v)) if v else np.nan for k, v in similar.items()}
    return Stability(labels, means, float(np.mean(agreed)))


def take(X, rows):
    """Return rows of an array or a table."""
    return X.iloc[rows] if hasattr(X, "iloc") else np.asarray(X)[rows]


def best_matches(labels, again):
    """Return for each cluster the Jaccard similarity of the new one most like it.

    Examples
    --------
    >>> best_matches(np.array([0, 0, 1]), np.array([5, 5, 5]))
    {0: 0.6666666666666666, 1: 0.3333333333333333}
    """
    found = [set(np.flatnonzero(again == name)) for name in np.unique(again)]
    return {
        name: max(jaccard(set(np.flatnonzero(labels == name)), each) for each in found)
        for name in np.unique(labels).tolist()
    }
