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
# # Lab 03: Phenotypes, or none
#
# *Thursday, a call with four hospitals.* "Sepsis is many illnesses", says the head of the network. "Find us the types, so that
# we can try the right drug in the right one." She sends 500 patients, and a second cohort of 500 from another network. Any
# algorithm will return types by noon. Your task is to say which of them you would show to a clinician.
#
# **After this lab you can**
#
# - bring measurements to one scale before you measure distances;
# - tell a cluster from a hospital, and from how much was done for a patient;
# - choose the number of clusters by BIC, silhouette and the gap statistic, and know what each of them cannot say;
# - see whether clusters come back in a resample, and why that is not enough;
# - recognise a cohort without structure, and say so;
# - read a t-SNE picture with caution, and find patients who do not fit.
#
# About 90 minutes. Where it says **predict before you run**, write your guess down, then run the cell. Patients are drawn by a
# program, so the truth is known: in the first cohort there are four endotypes, in the second there is none. Nobody real is in it.

# %% locked="setup"
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.cluster import HDBSCAN, AgglomerativeClustering, KMeans
from sklearn.decomposition import NMF, PCA
from sklearn.ensemble import IsolationForest
from sklearn.manifold import TSNE
from sklearn.metrics import normalized_mutual_info_score, silhouette_score
from sklearn.mixture import GaussianMixture

from coursekit.datasets import make_phenotypes
from coursekit.metrics import adjusted_rand, rightly_assigned, share_explained
from coursekit.quiz import open_quiz
from coursekit.unsupervised import (
    adjusted_for,
    cluster_stability,
    consensus_clusters,
    gap_statistic,
)

COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"]
MARKERS = ["o", "s", "^", "D"]
CARE = [
    "lab_orders_per_day",
    "nursing_notes_per_day",
    "vital_checks_per_day",
    "consultations_per_stay",
]
quiz = open_quiz("03_phenotypes")
cohort = make_phenotypes(500, secret="demo", role="train", n_endotypes=4)
other = make_phenotypes(500, secret="demo noise", role="train", structure=False)
patients, endotype = cohort.X, cohort.y
site, group = patients["site"], cohort.groups["group"]
measured = patients.drop(columns=[*CARE, "site"])


def k_means(values, k):
    """Return k-means labels of the best of five starts."""
    return KMeans(k, n_init=5, random_state=0).fit_predict(values)


# %% [markdown]
# ## 1. Units decide, if you let them
#
# Labs and vitals of the first day, four counts of how much was done, and the site. Look at the spreads.

# %%
print(measured.std().sort_values().round(2).to_string())

# %% [markdown]
# **Predict before you run.** k-means measures distances in these numbers as they stand. Which column will decide?

# %%
my_guess_column = "creatinine_umol_l"  # write your own guess here

# %%
as_it_stands = k_means(measured, 4)
explained = pd.Series(
    {name: share_explained(measured[name], as_it_stands) for name in measured}
)
print(explained.sort_values(ascending=False).head(4).round(2).to_string())
print(f"ARI with endotypes {adjusted_rand(endotype, as_it_stands):.2f}")
print(f"NMI with endotypes {normalized_mutual_info_score(endotype, as_it_stands):.2f}")

# %% tags=["solution-only"]
# What the text says is checked in cells like this one. Students have none.
assert explained.idxmax() == measured.std().idxmax() == "platelets_10e9_l"
assert explained.max() > 0.8
assert adjusted_rand(endotype, as_it_stands) < 0.1

# %% [markdown]
# Platelets: their numbers are the largest. More than 80 % of their variance lies between the clusters. Counted in 10^12 per
# litre they would have decided nothing. The **adjusted Rand index** (ARI) says how alike two ways of sorting are: 1 is the
# same, 0 is chance, and the names of the clusters do not matter. With the endotypes it is below 0.1.
# Normalised mutual information (NMI) asks the same, but chance alone puts it above 0, the more so the more clusters there are.
#
# **Exercise 1.** Write two functions. `logged(table)`: the table with all columns whose skewness (`table.skew()`) is above 0.5 as logarithms.
# `on_one_scale(table)`: the same, then each column with mean 0 and standard deviation 1.


