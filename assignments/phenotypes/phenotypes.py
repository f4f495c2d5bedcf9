# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Phenotypes, or none
#
# Hospital networks send you cohorts of patients with suspected sepsis and ask which kinds of patients there are. In some
# cohorts there are 2 to 6 endotypes. In others patients differ only by degree, and the honest answer is that there is no
# structure. You write one function that is asked about cohorts you have never seen.
#
# You get *cases*: tables `df` of 480 patients, with a true answer to compare with:
#
# - `train` and `tune`: cases to work with;
# - `check`: cases for the check at the end.
#
# Your mark comes from other networks, with other endotypes, other hospitals and other numbers of them. Every cohort is
# asked about twice, the second time with a fifth of its patients replaced by others, in another order.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA
from sklearn.metrics import adjusted_rand_score
from sklearn.mixture import GaussianMixture

from coursekit import check, load_cohorts, submit
from coursekit.datasets.cases import open_case

train, tune, check_cohort = load_cohorts()
df = open_case(tune.X[0])["df"]
print(df.shape, "true k in tune:", [answer["k"] for answer in tune.y])
df.head()

# %% [markdown]
# ## First look
#
# | columns | meaning |
# |---|---|
# | 18 labs and vitals, with their units | worst value of the first day. Each site's laboratory and monitors measure on a scale of their own |
# | `lab_orders_per_day`, `nursing_notes_per_day`, `vital_checks_per_day`, `consultations_per_stay` | how much was done for a patient. Group A gets more of it than group B, who are as ill; what is treated also changes what is measured |
# | `site` | the hospital. Sites have the endotypes in somewhat different shares |
#
# `tune.y[i]` has for each patient the `endotype`, the `group` and the `site`, and for the cohort `k` (1: no structure).
# Without structure measurements still go together, patients still come from several sites, and care still differs.

# %% locked="look"
print(pd.crosstab(tune.y[0]["endotype"], df["site"]))
CARE = [
    "lab_orders_per_day",
    "nursing_notes_per_day",
    "vital_checks_per_day",
    "consultations_per_stay",
]
print(df[CARE].groupby(np.array(tune.y[0]["group"])).median())

# %% [markdown]
# ## 1. What to measure distances in
#
# Write `prepared(df)`: an array with one row a patient, in which neither units, nor sites, nor care intensity decide who is near whom.


# %% answer="prepared"
def prepared(df):
    """Return what patients are compared by, (n_patients, n_columns)."""
    ### BEGIN SOLUTION
    measured = df.drop(columns=[*CARE, "site"])
    skewed = measured.columns[measured.skew() > 0.5]
    measured = measured.assign(**np.log(measured[skewed].clip(lower=0.01)))
    care = np.log(df[CARE].clip(lower=0.1)).mean(axis=1).to_numpy()
    found = measured.to_numpy(float)
    for site in df["site"].unique():
        here = (df["site"] == site).to_numpy()
        known = np.column_stack([np.ones(here.sum()), care[here]])
        found[here] -= known @ np.linalg.lstsq(known, found[here], rcond=None)[0]
        found[here] /= np.maximum(found[here].std(axis=0), 1e-6)
    return found
    ### END SOLUTION


# %% [markdown]
# ## 2. How many, and who
#
# Write `clustered(values)`: one label a patient, all 0 where there is no structure.


# %% answer="clustered"
def clustered(values):
    """Return one label a patient; all the same where there is no structure."""
    ### BEGIN SOLUTION
    few = PCA(6, random_state=0).fit_transform(values)
    mixtures = [
        GaussianMixture(k, covariance_type="tied", random_state=0).fit(few)
        for k in range(1, 8)
    ]
    return min(mixtures, key=lambda each: each.bic(few)).predict(few)
    ### END SOLUTION


# %% locked="try_clustered"
for item, truth in zip(tune.X[:8], tune.y[:8], strict=True):
    labels = clustered(prepared(open_case(item)["df"]))
    print(
        f"k {len(set(labels))}, truly {truth['k']}; adjusted Rand index with "
        f"endotypes {adjusted_rand_score(truth['endotype'], labels):.2f}, "
        f"with sites {adjusted_rand_score(truth['site'], labels):.2f}"
    )

# %% [markdown]
# ## 3. How stable, and the answer
#
# Write `phenotypes(df)`, which returns a dict:
#
# - `"labels"`: a whole number for each row of `df`, in its order;
# - `"k"`: how many different ones there are; 1 says that there is no structure;
# - `"stability"`: the adjusted Rand index that you expect between these labels and those that you would give the same
#   patients if a fifth of the cohort were others. `None` where there is no structure.
#
# Which label is which does not matter. A site has from about 70 to 190 patients in a cohort.


# %% answer="phenotypes"
def phenotypes(df):
    """Return labels, their number, and how stable they are."""
    ### BEGIN SOLUTION
    labels = clustered(prepared(df))
    if len(set(labels)) == 1:
        return {"labels": labels.tolist(), "k": 1, "stability": None}
    rng = np.random.default_rng(0)
    seen = []
    for _ in range(2):
        rows = rng.choice(len(df), len(df) * 4 // 5, replace=False)
        again = clustered(prepared(df.iloc[rows]))
        seen.append(adjusted_rand_score(labels[rows], again))
    return {
        "labels": labels.tolist(),
        "k": len(set(labels.tolist())),
        "stability": float(np.mean(seen)),
    }
    ### END SOLUTION


# %% locked="try_phenotypes"
found = phenotypes(df)
print(found["k"], "clusters, stability", found["stability"])

# %% [markdown]
# ## Hand in
#
# The next cell takes your answer and shows what the `check` cases say about it.

# %% locked="submit"
submit(phenotypes=phenotypes)

# %% check="accuracy" points=40
check("accuracy")

# %% check="fairness" points=30
check("fairness")

# %% check="evidence" points=20
check("evidence")

# %% check="contract" points=10
check("contract")

# %% [markdown]
# ## 4. What you would tell the network
#
# In at most 200 words, to a clinician of one network: what did you take out before you clustered, and what does that assume about the
# sites and about care? What would you want to see before a treatment is tried in one of the clusters? A person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# Before clustering I took the logarithm of skewed laboratory values, and within each hospital I set every measurement to the same
# centre and spread and removed what goes with the amount of care. This assumes that hospitals receive patients of about the same kinds: where
# one hospital really has more kidney failure, part of that difference is removed too. It also assumes that care is not given
# because of the endotype; if the sickest type is always watched most closely, taking care out takes some of the type out.
#
# Clusters are a way of sorting, not a diagnosis. Before a treatment is tried in one of them I would want to see that the cluster
# comes back in patients of another year and in a hospital that was left out, that patients of both groups are sorted equally well, that
# it is no laboratory and no habit of ordering tests, and that it differs in something that was not used to make it, such
# as the course of the illness or the response to a treatment in a trial. In a cohort where two clusters were no better than one
# I would say that patients differ by degree, and name no types.
# ### END SOLUTION
