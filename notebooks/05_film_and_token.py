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
# # Lab 5: What does the network look at?
#
# *Monday, 7:40, a small hospital by the sea.* Your department has no radiologist at
# night. A company offers a network that reads chest films: "trained on thousands of
# films of two large hospitals, and tested on patients it had never seen". You may try
# it for a month. On the second day it calls the film of Mr O., 61, healthy. He comes back in
# spring, with a shadow that anybody can see.
#
# You build this network yourself, in less than a minute, and it gets the
# same fine figures as the company's. Then you find out what it looks at.
#
# **After this lab you can**
#
# - say why an accuracy of 90 % may mean that nobody was found;
# - split films by patient, and show what happens if you do not;
# - measure how much of a result the *hospital* explains, before any network is trained;
# - test a network outside, turn its shortcut round, and look where it looks;
# - repair a network, and measure who is still missed: by group, by stage, by two
#   attributes at once;
# - tell which augmentations leave a diagnosis true, and which do not.
#
# About 90 minutes. Each section asks you to **predict before you run**: write your
# guess down, then run the cell. The films are drawn by a program; there is no real
# patient in them, and nothing here may be used on one.

# %% locked="setup"
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # networks this small are fastest so

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from coursekit.datasets import make_chest_films
from coursekit.imaging import (
    SmallCNN,
    TemperatureScaling,
    WeightedBCE,
    fit,
    grad_cam,
    mask_corners,
    mass_in_mask,
    moved_by,
    predict_logits,
    predict_risk,
    site_only_risk,
    split_by_patient,
)
from coursekit.metrics import gaps, groups, ranking
from coursekit.quiz import open_quiz

SECRET = "lab"  # another word draws other hospitals, with other numbers
LEVEL = 0.95  # of every interval in this lab
CORNER = 10  # pixels; the scanners print within them
quiz = open_quiz("05_film_and_token")


def words(estimate, digits=2):
    """Write a value with its interval."""
    value, low, high = (
        f"{number:.{digits}f}"
        for number in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low} to {high})"


# %% [markdown]
# ## 1. The films
#
# | role | films of | disease as |
# |---|---|---|
# | `train` | two training hospitals, *north* and *south* | the reports said |
# | `tune` | the same hospitals, other patients | audited |
# | `inside` | the same hospitals, other patients again | audited |
# | `outside` | a third hospital: yours | audited |
#
# Audited means that somebody looked again, knowing how the patient fared. Reports miss some films: a share of the *early*
# lesions was called healthy.
#
# `groups` tells how films and people were recorded: `site`, `group`, `sex`, `age_band`, `stage`. Films of
# group B come out with less contrast, as they may with a dense body, much scatter or an
# old detector. It stands for any group whom a technique serves worse.

# %%
train = make_chest_films(2000, secret=SECRET, role="train")
tune = make_chest_films(900, secret=SECRET, role="tune")
inside = make_chest_films(1500, secret=SECRET, role="inside")
outside = make_chest_films(2000, secret=SECRET, role="external")
print("train:", train.X.shape, train.X.dtype, "of", len(set(train.patient)), "patients")


