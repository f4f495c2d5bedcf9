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
# # Which films show an early lesion?
#
# Two hospitals want help with their chest films: **which of them should a second
# reader look at today?** A lesion is easily seen when it is large. It is worth finding
# while it is small.
#
# A third hospital has heard of it and will use your model next month. Your mark comes
# from *its* films. You do not get any of them.
#
# - `train`: films of the two hospitals with the outcome **as the report says**. A few
#   early lesions were missed by those who read the films.
# - `tune`: films whose outcome was **audited** by a second examination.
# - `check`: more audited films, for the check at the end. If you tune on `check`, its
#   table is worth nothing.
#
# A film is an array of whole numbers from 0 (black) to 255 (white), so `train.X` has
# the shape `(films, 1, 64, 64)`. A patient has two to four films. `groups` says what
# was recorded of each: hospital (`site`), group, sex, age and, on audited films, the
# stage. In group B the films have little contrast. Your answers are handed films only.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd

from coursekit import check, load_cohorts, submit
from coursekit.imaging import (
    SmallCNN,
    WeightedBCE,
    fit,
    grad_cam,
    moved_by,
    predict_risk,
    with_corners_of,
)

train, tune, check_cohort = load_cohorts()
train.X.shape

# %% [markdown]
# ## First look
#
# Eight films, two of each hospital with and without a lesion. Then the share of films
# with a lesion, by hospital. What besides the lung differs between the hospitals?

# %% locked="look"
figure, axes = plt.subplots(2, 4, figsize=(9, 5))
places = [
    row
    for site in sorted(set(tune.groups["site"]))
    for ill in (1, 0)
    for row in np.flatnonzero((tune.groups["site"] == site) & (tune.y == ill))[:2]
]
for ax, row in zip(axes.flat, places, strict=True):
    ax.imshow(tune.X[row, 0], cmap="gray", vmin=0, vmax=255)
    stage = tune.groups["stage"][row]
    ax.set_title(f"{tune.groups['site'][row]}, {stage}", fontsize=9)
    ax.axis("off")
pd.DataFrame(
    {
        "recorded in train": pd.Series(train.y).groupby(train.groups["site"]).mean(),
        "audited in tune": pd.Series(tune.y).groupby(tune.groups["site"]).mean(),
        "share of B in tune": (tune.groups["group"] == "B")
        .groupby(tune.groups["site"])
        .mean(),
    }
).round(3)

# %% [markdown]
# *Figure: eight grey chest films in two rows, the north above and the south below. In
# each row the two films on the left show a lesion, a round, lighter spot in a dark
# lung, hard to see where it is early; the two on the right show none. Films of group B
# are nearly one grey. In one corner of each film stands a small white letter, another
# in the north than in the south.*
#
# ## 1. A model of the risk
#
# Write `model(films)`: for films of shape `(n, 1, 64, 64)` the risk that each shows a
# lesion, `n` numbers from 0 to 1. Train a network on `train`, choose its epoch on
# `tune`. On a laptop a small network takes well under a minute; the graded run has one
# thread and no GPU, so do not put anything on `"cuda"` without asking whether it is
# there. `coursekit.imaging` also has `mask_corners`, `Augmentation`, `group_weights` and
# `TemperatureScaling`.
#
# Does your model read the letter in the corner? Print a letter of the other hospital on
# the films of `tune`, and see how far the risks move. A film of that hospital lends its
# corners:
#
# ```python
# of_the_south = tune.X[np.flatnonzero(tune.groups["site"] == "south")[0]]
# moved_by(model, tune.X, with_corners_of(tune.X, of_the_south))
# ```
#
# A model that looks at lungs only gives a number close to 0. Do the same with a film of
# the north: most films of `tune` come from the south, and get another letter by it.

# %% answer="model"
### BEGIN SOLUTION
from scipy.ndimage import uniform_filter

from coursekit.imaging import TemperatureScaling, mask_corners, predict_logits


def prepare(films):
    """Hide the corners, and show each place against its own surroundings.

    The corners hold the scanner's letter. Without the mean of the neighbourhood, and
    divided by the film's own spread, a film of little contrast looks like any other.
    """
    films = mask_corners(films, 12).astype(np.float32)
    detail = films - uniform_filter(films, (0, 0, 13, 13))
    spread = detail.std(axis=(2, 3), keepdims=True)
    return np.clip(detail / (6 * spread) + 0.5, 0, 1)


