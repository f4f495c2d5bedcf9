"""What a clustering sorted patients by, where that is not what they suffer from."""

import numpy as np

from coursekit.grading.contract import Breach
from coursekit.metrics.partitions import adjusted_rand, share_explained

FOUND = 0.5  # ARI with the endotypes from which nothing is said of a cohort
MOSTLY = 0.5  # share of cohorts in which a mistake is seen
BY_CARE = 0.40  # of the variance of care lies between clusters
BY_ONE_COLUMN = 0.50
AS_SITE = 0.50  # ARI with the sites
TOO_MANY = 3  # clusters above the truth
CARE = (
    "lab_orders_per_day",
    "nursing_notes_per_day",
    "vital_checks_per_day",
    "consultations_per_stay",
)
SEEN = {
    "CLUSTERS-ARE-CARE": "clusters differ in how much care patients had",
    "UNSCALED-CLUSTERS": "clusters follow {column}, the column of largest numbers",
    "OVER-CLUSTERED": f"there are at least {TOO_MANY} clusters too many",
}


def clustering_mistakes(answer, patients, reply, cases, kind):
    """Name what clusters are, where they are not endotypes.

    Parameters
    ----------
    answer : Answer
    patients : Patients
        With the true answers of cases as `y`.
    reply : Reply
        Of clusterings that keep their contract.
    cases : list of dict
        As they were served.
    kind : str
        Of the points beside which a student reads it.

    Returns
    -------
    list of Breach
        They take no points; the measures do.
    """
    asked = list(zip(patients.y, reply.values, cases, strict=True))
    named = [
        Breach(code, f"{answer.name}: {seen}", kind)
        for code, seen in [*same_of_all(reply), *seen_in_most(asked)]
    ]
    return named


def same_of_all(reply):
    """Return code and words where all cohorts have the same number of clusters."""
    numbers = {said["k"] for said in reply.values}
    if len(numbers) > 1 or len(reply.values) < 2:
        return []
    (k,) = numbers
    if k == 1:
        return [("NEVER-STRUCTURE", "No cohort is said to have any structure.")]
    return [("SAME-K", f"Every cohort is said to have {k} clusters.")]


def seen_in_most(asked):
    """Return code and words of mistakes seen in most cohorts with endotypes."""
    cohorts = [each for each in asked if each[0]["k"] > 1]
    column = widest(cohorts[0][2]) if cohorts else ""
    codes = [mistake_of(true, said, case) for true, said, case in cohorts]
    found = []
    for code, words in SEEN.items():
        n = codes.count(code)
        if n and n >= MOSTLY * len(codes):
            seen = f"In {n} of {len(codes)} cohorts {words.format(column=column)}."
            found.append((code, seen))
    return found


def mistake_of(true, said, case):
    """Return the code of what is wrong in one cohort, or None."""
    labels, table = said["labels"], case["df"]["table"]
    if adjusted_rand(true["endotype"], labels) >= FOUND or said["k"] == 1:
        return None
    if said["k"] >= true["k"] + TOO_MANY:
        return "OVER-CLUSTERED"
    if adjusted_rand(true["site"], labels) >= AS_SITE:
        return None
    care = np.mean([np.log(table[name]) for name in CARE], axis=0)
    if share_explained(care, labels) >= BY_CARE:
        return "CLUSTERS-ARE-CARE"
    if share_explained(table[widest(case)], labels) >= BY_ONE_COLUMN:
        return "UNSCALED-CLUSTERS"
    return None


def widest(case):
    """Return the name of the column of numbers with the largest spread."""
    table = {k: v for k, v in case["df"]["table"].items() if not isinstance(v[0], str)}
    return max(table, key=lambda name: np.std(table[name]))
