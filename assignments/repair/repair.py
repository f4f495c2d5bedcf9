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
# # Why are patients of group B missed, and what repairs it?
#
# A region calls patients in for a visit when a model says that they may fall seriously
# ill within a year. There are places for **one in five**. Nurses say that the ill of
# group B are called in less often than the ill of group A. They are right.
#
# Four mechanisms can be at work, one or two of them at once:
#
# - `under-ascertainment`: some of B's events were never recorded;
# - `measurement`: the pulse oximeter reads high in B;
# - `under-representation`: few patients of B are in `train`, fewer than the region has,
#   **and** B's illness shows in other values;
# - `proxy-label`: what `train` calls the outcome is high cost, and B costs less.
#
# Find out which, repair the model, and say what it costs. You get three sets of patients:
#
# - `train`: outcomes **as recorded**;
# - `tune`: 8,000 patients whose outcome was **audited**;
# - `check` (in the code `check_cohort`): 8,000 more audited patients. The check at the
#   end uses them. If you tune on them, its table is worth nothing.
#
# Your mark comes from 40,000 other patients and from twelve other regions, none of which
# your notebook ever sees.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import numpy as np
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from coursekit import check, load_cohorts, submit
from coursekit.fairness import (
    ThresholdsByGroup,
    compare_signs,
    device_bias,
    label_audit,
    shares_in,
)

train, tune, check_cohort = load_cohorts()
train.X.head()

# %% [markdown]
# ## First look
#
# Recorded events in `train` and audited events in `tune`, group by group. Four other
# small tests stand in `coursekit.fairness`; lab 10 shows what each of them can tell.
#
# Compare within a group, with the audit or with the blood gas. A against B says little:
# in other regions B may be more often ill or less, live higher up, or be a small group,
# and none of that is a fault.

# %% locked="look"
pd.DataFrame(
    {
        "recorded in train": train.groups.assign(y=train.y)
        .groupby("group")["y"]
        .mean(),
        "audited in tune": tune.groups.assign(y=tune.y).groupby("group")["y"].mean(),
        "share of train": train.groups["group"].value_counts(normalize=True),
    }
).round(3)

# %% [markdown]
# ## 1. A diagnosis
#
# Write `diagnose(train, tune)`. It is handed two tables of another region: the columns of
# `train.X` with `group`, `preferred_language` and `sex`, and `outcome`, 0 or 1, as recorded
# in `train` and audited in `tune`. It returns
# `{"found": [...], "gap": 0.12}`: the mechanisms that are at work there (none, one or two),
# and the gap of the *reference model*: a logistic regression on `train` without the group
# columns and the blood gas, with one cut-off that alerts 20 % of `tune`. The gap is
# sensitivity in A less sensitivity in B, by audited outcomes.
#
# It is asked about twelve regions, one at a time. In some none of the four is at work; a gap
# may be there all the same, as groups differ in what is no fault. Mechanisms are weaker or
# stronger than here. To accuse no region wrongly counts too.


# %% answer="diagnose"
### BEGIN SOLUTION
TOLD = ["group", "preferred_language", "sex", "outcome"]


def reference_columns(X):
    """What the reference model sees, skewed columns as logs."""
    X = X.drop(columns=[*TOLD, "sao2_percent"], errors="ignore").astype(float)
    for name in ("creatinine_umol_l", "crp_mg_l", "cost_12m_eur"):
        X[name] = np.log(X[name] + 0.1)
    return X


def reference_gap(train, tune):
    """Sensitivity in A less sensitivity in B, with one cut-off and the record's label."""
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    model.fit(reference_columns(train), train["outcome"])
    risk = model.predict_proba(reference_columns(tune))[:, 1]
    alert = risk >= np.quantile(risk, 0.80)
    ill, in_b = (tune["outcome"] == 1).to_numpy(), (tune["group"] == "B").to_numpy()
    return float(alert[ill & ~in_b].mean() - alert[ill & in_b].mean())


def largest_z(one_by_one, X, y, X_other, y_other):
    """How far apart the signs of illness are of two sets of patients, at most."""
    names = [[name] for name in X] if one_by_one else [list(X)]
    found = [compare_signs(X[n], y, X_other[n], y_other)["z"] for n in names]
    return pd.concat(found).abs().max()


def diagnose(train, tune):
    """Which mechanisms are at work, and how large the gap is."""
    X, X_audited = reference_columns(train), reference_columns(tune)
    y, y_audited = train["outcome"], tune["outcome"]
    a, b = (train["group"] == name for name in "AB")
    a_audited, b_audited = (tune["group"] == name for name in "AB")
    # Within A no event is missing: signs that differ there show another label.
    in_a = (X_audited[a_audited], y_audited[a_audited], X[a], y[a])
    is_proxy = largest_z(False, *in_a) > 4.3
    in_b = (X[b], y[b], train["group"][b], X_audited[b_audited], y_audited[b_audited])
    recorded = label_audit(*in_b).loc["B"]
    bias = device_bias(tune["spo2_percent"], tune["sao2_percent"], tune["group"])
    share = shares_in(train["group"], tune["group"]).loc["B"]
    # One by one, and without the device, whose fault would move the other signs.
    signs = X_audited.drop(columns="spo2_percent")
    by_group = (
        *(signs[a_audited], y_audited[a_audited]),
        *(signs[b_audited], y_audited[b_audited]),
    )
    is_few = share["high"] < 0.6 * share["share_audited"]
    told = {
        "under-ascertainment": recorded["high"] < 0.9 and not is_proxy,
        "measurement": bias.loc["B", "low"] - bias.loc["A", "high"] > 0.2,
        "under-representation": is_few and largest_z(True, *by_group) > 6,
        "proxy-label": is_proxy,
    }
    found = [name for name, at_work in told.items() if at_work]
    return {"found": found, "gap": reference_gap(train, tune)}


