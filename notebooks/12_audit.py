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
# # Lab 12: Audit a vendor's model
#
# *Monday, 8:00, a meeting.* Five clinics of your region have each bought a program that says how likely a patient is to
# get worse. Each vendor has a brochure, and each clinic a year of its own scores. "Which of them should we keep?"
# asks the director. One vendor's lawyer sits in the room: an accusation had better be true.
#
# **After this lab you can**
#
# - follow five steps of an audit: scope, map, collect, test, reflect;
# - tell apart a score that has seen the outcome, one that drifted, one that is badly calibrated, and one that
#   fails the patients of one language;
# - say *insufficient evidence* where patients are too few;
# - look at many groups without accusing a sound model;
# - run coursekit's audit and its command, and say what it cannot see;
# - write what you found on a page that patients can read.
#
# About 90 minutes. Where it says **predict before you run**, write your guess down, then run the cell. Clinics and
# vendors are drawn by a program: nobody real is in them.

# %% locked="setup"
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.stats import norm
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from coursekit.audit import audit_scores
from coursekit.datasets import (
    load_diabetes130,
    make_diabetes130_twin,
    make_vendor_cases,
    readmission_task,
)
from coursekit.datasets.cases import open_case
from coursekit.metrics import auroc
from coursekit.quiz import open_quiz

DIABETES130 = os.environ.get("COURSEKIT_DIABETES130")  # a path, or None: a drawn twin
BLUE = "#0072B2"
quiz = open_quiz("12_audit")
drawn = make_vendor_cases(12, secret="lab 12, 15", role="train")
ROWS = {"A": 7, "B": 0, "C": 10, "D": 8, "E": 5}
clinics = {name: open_case(drawn.X[row]) for name, row in ROWS.items()}
scores = {name: clinic["scores"] for name, clinic in clinics.items()}
claims = {name: clinic["claims"] for name, clinic in clinics.items()}

# %% [markdown]
# ## 1. Scope: what was promised, to whom?
#
# Before any figure: what is the score for, who acts on it, from which value on, and who is harmed if it is wrong? Here
# a nurse looks more often at patients whose score reaches the vendor's `threshold`. Who is missed is looked at too late.

# %%
print(pd.DataFrame(claims).T)
scores["A"].head()

# %% [markdown]
# **Exercise 1.** Write `at_clinic(table, threshold)`: a dict with `auroc`, `prevalence`, `alert_rate` (share of patients
# from the threshold on) and `sensitivity` (that share among those with `y` = 1).


# %% answer="at_clinic"
def at_clinic(table, threshold):
    """Return what the brochure claims, as this clinic sees it."""
    ### BEGIN SOLUTION
    alerts = table["score"] >= threshold
    return {
        "auroc": auroc(table["y"], table["score"]),
        "prevalence": table["y"].mean(),
        "alert_rate": alerts.mean(),
        "sensitivity": alerts[table["y"] == 1].mean(),
    }
    ### END SOLUTION


# %% check="at_clinic"
small = pd.DataFrame({"score": [0.1, 0.4, 0.5, 0.9], "y": [0, 1, 0, 1]})
assert at_clinic(small, 0.45) == {
    "auroc": 0.75,
    "prevalence": 0.5,
    "alert_rate": 0.5,
    "sensitivity": 0.5,
}

# %% [markdown]
# **Predict before you run.** How many of the five reach less than their brochure promises?

# %%
my_guess_below = 2  # write your own guess here

# %%
local = pd.DataFrame(
    {name: at_clinic(scores[name], claims[name]["threshold"]) for name in scores}
).T
local["promised_auroc"] = [claims[name]["auroc"] for name in local.index]
print(local.round(2))

# %% tags=["solution-only"]
# What the text says is checked in cells like this one. Students have none.
short = local["promised_auroc"] - local["auroc"]
assert set(short[short > 0].index) == {"A", "B", "C", "D"}
assert drawn.truth.detail["fault"][ROWS["B"]] == "fine"
assert short["A"] < 0.01
assert short["B"] > short["C"] > 0.06
assert short["E"] < -0.03
assert drawn.truth.detail["fault"][ROWS["E"]] == "miscalibrated"
assert local["alert_rate"].min() < 0.15
assert local["alert_rate"].max() > 0.55
assert drawn.truth.detail["fault"][ROWS["A"]] == "leaky"

