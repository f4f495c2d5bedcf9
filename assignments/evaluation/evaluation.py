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
# # How sure is this number?
#
# A ward asks how good its model is. "AUROC 0.81" is half an answer. You write three functions that
# give the other half: an interval, a report of calibration, and a list of the subgroups for which
# the model is wrong. Each is asked about cases that you have never seen, and of which the truth is
# known, so that it can be counted how often you are right.
#
# You get *cases*, with the truth to compare with: `train` and `tune` to work with, `check` for the
# check at the end. Your mark comes from other cases.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import numpy as np
import pandas as pd

from coursekit import check, load_cohorts, submit
from coursekit.datasets import make_calibration_cases, make_subgroup_cases
from coursekit.datasets.cases import open_case
from coursekit.metrics import (
    auroc,
    benjamini_hochberg,
    calibration_intercept,
    calibration_slope,
    drawn_again,
    integrated_calibration_index,
    weighted_auroc,
)

train, tune, check_cohort = load_cohorts()
case = open_case(tune.X[1])
print({name: values[:6] for name, values in case.items()})
print(len(case["y"]), "rows of", len(np.unique(case["patient"])), "patients")
print("true AUROC", tune.y[1]["auroc"], "group", tune.y[1]["group"])

# %% [markdown]
# ## 1. An interval for the AUROC
#
# A case has arrays, one value a row: the outcome `y` (0 or 1), the model's score `p`, and `patient`, a number that says whose
# row it is. A patient has one row or several, all with the same outcome: visits, films, samples. Write
# `auc_ci(y, p, patient)`, which returns `{"low": ..., "high": ...}`: an interval of 95 % for the AUROC that the
# model has among all such patients.
#
# Graded are how often it holds the truth, whether it does so alike in group A and in group B (fewer patients, more rows of
# each; your function is not told which), and how wide it is beside the interval of one who knows how.
#
# `weighted_auroc(y, p, weight)` is fast: with weights of shape `(200, n_rows)`, how often each row counts, it returns 200
# AUROCs at once, in about a millisecond. 200 are enough here. `drawn_again` makes such weights.


# %% answer="auc_ci"
def auc_ci(y, p, patient):
    """Return the ends of an interval of 95 % for the AUROC."""
    ### BEGIN SOLUTION
    weight = drawn_again(len(y), patient=patient, n_replicates=200, random_state=0)
    replicates = weighted_auroc(y, p, weight)
    low, high = np.nanquantile(replicates, [0.025, 0.975])
    return {"low": float(low), "high": float(high)}
    ### END SOLUTION


# %% locked="try_interval"
def coverage(cohort):
    """Print how often the intervals hold the truth, and how wide they are."""
    said = pd.DataFrame([auc_ci(**open_case(item)) for item in cohort.X])
    true = pd.DataFrame(cohort.y)
    held = (said["low"] <= true["auroc"]) & (true["auroc"] <= said["high"])
    width = (said["high"] - said["low"]) / (true["high"] - true["low"])
    seen = pd.DataFrame({"coverage": held, "width": width, "group": true["group"]})
    print(seen.groupby("group").mean().round(3))


coverage(tune)

# %% [markdown]
# With 100 cases a group, a coverage of 0.95 is itself known to 4 points of per cent: mind that when you compare two ways.
#
# ## 2. A report of calibration
#
# Another kind of case: `y` and `p` of 3,000 patients, one row each. Write `calibration_report(y, p)`, which returns
#
# - `intercept`: calibration in the large, what has to be added to all log odds, the slope being 1;
# - `slope`: of the outcomes on the log odds of the risks;
# - `ici`: the integrated calibration index, the mean distance of the risks from the (smooth) calibration curve.

# %% locked="calibrated"
calibration = make_calibration_cases(20, secret="my own practice", role="train")
print(pd.DataFrame(calibration.y)[["intercept", "slope", "ici"]].head(4))


# %% answer="calibration_report"
def calibration_report(y, p):
    """Return intercept, slope and integrated calibration index."""
    ### BEGIN SOLUTION
    return {
        "intercept": calibration_intercept(y, p),
        "slope": calibration_slope(y, p),
        "ici": integrated_calibration_index(y, p),
    }
    ### END SOLUTION