for start in range(3):  # some starts get stuck; tune tells
    network = SmallCNN(random_state=start)
    history = fit(
        network,
        prepare(train.X),
        train.y,
        tune=(prepare(tune.X), tune.y),
        loss=WeightedBCE(3.0),
        epochs=6,
        learning_rate=5e-3,
        random_state=start,
    )
    if max(epoch.tune_auroc for epoch in history.epochs) > 0.85:
        break
scaling = TemperatureScaling().fit(predict_logits(network, prepare(tune.X)), tune.y)


def model(films):
    """Return the risk of a lesion for each film."""
    return scaling.risk(predict_logits(network, prepare(films)))


for site in ("north", "south"):
    donor = tune.X[np.flatnonzero(tune.groups["site"] == site)[0]]
    moves = moved_by(model, tune.X, with_corners_of(tune.X, donor))
    print(f"with the letter of the {site} the risks move by {moves:.3f}")
### END SOLUTION

# %% [markdown]
# ## 2. Which films a second reader looks at
#
# Write `decide(films)`: 1 for a film that a second reader looks at today, else 0. About
# nine of ten healthy films should be left alone. Learn the cut-off here, on `tune`, and
# only apply it in `decide`: a film's answer must not depend on the films beside it.

# %% answer="decide"
### BEGIN SOLUTION
cut_off = np.quantile(model(tune.X)[tune.y == 0], 0.9)


def decide(films):
    """Return 1 for each film that a second reader looks at."""
    return (model(films) >= cut_off).astype(int)


### END SOLUTION

# %% [markdown]
# ## 3. Where on the film
#
# Write `heatmap(films)`: for each film a map of shape `(64, 64)`, 0 where nothing
# speaks for a lesion, larger where more does. It is asked about 600 films. Grad-CAM
# (`grad_cam`) tells the region, `integrated_gradients` the pixels.

# %% answer="heatmap"
### BEGIN SOLUTION
from scipy.ndimage import gaussian_filter

from coursekit.imaging import integrated_gradients


def heatmap(films):
    """Return where the network sees the lesion: (n, 64, 64), 0 or more.

    Grad-CAM tells the region, coarsely; integrated gradients tell the pixels, noisily.
    Where both speak for a lesion, it is.
    """
    films = prepare(films)
    pixels = np.maximum(integrated_gradients(network, films, steps=16)[:, 0], 0)
    pixels = gaussian_filter(pixels, (0, 1.5, 1.5))
    return grad_cam(network, films) * pixels**2


### END SOLUTION

# %% [markdown]
# ## Hand in
#
# The next cell takes your answers and shows what the `check` films say about them,
# as ranges of points. The `check` films are from the two hospitals whose films you
# know. What is lost in the third is not in this table.

# %% locked="submit"
submit(predict=model, decide=decide, heatmap=heatmap)

# %% check="accuracy" points=40
check("accuracy")

# %% check="fairness" points=30
check("fairness")

# %% check="evidence" points=20
check("evidence")

# %% check="contract" points=10
check("contract")

# %% [markdown]
# ## 4. Why?
#
# In at most 200 words, for the head of radiology of the third hospital: what could your
# model have learnt from the two hospitals besides lesions, how do you know that it did
# not (say by how much the other hospital's letter moved its risks), whom might it still
# miss, and what would you measure in her hospital before the first patient depends on
# it? A person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# The two hospitals print a letter into a corner, and one of them sees many more
# lesions: a network that reads the letter ranks their films well and yours not at all.
# We hide the corners in training and in use; with the corners of a film of the north,
# then of the south, the risks of `tune` move by less than 0.01. Films of group B have little contrast, and there were few of them, so a
# network that takes grey values as they are finds few of their lesions; ours sees each
# place against its surroundings. It may still miss the faintest early lesions, and
# those that the reports missed, since it learnt from the reports. Before the first
# patient depends on it we would read a few hundred of your films twice, blind to the
# model, and count by group and sex what it finds among the ill and how many healthy
# films it flags; and set the cut-off on these films.
# ### END SOLUTION
