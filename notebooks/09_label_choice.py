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
# # Lab 9: Who gets the place? The choice of a label
#
# *Wednesday, 11:00, a meeting room.* The hospital has a care programme: a nurse who
# calls, longer visits, help with medicines. There are places for three in a hundred
# patients. A vendor's score picks them. "It is accurate," says the vendor, "it was tested on
# your own patients. And it cannot discriminate: **it does not know who belongs to which group.**"
#
# Mr D., 54, has six active chronic conditions and is not picked. A colleague asks what the score
# predicts. "High cost in the next year. Who costs much is ill, isn't he?"
#
# In 2019 Obermeyer and others looked at such a score [1]. Of the patients above its 97th
# percentile, 17.7 % were Black. In their simulation, in which a score means the same illness in both groups,
# it was 46.5 %.
#
# **After this lab you can**
#
# - say what a label is, and why cost, conditions and need are three of them;
# - show that a score is calibrated for one label and not for another;
# - reproduce the published shift, and say what it is: a simulation;
# - explain why a model without the group column still serves one group worse;
# - audit with intervals, choose the rate from the harm, and say *insufficient evidence*;
# - plan how many patients an audit needs, and write down who decides on a label.
#
# About 90 minutes. Where it says **predict before you run**, write your guess down, then run
# the cell. The patients are drawn. Groups A and B differ as the two groups of the
# paper did in number and mean illness; they are not those patients, and nothing here may be used on one.

# %% locked="setup"
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.linear_model import LinearRegression, LogisticRegression

from coursekit.datasets import make_label_choice
from coursekit.fairness import (
    audit_table,
    calibration_within_groups,
    ill_for_half_width,
    swap_until_equally_ill,
)
from coursekit.metrics import auroc
from coursekit.quiz import open_quiz

SECRET = "lab"  # another word draws other patients, with other numbers
N_PATIENTS = 50_000
LEVEL = 0.90  # of every interval in this lab
COLOURS = {"A": "#0072B2", "B": "#D55E00"}
MARKERS = {"A": "o", "B": "s"}
quiz = open_quiz("09_label_choice")

# %% [markdown]
# ## 1. Three labels for one question
#
# The question is: *who needs this programme most?* No column answers it. What can be recorded stands in for it:
#
# | | what it is | known when |
# |---|---|---|
# | `cost_next_12m_eur` | what care cost in the next year | 12 months later |
# | `conditions_next_12m` | active chronic conditions in the next year | 12 months later |
# | **need** | what the programme could help with | in life, never |
#
# A **label** is the column that a model is trained to predict. Our patients are drawn, so the need is
# known, and we can look. `past` trains the models; with `now` we ask who gets a place this year.

# %%
past = make_label_choice(N_PATIENTS, secret=SECRET, role="train")
now = make_label_choice(N_PATIENTS, secret=SECRET, role="check")
group = now.groups["group"].to_numpy()
in_b = group == "B"
need = now.truth.detail["need"]  # in life nobody has this
high_need = now.y  # 1: among the 3 % who need most
now.X.head()

# %% [markdown]
# **Exercise 1.** What share of all patients is of B? And of the patients with high need (`high_need == 1`)? Put them into
# `share_b` and `share_b_in_need`.

# %% answer="shares"
share_b = in_b.mean()
share_b_in_need = in_b[high_need == 1].mean()

# %% check="shares"
assert 0.11 < share_b < 0.135
assert share_b_in_need > 3 * share_b
print(f"B: {share_b:.1%} of the patients, {share_b_in_need:.1%} of those in high need")

# %% tags=["solution-only"]
# What the text says is checked in cells like this one. Students have none.
assert 0.40 < share_b_in_need < 0.47

# %% [markdown]
# One patient in eight is of B, and more than four in ten of those who need most.
#
# ## 2. Accurate, and calibrated
#
# We build the vendor's score from what is known before: conditions, visits and cost of the past year. **The group is not
# among the columns.** The label is high cost in the next year (`past.y`).

# %%
KNOWN = ["conditions_before", "visits_12m", "cost_12m_eur"]


def features(patients, columns=KNOWN):
    """Return the logs of the columns, shape (n_patients, n_columns)."""
    return np.log1p(patients[columns].to_numpy(dtype=float))