# %% answer="on_one_scale"
def logged(table):
    """Return a table with skewed columns as logarithms."""
    ### BEGIN SOLUTION
    skewed = table.columns[table.skew() > 0.5]
    return table.assign(**np.log(table[skewed]))
    ### END SOLUTION


def on_one_scale(table):
    """Return columns of mean 0 and standard deviation 1, skewed ones as logarithms."""
    ### BEGIN SOLUTION
    values = logged(table)
    return (values - values.mean()) / values.std()
    ### END SOLUTION


# %% check="on_one_scale"
small = pd.DataFrame({"even": [1.0, 2.0, 3.0, 4.0], "skewed": [1.0, 2.0, 4.0, 400.0]})
assert np.allclose(on_one_scale(small).mean(), 0)
assert np.allclose(on_one_scale(small).std(), 1)
assert np.allclose(logged(small)["skewed"], np.log([1.0, 2.0, 4.0, 400.0]))

# %% [markdown]
# ## 2. Heaps, and what they are
#
# Principal components (PCA) turn the table so that the first axes hold the most variance.

# %%
scaled = on_one_scale(measured)
axes = PCA(2, random_state=0).fit_transform(scaled)
fig, (left, right) = plt.subplots(1, 2, figsize=(10, 4), sharey=True)
left.scatter(*axes.T, s=10, color="#555555")
for number, name in enumerate(sorted(set(site))):
    here = (site == name).to_numpy()
    right.scatter(
        *axes[here].T, s=12, color=COLOURS[number], marker=MARKERS[number], label=name
    )
left.set(
    title="What you see",
    xlabel="first component (no unit)",
    ylabel="second component (no unit)",
)
right.set(title="The same, by hospital", xlabel="first component (no unit)")
right.legend(title="hospital")
fig.tight_layout()
plt.show()

# %% [markdown]
# *Figure: all patients on the first two principal components. On the left grey dots in several heaps. On the right the same
# dots with colour and shape by hospital: each heap is mostly one hospital.*
#
# **Predict before you run.** k-means with four clusters on scaled columns: what is its ARI with the endotypes, and with the hospitals?

# %%
my_guess_ari = {"endotypes": 0.5, "hospitals": 0.2}  # write your own guess here

# %%
by_hospital = k_means(scaled, 4)
print(pd.crosstab(by_hospital, site))
print(
    f"ARI with endotypes {adjusted_rand(endotype, by_hospital):.2f}, "
    f"with hospitals {adjusted_rand(site, by_hospital):.2f}"
)

# %% tags=["solution-only"]
assert adjusted_rand(endotype, by_hospital) < 0.10
assert adjusted_rand(site, by_hospital) > 0.80

# %% [markdown]
# These four "phenotypes" are the four hospitals: ARI above 0.8 with the hospitals, below 0.1 with the endotypes. Each laboratory measures on a
# scale of its own. A drug tried in "type 2" would have been tried in one hospital.
#
# **Exercise 2.** Write `largest_site(labels, site)`: for each cluster the share of its patients who come from its commonest site.
# From 80 % on, look at the laboratory first.


# %% answer="largest_site"
def largest_site(labels, site):
    """Return the share of the commonest site in each cluster, a Series."""
    ### BEGIN SOLUTION
    counts = pd.crosstab(np.asarray(labels), np.asarray(site))
    return counts.max(axis=1) / counts.sum(axis=1)
    ### END SOLUTION


# %% check="largest_site"
assert largest_site([0, 0, 0, 0, 1], list("aaabb")).tolist() == [0.75, 1.0]

# %%
print(largest_site(by_hospital, site).round(2).to_string())

# %% tags=["solution-only"]
assert (largest_site(by_hospital, site) > 0.8).all()

# %% [markdown]
# ## 3. Take the site out, and say what you assume
#
# `adjusted_for(site, table)` gives every hospital the same centre and spread in every column. That assumes that hospitals
# receive **the same kinds of patients in the same shares**. Where one truly has more kidney failure, part of the kidney
# failure is taken out with the laboratory. Nobody can see from these data alone which of the two it was.

# %%
shares = pd.crosstab(site, endotype, normalize="index").round(2)
print(shares)
without_site = adjusted_for(site, logged(measured))
by_type = k_means(without_site, 4)
print(f"ARI with endotypes {adjusted_rand(endotype, by_type):.2f}")