# %%
def show_films(films, titles, maps=None, columns=4):
    """Show films in a grid; where maps are given, their hottest tenth is outlined."""
    rows = -(-len(films) // columns)
    _, axes = plt.subplots(
        rows, columns, figsize=(9, 2.5 * rows), squeeze=False, layout="constrained"
    )
    for ax in axes.ravel():
        ax.axis("off")
    for i, ax in enumerate(axes.ravel()[: len(films)]):
        ax.imshow(films[i, 0], cmap="gray", vmin=0, vmax=255)
        ax.set_title(titles[i], fontsize=9)
        if maps is not None and maps[i].max() > 0:
            hottest = np.quantile(maps[i], 0.9)
            ax.contour(maps[i], [max(hottest, 1e-9)], colors="#E69F00", linewidths=2)
    return axes


def first_of(cohort, **recorded):
    """Return the position of the first film with these entries in its groups."""
    rows = np.ones(len(cohort), dtype=bool)
    for column, value in recorded.items():
        rows &= (cohort.groups[column] == value).to_numpy()
    return int(np.flatnonzero(rows)[0])


kinds = [(g, s) for g in "AB" for s in ("none", "early", "late")]
shown = [first_of(outside, group=g, stage=s) for g, s in kinds]
titles = [f"group {g}, lesion: {s}" for g, s in kinds]
show_films(outside.X[shown], titles, columns=3)
plt.show()

# %% [markdown]
# *Figure: six chest films of the third hospital, in grey. Upper row, group A: without a lesion,
# with a faint early one, with a denser late one. Lower row, group B: the same, with far less contrast. The heart points to the
# right of the image, which is the patient's left. In one corner of each film stands a small white letter.*
#
# **Exercise 1.** How many films, how many patients are in `tune`? Which share of the
# *films* shows disease, in the north and in the south? (`tune.groups["site"]` holds
# `"north"` and `"south"`.)

# %% answer="counts"
n_films = len(tune.X)
n_patients = len(np.unique(tune.patient))
ill_by_site = pd.Series(tune.y).groupby(tune.groups["site"]).mean()

# %% check="counts"
assert n_films > 2 * n_patients == 1800, "Patients have two to four films each."
assert set(ill_by_site.index) == {"north", "south"}
assert ill_by_site["north"] > 0.2
assert ill_by_site["south"] < 0.05
print(f"{n_films} films of {n_patients} patients\n{ill_by_site.round(3)}")

# %% [markdown]
# About a third of the north's films show disease, and about one in a hundred of the south's.
# Keep that in mind.
#
# ### Always "healthy"
#
# **Predict before you run.** A network says "healthy" of every film in `tune`. What is its accuracy?

# %%
my_guess_of_accuracy = 0.50  # write your own guess here

# %%
always_healthy = np.zeros(len(tune), dtype=int)
accuracy = (always_healthy == tune.y).mean()
found = always_healthy[tune.y == 1].mean()
print(f"accuracy {accuracy:.2f}, share of the ill found {found:.2f}")

# %% tags=["solution-only"]
# What the text says in numbers is checked in cells like this one. Students have none.
assert 0.27 < ill_by_site["north"] < 0.42
assert ill_by_site["south"] < 0.03
assert 0.87 < accuracy < 0.93
assert found == 0

# %% [markdown]
# Nine in ten right, and nobody found. Where a disease is rare, accuracy tells how rare it is. From
# here on we use the AUROC (is an ill patient's film put before a healthy one's?) and the
# **sensitivity at 90 % specificity**: of the ill, how many are found if one in ten of the healthy may
# be called back?
#
# ## 2. The same patient on both sides
#
# A colleague shuffles the *films* of `tune`, fits on 70 % of them and tests on the rest. The model is
# the simplest there is: shrink each film to 8 x 8 fields, find **the one film most alike**, and copy
# its diagnosis.


# %%
def shrunken(films):
    """Return films as 64 mean grey values, each film with mean 0 and spread 1."""
    fields = films.reshape(-1, 8, 8, 8, 8).mean((2, 4)).reshape(-1, 64)
    fields = fields - fields.mean(1, keepdims=True)
    return fields / fields.std(1, keepdims=True)


def auroc_of_most_alike(fit_rows, test_rows):
    """Fit on some films of tune, test on others."""
    fields = shrunken(mask_corners(tune.X, CORNER)[:, 0].astype(float))
    most_alike = make_pipeline(
        PCA(40, whiten=True, random_state=0), KNeighborsClassifier(1)
    ).fit(fields[fit_rows], tune.y[fit_rows])
    copied = most_alike.predict(fields[test_rows])
    return ranking.auroc(tune.y[test_rows], copied)


shuffled = np.random.default_rng(1).permutation(len(tune))
cut = int(0.7 * len(tune))
by_film = auroc_of_most_alike(shuffled[:cut], shuffled[cut:])
print(f"split by film: AUROC {by_film:.2f}")

# %% [markdown]
# **Exercise 2.** Do it again so that no patient stands on both sides, with
# `split_by_patient(tune.patient, shares=(0.7, 0.3), random_state=1)`.

# %% answer="split"
fit_rows, test_rows = split_by_patient(tune.patient, shares=(0.7, 0.3), random_state=1)
by_patient = auroc_of_most_alike(fit_rows, test_rows)

# %% check="split"
assert not set(tune.patient[fit_rows]) & set(tune.patient[test_rows])
assert by_patient < by_film, "Without the patient's other films it must be harder."
print(f"split by film {by_film:.2f}, split by patient {by_patient:.2f}")

# %% tags=["solution-only"]
assert by_film > 0.75
assert by_film - by_patient > 0.12

# %% [markdown]
# The model has learnt faces, not disease: it finds the *same patient's* other film, by heart and
# ribs, and copies the answer. On new patients there is no such film. A larger network
# can do the same without telling you. Split by patient, always.
#
# ## 3. Before any network: what does the hospital know?
#
# Zech and others asked this of three real hospital systems [1]: if you know only
# **which hospital** took a film, how well can you sort the ill from the healthy?
#
# **Predict before you run.** An AUROC of 0.50 is chance.

# %%
my_guess_site_only = 0.60

# %%
site_risk = site_only_risk(inside.groups["site"], train.y, train.groups["site"])
site_only = ranking.auroc_interval(inside.y, site_risk, level=LEVEL)
print(f"You guessed {my_guess_site_only}. It is {words(site_only, 3)}.")
site_risk_outside = site_only_risk(
    outside.groups["site"], train.y, train.groups["site"]
)
print("outside:", round(ranking.auroc(outside.y, site_risk_outside), 3))

# %% tags=["solution-only"]
assert 0.80 < site_only.value < 0.91
assert ranking.auroc(outside.y, site_risk_outside) == 0.5

# %% [markdown]
# More than 0.8, without looking at a single film. Zech and others found 0.861, and our hospitals are drawn so that it
# is 0.861 in the long run; one draw may lie a little off. And in a third hospital, where all patients come from one
# place, nothing at all is left.
#
# Can a network know the hospital? Look at the corners again. Each scanner prints a
# letter, and the two training hospitals print different ones.
#
# ## 4. A network that is too good
#
# Four small convolutional layers, 15,000 weights. Since only one film in ten shows disease, an ill film
# counts four times (`WeightedBCE`). The epoch is picked on `tune`: never on the films
# it will be tested on.


# %%
def learn(films, cohort_tune, *, positive_weight, learning_rate, epochs, **more):
    """Train a small network and leave it at its best epoch on tune."""
    network = SmallCNN(random_state=0)
    history = fit(
        network,
        films,
        train.y,
        tune=(cohort_tune, tune.y),
        loss=WeightedBCE(positive_weight),
        learning_rate=learning_rate,
        epochs=epochs,
        **more,
    )
    return network, history


naive, naive_history = learn(
    train.X, tune.X, positive_weight=4.0, learning_rate=0.008, epochs=8
)
naive_history.frame().round(3)

# %%
naive_inside = ranking.auroc_interval(
    inside.y, predict_risk(naive, inside.X), level=LEVEL
)
print("inside, patients never seen:", words(naive_inside, 3))

# %% [markdown]
# Wonderful, and honestly tested: other patients, and an epoch picked on others again. This is what a brochure says.
#
# **Predict before you run.** The same network, at your hospital by the sea?

# %%
my_guess_outside = 0.90

# %%
naive_risk = predict_risk(naive, outside.X)
naive_outside = ranking.auroc_interval(outside.y, naive_risk, level=LEVEL)
print(f"You guessed {my_guess_outside}. Outside it is {words(naive_outside, 3)}.")

# %% tags=["solution-only"]
assert naive_inside.low > 0.90
assert naive_outside.high < 0.90
assert naive_inside.low > naive_outside.high + 0.05

# %% [markdown]
# The films, the disease and the people are of the same kind as inside. What changed is that the
# letter in the corner no longer tells who is ill. In the study of Zech and others a network went from 0.931 inside
# to 0.815 at a hospital it had not seen [1].
#
# ### Turn the shortcut round
#
# `outside.altered["token"]` holds the same films with the *other* letter. Not one pixel of the
# lungs is changed.
#
# **Exercise 3.** By how much does the letter alone move the risk? Put
# `moved_by(predict, films, altered)` into `token_moves`, where `predict` takes films and returns risks.

# %% answer="token"
token_moves = moved_by(
    lambda films: predict_risk(naive, films), outside.X, outside.altered["token"]
)

# %% check="token"
changed = (outside.altered["token"] != outside.X).any((0, 1))
assert changed[CORNER:-CORNER].sum() == 0, "Only the corner is changed."
assert 0 <= token_moves <= 1
print(f"The other letter moves a risk by {token_moves:.2f} in the mean.")

# %% tags=["solution-only"]
assert token_moves > 0.10
assert 14_500 < sum(part.numel() for part in naive.parameters()) < 16_000

# %% [markdown]
# A patient's risk should not depend on the letter at all. This test needs no truth and no
# new patients, only a film editor. Ask for it before you buy.
#
# ### Where does it look?
#
# **Grad-CAM** [2] shows which places of the film raise the network's answer. We show three ill patients, and
# count how much of each map lies in the lesion. (The mask of the lesion is known, because the films are drawn.)

# %%
ill = np.flatnonzero(outside.y == 1)
late = [i for i in ill if outside.groups["stage"][i] == "late"][:120]
lesion = outside.truth.detail["lesion"]


def share_in_lesion(network, films):
    """Return the mean share of the Grad-CAM maps that lies in the lesion."""
    maps = grad_cam(network, films)
    judged = maps.max((1, 2)) > 0
    return float(np.mean(mass_in_mask(maps, lesion[late])[judged]))


naive_maps = grad_cam(naive, outside.X[late[:4]])
show_films(outside.X[late[:4]], [f"film {i}" for i in late[:4]], naive_maps)
plt.show()
naive_in_lesion = share_in_lesion(naive, outside.X[late])
print(f"share of the map in the lesion, {len(late)} late films: {naive_in_lesion:.2f}")

# %% [markdown]
# *Figure: four films with late lesions; an orange line surrounds the tenth of each film that raises the naive network's
# answer most. It runs around several places, some in the lesion and some far from it.*
#
# Would you have guessed from these maps how far the letter moves the risk? Turning the letter round is the stronger test.
#
# A map like this convinces people quickly, in both directions. Look at numbers over many films, not at the
# nicest one.

# %% tags=["solution-only"]
for one_map, place in zip(naive_maps, lesion[late[:4]] == 1, strict=True):
    hottest = one_map >= np.quantile(one_map, 0.9)
    assert (hottest & place).any()
    assert (hottest & ~place).sum() > hottest.sum() / 2

# %% [markdown]
# ## 5. First repair: cover the corners
#
# The letter is of no use to a patient, so we cover the four corners of every film, in training and ever
# after. Now the network must find something else, and each ill film counts nine times, so that it has a reason to look.


# %%
def covered(films):
    """Return films with their corners filled with the film's mean."""
    return mask_corners(films, CORNER)


masked, _ = learn(
    covered(train.X),
    covered(tune.X),
    positive_weight=9.0,
    learning_rate=0.004,
    epochs=7,
)
masked_inside = ranking.auroc_interval(
    inside.y, predict_risk(masked, covered(inside.X)), level=LEVEL
)
masked_risk = predict_risk(masked, covered(outside.X))
masked_outside = ranking.auroc_interval(outside.y, masked_risk, level=LEVEL)
print("inside ", words(masked_inside, 3))
print("outside", words(masked_outside, 3))
masked_moves = moved_by(
    lambda films: predict_risk(masked, covered(films)),
    outside.X,
    outside.altered["token"],
)
print(f"the other letter moves a risk by {masked_moves:.4f}")

# %% tags=["solution-only"]
assert masked_moves < 0.001
assert masked_outside.value > naive_outside.value + 0.04
assert masked_inside.value < naive_inside.value

# %% [markdown]
# Worse inside, better outside, and blind to the letter. Many a repair looks like a loss where you
# train.
#
# Is it good now? Your hospital has to choose a cut-off. We learn it on `tune`: one in ten of the healthy is called back.


# %%
def cut_off(network, films=covered):
    """Return the risk that nine in ten healthy films of tune stay below."""
    return np.quantile(predict_risk(network, films(tune.X))[tune.y == 0], 0.9)


masked_alerts = (masked_risk >= cut_off(masked)).astype(int)
ill_and_healthy = [
    masked_alerts[outside.y == 1].mean(),
    masked_alerts[outside.y == 0].mean(),
]
print("share called back: ill {:.2f}, healthy {:.2f}".format(*ill_and_healthy))

# %% [markdown]
# **Predict before you run.** Group B is one in eight of the training patients and 40 % of yours. At your
# hospital it is ill as often as A, with lesions as large. What share of B's ill does the network find?

# %%
my_guess_found_in_b = 0.60

# %% [markdown]
# **Exercise 4.** Put the sensitivity in A and in B into `found_by_group`, with
# `groups.sensitivity_by_group(y_true, alerts, group)`.

# %% answer="found"
found_by_group = groups.sensitivity_by_group(
    outside.y, masked_alerts, outside.groups["group"]
)

# %% check="found"
assert list(found_by_group.index) == ["A", "B"]
assert found_by_group["A"] > found_by_group["B"]
print(f"You guessed {my_guess_found_in_b} for B.\n{found_by_group.round(2)}")
masked_gap = gaps.gap_interval(
    outside.y, masked_alerts, outside.groups["group"].to_numpy(), level=LEVEL
)
print(f"gap {words(masked_gap)}")

# %% tags=["solution-only"]
assert masked_gap.low > 0.05
assert masked_gap.value > 0.12
assert found_by_group["A"] > 0.75
assert found_by_group["B"] < 0.75
assert 0.28 < 1 - found_by_group["B"] < 0.42  # "one in three"
assert 0.09 < 1 - found_by_group["A"] < 0.16  # "one in eight"
assert 0.85 < masked_outside.value < 0.95
is_b = (train.groups["group"] == "B").to_numpy()
assert 0.10 < is_b.mean() < 0.16
assert (train.groups["site"][is_b] == "south").mean() > 0.9
of_b = (outside.groups["group"] == "B").to_numpy()
assert 0.36 < of_b.mean() < 0.44
assert abs(outside.y[of_b].mean() - outside.y[~of_b].mean()) < 0.04
lesion_sizes = [
    lesion[(outside.y == 1) & who].sum((1, 2)).mean() for who in (of_b, ~of_b)
]
assert 0.9 < lesion_sizes[0] / lesion_sizes[1] < 1.1

# %% [markdown]
# A network can be robust and unfair. It no longer reads the letter, its AUROC
# outside is respectable, and it misses one in three of the ill in B, against one in eight in A. Calling ill people healthy is
# **underdiagnosis**; Seyyed-Kalantari and others found it in real networks for chest
# films, most often in groups that were already served worse, and most of all where two such attributes meet [3].
#
# Is B's disease too faint to be seen? The teacher's copy knows the **ideal reader**: one who knows the noise, and
# where a lesion would be.

# %%
ideal_cut = np.quantile(tune.truth.risk[tune.y == 0], 0.9)
ideal_alerts = (outside.truth.risk >= ideal_cut).astype(int)
ideal_by_group = groups.sensitivity_by_group(
    outside.y, ideal_alerts, outside.groups["group"]
)
print(ideal_by_group.round(3))

# %% tags=["solution-only"]
assert ideal_by_group.min() > 0.95
assert abs(ideal_by_group["A"] - ideal_by_group["B"]) < 0.05

# %% [markdown]
# It is not too faint. The film holds what is needed; the network has not learnt to see it in B.
#
# ## 6. Second repair: one contrast for all films
#
# Two things went wrong for B. In training its films come nearly all from the south, where disease is
# rare: the network has learnt that *such films are healthy*. And they have less contrast, so a lesion
# that it knows from A is paler in B than anything it was shown as disease.
#
# Both go through the contrast. So we give every film the same: from each pixel we take the film's own
# mean, and divide by the film's own spread. Only the film itself is used; a mean over the
# *test films* would be knowledge of patients who are not here yet.


# %%
def same_contrast(films):
    """Return films, corners covered, each with mean 0.5 and spread 0.18, in [0, 1]."""
    films = mask_corners(films, CORNER) / np.float32(255)
    films = films - films.mean((2, 3), keepdims=True)
    films = films / films.std((2, 3), keepdims=True)
    return np.clip(0.5 + 0.18 * films, 0, 1)


repaired, _ = learn(
    same_contrast(train.X),
    same_contrast(tune.X),
    positive_weight=9.0,
    learning_rate=0.004,
    epochs=6,
)
repaired_inside = ranking.auroc_interval(
    inside.y, predict_risk(repaired, same_contrast(inside.X)), level=LEVEL
)
repaired_risk = predict_risk(repaired, same_contrast(outside.X))
repaired_outside = ranking.auroc_interval(outside.y, repaired_risk, level=LEVEL)
repaired_alerts = (repaired_risk >= cut_off(repaired, same_contrast)).astype(int)
repaired_gap = gaps.gap_interval(
    outside.y, repaired_alerts, outside.groups["group"].to_numpy(), level=LEVEL
)
print("inside ", words(repaired_inside, 3))
print("outside", words(repaired_outside, 3))
print(f"gap {words(repaired_gap)}")
print("healthy called back by group:")
print(
    groups.false_positive_rate_by_group(
        outside.y, repaired_alerts, outside.groups["group"]
    ).round(2)
)

# %% [markdown]
# The other way is to *vary* what must not matter, in training:
# `Augmentation(contrast=0.5)` in `fit(..., augment=...)`, and weights for the few ill films of B (`sample_weight`). Try it at
# home, and watch both rates: with heavy weights the network finds the ill of B and calls many of its
# healthy back as well.

# %%
naive_alerts = (naive_risk >= cut_off(naive, films=lambda films: films)).astype(int)
alerts_of = {
    "naive": naive_alerts,
    "corners covered": masked_alerts,
    "one contrast": repaired_alerts,
}
found_in = pd.DataFrame(
    {
        name: groups.sensitivity_by_group(
            outside.y, alerts, outside.groups["group_sex"]
        )
        for name, alerts in alerts_of.items()
    }
)
ax = found_in.T.plot.bar(
    rot=0, figsize=(8, 3.5), color=["#0072B2", "#56B4E9", "#D55E00", "#E69F00"]
)
for bars, hatch in zip(ax.containers, ["", "//", "", "//"], strict=True):
    for bar in bars:
        bar.set_hatch(hatch)
ax.set_ylabel("share of the ill found (0 to 1)")
ax.set_ylim(0, 1)
ax.legend(title="group and sex", ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1))
plt.show()
found_in.round(2)