### END SOLUTION

# %% [markdown]
# Try it on your own patients.

# %% locked="try"
diagnose(
    train.X.assign(outcome=train.y),
    tune.X.assign(outcome=tune.y),
)

# %% [markdown]
# ## 2. A repaired model of the risk
#
# Fit a model and call it `model`. It needs `predict_proba(X)` and is handed tables with the
# columns of `train.X`, `group`, `preferred_language` and `sex` among them. Its risks should
# mean the same in both groups: of those told 30 %, 30 % fall ill.

# %% answer="model"
### BEGIN SOLUTION
from sklearn.preprocessing import FunctionTransformer


def by_group(X):
    """The reference's columns, once for everybody and once more for group B."""
    columns = reference_columns(X)
    columns = (columns - MEANS) / SPREADS
    in_b = (X["group"] == "B").to_numpy(dtype=float)
    return np.column_stack([columns, columns.to_numpy() * in_b[:, None], in_b])


MEANS = reference_columns(tune.X).mean()
SPREADS = reference_columns(tune.X).std()
# The audit is the only label that means illness in all the cases that we met, and the
# group says how a sign is to be read. It is used for that, and openly.
model = make_pipeline(
    FunctionTransformer(by_group), LogisticRegression(C=0.3, max_iter=1000)
).fit(tune.X, tune.y)
### END SOLUTION

# %% [markdown]
# ## 3. Who is called in
#
# Write `decide(X)`: 1 for each patient who is called in, else 0; about one in five. Find
# the ill of A and of B equally often. A patient's place must not depend on who else is in
# the table, nor on chance.

# %% answer="decide"
### BEGIN SOLUTION
rule = ThresholdsByGroup(alert_rate=0.20).fit(
    tune.y, model.predict_proba(tune.X)[:, 1], tune.X["group"]
)


def decide(X):
    """Return 1 for each patient who is called in."""
    return rule.predict(model.predict_proba(X)[:, 1], X["group"])


### END SOLUTION

# %% [markdown]
# ## Hand in
#
# The next cell takes your answers and shows what the `check` patients, and four practice
# regions, say about them.

# %% locked="submit"
submit(model, decide=decide, diagnose=diagnose)

# %% check="accuracy" points=40
check("accuracy")

# %% check="fairness" points=30
check("fairness")

# %% check="evidence" points=20
check("evidence")

# %% check="contract" points=10
check("contract")

# %% [markdown]
# ## 4. Who is harmed, who pays, who decides?
#
# First the numbers. With the old model (a logistic regression on `train` without the group, one
# cut-off) and with yours: of 1,000 ill of A, and of 1,000 ill of B, how many are called in
# on `tune`? Call the table `price`.

# %% answer="price"
### BEGIN SOLUTION
known = [n for n in tune.X.select_dtypes("number") if n != "sao2_percent"]
old = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
old_risk = old.fit(train.X[known], train.y).predict_proba(tune.X[known])[:, 1]
called = pd.DataFrame(
    {"old": old_risk >= np.quantile(old_risk, 0.80), "new": decide(tune.X) == 1}
)
ill = tune.y == 1
price = 1000 * called[ill].groupby(tune.X["group"].to_numpy()[ill]).mean()
price.round()
### END SOLUTION

# %% [markdown]
# In at most 250 words, for the board of the region: who was harmed by the old model, and by
# which mechanism; what your repair costs patients of group A and brings patients of group B, in
# ill patients found per 1,000; what no model can repair here; and who should decide on the
# trade. A person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# (The numbers are of one course, in which a share of B's events was not recorded; those of
# yours are in `price`.)
#
# The ill of group B were harmed. The old model called in 494 of 1,000 ill of A, but 361 of
# 1,000 ill of B. The cause: at the same risk, train has too few events of B. Many were never
# recorded, so the model learnt that B is healthier than it is.
#
# We fitted the risk on audited patients, let a sign mean in B what it means in B, and set one
# cut-off a group. Now 467 of 1,000 ill of A are called in, and 469 of B. That is 27 fewer
# of 1,000 ill of A, and 108 more of 1,000 ill of B. The number of places stayed, so each
# place that B gained is one that A no longer has.
#
# About half of the ill are still missed in both groups: there are places for one in five. No
# model brings back events that nobody recorded, or a value that an oximeter did not measure.
# The region must record, measure with a device that works in all, and audit every year.
#
# The trade between A and B is not ours to make: the board decides, with patients of both
# groups at the table, and writes down why.
# ### END SOLUTION