# %% tags=["solution-only"]
assert 0.4 < adjusted_rand(endotype, by_type) < 0.75
assert (shares.max() - shares.min()).max() > 0.05
assert adjusted_rand(site, by_type) < 0.05

# %% [markdown]
# Better, and not good. Hospitals do differ in their shares, and something else is still in the measurements.
#
# ## 4. How much was done is not how ill somebody is
#
# Group A gets more tests, notes, checks and consultations than group B, who are just as ill. What is watched is treated earlier, so
# care changes what is measured.
#
# **Exercise 3.** Write `right_by_group(endotype, labels, group)`: the share of each group's patients who are in the cluster
# that stands for their endotype. `rightly_assigned(endotype, labels)` says of each patient True or False.


# %% answer="right_by_group"
def right_by_group(endotype, labels, group):
    """Return the share of rightly assigned patients, by group, a Series."""
    ### BEGIN SOLUTION
    right = pd.Series(rightly_assigned(endotype, labels))
    return right.groupby(np.asarray(group)).mean()
    ### END SOLUTION


# %% check="right_by_group"
assert right_by_group([0, 0, 1, 1], [5, 5, 7, 5], list("ABAB")).to_dict() == {
    "A": 1.0,
    "B": 0.5,
}

# %% [markdown]
# **Predict before you run.** Clusters are made (a) with the counts of care as columns, at twice the weight of a measurement, (b) without
# them, (c) without them and with what goes along with care taken out of each measurement. In which is group B furthest behind group A?

# %%
my_guess_worst = "a"  # write your own guess here

# %%
care = np.log(patients[CARE])
care_level = care.mean(axis=1)
with_counts = without_site.join(2 * adjusted_for(site, care))
prepared = adjusted_for(site, logged(measured), care_level)
ways = {
    "a: care counted": k_means(with_counts, 4),
    "b: care left in": by_type,
    "c: care taken out": k_means(prepared, 4),
}
table = pd.DataFrame(
    {
        name: {
            "ARI with endotypes": adjusted_rand(endotype, labels),
            "care explained": share_explained(care_level, labels),
            **right_by_group(endotype, labels, group).add_prefix("right in "),
        }
        for name, labels in ways.items()
    }
).T
print(table.round(2))

# %% tags=["solution-only"]
gaps = table["right in A"] - table["right in B"]
assert table.loc["a: care counted", "care explained"] > 0.5
assert table.loc["a: care counted", "ARI with endotypes"] < 0.4
assert gaps["b: care left in"] > 0.08
assert abs(gaps["c: care taken out"]) < 0.03
assert table.loc["c: care taken out", "ARI with endotypes"] > 0.8
assert table.loc["a: care counted", ["right in A", "right in B"]].max() < 0.5

# %% [markdown]
# In (a) the clusters are mostly amounts of care, and wrong for more than half of both groups: equally bad is no fairness. The gap is the point of (b): the clusters look sound, and group B is
# sorted rightly about a tenth less often. In (c) the gap is gone, and the ARI is above 0.8. To take care out assumes that
# care **does not depend on the endotype**. If the sickest type is always watched most, this takes some of the type away too.
#
# ## 5. Four algorithms, and parts
#
# k-means wants round heaps of like size. A Gaussian mixture allows for columns that go together. Ward's method joins patients into a tree.
# HDBSCAN looks for dense places and calls the rest noise (-1).
#
# **Predict before you run.** Which of the four comes closest to the endotypes, and which fails?

# %%
my_guess_fails = "Ward"  # write your own guess here

# %%
few = PCA(6, random_state=0).fit_transform(prepared)


def mixture(values, k):
    """Return a Gaussian mixture of k clusters of one common shape."""
    return GaussianMixture(k, covariance_type="tied", n_init=2, random_state=0).fit(
        values
    )


found = {
    "k-means": ways["c: care taken out"],
    "mixture": mixture(few, 4).predict(few),
    "Ward": AgglomerativeClustering(4).fit_predict(prepared),
    "HDBSCAN": HDBSCAN(min_cluster_size=20, copy=True).fit_predict(prepared),
}
agreement = pd.Series(
    {name: adjusted_rand(endotype, each) for name, each in found.items()}
)
print(agreement.round(2).to_string())

