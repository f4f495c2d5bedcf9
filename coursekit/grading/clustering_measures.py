"""The measures of clusterings of cases that a rubric may name.

Labels are names: every measure stays the same if they are swapped. The cases of
`coursekit.datasets.make_phenotype_cases` are cohorts with endotypes, and cohorts
without structure, where all patients should have one label. A cohort comes twice, with
four of five patients the same, which shows stability.
"""

import numpy as np

from coursekit.errors import NotEstimable
from coursekit.grading.verdict_measures import exactly, is_number
from coursekit.metrics.partitions import adjusted_rand, crossing, rightly_assigned

ONE_SITE = 0.80  # share of a cluster's patients from one site: the cluster is the site


def with_structure(patients, reply):
    """Return truth and answer of each case whose cohort has endotypes.

    Raises
    ------
    NotEstimable
        If there is none.
    """
    found = [each for each in answered(patients, reply) if each[0]["k"] > 1]
    if not found:
        raise NotEstimable("None of these cohorts has any structure.")
    return found


def answered(patients, reply):
    """Return truth and answer of each case."""
    return list(zip(patients.y, reply.values, strict=True))


def endotype_ari(patients, reply, criterion=None):
    """Adjusted Rand index of labels and endotypes, the mean over cohorts with any."""
    found = [
        adjusted_rand(true["endotype"], said["labels"])
        for true, said in with_structure(patients, reply)
    ]
    return exactly(np.mean(found))


def site_ari(patients, reply, criterion=None):
    """Adjusted Rand index of labels and sites, the mean over cohorts with endotypes."""
    found = [
        adjusted_rand(true["site"], said["labels"])
        for true, said in with_structure(patients, reply)
    ]
    return exactly(np.mean(found))


def one_site_clusters(patients, reply, criterion=None):
    """Share of clusters of which more than four of five patients are of one site."""
    found = []
    for true, said in with_structure(patients, reply):
        counts = crossing(said["labels"], true["site"])
        found.append(np.mean(counts.max(axis=1) > ONE_SITE * counts.sum(axis=1)))
    return exactly(np.mean(found))


def k_close(patients, reply, criterion=None):
    """How close the number of clusters is, told above the best number said of all.

    Of a cohort 1 if it is right, a half if it is one off, else 0. 1 is all right, and
    0 what comes to who says the same number, the best one, of every cohort.
    """
    pairs = with_structure(patients, reply)
    true = np.array([each["k"] for each, _ in pairs])
    seen = closeness(np.array([said["k"] for _, said in pairs]), true).mean()
    best = max(closeness(k, true).mean() for k in range(1, true.max() + 1))
    if best == 1:
        raise NotEstimable("All these cohorts have as many endotypes.")
    return exactly((seen - best) / (1 - best))


def closeness(k, true):
    """Return 1 for the right number, a half for one beside it, else 0.

    Examples
    --------
    >>> closeness(np.array([3, 4, 6]), np.array([3, 3, 3]))
    array([1. , 0.5, 0. ])
    """
    return np.maximum(0, 1 - np.abs(k - true) / 2)


def no_structure(patients, reply, criterion=None):
    """Share of cohorts without structure said to have none, less that of the others.

    1: just these. 0: what comes to who says it of all, or none, or without a look.
    """
    said_none = np.array([said["k"] == 1 for said in reply.values])
    has_none = np.array([true["k"] == 1 for true in patients.y])
    if has_none.all() or not has_none.any():
        raise NotEstimable("Cohorts with structure and without are both needed.")
    return exactly(said_none[has_none].mean() - said_none[~has_none].mean())


def stability(patients, reply, criterion=None):
    """Adjusted Rand index of the labels that patients got in the two cases of a cohort.

    The mean over cohorts with endotypes. All in one cluster is no finding: it counts 0.
    """
    return exactly(np.mean([seen for seen, _ in seen_twice(patients, reply)]))


def stability_told(patients, reply, criterion=None):
    """Mean distance of the stability that was told from the one that was seen.

    Over cohorts with endotypes. What is not told counts as 1 off.
    """
    found = [
        np.mean([abs(each - seen) if is_number(each) else 1.0 for each in told])
        for seen, told in seen_twice(patients, reply)
    ]
    return exactly(np.mean(found))


def seen_twice(patients, reply):
    """Return of each cohort with endotypes the stability seen, and both told.

    Raises
    ------
    NotEstimable
        If no cohort comes twice.
    """
    by_cohort = {}
    for true, said in with_structure(patients, reply):
        by_cohort.setdefault(true["cohort"], []).append((true, said))
    twice = [pair for pair in by_cohort.values() if len(pair) == 2]
    if not twice:
        raise NotEstimable("No cohort with endotypes comes twice.")
    return [
        (agreement(*pair), [said["stability"] for _, said in pair]) for pair in twice
    ]


def agreement(first, second):
    """Return how alike shared patients' labels are, 0 where one cluster holds all."""
    labels = [
        dict(zip(true["patient"], said["labels"], strict=True))
        for true, said in (first, second)
    ]
    if min(len(set(each.values())) for each in labels) == 1:
        return 0.0
    shared = sorted(labels[0].keys() & labels[1].keys())
    return adjusted_rand(*([each[who] for who in shared] for each in labels))


def assignment_gap(patients, reply, criterion=None):
    """Difference between groups in who is in the right cluster, the mean over cohorts.

    Clusters are matched to endotypes so that most patients are right. In each cohort
    with endotypes the largest difference between two groups, without its sign.
    """
    found = []
    for true, said in with_structure(patients, reply):
        right = rightly_assigned(true["endotype"], said["labels"])
        group = np.array(true["group"])
        found.append(np.ptp([right[group == name].mean() for name in set(group)]))
    return exactly(np.mean(found))


MEASURES = {
    "endotype_ari": endotype_ari,
    "site_ari": site_ari,
    "one_site_clusters": one_site_clusters,
    "k_close": k_close,
    "no_structure": no_structure,
    "stability": stability,
    "stability_told": stability_told,
    "assignment_gap": assignment_gap,
}
FALLING = ("site_ari", "one_site_clusters", "stability_told", "assignment_gap")
WORDS = {
    "endotype_ari": "likeness to the endotypes",
    "site_ari": "likeness to the sites",
    "one_site_clusters": "share of clusters of one site",
    "k_close": "closeness of k above chance",
    "no_structure": "share of structureless cohorts told above chance",
    "stability": "likeness of two samples",
    "stability_told": "distance from the stability seen",
    "assignment_gap": "gap in right assignment",
}
