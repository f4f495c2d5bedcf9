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
# # Where does the tumour end?
#
# A department of radiotherapy wants a first outline of every brain tumour, drawn by a
# network and corrected by a person. You build it: a function that is handed slices of
# heads, each on T1, T1ce, T2 and FLAIR, and gives back a mask of the whole tumour.
#
# The mask is used twice: its volume decides the dose, and two volumes half a year apart
# decide whether a tumour has grown. A small tumour that is missed is not treated. A
# tumour that is drawn too large costs healthy brain.
#
# You get three sets of slices. No patient stands in two of them:
#
# - `train`: outlines of **three raters**, a, b and c, as they drew them in daily work.
# - `tune`: slices whose outlines were **audited**: several experts agreed on each.
# - `check`: more audited slices. The check at the end uses them. If you tune on `check`,
#   its table is worth nothing.
#
# Your mark comes from other patients, whom your notebook never sees, and whose outlines
# are audited.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import numpy as np
import pandas as pd
import torch

from coursekit import check, imaging, load_cohorts, submit

torch.set_num_threads(1)
train, tune, check_cohort = load_cohorts()
print("slices", train.X.shape, "outlines of three raters", train.y.shape)
train.groups.head()

# %% [markdown]
# ## First look
#
# How do the raters differ from their own majority, by size and by group? A vote is no
# audit: a habit that two of three share does not show here.

# %% locked="look"
vote = imaging.majority_vote(train.y)
print(f"slices with an outline: {np.mean(vote.any(axis=(1, 2))):.0%}")
pd.concat(
    [
        imaging.rater_bias(train.y, vote, train.groups[name])
        for name in ("size", "group")
    ]
).round(2)

# %% [markdown]
# ## 1. Whose outlines?
#
# Make `masks`, one for each slice of `train`, (n, 64, 64), in [0, 1]: what your network
# shall learn. One rater, a vote, a weighing of the raters: you decide. (`tune` is yours to
# learn from as well. But slices that a network has learnt from cannot tell where to cut
# its probabilities: split `tune` by patient with `imaging.split_by_patient` first.)

# %% answer="masks"
### BEGIN SOLUTION
masks = imaging.majority_vote(train.y)
### END SOLUTION

# %% [markdown]
# ## 2. A network
#
# Train a network and call it `network`. `imaging.UNet()` and `imaging.fit_masks` need
# about ten seconds for 600 slices and five epochs on one core. Set the seed.

# %% answer="network"
### BEGIN SOLUTION
from coursekit.metrics import volume_bias_by_group

# The vote for many slices, and the audit for half of the audited patients. The other
# half chooses the cut-off: the network has not seen them.
learn, choose = imaging.split_by_patient(
    tune.patient, shares=(0.5, 0.5), random_state=0
)
slices = np.concatenate([train.X, tune.X[learn]])
outlines = np.concatenate([masks, tune.y[learn]])
torch.manual_seed(0)
network = imaging.UNet()
imaging.fit_masks(network, slices, outlines, epochs=4, random_state=0)


def worst_volume_bias(cut_off):
    """Return the larger volume bias of the groups where the cut-off is chosen."""
    drawn = (probability >= cut_off).astype(np.uint8)
    group = tune.groups["group"].to_numpy()[choose]
    return volume_bias_by_group(tune.y[choose], drawn, group).abs().max()


probability = imaging.predict_mask_probability(network, tune.X[choose])
cut_off = min(np.arange(0.30, 0.75, 0.05), key=worst_volume_bias)
### END SOLUTION

# %% [markdown]
# ## 3. Masks for new slices
#
# Write `predict_mask(slices)`: uint8 slices (n, 4, 64, 64) in, masks (n, 64, 64) of 0 and 1
# out. The mask of a slice must not depend on which other slices are handed over, and the
# slices must not be changed.


# %% answer="predict_mask"
def predict_mask(slices):
    """Return 1 where a pixel belongs to a tumour, else 0, as uint8 (n, 64, 64)."""
    ### BEGIN SOLUTION
    return imaging.predict_mask(network, slices, cut_off)
    ### END SOLUTION


# %% [markdown]
# ## Hand in
#
# The next cell takes your answer and shows what the `check` slices say about it, as
# ranges of points.

# %% locked="submit"
submit(predict_mask=predict_mask)

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
# In at most 200 words, for the head of radiotherapy: whose outlines did your network learn,
# and why; for whom are its volumes least certain, and in which direction; what should the
# department check before it compares a volume with one drawn by hand half a year ago? A
# person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# The three raters have habits. Rater b draws small tumours too small and does not see
# some of them; rater c draws the tumours of group B much too large; rater a agrees with
# the majority. A network that learns from c alone keeps c's wide line, although it never
# sees the group: it recognises the older scanner, on which most of group B is examined.
# We let it learn the majority of the three together with half of the audited patients, and
# chose the cut-off on the other half so that volumes are right in both groups: in group B,
# where c always says yes, a majority is whatever a or b outlines, and so is slightly too
# large as well.
#
# Volumes are least certain for small tumours and for patients on the older scanner, whose
# pictures have less contrast; remaining errors are more likely too large there. Before a
# volume is compared with an older one drawn by hand, the department should know who drew
# that one: a change of method looks like growth or like success. We would ask for fifty
# audited outlines a year, on both scanners and of all sizes, and for the volume bias by
# group to be reported, not only the mean Dice. We have seen no patient after surgery.
# ### END SOLUTION