# %% tags=["solution-only"]
assert agreement["k-means"] > 0.8
assert agreement["mixture"] > 0.8
assert 0.5 < agreement["Ward"] < agreement["k-means"]
assert agreement["HDBSCAN"] < 0.1
assert np.mean(found["HDBSCAN"] == -1) > 0.9

# %% [markdown]
# HDBSCAN calls nearly everybody noise: in 18 columns no place is dense. That is a limit of this method here, not a proof that there is nothing.
#
# **Parts instead of groups.** Non-negative matrix factorisation (NMF) describes each patient as a sum of parts. It needs
# numbers from 0 up, so here each column is told as a rank.

# %%
ranks = prepared.rank(pct=True)
parts = NMF(6, init="nndsvda", max_iter=800, random_state=0)
weights = parts.fit_transform(ranks)
for number, part in enumerate(parts.components_):
    print(number, ", ".join(ranks.columns[np.argsort(-part)[:3]]))
used = (weights / weights.sum(axis=1, keepdims=True) > 0.1).sum(axis=1)
print(f"parts that make up more than a tenth of a patient, median: {np.median(used):g}")

# %% tags=["solution-only"]
assert np.median(used) >= 3

# %% [markdown]
# Half of the patients or more have at least three parts. Parts are no types: a patient has some of each, and nobody has to be put
# into one drawer.
#
# ## 6. How many?
#
# Three answers. **Silhouette**: how much nearer a patient is to the own cluster than to the next; it cannot speak of one cluster.
# **BIC** of a mixture: a charge for each number that is fitted, less twice the log likelihood; smaller is better. **Gap statistic**: how much tighter the
# clusters are than those of patients who have none; the smallest k that the next one does not beat.


# %%
def criteria(values, k_max=7):
    """Return silhouette, BIC and gap by number of clusters, and the gap's choice."""
    numbers = range(1, k_max + 1)
    gap = gap_statistic(values, k_max, n_references=8, reference="normal")
    columns = {
        "silhouette": [
            np.nan if k == 1 else silhouette_score(values, k_means(values, k))
            for k in numbers
        ],
        "bic": [mixture(values, k).bic(values) for k in numbers],
        "gap": gap.gaps,
    }
    return pd.DataFrame(columns, index=pd.Index(numbers, name="k")), gap.k


first, first_gap_k = criteria(few)
print(first.round(3))

# %% [markdown]
# **Exercise 4.** Write `chosen(table)`: a dict with the k of the highest silhouette and the k of the lowest BIC.


# %% answer="chosen"
def chosen(table):
    """Return the number of clusters by silhouette and by BIC."""
    ### BEGIN SOLUTION
    return {
        "silhouette": int(table["silhouette"].idxmax()),
        "bic": int(table["bic"].idxmin()),
    }
    ### END SOLUTION


# %% check="chosen"
by_hand = pd.DataFrame(
    {"silhouette": [np.nan, 0.2, 0.1], "bic": [5.0, 7.0, 9.0]}, index=[1, 2, 3]
)
assert chosen(by_hand) == {"silhouette": 2, "bic": 1}

# %%
print(chosen(first), "gap:", first_gap_k)

# %% tags=["solution-only"]
assert chosen(first) == {"silhouette": 4, "bic": 4}
assert first_gap_k == 4

# %% [markdown]
# All three say four. That is the truth.
#
# ## 7. The second cohort
#
# The other network's patients come from several sites too, care differs too, and the same columns go together. But patients differ
# by degree only: there is **no structure**.
#
# **Predict before you run.** After the same preparation, how many clusters will silhouette, BIC and gap statistic choose? And what will the
# silhouette be, beside the first cohort's?

# %%
my_guess_k = {"silhouette": 1, "bic": 1, "gap": 1}  # write your own guess here


# %%
def prepare(X):
    """Return what patients are compared by: sites and care taken out, 6 components."""
    values = logged(X.drop(columns=[*CARE, "site"]))
    level = np.log(X[CARE]).mean(axis=1)
    return PCA(6, random_state=0).fit_transform(adjusted_for(X["site"], values, level))


smooth = prepare(other.X)
second, second_gap_k = criteria(smooth)
round_bic = [
    GaussianMixture(k, covariance_type="spherical", n_init=2, random_state=0)
    .fit(smooth)
    .bic(smooth)
    for k in range(1, 8)
]
print(second.round(3))
print(
    chosen(second),
    "gap:",
    second_gap_k,
    "BIC of round clusters:",
    1 + np.argmin(round_bic),
)