vendor = LogisticRegression().fit(features(past.X), past.y)
risk = vendor.predict_proba(features(now.X))[:, 1]
high_cost_from = past.X["cost_next_12m_eur"][past.y == 1].min()
high_cost = (now.X["cost_next_12m_eur"] >= high_cost_from).astype(int).to_numpy()
print(f"AUROC for high cost {auroc(high_cost, risk):.2f}")
print(f"AUROC for high need {auroc(high_need, risk):.2f}")

# %% tags=["solution-only"]
assert 0.91 < auroc(high_cost, risk) < 0.94
assert 0.87 < auroc(high_need, risk) < 0.91

# %% [markdown]
# Both figures look good. The vendor has not lied.
#
# **Predict before you run.** Take the patients of a group who are told the highest risks, the top fifth. Which
# share of them will really have high cost, and which share has high need? In A? In B?

# %%
my_guess_need_a, my_guess_need_b = 0.10, 0.10  # write your own guesses here

# %% [markdown]
# **Exercise 2.** Write `told_and_seen(outcome, risk, group)`: a table with one row a group and two columns, for the fifth of
# **its** patients with the highest risks: `told`, the mean risk, and `seen`, the share with the outcome. One way is
# `calibration_within_groups(outcome, risk, group, n_bins=5)`, whose last row of each group is that fifth; its columns are
# `group`, `mean_risk` and `event_share`, among others.


# %% answer="told_and_seen"
def told_and_seen(outcome, risk, group):
    """Return mean risk and share with the outcome in each group's highest fifth."""
    ### BEGIN SOLUTION
    table = calibration_within_groups(outcome, risk, group, n_bins=5)
    last = table.groupby("group").tail(1).set_index("group")
    return last[["mean_risk", "event_share"]].set_axis(["told", "seen"], axis=1)
    ### END SOLUTION


# %% check="told_and_seen"
small = told_and_seen([0, 0, 0, 0, 1] * 2, [0.1, 0.2, 0.3, 0.4, 0.8] * 2, ["A"] * 10)
assert np.allclose(small.loc["A", ["told", "seen"]].astype(float), [0.8, 1.0])
of_cost = told_and_seen(high_cost, risk, group)
of_need = told_and_seen(high_need, risk, group)
print(f"high cost\n{of_cost.round(3)}\n\nhigh need\n{of_need.round(3)}")

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 4), sharey=True, layout="constrained")
outcomes = {"high cost": high_cost, "high need": high_need}
for ax, (name, outcome) in zip(axes, outcomes.items(), strict=True):
    table = calibration_within_groups(outcome, risk, group, n_bins=5, level=LEVEL)
    for label, rows in table.groupby("group"):
        seen = rows["event_share"]
        ax.errorbar(
            rows["mean_risk"],
            seen,
            yerr=[seen - rows["low"], rows["high"] - seen],
            color=COLOURS[label],
            marker=MARKERS[label],
            linestyle="-" if label == "A" else "--",
            label=f"group {label}",
        )
    ax.plot([0, 0.2], [0, 0.2], color="0.6", linewidth=1)
    ax.set(xlabel="risk told (of high cost)", title=f"share with {name}")
axes[0].set_ylabel("share seen, 90 % interval")
axes[0].legend()
plt.show()

# %% [markdown]
# *Figure: share seen against risk told, in fifths of each group; the thin line is where they agree. Left, high cost:
# group A (circles) lies close to the line, group B (squares) below it. Right, high need: at the highest fifth, A lies below
# the line, at 8 %, and B far above it, at nearly 40 %.*
#
# In each group's highest fifth (told 12 % in A and 16 % in B) B *costs* less than A and *needs* far more. For cost the score is nearly
# right in A and too high in B: judged by its own label it seems to **favour** B. For need, the label that matters, it is far too low in B.
# Calibration is a property of a risk **and a label**: say which one.

# %% tags=["solution-only"]
assert abs(of_cost.loc["A", "told"] - of_cost.loc["A", "seen"]) < 0.025
assert of_cost.loc["B", "told"] > of_cost.loc["B", "seen"] + 0.03
assert 0.07 < of_need.loc["A", "seen"] < 0.09
assert 0.36 < of_need.loc["B", "seen"] < 0.41
assert of_need.loc["A", "told"] > of_need.loc["A", "seen"]
assert of_need.loc["B", "seen"] > 2 * of_need.loc["B", "told"]

# %% [markdown]
# ## 3. Who gets the places?
#
# Places go to the 3 % with the highest scores. To compare labels we train three times the same kind of model, on
# the log of each label, and rank.


# %%
def score_for(label, columns=KNOWN):
    """Return this year's scores of a model trained on a label of last year."""
    model = LinearRegression().fit(features(past.X, columns), np.log1p(past.X[label]))
    return model.predict(features(now.X, columns))


