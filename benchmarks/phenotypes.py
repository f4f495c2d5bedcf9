"""How far k-means agrees with endotypes and with sites, before and after adjusting.

::

    python benchmarks/phenotypes.py --secrets 10

Of each secret one cohort of `make_phenotypes` (500 patients), clustered with the true
number of endotypes. ``gap`` is group A's share of rightly assigned patients less B's.
The last line is JSON: means over secrets, and the range of the ARI with endotypes.
"""

import argparse
import json

import numpy as np
from sklearn.cluster import KMeans

from coursekit.datasets import make_phenotypes
from coursekit.datasets.phenotype_model import CARE
from coursekit.metrics import adjusted_rand, rightly_assigned
from coursekit.unsupervised import adjusted_for


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--secrets", type=int, default=10)
    options = parser.parse_args(arguments)
    rows = [figures(f"benchmark-{number}") for number in range(options.secrets)]
    report = {way: summary([row[way] for row in rows]) for way in rows[0]}
    print(json.dumps(report))
    return report


def figures(secret):
    """Return for each way of preparing ARI with endotypes and sites, and the gap."""
    cohort = make_phenotypes(500, secret=secret, role="train")
    k = len(set(cohort.y.tolist()))
    return {
        name: measured(cohort, KMeans(k, n_init=5, random_state=0).fit_predict(values))
        for name, values in prepared(cohort.X).items()
    }


def prepared(X):
    """Return the measurements as they stand, scaled, without site, without care."""
    site, care = X["site"], np.log(X[list(CARE)]).mean(axis=1)
    stands = X.drop(columns=[*CARE, "site"])
    skewed = stands.columns[stands.skew() > 0.5]
    logged = stands.assign(**np.log(stands[skewed]))
    return {
        "units": stands,
        "scaled": (logged - logged.mean()) / logged.std(),
        "site out": adjusted_for(site, logged),
        "site and care out": adjusted_for(site, logged, care),
    }


def measured(cohort, labels):
    """Return the agreement of labels with endotypes and sites, and the gap."""
    right = rightly_assigned(cohort.y, labels)
    in_a = (cohort.groups["group"] == "A").to_numpy()
    return (
        adjusted_rand(cohort.y, labels),
        adjusted_rand(cohort.groups["site"], labels),
        right[in_a].mean() - right[~in_a].mean(),
    )


def summary(rows):
    """Return means over secrets, and the range of the ARI with endotypes."""
    endotypes, sites, gap = np.array(rows).T
    return {
        "ari_endotypes": round(float(endotypes.mean()), 3),
        "range": [round(float(end), 3) for end in (endotypes.min(), endotypes.max())],
        "ari_sites": round(float(sites.mean()), 3),
        "gap": round(float(gap.mean()), 3),
    }


if __name__ == "__main__":
    main()