# %% tags=["solution-only"]
assert set(other.y) == {0}
assert chosen(second)["bic"] == second_gap_k == 1
assert chosen(second)["silhouette"] >= 2
assert 1 + np.argmin(round_bic) >= 3
assert second["silhouette"].max() > 0.5 * first["silhouette"].max()

# %%
fig, panels = plt.subplots(1, 3, figsize=(11, 3.6))
for ax, name, unit in zip(
    panels,
    ("silhouette", "bic", "gap"),
    ("silhouette, -1 to 1", "BIC less that of k = 1", "gap, log of squares"),
    strict=True,
):
    for label, each, style in (
        ("four endotypes", first, "o-"),
        ("none", second, "s--"),
    ):
        values = each[name] - (each[name][1] if name == "bic" else 0)
        ax.plot(each.index, values, style, label=label, color=COLOURS[style == "s--"])
    ax.set(xlabel="number of clusters k", ylabel=unit)
panels[0].legend(title="cohort")
fig.tight_layout()
plt.show()

# %% [markdown]
# *Figure: three panels over the number of clusters, one line a cohort. With four endotypes (circles, solid) silhouette and
# gap peak at 4 and BIC is lowest there. Without structure (squares, dashed) the silhouette is highest at its left end,
# BIC rises from k = 1, and the gap stays near 0.*
#
# BIC and the gap statistic say one. The silhouette cannot, and is more than half as high as with true endotypes. A mixture of *round* clusters
# finds three or more: it has no other way to say that columns go together. **A criterion can only choose among what it can describe.**
# The gap statistic here compares with normal patients whose columns go together in the same way.
#
# ## 8. Do they come back?
#
# `cluster_stability` clusters random four fifths of the patients again. A cluster's Jaccard similarity is the overlap with the one most like
# it; the help of Hennig's program asks for 0.75 of a stable cluster, and at 0.5 it is dissolved.
#
# **Exercise 5.** Write `typed(k)`: a function that takes a table `X` of patients, prepares it with `prepare` and returns k-means labels with k clusters. All
# that is learnt from the patients belongs inside, or the resamples know too much.


# %% answer="typed"
def typed(k):
    """Return a function from a table of patients to k labels."""

    ### BEGIN SOLUTION
    def cluster(X):
        return k_means(prepare(X), k)

    return cluster
    ### END SOLUTION


# %% check="typed"
assert len(set(typed(3)(patients))) == 3
assert len(typed(2)(patients[:200])) == 200

# %% [markdown]
# **Predict before you run.** Four clusters in the first cohort, six in the first, two in the cohort without structure, and the
# hospitals of section 2. Which are stable?

# %%
my_guess_stable = ["four"]  # write your own guess here

# %%
asked = {
    "four endotypes, k = 4": (typed(4), patients),
    "four endotypes, k = 6": (typed(6), patients),
    "none, k = 2": (typed(2), other.X),
    "the hospitals": (
        lambda X: k_means(on_one_scale(X.drop(columns=[*CARE, "site"])), 4),
        patients,
    ),
}
stable = {
    name: cluster_stability(*each, n_resamples=10) for name, each in asked.items()
}
for name, each in stable.items():
    values = sorted(each.by_cluster.values())
    print(f"{name:22} ARI {each.adjusted_rand:.2f}  Jaccard", np.round(values, 2))

# %% tags=["solution-only"]
lowest = {name: min(each.by_cluster.values()) for name, each in stable.items()}
assert lowest["four endotypes, k = 4"] > 0.9
assert lowest["four endotypes, k = 6"] < 0.5
assert lowest["none, k = 2"] > 0.75
assert lowest["the hospitals"] > 0.9
best = max(stable, key=lambda name: stable[name].adjusted_rand)
assert stable["the hospitals"].adjusted_rand > stable[best].adjusted_rand - 0.02

# %% [markdown]
# With six clusters at least one dissolves. But two clusters in a cohort **without any structure** come back above 0.75, and
# the hospitals come back as well as any. What is unstable is not to be trusted; what is stable may still be a cut through a
# cloud, or a laboratory.
#
# **Consensus clustering** counts how often two patients land together over many resamples. Sharp blocks are steady.