scores = {
    "cost": score_for("cost_next_12m_eur"),
    "conditions": score_for("conditions_next_12m"),
    "need itself": need,
}

# %% [markdown]
# **Exercise 3.** Write `enrolled(score)`: an array of True and False, True for the 3 % of patients with the highest
# scores (`n_places` of them). `np.argsort(-score, kind="stable")` puts the highest first, and of equal ones the first.

# %% answer="enrolled"
n_places = round(0.03 * N_PATIENTS)


def enrolled(score):
    """Return who gets a place, shape (n_patients,), bool."""
    ### BEGIN SOLUTION
    chosen = np.zeros(len(score), bool)
    chosen[np.argsort(-score, kind="stable")[:n_places]] = True
    return chosen
    ### END SOLUTION


# %% check="enrolled"
assert all(enrolled(score).sum() == 1500 for score in scores.values())
assert scores["cost"][enrolled(scores["cost"])].min() >= np.quantile(
    scores["cost"], 0.9699
)
print("the function gives 1,500 places")

# %% [markdown]
# **Predict before you run.** B is 12 % of all patients. Which share of the places goes to B, by each label?

# %%
my_guess_cost, my_guess_conditions, my_guess_need = 0.12, 0.20, 0.30

# %%
places = {label: enrolled(score) for label, score in scores.items()}
b_of_places = {label: in_b[chosen].mean() for label, chosen in places.items()}
for label, share in b_of_places.items():
    print(f"by {label:12} {share:.1%} of the places go to B")
illness = now.X["conditions_next_12m"].to_numpy()
mean_illness = pd.Series(illness[places["cost"]]).groupby(group[places["cost"]]).mean()
print(f"\nconditions of those enrolled by cost: {mean_illness.round(1).to_dict()}")

# %% tags=["solution-only"]
assert abs(b_of_places["cost"] - 0.177) < 0.02
assert 0.33 < b_of_places["conditions"] < 0.38
assert 0.41 < b_of_places["need itself"] < 0.46
assert 6.5 < mean_illness["B"] < 7.5
assert 4.8 < mean_illness["A"] < 5.4

# %% [markdown]
# The same patients, the same columns, the same kind of model. Only the label differs, and B's share of the places goes from about one in six to more than one in three.
# And of those whom cost enrolled, B's patients have seven conditions, A's five: **a patient of B must be sicker to be let in.**
#
# In the paper's own data [1, table 2] a model trained on cost gave B's counterpart 14.1 % of the places. What was fitted here are the 17.7 % and
# the 46.5 % of the next section, and not the step from cost to conditions.
#
# ## 4. The published shift
#
# How do the 46.5 % come about? As we read the paper, by exchange: the **healthiest** enrolled patient of A gives the place to
# the **sickest** patient of B who has none, as long as the one of B is sicker; and again, until that is no longer so.
#
# **Exercise 4.** Write it. `chosen` are the enrolled, `illness` the number of conditions. Return the enrolled after all
# exchanges. Sort both lines once, walk along them in pairs, and stop at the first pair in which B is not sicker.


# %% answer="exchange"
def exchange(chosen, illness, in_b):
    """Return who is enrolled after the exchanges; as many as before."""
    after = chosen.copy()
    # leaving: enrolled patients of A, healthiest first; coming: patients of B without a
    # place, sickest first. np.flatnonzero gives the row numbers of a condition.
    ### BEGIN SOLUTION
    leaving = np.flatnonzero(chosen & ~in_b)
    coming = np.flatnonzero(~chosen & in_b)
    leaving = leaving[np.argsort(illness[leaving], kind="stable")]
    coming = coming[np.argsort(-illness[coming], kind="stable")]
    for out, new in zip(leaving, coming, strict=False):
        if illness[new] <= illness[out]:
            break
        after[out], after[new] = False, True
    ### END SOLUTION
    return after


# %% check="exchange"
tiny = np.array([True, True, False, False]), np.array([1, 5, 3, 2])
assert exchange(*tiny, np.array([False, False, True, True])).tolist() == [
    False,
    True,
    True,
    False,
]
after = exchange(places["cost"], illness, in_b)
same = swap_until_equally_ill(places["cost"], illness, in_b)
assert after.sum() == n_places
assert in_b[after].sum() == in_b[same].sum(), "The room's function says something else."
print(f"B's share of the places: {in_b[places['cost']].mean():.1%} by cost,")
print(f"{in_b[after].mean():.1%} after the exchanges; published: 17.7 % and 46.5 %")