# %% [markdown]
# Four, and it says little. The brochure's figures are from the vendor's own hospital: other patients, more or fewer of them ill, other ages and
# languages, few patients or many, and chance. All that moves an AUROC and the share of alerts although the model is the same. Of these
# five one is sound: B, which falls short by more than C does. A, which keeps its promise almost to the digit, is the worst of all, and E exceeds
# its promise and has a fault. We must look closer.
#
# ## 2. Map: when does the score come into being?
#
# Draw on a sheet: admission, first score, outcome, discharge, last score. `hour_scored` says when the stored score was made,
# `hour_settled` when the outcome happened or the patient left. In every clinic some scores were made *afterwards*.
#
# **Exercise 2.** Write `before_and_after(table)`: the AUROC of scores made before the outcome was settled, and of those made after.


# %% answer="before_and_after"
def before_and_after(table):
    """Return the AUROC before the outcome was settled, and after."""
    ### BEGIN SOLUTION
    late = table["hour_scored"] > table["hour_settled"]
    return tuple(
        auroc(table["y"][rows], table["score"][rows]) for rows in (~late, late)
    )
    ### END SOLUTION


# %% check="before_and_after"
by_hour = pd.DataFrame(
    {name: before_and_after(scores[name]) for name in scores},
    index=["before", "after"],
).T
print(by_hour.round(2))

# %% tags=["solution-only"]
gain = by_hour["after"] - by_hour["before"]
assert gain["A"] > 0.10
assert gain.drop("A").abs().max() < 0.05
assert by_hour.loc["A", "before"] < 0.80

# %% [markdown]
# In four clinics it makes no difference. In **A** the late scores rank far better, because something that is written down after
# the outcome goes into them. No nurse will ever see such a score in time. What a patient gets is the AUROC *before*.
#
# ## 3. Collect: what do you need, and what must you leave?
#
# To test more, collect: outcome, score, date, the groups, whose row it is, the version of the model, and who decided what happened next. Leave names,
# record numbers and birth dates where they are. A group of five patients can point at a person.
#
# ## 4. Test: was it always so?
#
# **Exercise 3.** Write `by_third(table)`: the AUROC in the first, second and last third of the patients by `date`: a list of three.
# (`np.array_split` splits positions; sort first.)


# %% answer="by_third"
def by_third(table):
    """Return the AUROC in each third of the year's patients."""
    ### BEGIN SOLUTION
    ordered = table.sort_values("date", kind="stable")
    parts = [ordered.iloc[rows] for rows in np.array_split(np.arange(len(ordered)), 3)]
    return [auroc(part["y"], part["score"]) for part in parts]
    ### END SOLUTION


# %% check="by_third"
thirds = pd.DataFrame({name: by_third(scores[name]) for name in scores})
_, ax = plt.subplots(figsize=(6, 3.2))
for name in thirds:
    style = {"color": BLUE, "lw": 2.5} if name == "D" else {"color": "0.6"}
    ax.plot([1, 2, 3], thirds[name], marker="o", **style)
    ax.annotate(name, (3.05, thirds[name].iloc[-1]), va="center")
ax.set(xticks=[1, 2, 3], xlabel="third of the year", ylabel="AUROC", ylim=(0.5, 1))
plt.show()

# %% [markdown]
# *Figure: AUROC of five models in the first, second and last third of the year. Four lines stay level; that of D, in blue, falls steeply.*

# %% tags=["solution-only"]
assert thirds["D"].iloc[0] - thirds["D"].iloc[-1] > 0.15
assert (thirds.drop(columns="D").max() - thirds.drop(columns="D").min()).max() < 0.07

# %% [markdown]
# **D** has drifted. Its AUROC over the year is an average of a good model and a bad one.
#
# ## 5. Test: does a score mean what it says?
#
# **Exercise 4.** Write `expected_to_observed(table)`: the sum of the scores divided by the number of outcomes.


# %% answer="expected_to_observed"
def expected_to_observed(table):
    """Return how many outcomes the scores predict for each that happened."""
    ### BEGIN SOLUTION
    return table["score"].sum() / table["y"].sum()
    ### END SOLUTION


# %% check="expected_to_observed"
assert np.isclose(expected_to_observed(small), 0.95)
ratios = pd.Series({name: expected_to_observed(scores[name]) for name in scores})
print(ratios.round(2))

# %% tags=["solution-only"]
assert ratios["E"] > 1.5
assert ratios.drop("E").between(0.95, 1.05).all()
assert ratios.drop("E").idxmin() == "A"
assert round(ratios["A"], 2) == 0.96
assert abs(by_third(scores["E"])[0] - by_third(scores["E"])[2]) < 0.05