# %%
both = {
    "four endotypes": consensus_clusters(lambda v: k_means(v, 4), few, 4),
    "none": consensus_clusters(lambda v: k_means(v, 4), smooth, 4),
}
fig, panels = plt.subplots(1, 2, figsize=(9, 4))
for ax, (name, each) in zip(panels, both.items(), strict=True):
    order = np.argsort(each.labels)
    image = ax.imshow(
        each.together[np.ix_(order, order)], cmap="cividis", vmin=0, vmax=1
    )
    ax.set(
        title=f"{name}: {each.ambiguous:.0%} of pairs unsure",
        xlabel="patient, by cluster",
        ylabel="patient, by cluster",
    )
fig.colorbar(image, ax=panels, label="share of resamples together")
plt.show()

# %% [markdown]
# *Figure: two squares of patients by patients, k = 4. With four endotypes there are four bright blocks on a dark ground, and
# less than 5 % of the pairs are unsure. Without structure the blocks are blurred and more than 10 % are unsure.*

# %% tags=["solution-only"]
assert both["four endotypes"].ambiguous < 0.05
assert both["none"].ambiguous > 0.10

# %% [markdown]
# ## 9. Islands in a picture
#
# t-SNE (and UMAP) draw neighbours close together. Sizes of islands and distances between them mean little.
#
# **Predict before you run.** The cohort **without structure**, drawn twice with other seeds. How many islands?

# %%
my_guess_islands = 1  # write your own guess here

# %%
drawings = [
    TSNE(perplexity=5, init="random", max_iter=500, random_state=seed).fit_transform(
        smooth
    )
    for seed in (0, 1)
]
islands = [
    HDBSCAN(min_cluster_size=10, copy=True).fit_predict(each) for each in drawings
]
in_data = HDBSCAN(min_cluster_size=10, copy=True).fit_predict(smooth)
fig, panels = plt.subplots(1, 2, figsize=(9, 4))
for ax, drawing, labels, seed in zip(panels, drawings, islands, (0, 1), strict=True):
    ax.scatter(
        *drawing[labels == -1].T, s=8, color="#BBBBBB", marker="x", label="no island"
    )
    ax.scatter(
        *drawing[labels >= 0].T,
        s=10,
        c=labels[labels >= 0],
        cmap="cividis",
        label="islands",
    )
    ax.set(title=f"seed {seed}", xlabel="t-SNE 1 (no unit)", ylabel="t-SNE 2 (no unit)")
panels[0].legend()
fig.tight_layout()
plt.show()
n_islands = [len(set(each) - {-1}) for each in islands]
print("islands:", n_islands, "in the data:", len(set(in_data) - {-1}))
print(f"ARI between the two drawings' islands: {adjusted_rand(*islands):.2f}")

# %% [markdown]
# *Figure: two t-SNE drawings of patients without structure. Both show many small islands, coloured by island, with crosses
# between them; the islands differ between the two seeds.*

# %% tags=["solution-only"]
assert min(n_islands) >= 5
assert len(set(in_data) - {-1}) == 0
assert adjusted_rand(*islands) < 0.6

# %% [markdown]
# At least five islands, made of nothing, and others with the other seed. In the data the same method finds none. Use such a picture to look for mistakes
# in the data, never to count types.
#
# ## 10. Who does not fit?
#
# Creatinine of eight patients, whatever their hospital, was sent in mg/dL instead of µmol/L, so the numbers are 88.4 times smaller. An isolation forest
# cuts the data at random; who is alone after few cuts is an outlier.
#
# **Predict before you run.** How many of the eight slips are among the 25 oddest patients?

# %%
my_guess_slips = 8  # write your own guess here

# %%
slipped = patients.copy()
rows = np.random.default_rng(0).choice(len(slipped), 8, replace=False)
slipped.loc[rows, "creatinine_umol_l"] = (
    slipped.loc[rows, "creatinine_umol_l"] / 88.4
).round(2)
values = adjusted_for(
    slipped["site"], logged(slipped.drop(columns=[*CARE, "site"])), care_level
)
forest = IsolationForest(n_estimators=200, random_state=0).fit(values)
oddest = np.argsort(forest.score_samples(values))
in_top = np.isin(rows, oddest[:25])
print(f"{in_top.sum()} of 8 slips among the 25 oddest patients")