# %% tags=["solution-only"]
assert abs(in_b[after].mean() - 0.465) < 0.02

# %% [markdown]
# Within two points of both published figures. That is no discovery: two numbers of the generator were **fitted** so that it comes out
# (`show_dataset("label_choice")` says how), so that you see a shift of true size. And 46.5 % is what a
# simulation gives, not what anybody did. It is not the share of B by need either: the exchange only moves places
# from A to B, one way.
#
# ## 5. "It does not know the group"
#
# **Predict before you run.** The vendor offers two variants: one that *knows* the group, and one without the cost of the past year. Which share of the places
# goes to B with each? (It was one in six.)

# %%
my_guess_with_group, my_guess_without_cost = 0.17, 0.17

# %% [markdown]
# **Exercise 5.** Compute both shares, `b_with_group` and `b_without_cost`. `score_for` can leave out columns. For the group you need one more column
# in both years: `np.column_stack([features(past.X), past_in_b])`. The label stays cost.

# %% answer="blind"
past_in_b = (past.groups["group"] == "B").to_numpy()
with_group = LinearRegression().fit(
    np.column_stack([features(past.X), past_in_b]),
    np.log1p(past.X["cost_next_12m_eur"]),
)
b_with_group = in_b[
    enrolled(with_group.predict(np.column_stack([features(now.X), in_b])))
].mean()
b_without_cost = in_b[
    enrolled(score_for("cost_next_12m_eur", ["conditions_before", "visits_12m"]))
].mean()

# %% check="blind"
assert b_with_group < in_b[places["cost"]].mean() < b_without_cost
print(f"B's share: with the group {b_with_group:.1%}, without past cost", end=" ")
print(f"{b_without_cost:.1%}; all known columns {in_b[places['cost']].mean():.1%}")
spent = now.X["cost_next_12m_eur"]
for n_conditions in (0, 2, 4):
    here = (now.X["conditions_before"] == n_conditions).to_numpy()
    ratio = np.exp(
        np.log1p(spent[here & in_b]).mean() - np.log1p(spent[here & ~in_b]).mean()
    )
    print(f"at {n_conditions} conditions B's typical cost is {ratio:.2f} of A's")

# %% tags=["solution-only"]
assert 0.07 < b_with_group < 0.10
assert 0.27 < b_without_cost < 0.36
for n_conditions in range(5):
    here = (now.X["conditions_before"] == n_conditions).to_numpy()
    ratio = np.exp(
        np.log1p(spent[here & in_b]).mean() - np.log1p(spent[here & ~in_b]).mean()
    )
    assert 0.6 < ratio < 0.72

# %% [markdown]
# At equal illness about a third less is spent on B. The label holds that difference, and past cost predicts it, so a
# model needs no group column to learn it. **Given** the group it learns it still better, and B's share *halves*: it is the label that is
# wrong, and a better model of a wrong label is a worse tool.
#
# Without past cost, B gets many more places: conditions and visits say less about how much is *spent* at equal illness. That
# helps here. But it is luck which columns carry the difference, and in most tables many do. Ask for another label first.
# "We removed the column, so it is fair" is not an argument.
#
# ## 6. An audit, with three answers
#
# The harm we fear: *a patient with high need gets no place*. So the rate is **sensitivity for high need**: of those in high need, who is enrolled?

# %%
by_group = audit_table(high_need, places["cost"].astype(int), now.groups["group"])
print(by_group.round(3).to_string())
same_need = pd.crosstab(
    pd.cut(need, [0, 1, 2, 3, 4, 5, 6]), group, values=places["cost"], aggfunc="mean"
)
print(f"\nshare enrolled, by need\n{same_need.round(3).to_string()}")

# %% tags=["solution-only"]
assert by_group.loc["B", "verdict"] == "served worse"
assert 0.03 < by_group.loc["A", "sensitivity"] - by_group.loc["B", "sensitivity"] < 0.08
assert (same_need["A"] > 1.3 * same_need["B"]).all()
assert (same_need["A"][1:4] > 2 * same_need["B"][1:4]).all()

# %% [markdown]
# B is served worse, yet by five points only. Is that all? No: those of B in high need are more ill than those of A
# in high need, and even so fewer get in. At **equal** need (second table) A's chance of a place is up to three times B's. A rate
# compares groups of different illness; look at equal need where you can.
#
# The rate must come from the harm. The positive predictive value (of those enrolled, who has high need?) is about another
# question, and the verdict turns round:

# %%
ppv = audit_table(
    high_need, places["cost"].astype(int), now.groups["group"], rate="ppv"
)
print(ppv.round(3).to_string())

# %% tags=["solution-only"]
assert ppv.loc["A", "verdict"] == "served worse"
assert ppv.loc["B", "ppv"] > 2.5 * ppv.loc["A", "ppv"]

# %% [markdown]
# A low value in A means that many of A are enrolled who need it less. Read as a verdict ("A is served worse") it would
# be nonsense; read as a trace it says that the bar is lower for A.
#
# **Exercise 6.** A smaller hospital has audited its 8,000 patients: the first 8,000 rows. Make two audit tables of them, `few_by_group` by `group`, and
# `few_by_all` by `group`, `sex` and `age_band` together (give `audit_table` those three columns). Put into `n_judged` how many of the twelve
# groups of the second can be judged at all.

# %% answer="audit"
few = slice(0, 8000)
few_enrolled = places["cost"][few].astype(int)
few_by_group = audit_table(high_need[few], few_enrolled, now.groups["group"][few])
few_by_all = audit_table(
    high_need[few], few_enrolled, now.groups[["group", "sex", "age_band"]][few]
)
n_judged = (few_by_all["verdict"] != "insufficient evidence").sum()

# %% check="audit"
assert len(few_by_all) == 12
assert n_judged == (few_by_all["high"] - few_by_all["low"] <= 0.2).sum()
print(few_by_group.round(3).to_string())
print(f"\ngroups of twelve that can be judged: {n_judged}")
print(few_by_all[["n_rows", "n_ill", "low", "high"]].round(2).to_string())

# %% tags=["solution-only"]
assert n_judged <= 1
assert few_by_all["n_ill"].max() < 60

# %% [markdown]
# With 8,000 patients, hardly any of the twelve groups can be judged: each has a few dozen patients in high need at most. The right sentence
# is "these patients cannot tell", which is neither "no gap" nor an accusation. And *no gap shown* never means that
# there is none. In the assignment `repair` a group of whom too many are missed is named `MISSED-IN-GROUP`.
#
# ## 7. How many patients does an audit need?
#
# Only those in high need count for this rate, and they are few.
#
# **Exercise 7.** `ill_for_half_width(0.31, 0.26, 0.05, ratio=1.3)` says how many of B *in high need* it takes to know the gap
# to within 5 points, if there are 1.3 of A for one of B. How many **patients in all** must the hospital have? Put the number into `n_for_5` and, for
# 2 points, into `n_for_2`. You need the share of all patients who are of B *and* in high need.

# %% answer="sample_size"
share_counted = (in_b & (high_need == 1)).mean()
n_for_5 = ill_for_half_width(0.31, 0.26, 0.05, ratio=1.3) / share_counted
n_for_2 = ill_for_half_width(0.31, 0.26, 0.02, ratio=1.3) / share_counted

# %% check="sample_size"
assert 25_000 < n_for_5 < 35_000
assert 5.5 < n_for_2 / n_for_5 < 7
print(f"to within 5 points: {n_for_5:,.0f} patients; within 2: {n_for_2:,.0f}")

# %% [markdown]
# About 30,000 patients for five points, six times as many for two. If your hospital is smaller, there are honest ways out: pool years or
# hospitals, audit more of B on purpose (and say so), or compare at equal illness. A wider tolerance, chosen after
# the fact, is not one of them.
#
# ## 8. Who decides on the label?
#
# A model optimises what it is given. What to give it is decided by people, often by whoever found a column at hand. Look at what each choice does:


# %%
def what_it_does(chosen):
    """Return what a choice of patients brings, in shares."""
    found = audit_table(high_need, chosen.astype(int), now.groups["group"])[
        "sensitivity"
    ]
    return {
        "places to B": in_b[chosen].mean(),
        "high need found, A": found["A"],
        "high need found, B": found["B"],
        "next year's cost": spent[chosen].sum() / spent.sum(),
        "next year's conditions": illness[chosen].sum() / illness.sum(),
    }


choices = pd.DataFrame({name: what_it_does(chosen) for name, chosen in places.items()})
print(choices.round(3).to_string())