# %% [markdown]
# *Figure: share of the ill found outside, for four groups (A and B, women and men) and three
# networks. Naive: the bars of B are lower than those of A. Corners covered: A's rise to over
# 0.8, B's stay where they were, near 0.6. With one contrast for all films all four lie close together.*
#
# **Exercise 5.** Early disease is what a programme is for. Of the *early* lesions outside, what share is found by
# the repaired network? And which of the four combinations of `group_sex` has the lowest share of its ill found, for it?

# %% answer="early"
early = (outside.groups["stage"] == "early").to_numpy()
early_found = repaired_alerts[early].mean()
served_worst = found_in["one contrast"].idxmin()

# %% check="early"
assert early.sum() == (outside.groups["stage"] == "early").sum()
assert 0.3 < early_found < repaired_alerts[outside.y == 1].mean()
assert found_in.loc[served_worst, "one contrast"] == found_in.iloc[:, 2].min()
print(f"early lesions found: {early_found:.2f}; served worst: {served_worst}")

# %% tags=["solution-only"]
assert repaired_gap.value < 0.12
assert repaired_gap.value < masked_gap.value - 0.08
assert repaired_outside.value > 0.85
assert abs(repaired_inside.value - repaired_outside.value) < 0.05
assert early_found > 0.5
assert found_in.loc[["A F", "A M"], "corners covered"].min() > 0.8
in_a, in_b = found_in.loc[["A F", "A M"]], found_in.loc[["B F", "B M"]]
assert in_b["naive"].max() < in_a["naive"].min()
assert (in_b["corners covered"] - in_b["naive"]).abs().max() < 0.05
assert in_b["corners covered"].between(0.55, 0.7).all()
assert found_in["one contrast"].max() - found_in["one contrast"].min() < 0.1