# %% [markdown]
# **E** predicts half as many again as happened, in a model that ranks well all year. Its threshold flags far too many. Recalibrate it; there is
# no need to throw it away. The other four lie near 1. Near is not equal: A is off by 4 in 100. That is
# too little to act on, be it chance or not (section 8 asks for a quarter).
#
# ## 6. Test: for whom does it work?
#
# Comparing the sensitivity of groups is not enough: where risk is lower, a sound model flags fewer, and finds fewer of the ill. So ask those *without*
# an alert: did the outcome happen more often than their scores said?
#
# **Exercise 5.** Write `missed(table, threshold)`: a DataFrame with a row for each language and the columns `observed` (outcomes among patients
# below the threshold) and `expected` (the sum of their scores).


# %% answer="missed"
def missed(table, threshold):
    """Return outcomes that happened, and that were expected, without an alert."""
    ### BEGIN SOLUTION
    below = table[table["score"] < threshold].groupby("language")
    return pd.DataFrame(
        {"observed": below["y"].sum(), "expected": below["score"].sum()}
    )
    ### END SOLUTION


# %% check="missed"
def with_ratio(name):
    """Return what one clinic missed, with the ratio and its error if all is well."""
    table = missed(scores[name], claims[name]["threshold"])
    ratio = table["observed"] / table["expected"]
    return table.assign(ratio=ratio, error=1 / np.sqrt(table["expected"]))


counted, counted_in_b = with_ratio("C"), with_ratio("B")
print(counted.round(2))
print("and in clinic B:")
print(counted_in_b.round(2))

# %% locked="draw_missed"
_, ax = plt.subplots(figsize=(6, 3.2))
places = np.arange(len(counted))
ax.errorbar(counted["ratio"], places, xerr=1.96 * counted["error"], fmt="o", color=BLUE)
ax.axvline(1, color="0.5", lw=1)
ax.set(yticks=places, yticklabels=counted.index)
ax.set_xlabel("observed / expected outcomes without an alert (clinic C)")
plt.show()

# %% [markdown]
# *Figure: observed divided by expected outcomes among patients without an alert, by language, in clinic C, with bars of 1.96 standard errors. Vietnamese lies
# far to the right of 1. The two smallest groups have bars four to five times as wide as that of English.*

# %% tags=["solution-only"]
assert counted["ratio"].idxmax() == "Vietnamese"
assert (counted["ratio"] - 1.96 * counted["error"])["Vietnamese"] > 1.25
assert drawn.truth.detail["language"][ROWS["C"]] == "Vietnamese"
tiny = counted[counted["expected"] < 15]
assert len(tiny) >= 2
assert set(tiny.index) == {"Arabic", "Turkish"}
assert (tiny["error"] > 0.25).all()
assert (tiny["error"] / counted.loc["English", "error"]).between(4, 5).all()
beyond = (counted["ratio"] - 1) / counted["error"]
assert set(beyond[abs(beyond) > 1.96].index) == {"Vietnamese"}
in_turkish = counted_in_b.loc["Turkish"]
assert in_turkish[["observed", "expected"]].round().tolist() == [94, 75]
beyond = (counted_in_b["ratio"] - 1) / counted_in_b["error"]
assert set(beyond[abs(beyond) > 1.96].index) == {"Turkish"}

# %% [markdown]
# In **C**, patients who prefer Vietnamese and have no alert get worse far more often than their scores say. Of the smallest groups, Arabic and Turkish, we can say neither
# that they are served well nor that they are not: **insufficient evidence**. It goes into the report in these words, with how many more patients it takes.
# In clinic **B** Turkish is a temptation: 94 outcomes where 75 were expected, more than 1.96 standard errors. It is chance, as the drawn truth says; at a clinic you
# would not know, and would look again in next year's patients.
#
# ## 7. Many looks
#
# B is left. "Keep looking, you will find something." We let chance speak: outcomes of B are drawn anew *from its scores*, so that
# the model is right about everybody, and all groups and pairs of groups are tested as before.
#
# **Predict before you run.** Each look accuses a sound model 5 times in 100. How many of 100 sound models will be accused of something?

# %%
my_guess_accused = 5  # write your own guess here


# %% locked="looks"
def subgroups(table):
    """Return the rows of each group and each pair of groups, those of some size."""
    names = ["sex", "age_band", "language", "ward"]
    looks = [table.groupby(name).indices for name in names]
    looks += [table.groupby([a, b]).indices for a in names for b in names if a < b]
    risk = table["score"].to_numpy()
    each = [rows for look in looks for rows in look.values()]
    return [rows for rows in each if risk[rows].sum() >= 5]


def furthest(y, risk, groups):
    """Return by how many standard errors the worst group is off."""
    spread = risk * (1 - risk)
    return max(
        abs((y[rows] - risk[rows]).sum()) / np.sqrt(spread[rows].sum())
        for rows in groups
    )