# %%
fig, ax = plt.subplots(figsize=(7, 3), layout="constrained")
for row, chosen in enumerate(places.values()):
    for name, shift in (("A", 0.12), ("B", -0.12)):
        one = audit_table(high_need, chosen.astype(int), now.groups["group"]).loc[name]
        ax.errorbar(
            one["sensitivity"],
            row + shift,
            xerr=[
                [one["sensitivity"] - one["low"]],
                [one["high"] - one["sensitivity"]],
            ],
            color=COLOURS[name],
            marker=MARKERS[name],
            label=f"group {name}" if row == 0 else None,
        )
ax.set(
    yticks=range(3),
    yticklabels=[f"by {label}" for label in places],
    xlim=(0, 1.02),
    xlabel="share of high need that gets a place (90 % interval)",
)
ax.legend(loc="lower right")
plt.show()

# %% [markdown]
# *Figure: share of the patients in high need who get a place, group A (circles) and B (squares). By cost 0.31 and 0.26; by conditions 0.38
# and 0.50; by need itself all in both groups.*
#
# Conditions find more of the patients in need in **both** groups. They also catch less of next year's cost, and that is what the payer
# had asked for. Now A is the group of whom fewer are found: the conditions count fairly here, but a count
# has noise, and B's patients in high need are further above the bar. And a count of conditions is a record, too: who sees no physician has none.
# No label is without a choice in it.

# %% tags=["solution-only"]
assert abs(choices.loc["high need found, A", "cost"] - 0.31) < 0.02
assert abs(choices.loc["high need found, B", "cost"] - 0.26) < 0.02
assert abs(choices.loc["high need found, A", "conditions"] - 0.38) < 0.02
assert abs(choices.loc["high need found, B", "conditions"] - 0.50) < 0.02
assert (
    choices.loc[["high need found, A", "high need found, B"], "need itself"] > 0.99
).all()
assert (
    choices.loc["next year's cost", "cost"]
    > choices.loc["next year's cost", "conditions"]
)

# %% [markdown]
# **Exercise 8.** Write the decision down, as you would want to find it in five years: a dict `decision` with the keys
# `"label"`, `"harm we want to avoid"`, `"who decides"`, `"who loses by it"`, `"what it does not see"` and
# `"when we look again"`, in this order. Fill in each line with at least five words of your own. There is no
# single right answer; what is missing here is what nobody will remember.

# %% answer="decision"
decision = {
    "label": "Active chronic conditions in the next year, not cost.",
    "harm we want to avoid": "A patient with high need gets no place.",
    "who decides": "The programme's physicians and nurses together with patients of both groups.",
    "who loses by it": "Patients with high cost but few conditions lose places.",
    "what it does not see": "Need of people who rarely see a physician.",
    "when we look again": "Every year, by audit at equal illness, with intervals.",
}

# %% check="decision"
lines = [
    "label",
    "harm we want to avoid",
    "who decides",
    "who loses by it",
    "what it does not see",
    "when we look again",
]
assert list(decision) == lines, "Keep the six lines."
for line in lines:
    assert len(decision[line].split()) >= 5, f"Say more about: {line}"
print("\n".join(f"{line}: {text}" for line, text in decision.items()))

# %% [markdown]
# ## 9. Check yourself
#
# Call `quiz("name")` to read a question, `quiz("name", answer="a")` to answer. Nothing is
# recorded.

# %%
quiz("label")

# %% answer="quiz_label"
quiz("label", answer="b")

# %%
quiz("blind")

# %% answer="quiz_blind"
quiz("blind", answer="c")

# %%
quiz("calibrated")

# %% answer="quiz_calibrated"
quiz("calibrated", answer="a")

# %%
quiz("evidence")

# %% answer="quiz_evidence"
quiz("evidence", answer="b")

# %%
quiz("rate")

# %% answer="quiz_rate"
quiz("rate", answer="c")

# %%
quiz("shift")

# %% answer="quiz_shift"
quiz("shift", answer="a")

# %% [markdown]
# ## Take-away
#
# - A label is a choice, made by people, before any model. Ask what it stands for, and for whom it does not.
# - A model can be accurate and calibrated, and serve a group worse: it is so *for its label*.
# - Leaving out the group does not help when the label holds the difference. Knowing the group can make it worse.
# - Choose the rate from the harm, and compare at equal need where you can.
# - An audit has three answers. Plan its size before; only those who need something count.
# - Write down who decided on the label, who loses by it, and when you look again.
#
# ## References
#
# 1. Obermeyer Z, Powers B, Vogeli C, Mullainathan S. Dissecting racial bias in an algorithm used to manage
#    the health of populations. *Science* 2019;366:447-453. doi:10.1126/science.aax2342