# %% [markdown]
# Who is served worst is decided by differences of a few hundredths, on about a hundred ill patients each: report the table
# with its numbers, and do not make a story of the last place. `MISSED-IN-GROUP` is the feedback that the
# assignment gives for a gap that chance does not explain.
#
# Where does the repaired network look?

# %%
repaired_in_lesion = share_in_lesion(repaired, same_contrast(outside.X[late]))
print(f"share of the map in the lesion: {naive_in_lesion:.2f} naive,")
print(
    f"{repaired_in_lesion:.2f} repaired; lesions cover {lesion[late].mean():.3f} of a film"
)

# %% tags=["solution-only"]
assert repaired_in_lesion > 3 * lesion[late].mean()

# %% [markdown]
# Several times more than if it looked anywhere. (The maps have 16 x 16 fields, coarse for a lesion of ten pixels.)
#
# ## 7. Is the risk a risk?
#
# Ill films counted nine times, so the risks cannot be right as they are: the network believes in a
# world where the odds of disease are nine times as high. **Temperature scaling** [4] divides the logits (what the
# network says before a sigmoid makes a risk of it) by one number.
#
# **Exercise 6.** Fit `TemperatureScaling()` on the repaired network's logits of `tune`
# (`predict_logits(repaired, same_contrast(tune.X))`), and compute the risks of the `inside` films with its `.risk(logits)`.