# %% tags=["solution-only"]
assert 5 <= in_top.sum() < 8
assert (slipped.loc[rows, "creatinine_umol_l"] < 10).all()

# %% [markdown]
# Most are found, not all, and most of the 25 oddest have no slip at all: they are only unusual. Outliers are for looking at, not for deleting. A check that
# knows units (no adult has a creatinine of 2 µmol/L) finds all eight.
#
# ## 11. Read
#
# Seymour and others (JAMA 2019) clustered 29 variables of 20,189 patients with sepsis of 12 hospitals in Pennsylvania by consensus
# k-means, found four phenotypes (α, β, γ, δ), and looked at them in later patients, a further cohort and three trials.
# Read the methods with these questions: How were skewed variables and missing values treated? How was k chosen, and could it have been 1? What was done about
# hospitals? Which variables say how much was done? How often would the same patient get the same letter?
#
# **Exercise 6.** Write `verdict(k_by_bic, k_by_gap, lowest_jaccard, largest)`: one of `"no structure"` (BIC or gap chooses 1),
# `"hospitals"` (a cluster with more than 80 % of one site: `largest` is the largest such share), `"unstable"`
# (lowest Jaccard below 0.75), else `"worth testing"`, in this order.


# %% answer="verdict"
def verdict(k_by_bic, k_by_gap, lowest_jaccard, largest):
    """Return what may be said of some clusters."""
    ### BEGIN SOLUTION
    if min(k_by_bic, k_by_gap) == 1:
        return "no structure"
    if largest > 0.8:
        return "hospitals"
    return "unstable" if lowest_jaccard < 0.75 else "worth testing"
    ### END SOLUTION


# %% check="verdict"
assert verdict(1, 4, 0.9, 0.3) == verdict(4, 1, 0.9, 0.3) == "no structure"
assert verdict(4, 4, 0.95, 0.97) == "hospitals"
assert verdict(4, 4, 0.6, 0.3) == "unstable"
assert verdict(4, 4, 0.95, 0.4) == "worth testing"

# %%
of_first = verdict(
    chosen(first)["bic"],
    first_gap_k,
    min(stable["four endotypes, k = 4"].by_cluster.values()),
    largest_site(found["k-means"], site).max(),
)
of_second = verdict(
    chosen(second)["bic"],
    second_gap_k,
    min(stable["none, k = 2"].by_cluster.values()),
    0.5,
)
print("first cohort:", of_first, "| second cohort:", of_second)

# %% tags=["solution-only"]
assert (of_first, of_second) == ("worth testing", "no structure")

# %% [markdown]
# "Worth testing" is the most that clusters can be. They have shown no outcome and no response to a treatment.
#
# ## 12. Check yourself
#
# Call `quiz("name")` to read a question, `quiz("name", answer="a")` to answer. Nothing is recorded.

# %%
quiz("units")

# %% answer="quiz_units"
quiz("units", answer="b")

# %%
quiz("sites")

# %% answer="quiz_sites"
quiz("sites", answer="a")

# %%
quiz("silhouette")

# %% answer="quiz_silhouette"
quiz("silhouette", answer="c")

# %%
quiz("stable")

# %% answer="quiz_stable"
quiz("stable", answer="b")

# %%
quiz("islands")

# %% answer="quiz_islands"
quiz("islands", answer="c")

# %% [markdown]
# ## Take away
#
# - An algorithm returns clusters of anything. Ask first whether one cluster would do.
# - Units, hospitals and the amount of care are found before illness is. Take them out, and say what that assumes.
# - Choose k by a criterion that knows k = 1 and that can describe your columns.
# - Unstable clusters are not real; stable ones need not be.
# - Islands in a t-SNE picture are no types.
# - Ask who is put into the wrong cluster more often.
#
# ## References
#
# Seymour and others, JAMA 2019;321:2003-2017. Hubert and Arabie, Journal of Classification 1985;2:193-218 (ARI). Tibshirani, Walther and
# Hastie, J R Stat Soc B 2001;63:411-423 (gap statistic). Hennig, Computational Statistics & Data Analysis 2007;52:258-271 (stability).
# Monti and others, Machine Learning 2003;52:91-118 (consensus). Johnson, Li and Rabinovic, Biostatistics 2007;8:118-127 (batches).