risk = scores["B"]["score"].to_numpy()
groups = subgroups(scores["B"])
rng = np.random.default_rng(0)
worst = np.array(
    [
        furthest((rng.random(len(risk)) < risk).astype(int), risk, groups)
        for _ in range(300)
    ]
)
print(len(groups), "groups and pairs of groups")

# %% [markdown]
# **Exercise 6.** At 1.96 standard errors one look errs 5 times in 100. Write `limit(n_looks, error=0.05)`: how many standard errors to ask for
# so that *all looks together* err at most so often (Bonferroni: share the error out; `norm.ppf` turns a probability into standard errors; two sides).


# %% answer="limit"
def limit(n_looks, error=0.05):
    """Return how many standard errors each of many looks must be off."""
    ### BEGIN SOLUTION
    return norm.ppf(1 - error / n_looks / 2)
    ### END SOLUTION


# %% check="limit"
assert np.isclose(limit(1), 1.96, atol=0.001)
accused = (worst > 1.96).mean()
accused_if_counted = (worst > limit(len(groups))).mean()
print(
    f"sound models accused: {accused:.0%} at 1.96, {accused_if_counted:.0%} with limit"
)

# %% tags=["solution-only"]
assert accused > 0.7
assert accused_if_counted < 0.08
assert len(groups) > 30

# %% [markdown]
# A sound model is accused in most of the audits if each group is tested by itself, and seldom if the looks are counted. Two more rules help: say what you will
# look at *before* you look, and ask for a difference that matters to a patient, not only one that is sure.
#
# ## 8. coursekit's audit, and its command
#
# `audit_scores` has these rules built in: an interval widened for all its looks, and a size that matters. It is given the outcome, the score,
# the groups and the date.
#
# **Predict before you run.** Four of the five models have a fault. Which fault will it miss, given these columns?

# %%
my_guess_missed = "none"  # write your own guess here: the letter of a clinic

# %%
GROUPS = ["sex", "age_band", "language", "ward"]
found = {
    name: audit_scores(scores[name], "y", "score", groups=GROUPS, date="date")
    for name in scores
}
for name, audit in found.items():
    codes = [finding.code for finding in audit.findings]
    print(name, audit.verdict, codes, [finding.about for finding in audit.findings])

# %% tags=["solution-only"]
codes = {name: {each.code for each in audit.findings} for name, audit in found.items()}
assert codes["A"] == codes["B"] == set()
assert codes["C"] == {"UNDER-SERVED"}
assert codes["D"] == {"DRIFTED", "MISCALIBRATED"}
assert codes["E"] == {"MISCALIBRATED"}
assert found["C"].findings[0].about == "language = Vietnamese"

# %% [markdown]
# It finds C, D and E and accuses nobody wrongly. But it says *nothing found* of **A**: no column told it when a score was made. And it names D twice,
# since a model that drifted is badly calibrated over the year; one cause, two signs. A tool tests what it knows; the map of section 2 is yours.
#
# **Exercise 7.** Put your verdicts into `verdicts`: a dict from the letter to one of `"leaky"`, `"drifted"`, `"miscalibrated"`,
# `"under-serves-language"`, `"fine"`.

# %% answer="verdicts"
verdicts = {
    "A": "leaky",
    "B": "fine",
    "C": "under-serves-language",
    "D": "drifted",
    "E": "miscalibrated",
}

# %% check="verdicts"
truth = {name: drawn.truth.detail["fault"][row] for name, row in ROWS.items()}
for name, said in verdicts.items():
    print(name, said, "-", "right" if said == truth[name] else f"it is {truth[name]}")

# %% tags=["solution-only"]
assert verdicts == truth

# %% [markdown]
# At a clinic you need no notebook. This is what a volunteer types; the page it writes opens in any browser:

# %%
with tempfile.TemporaryDirectory() as folder:
    file, page_file = Path(folder) / "scores.csv", Path(folder) / "report.html"
    scores["C"].to_csv(file, index=False)
    command = [sys.executable, "-m", "coursekit.cli", "audit", str(file)]
    command += ["--truth", "y", "--score", "score", "--group", "sex,language"]
    command += ["--date", "date", "--output", str(page_file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    page_text = page_file.read_text("utf-8")
print(done.stdout.splitlines()[0], f"({len(page_text) // 1000} kB)")

# %% tags=["solution-only"]
assert "Vietnamese" in page_text
assert "<script" not in page_text

# %% [markdown]
# ## 9. Real patients: race, sex and age
#
# The same audit on scores for readmission within 30 days, of patients with diabetes in 130 US hospitals. Where the file is not on this computer, a drawn
# twin with the same columns takes its place; then the figures say nothing about anybody. (`coursekit.datasets.show_dataset("diabetes130")` tells
# where the file comes from.) A plain model learns from half of the patients; the other half is audited.

# %%
if DIABETES130:
    encounters = load_diabetes130(DIABETES130)
else:
    encounters = make_diabetes130_twin(30_000, random_state=0)
diabetes = readmission_task(encounters)
numbers = diabetes.X.select_dtypes("number").dropna(axis="columns")
learn = diabetes.patient % 2 == 0
model = make_pipeline(StandardScaler(), LogisticRegression())
model.fit(numbers[learn], diabetes.y[learn])
table = diabetes.groups[~learn].assign(
    y=diabetes.y[~learn],
    p=model.predict_proba(numbers[~learn])[:, 1],
    patient=diabetes.patient[~learn],
)
real = audit_scores(
    table, "y", "p", groups=["race", "sex", "age_band"], patient="patient"
)
print(real.verdict, [(each.code, each.about) for each in real.findings])
shown = ["n_patients", "n_ill", "sensitivity", "enough", "more_patients"]
print(real.groups["race"][shown].round(2))

# %% tags=["solution-only"]
assert not real.groups["race"]["enough"].all()
assert 0.45 < real.performance["auroc"].value < 0.75

# %% [markdown]
# Of some groups there are too few patients, even here. And remember who is not in the table: whoever was readmitted to a hospital outside these 130 counts
# as not readmitted. If that happens more often in one group, that group looks well served.
#
# ## 10. Reflect: whom do you tell, and how?
#
# An audit ends with people: the vendor gets the figures and the chance to answer, the clinic a decision with a date, and the patients a page.
#
# **Exercise 8.** Write `page`, at most 120 words, for the waiting room of clinic C: what the program is for, whom it misses, what is done until it is
# mended, and of whom you do not know. No statistics words.

# %% answer="page"
page = """
When you are on our ward, a computer program estimates how likely you are to get worse.
Nurses use it to decide whom to look at more often. It decides nothing by itself.
We checked last year's estimates. For patients who prefer Vietnamese they were too low:
more of them became seriously ill than the program said. We do not know why. Until the
maker has mended it, nurses look at these patients as often as at those with a high
number, with an interpreter. Of our smallest language groups too few patients came to
know how well it works for them. You may ask the nurse for your number, and say that you
do not want it used.
"""

# %% check="page"
words = page.lower().split()
assert 40 <= len(words) <= 120, f"{len(words)} words"
for term in ("auroc", "sensitivity", "calibrat", "significan", "p-value", "threshold"):
    assert term not in page.lower(), f"Say {term!r} so that a neighbour understands it."
assert "vietnamese" in page.lower(), "Who is missed?"
print(len(words), "words")

# %% [markdown]
# ## 11. Check yourself
#
# Call `quiz("name")` to read a question, `quiz("name", answer="a")` to answer. Nothing is recorded.

# %%
quiz("brochure")

# %% answer="quiz_brochure"
quiz("brochure", answer="b")

# %%
quiz("late")

# %% answer="quiz_late"
quiz("late", answer="c")

# %%
quiz("drift")

# %% answer="quiz_drift"
quiz("drift", answer="a")

# %%
quiz("small")

# %% answer="quiz_small"
quiz("small", answer="b")

# %%
quiz("looks")

# %% answer="quiz_looks"
quiz("looks", answer="c")

# %% [markdown]
# ## Take-away
#
# - A brochure tells of other patients. Falling short of it is no fault by itself, and keeping it is no proof.
# - Ask when each score was made. No audit of scores alone can see it.
# - A model that drifted also looks badly calibrated: look for the cause before you name the sign.
# - Ask of patients without an alert whether they were rightly reassured, language by language.
# - Too few patients is an answer: insufficient evidence.
# - Count your looks. Who looks often enough accuses everybody.
#
# The five steps are those of Raji and others; Liu and others propose an audit for medical algorithms, with errors, their consequences and tests in subgroups.
#
# ## References
#
# 1. Liu X, Glocker B, McCradden MM, Ghassemi M, Denniston AK, Oakden-Rayner L. The medical algorithmic audit.
#    *Lancet Digital Health* 2022;4:e384-e397.
# 2. Raji ID, Smart A, White RN, and others. Closing the AI accountability gap: defining an end-to-end framework for
#    internal algorithmic auditing. *FAT\* '20*, 2020:33-44.