# %% locked="try_calibration"
for name in ("intercept", "slope", "ici"):
    near = [
        abs(calibration_report(**open_case(item))[name] - true[name])
        <= true[f"{name}_tolerance"]
        for item, true in zip(calibration.X, calibration.y, strict=True)
    ]
    print(f"{name}: {sum(near)} of {len(near)} near the truth")

# %% [markdown]
# ## 3. Thirty subgroups
#
# The third kind: a table `df` with `subgroup` (`s01` to `s30`: each a sex, an age band and a language), `y` and `p`, one row a patient. In
# most subgroups the risks are right. In none to six of them they are all too high or all too low. Write `subgroup_table(df)`, which
# returns `{"found": [...]}`, the names of the subgroups that you declare different.
#
# Graded are how many of the different ones you find, beside the procedure of Benjamini and Hochberg at 0.10, and how many of those that you
# declare are not different. Declaring nothing finds nothing, and earns nothing for saying nothing false.
#
# If the risks are right, the events of a subgroup less the sum of its risks have the mean 0 and the variance `sum(p * (1 - p))`.

# %% locked="subgroups"
cohorts = make_subgroup_cases(60, secret="my own practice", role="train")
print(cohorts.y[1]["found"])
open_case(cohorts.X[1])["df"].head()


# %% answer="subgroup_table"
def subgroup_table(df):
    """Return the subgroups whose risks are wrong: {"found": [...]}."""
    ### BEGIN SOLUTION
    from scipy.stats import norm

    rows = df.assign(off=df["y"] - df["p"], variance=df["p"] * (1 - df["p"]))
    sums = rows.groupby("subgroup")[["off", "variance"]].sum()
    p_values = 2 * norm.sf((sums["off"] / np.sqrt(sums["variance"])).abs())
    return {"found": sums.index[benjamini_hochberg(p_values, rate=0.10)].tolist()}
    ### END SOLUTION


# %% locked="try_subgroups"
found, false, n_different = 0, [], 0
for item, true in zip(cohorts.X, cohorts.y, strict=True):
    said = set(subgroup_table(**open_case(item))["found"])
    found, n_different = (
        found + len(said & set(true["found"])),
        n_different + len(true["found"]),
    )
    false.append(len(said - set(true["found"])) / max(len(said), 1))
print(f"found {found} of {n_different}; mean share of false ones {np.mean(false):.3f}")

# %% [markdown]
# ## Hand in
#
# The next cell takes your answers and shows what the `check` cases say about them.

# %% locked="submit"
submit(
    auc_ci=auc_ci,
    calibration_report=calibration_report,
    subgroup_table=subgroup_table,
)

# %% check="accuracy" points=40
check("accuracy")

# %% check="fairness" points=30
check("fairness")

# %% check="evidence" points=20
check("evidence")

# %% check="contract" points=10
check("contract")

# %% [markdown]
# ## 4. A paragraph for the ward
#
# Take the second case of `tune` (group B): `ward = open_case(tune.X[1])`. In a cell of your own, print its AUROC, `auroc(ward["y"], ward["p"])`, and your
# interval, `auc_ci(**ward)`. (The true AUROC, printed at the start, is known to no ward: do not use it.) Write these three numbers. In at most 150 words, tell the ward what its model's AUROC is: with the interval, whose rows it
# rests on and what that means, and what an AUROC does not say. No word that a nurse would have to look up. A person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# We looked at how well the program puts the patients who fell ill before those who did not. Take one of each: the program gives the ill one the
# higher number about as often as the first number that the cell printed says: at 0.76, in 76 of a hundred such pairs. That figure comes from your ward's patients, and with others it
# would have been another: it could reasonably lie anywhere between the two ends of the interval (the other two numbers), and we would not be surprised by either.
#
# There are more than three hundred rows in the table but fewer than a hundred patients. A patient who was seen five times tells us hardly more than one who was seen
# once, so we counted patients. Had we counted rows, the interval would look half as wide, and it would be wrong.
#
# The figure does not say whether a risk of 30 % means that three of ten fall ill, nor what to do for whom, nor whether it is as good in every group.
# ### END SOLUTION