# %% answer="temperature"
scaling = TemperatureScaling().fit(
    predict_logits(repaired, same_contrast(tune.X)), tune.y
)
scaled_risk = scaling.risk(predict_logits(repaired, same_contrast(inside.X)))

# %% check="temperature"
raw_risk = predict_risk(repaired, same_contrast(inside.X))
assert scaled_risk.shape == raw_risk.shape
assert ranking.auroc(inside.y, scaled_risk) == ranking.auroc(inside.y, raw_risk)
mean_risk = {
    "as trained": raw_risk.mean(),
    "temperature scaled": scaled_risk.mean(),
    "share really ill": inside.y.mean(),
}
print(pd.Series(mean_risk).round(3))

# %% tags=["solution-only"]
scaled_outside = scaling.risk(predict_logits(repaired, same_contrast(outside.X)))
assert raw_risk.mean() > inside.y.mean() + 0.02
assert abs(scaled_risk.mean() - inside.y.mean()) < 0.04
assert scaled_outside.mean() < outside.y.mean() - 0.02
assert 2.2 < outside.y.mean() / inside.y.mean() < 3
assert abs(inside.y.mean() - scaled_risk.mean()) < raw_risk.mean() - inside.y.mean()

# %% [markdown]
# As trained, the mean risk is too high. After scaling it is near the share who are ill, and the order of the patients is the
# same to the last pair. (One number cannot mend everything: dividing keeps a risk of one half at one half,
# whatever the weights have done to it. `OVERCONFIDENT` is the feedback for risks that remain too extreme.)
#
# At your hospital disease is more than twice as common as inside. Will the same scaling do?

# %%
scaled_outside = scaling.risk(predict_logits(repaired, same_contrast(outside.X)))
print(f"outside: mean risk {scaled_outside.mean():.3f}, ill {outside.y.mean():.3f}")

# %% [markdown]
# It says too little. Calibration does not travel: it has to be renewed at each hospital.
#
# ## 8. An augmentation that destroys the diagnosis
#
# Giving all films one contrast left every diagnosis true. Many programs also *mirror* images. On chest films?
#
# **Exercise 7.** The radiologist must say on **which side** the lesion lies. Write `side_of(masks)`: for each mask
# `"right"` or `"left"`, of the *patient*. The patient's right is on the left of the image, in columns 0 to 31.


# %% answer="side"
def side_of(masks):
    """Return "right" or "left", of the patient, for each mask (n, 64, 64)."""
    ### BEGIN SOLUTION
    in_image_left = masks[:, :, :32].sum((1, 2)) > masks[:, :, 32:].sum((1, 2))
    return np.where(in_image_left, "right", "left")
    ### END SOLUTION


# %% check="side"
sides = side_of(lesion[ill])
mirrored = side_of(lesion[ill][:, :, ::-1])
assert set(sides) == {"left", "right"}
assert (sides != mirrored).all(), "Mirrored, every lesion changes sides."
heart = outside.X[:, 0, 36:42].mean(1)
to_image_right = heart[:, 34:46].mean() - heart[:, 18:30].mean()
print(f"lesions that change sides: {(sides != mirrored).mean():.0%}")
print(f"the heart is {to_image_right:.0f} grey levels denser on the right of the image")

# %% tags=["solution-only"]
assert to_image_right > 5
assert 0.35 < (sides == "right").mean() < 0.65

# %% [markdown]
# A mirrored film with the old label is wrong for every patient, and its heart points to the wrong side, which is a
# finding of its own (situs inversus). `Augmentation` therefore has no flips. Before you augment, ask a
# radiologist: *would you still write the same report?*

# %% [markdown]
# ## 9. Check yourself
#
# Call `quiz("name")` to read a question, `quiz("name", answer="a")` to answer. Nothing is
# recorded.

# %%
quiz("accuracy")

# %% answer="quiz_accuracy"
quiz("accuracy", answer="b")

# %%
quiz("split")

# %% answer="quiz_split"
quiz("split", answer="c")

# %%
quiz("site")

# %% answer="quiz_site"
quiz("site", answer="a")

# %%
quiz("epoch")

# %% answer="quiz_epoch"
quiz("epoch", answer="b")

# %%
quiz("robust")

# %% answer="quiz_robust"
quiz("robust", answer="c")

# %%
quiz("mirror")

# %% answer="quiz_mirror"
quiz("mirror", answer="a")

# %% [markdown]
# ## Take-away
#
# - Where disease is rare, accuracy says so and nothing else. Report AUROC, and the
#   sensitivity at a specificity that you can afford.
# - Split by patient. Pick the epoch on `tune`; never on films of the hospital where you test.
# - Ask first what the **hospital** alone explains. Then test outside, turn the shortcut round,
#   look where the network looks, over many films.
# - Robust is not fair. Measure underdiagnosis by group, by stage, and where attributes
#   meet, with intervals.
# - A repair follows from a cause: cover what must not matter, vary what must not matter. Never vary what does.
# - Weights spoil risks; recalibrate, and again at every hospital.
#
# ## References
#
# 1. Zech JR, Badgeley MA, Liu M, et al. Variable generalization performance of a deep
#    learning model to detect pneumonia in chest radiographs: a cross-sectional study.
#    *PLoS Medicine* 2018;15(11):e1002683. doi:10.1371/journal.pmed.1002683
# 2. Selvaraju RR, Cogswell M, Das A, et al. Grad-CAM: visual explanations from deep
#    networks via gradient-based localization. *ICCV* 2017.
# 3. Seyyed-Kalantari L, Zhang H, McDermott MBA, Chen IY, Ghassemi M. Underdiagnosis bias
#    of artificial intelligence algorithms applied to chest radiographs in under-served
#    patient populations. *Nature Medicine* 2021;27:2176-2182.
#    doi:10.1038/s41591-021-01595-0
# 4. Guo C, Pleiss G, Sun Y, Weinberger KQ. On calibration of modern neural networks.
#    *ICML* 2017.
#
# Further reading: DeGrave AJ, Janizek JD, Lee S-I. AI for radiographic COVID-19 detection
# selects shortcuts over signal. *Nature Machine Intelligence* 2021;3:610-619.
# Oakden-Rayner L, Dunnmon J, Carneiro G, Ré C. Hidden stratification causes clinically
# meaningful failures in machine learning for medical imaging. *CHIL* 2020. Sagawa S, Koh
# PW, Hashimoto TB, Liang P. Distributionally robust neural networks for group shifts.
# *ICLR* 2020.
