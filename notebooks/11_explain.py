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
# # Lab 11: Why did the model say so?
#
# *Friday, 17:40, an emergency department.* A woman with pneumonia and asthma. The hospital's new model gives her
# a lower risk of death than it would without the asthma. Her physician calls you: "It says the asthma is good for her. May I send her home?"
#
# The model is accurate. The answer is no, and by section 8 you will know why.
#
# **After this lab you can**
#
# - read coefficients and odds ratios, and say what they leave open;
# - shuffle columns, alone and in families, and draw how an answer changes along one column;
# - compute Shapley values yourself, and get them from a library without taking the wrong class;
# - choose a background and a scale, and say which you chose;
# - test an explanation: deletion, a random model, small changes of a patient;
# - find a treatment that looks like a protection, and a column that tells the group;
# - write to a physician in numbers that are the model's and words that claim no cause.
#
# About 100 minutes. Where it says **predict before you run**, write down your guess first. The patients of
# sections 1 to 8 and 10 are drawn by a program, so the true explanation is known.

# %% locked="setup"
import warnings
from math import factorial

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from coursekit.datasets import explained_background, make_explained
from coursekit.datasets.explained_model import draw_explained_model
from coursekit.interpret import (
    Fact,
    accumulated_local_effects,
    check_letter,
    correlated_families,
    exact_shapley,
    explain_model,
    faithfulness,
    grade_level,
    ice_curves,
    nearest_counterfactual,
    odds_ratios,
    partial_dependence,
    permutation_importance,
    positive_class,
    randomised_model_check,
    sampled_shapley,
    stability,
)
from coursekit.metrics import auroc
from coursekit.quiz import open_quiz

SECRET = "demo"  # another word draws other patients, with other numbers
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "0.6"  # told apart by the colour-blind
quiz = open_quiz("11_explain")

# %% [markdown]
# ## 1. Patients, two models, and coefficients
#
# 4,000 patients to learn from and 2,000 to test on. `background` are 100 usual patients with whom single ones are compared.
# The **true** log odds of death are a sum of one part a column and one product, of age and low blood pressure.
# (The trees learn from whole numbers: the bare library of section 5 rounds before it compares, so a value such as 7.2 could
# fall on the other side of a split. `explain_model` looks after that.)

# %%
train = make_explained(4000, secret=SECRET, role="train")
test = make_explained(2000, secret=SECRET, role="hidden")
background = explained_background(SECRET)
linear = make_pipeline(StandardScaler(), LogisticRegression()).fit(train.X, train.y)
boosted = HistGradientBoostingClassifier(
    max_depth=3, max_iter=60, learning_rate=0.1, random_state=0
).fit(train.X.round(), train.y)
for name, model in {"logistic regression": linear, "boosted trees": boosted}.items():
    print(f"{name:20} AUROC {auroc(test.y, model.predict_proba(test.X)[:, 1]):.3f}")
print(f"{'the true risk':20} AUROC {auroc(test.y, test.truth.risk):.3f}")
units = {"age_years": 10, "systolic_mmhg": 10, "respiratory_rate_per_min": 5}
table = odds_ratios(train.X, train.y, units=units)
table.round(2)

# %% tags=["solution-only"]
# What the text says is checked in cells like this one. Students have none.
assert (
    auroc(test.y, test.truth.risk) - auroc(test.y, linear.predict_proba(test.X)[:, 1])
    < 0.03
)
assert table.loc["age_years", "low"] > 1
assert table.loc["asthma", "high"] < 1
low, high = table.loc["creatinine_umol_l", ["low", "high"]]
assert 0.98 < low < high < 1.02

# %% [markdown]
# An odds ratio compares patients who differ in one column and agree in all others *of this table*. Asthma's is below 1, with an interval that
# leaves out 1: those with asthma died less often. That is true. It does not say what would happen without the care they got.
#
# **Exercise 1.** An odds ratio is not a risk ratio. Write `risk_after(risk, odds_ratio)`: the risk that somebody at `risk` has when the odds are
# multiplied.


# %% answer="risk_after"
def risk_after(risk, odds_ratio):
    """Return the risk whose odds are `odds_ratio` times those of `risk`."""
    ### BEGIN SOLUTION
    odds = risk / (1 - risk) * odds_ratio
    return odds / (1 + odds)
    ### END SOLUTION


# %% check="risk_after"
assert abs(risk_after(0.5, 3.0) - 0.75) < 1e-9
for risk in (0.02, 0.20, 0.60):
    after = risk_after(risk, 2.0)
    print(
        f"risk {risk:.0%}, odds doubled: {after:.1%}, the risk times {after / risk:.2f}"
    )

# %% tags=["solution-only"]
assert risk_after(0.02, 2) / 0.02 > 1.9
assert risk_after(0.60, 2) / 0.60 < 1.3

# %% [markdown]
# Doubled odds nearly double a risk of 2 %, and raise one of 60 % by a quarter.
#
# ## 2. Shuffle a column
#
# **Permutation importance**: how much the AUROC falls when a column is shuffled among patients. Creatinine runs with urea, and has
# no part of its own in the true risk. **Predict before you run**: if a model has learned from both, what happens to each one's importance?
#
# So that both are used, this forest is allowed to look at only two columns at each split.

# %%
forest = RandomForestClassifier(
    60, max_features=2, min_samples_leaf=20, random_state=0, n_jobs=1
).fit(train.X.round(), train.y)
whole = test.X.round()
forest_risk = positive_class(forest, "probability")
alone = permutation_importance(forest_risk, whole, test.y, n_repeats=3, random_state=0)
alone[["importance", "low", "high"]].round(3)

# %% [markdown]
# **Exercise 2.** Shuffle columns that run together *together*: put into `families` what `correlated_families` finds in `train.X`.

# %% answer="families"
families = correlated_families(train.X)

# %% check="families"
assert families == {
    "urea_mmol_l + creatinine_umol_l": ["urea_mmol_l", "creatinine_umol_l"]
}
together = permutation_importance(
    forest_risk, whole, test.y, families=families, n_repeats=3, random_state=0
)
together[["importance", "low", "high"]].round(3)

# %% tags=["solution-only"]
pair = alone.loc[["urea_mmol_l", "creatinine_umol_l"], "importance"]
family = together.loc["urea_mmol_l + creatinine_umol_l", "importance"]
assert family > 1.2 * pair.sum()
assert pair["creatinine_umol_l"] > 0.002

# %% [markdown]
# Each of the two covers for the other: together they matter more than their two figures added up. And creatinine, which is of no
# importance to the *illness*, is of some to the *model*. Importance is the model's.
#
# ## 3. Along one column
#
# **Partial dependence** sets a column to a value for everybody and takes the mean answer; **ICE** draws every patient's own curve; **ALE**
# moves patients only a little, to the edges of the bin they are in.

# %%
boosted_log_odds = positive_class(boosted, "log-odds")
few = test.X.iloc[:300]
pressures = np.arange(80, 151, 5)
ice = ice_curves(boosted_log_odds, few, "systolic_mmhg", grid=pressures)
mean_curve = partial_dependence(boosted_log_odds, few, "systolic_mmhg", grid=pressures)
effects = accumulated_local_effects(boosted_log_odds, few, "systolic_mmhg", n_bins=15)
local = np.interp(pressures, effects.index.to_numpy(float), effects)
at_130 = list(pressures).index(130)
old = (few["age_years"] >= 80).to_numpy()
young = (few["age_years"] < 60).to_numpy()
groups = {
    "80 years and more": (old, ORANGE, "-"),
    "under 60": (young, BLUE, "--"),
}
fig, ax = plt.subplots(figsize=(7, 4))
for label, (rows, colour, line) in groups.items():
    curves = ice[rows].iloc[:15]
    curves = curves.sub(curves[130], axis=0)
    ax.plot(pressures, curves.T, color=colour, lw=0.6, ls=line)
    ax.plot([], [], color=colour, ls=line, label=f"{label}")
ax.plot(pressures, mean_curve - mean_curve[130], "k-", lw=2.5, label="PDP")
ax.plot(pressures, local - local[at_130], "k:", lw=2, label="ALE")
ax.set(
    xlabel="systolic pressure, mmHg",
    ylabel="log odds, less those at 130 mmHg",
    title="Low pressure, in the model's eyes",
)
ax.legend()
plt.show()

# %% [markdown]
# *Figure: how the boosted trees' log odds change with systolic pressure, from 80 to 150 mmHg. The thin solid orange curves, of patients of 80 years and
# more, rise steeply below 120 mmHg. Those of patients under 60, blue and dashed, lie much lower, some below zero. The thick line of partial
# dependence (PDP) and the dotted one of accumulated local effects (ALE) lie between them, close to each other. Above 120 mmHg all are
# nearly flat.*

# %% tags=["solution-only"]
low_pressure = ice[80] - ice[130]
assert low_pressure[old].min() > 0.8
assert low_pressure[young].abs().mean() < 0.5
assert low_pressure[old].mean() > low_pressure[young].mean() + 1
assert np.ptp(mean_curve[mean_curve.index >= 120]) < 0.2
apart = (mean_curve - mean_curve[130]).to_numpy() - (local - local[at_130])
assert np.abs(apart).max() < 0.3

# %% [markdown]
# The mean curve hides that low pressure counts for more in old patients. Single curves show it: that is the interaction that was put in. Pressure is
# independent of the other columns here, so that partial dependence and ALE agree. Where columns run together they need not: the first then asks about
# patients who do not exist.
#
# ## 4. Shapley values from scratch
#
# One patient, one number a column. Columns become *known* one after another; what is not known is filled in from the background. A column's value is
# what it adds when it becomes known, averaged over all orders. With the set $S$ known before it, of $n$ columns, the weight of a set is
# $|S|!\,(n-|S|-1)!/n!$.
#
# We ask the *true* model, so the right answer is known. `worth(S)` is there.


# %% locked="worth"
truth_model = draw_explained_model(SECRET)
others = background.to_numpy(float)
one = test.X.iloc[0].to_numpy(float)


def worth(known, patient=one):
    """Return the mean true log odds if only these columns (numbers) are the patient's."""
    filled = others.copy()
    filled[:, list(known)] = patient[list(known)]
    return truth_model.log_odds(filled).mean()


def sets_without(column, n=10):
    """Return all sets of other columns."""
    rest = [k for k in range(n) if k != column]
    return [
        tuple(k for i, k in enumerate(rest) if number >> i & 1)
        for number in range(2 ** len(rest))
    ]


print(len(sets_without(0)), "sets;", round(worth(()), 3), "with nothing known")

# %% [markdown]
# **Exercise 3.** Write `shapley_of(column)`: over all sets without the column, the weighted sum of what it adds.


# %% answer="shapley_of"
def shapley_of(column, n=10):
    """Return the Shapley value of one column for the patient `one`."""
    ### BEGIN SOLUTION
    value = 0.0
    for known in sets_without(column, n):
        weight = factorial(len(known)) * factorial(n - len(known) - 1) / factorial(n)
        value += weight * (worth((*known, column)) - worth(known))
    return value
    ### END SOLUTION


# %% check="shapley_of"
closed_form = test.truth.detail["shapley"][0]
for column in (0, 4, 7):
    found = shapley_of(column)
    print(
        f"{test.X.columns[column]:20} {found:+.4f}, in closed form {closed_form[column]:+.4f}"
    )
    assert abs(found - closed_form[column]) < 1e-9

# %% tags=["solution-only"]
assert abs(closed_form[4]) < 1e-9
assert abs(worth(()) + closed_form.sum() - test.truth.detail["log_odds"][0]) < 1e-9

# %% [markdown]
# Yours is exact. Creatinine gets nothing, however much it tells of urea: these values are **interventional**, of what the model
# reads. **Conditional** values would give it a share of urea's. Both are answers, to two questions.
#
# With 40 columns there are a million million sets. `sampled_shapley` then samples orders, and says how far off it may be.

# %%
true_log_odds = truth_model.log_odds
five = test.X.iloc[:5]
exact = exact_shapley(true_log_odds, five, background)
sampled = sampled_shapley(
    true_log_odds, five, background, n_permutations=5, random_state=0
)
print(
    "exact against closed form:",
    np.abs(exact.values - test.truth.detail["shapley"][:5]).max(),
)
print("5 orders, each with its reverse:", np.abs(sampled.values - exact.values).max())
added = np.abs(exact.total - test.truth.detail["log_odds"][:5]).max()
print("base and values against the log odds:", added)

# %% tags=["solution-only"]
assert np.abs(exact.values - test.truth.detail["shapley"][:5]).max() < 1e-9
assert np.abs(sampled.values - exact.values).max() < 1e-9
assert added < 1e-6

# %% [markdown]
# Additivity, base and values adding up to the answer to 1e-6, is the first check of any Shapley value. (Five orders are exact here because
# columns act at most in pairs: an order and its reverse then say all.)
#
# ## 5. The door to a library, and `[1]`
#
# The library `shap` is fast for trees. What it returns depends on the model. In many notebooks stands `shap_values[1]`, "the positive class".
# **Predict before you run**: what is `[1]` of a forest's answer for 50 patients?

# %%
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import shap

    some = background.round().to_numpy(float)
    raw = shap.TreeExplainer(forest, shap.maskers.Independent(some)).shap_values(
        whole.iloc[:50].to_numpy(float), check_additivity=False
    )
print("shape:", np.shape(raw), " [1]:", np.shape(raw[1]))
facade = explain_model(forest, whole.iloc[:50], background.round(), scale="probability")
print(facade)

# %% tags=["solution-only"]
assert np.shape(raw) == (50, 10, 2)
assert np.shape(raw[1]) == (10, 2)
assert np.abs(raw[:, :, 1] - facade.values).max() < 1e-3
assert np.abs(raw[:, :, 0] + raw[:, :, 1]).max() < 1e-6

# %% [markdown]
# `[1]` is the second *patient*. In older versions it was the second class, and nothing complains. coursekit's `explain_model` always returns
# (patients, columns) for `classes_[1]`, and checks that they add up. Whether `classes_[1]` is the one you mean is for you to look up: section 9 has a case.
#
# ## 6. Compared with whom, and in which unit
#
# **Predict before you run**: what happens to the mean value of age if the same 50 patients are compared with patients of 80 and more, not with usual
# ones? And how many percentage points are +0.3 log odds, for somebody at 2 % and at 50 %?
#
# **Exercise 4.** Two choices change every number. Put the explanation of `rows`, 50 patients, by `boosted` in log odds into `usual`, against `background`, and into
# `among_old`, against the patients of `train` who are 80 or older (the first 100).

# %% answer="backgrounds"
rows = test.X.iloc[:50]
usual = explain_model(boosted, rows, background)
### BEGIN SOLUTION
among_old = explain_model(boosted, rows, train.X[train.X["age_years"] >= 80].iloc[:100])
### END SOLUTION

# %% check="backgrounds"
both = pd.DataFrame(
    {"usual": usual.values[:, 0], "among the old": among_old.values[:, 0]}
)
print(
    f"base {usual.base:.2f} and {among_old.base:.2f}; value of age, mean over patients:"
)
print(both.mean().round(2).to_string())
assert among_old.base > usual.base + 0.5
assert both["among the old"].mean() < both["usual"].mean() - 0.5

# %%
steps = pd.DataFrame({"risk before": [0.02, 0.20, 0.50, 0.90]})
steps["points for +0.3 log odds"] = [
    100 * (risk_after(risk, np.exp(0.3)) - risk) for risk in steps["risk before"]
]
steps.round(1)

# %% tags=["solution-only"]
points = steps["points for +0.3 log odds"]
assert points.max() < 8
assert points.iloc[0] < 1

# %% [markdown]
# Among the old the same patients count as young, and age lowers their answers: an explanation says how a patient differs *from the background*. The background must be
# chosen from train, told, and not be the test patients themselves. And 0.3 in log odds is never 30 percentage points: it is at most 7 to 8, and
# less than one for a patient at 2 %.
#
# ## 7. Test the explanation
#
# Four tests that need no truth. **Predict before you run**: which explanation should change when the model is a random one?

# %%
predict = boosted_log_odds
faithful = faithfulness(
    predict,
    rows.iloc[:15],
    background.iloc[:30],
    usual.values[:15],
    n_random=10,
    random_state=0,
)
print({name: round(value, 2) for name, value in faithful.items()})
rng = np.random.default_rng(0)
shuffled = [
    HistGradientBoostingClassifier(max_depth=3, max_iter=60, random_state=0).fit(
        train.X.round(), rng.permutation(train.y)
    )
    for _ in range(2)
]


def by_model(model, X):
    """Explain a model in log odds."""
    return explain_model(model, X, background).values


def by_size(model, X):
    """Tell how unusual a patient is, whatever the model."""
    return ((X - background.mean()) / background.std()).to_numpy()


print(randomised_model_check(by_model, boosted, shuffled, rows).round(2))
print(randomised_model_check(by_size, boosted, shuffled, rows).round(2))
noise = {"systolic_mmhg": 4, "respiratory_rate_per_min": 1.5, "temperature_c": 0.2}
for name, model in {"trees": boosted, "logistic": linear}.items():
    moved = stability(
        lambda X, model=model: (
            sampled_shapley(
                positive_class(model, "log-odds"),
                X,
                background.iloc[:30],
                n_permutations=2,
                random_state=0,
            ).values
        ),
        rows.iloc[:20],
        noise,
        n_repeats=2,
        random_state=0,
    )
    print(f"{name:9} values move by {moved['moved'].median():.2f} log odds")

# %% tags=["solution-only"]
assert faithful["beaten"] == 1.0
assert randomised_model_check(by_model, boosted, shuffled, rows)["changed"].all()
assert not randomised_model_check(by_size, boosted, shuffled, rows)["changed"].any()

# %% [markdown]
# - **Deletion.** Values are replaced by the background's, most important first: the answer gets to the base sooner than in random order.
# - **A random model.** Trees fitted to shuffled outcomes must be explained otherwise. "How unusual is the patient" does not change: it is no
#   explanation of the model, however plausible it looks.
# - **Stability.** A measurement error must not turn the explanation round.
#
# The fourth is the **counterfactual**: the smallest change with which the model would say something else.

# %%
ill = int(np.argmax(predict(test.X.iloc[:200])))
counterfactual = nearest_counterfactual(
    predict,
    test.X.iloc[[ill]],
    train.X,
    allowed={
        "systolic_mmhg": range(90, 150, 10),
        "urea_mmol_l": [5.0, 7.0, 10.0, 14.0],
        "asthma": [0, 1],
    },
    below=predict(test.X.iloc[[ill]])[0] - 0.7,
)
print(counterfactual)

# %% tags=["solution-only"]
assert counterfactual.answer < predict(test.X.iloc[[ill]])[0] - 0.7
with_asthma = test.X.iloc[[ill]].assign(asthma=1)
assert predict(with_asthma)[0] < predict(test.X.iloc[[ill]])[0] - 0.7

# %% [markdown]
# It speaks of the model's answer. Whether treating the number would treat the patient is another question. "Give the patient
# asthma" was allowed, too, and would have done; another pressure was only nearer.
#
# ## 8. Asthma, and the distance from home
#
# **Predict before you run**: both models learned that those with asthma died less often. Does an exact explanation show that the asthma was dangerous,
# and only the care made it look harmless? Write down yes or no, and why.
#
# **Exercise 5.** Write `change_if(predict, X, column, value)`: how far each patient's answer moves if *only* this column gets a value.


# %% answer="change_if"
def change_if(predict, X, column, value):
    """Return by how much each answer moves, (n,)."""
    ### BEGIN SOLUTION
    return predict(X.assign(**{column: value})) - predict(X)
    ### END SOLUTION


# %% check="change_if"
without = test.X.assign(asthma=0)
asthma = change_if(positive_class(linear, "log-odds"), without, "asthma", 1)
effects = test.truth.effects
print(f"asthma moves the model by {asthma.mean():+.2f} log odds")
print(
    f"the truth as treated {effects['asthma']:+.2f}, untreated {effects['asthma_untreated']:+.2f}"
)
asthma_trees = change_if(boosted_log_odds, without, "asthma", 1)
assert asthma.mean() < -0.2
assert asthma_trees.mean() < 0

# %% tags=["solution-only"]
assert effects["asthma"] < 0 < effects["asthma_untreated"]

# %% [markdown]
# Both models say that asthma lowers risk, and the explanation is *right*: it is what the model does. Untreated, asthma raises it. No explanation of the model can show this, for
# the care is in none of its columns. Caruana and others found it in a model that could be read, and a physician knew why.
#
# Next, `distance_km`. It has no part in the true risk, but B lives farther away. Here is a model that a wrong record has taught to use it: in
# `recorded`, a quarter of B's survivors are counted as dead. **Predict before you run**: the group is in no column. Whose answers move more if everybody
# lives 12 km away, A's or B's?

# %%
in_b = (train.groups["group"] == "B").to_numpy()
rng = np.random.default_rng(1)
recorded = np.where(in_b & (rng.random(len(train.y)) < 0.25), 1, train.y)
proxy = make_pipeline(StandardScaler(), LogisticRegression()).fit(train.X, recorded)
for name, model in {"as it was": linear, "as recorded": proxy}.items():
    moved = change_if(positive_class(model, "log-odds"), test.X, "distance_km", 12.0)
    by_group = pd.Series(np.abs(moved)).groupby(test.groups["group"].to_numpy()).mean()
    print(
        f"{name:12} distance set to 12 km moves A by {by_group['A']:.2f}, B by {by_group['B']:.2f}"
    )
from_distance = by_group

# %% tags=["solution-only"]
assert from_distance["B"] > max(0.3, from_distance["A"])
sound = change_if(positive_class(linear, "log-odds"), test.X, "distance_km", 12.0)
assert np.abs(sound).mean() < 0.15

# %% [markdown]
# Nobody gave the group to the model. It found it in the distance. To take the column out may not help if others tell the group too: test it.
#
# ## 9. Real patients: whose class is it?
#
# The Wisconsin set has 569 breast masses, described by thirty columns of cell nuclei. **Predict before you run**: a large area of the nuclei
# speaks for cancer. Which sign has its value for "the positive class"?

# %%
breast = load_breast_cancer(as_frame=True)
columns = [name for name in breast.data if name.startswith("mean")]
masses, target = breast.data[columns], breast.target
print("1 stands for", breast.target_names[1])
cells = make_pipeline(StandardScaler(), LogisticRegression()).fit(masses, target)
print(
    {
        name: len(names)
        for name, names in correlated_families(masses, at_least=0.9).items()
    }
)
found = sampled_shapley(
    positive_class(cells, "log-odds"),
    masses.iloc[:40],
    masses.iloc[100:160],
    n_permutations=4,
    random_state=0,
)
large = masses.iloc[:40]["mean area"] > masses["mean area"].quantile(0.75)
of_area = found.table().loc[large.to_numpy(), "mean area"].mean()
print(
    f"value of a large area: {of_area:+.2f} log odds of the class {breast.target_names[1]}"
)

# %% tags=["solution-only"]
assert breast.target_names[1] == "benign"
assert of_area < 0
size = next(
    names
    for names in correlated_families(masses, at_least=0.9).values()
    if "mean area" in names
)
assert {"mean radius", "mean perimeter", "mean area"} <= set(size)

# %% [markdown]
# In this set 1 is **benign**. Who takes "the positive class" for cancer reads every sign the wrong way round. And radius, perimeter and area say the same: how a model
# shares the credit among them is chance of the fit. Explain the family.
#
# ## 10. The letter
#
# A woman of the test set with asthma. The numbers a letter may tell are in `facts`.

# %% locked="facts"
her = int(np.flatnonzero((test.X["asthma"] == 1) & (test.X["age_years"] > 70))[0])
patient = test.X.iloc[[her]]
values = explain_model(boosted, patient, background).table().iloc[0]
risk = float(boosted.predict_proba(patient)[0, 1])
top = values.abs().sort_values(ascending=False).index[0]
facts = {
    "risk": Fact(risk, "probability", needed=True),
    "age": Fact(float(patient["age_years"].iloc[0]), needed=True),
    "value of asthma": Fact(float(values["asthma"]), "log-odds", needed=True),
    "value of age": Fact(float(values["age_years"]), "log-odds"),
}
for name, fact in facts.items():
    print(f"{name:16} {fact.value:8.3f} {fact.unit}")
bad = (
    f"Asthma protects your patient: it lowers her risk by {abs(values['asthma']):.0%}. "
    "She can be discharged."
)
check_letter(bad, facts)

# %% [markdown]
# **Exercise 6.** Write `letter` so that nothing is found. Put numbers in with f-strings, say what the model's answer is *not*, and what you would ask the
# physician to consider.

# %% answer="letter"
### BEGIN SOLUTION
letter = f"""Dear colleague,

The model puts the risk of death of your patient, aged {facts["age"].value:.0f}, at {risk:.0%}.

Her asthma moves the answer of the model down by {abs(values["asthma"]):.2f} log odds. This is not a
per cent. It does not mean that asthma is good for her. In the past, such patients went to
intensive care, and fewer of them died. The model has no column that tells of this care.

Please do not treat her less on account of this number.
"""
### END SOLUTION

# %% check="letter"
found = check_letter(letter, facts)
print(letter)
print(f"grade {grade_level(letter):.1f}")
assert found.empty, found.to_string()

# %% tags=["solution-only"]
kinds = set(check_letter(bad, facts)["kind"])
assert {"causal-verb", "log-odds-as-percent", "missing"} <= kinds

# %% [markdown]
# What the check cannot do: judge whether the letter is kind, or useful, or whether it left out the one thing that matters. Let a clinician read it.
#
# Where much is at stake, ask first whether the model must be a black box at all (Rudin 2019). Here the regression was as good as the trees, and could be read.

# %% tags=["solution-only"]
aurocs = [auroc(test.y, m.predict_proba(test.X)[:, 1]) for m in (linear, boosted)]
assert abs(aurocs[0] - aurocs[1]) < 0.02

# %% [markdown]
# ## 11. Check yourself
#
# Call `quiz("name")` to read a question, `quiz("name", answer="a")` to answer. Nothing is recorded.

# %%
quiz("asthma")

# %% answer="quiz_asthma"
quiz("asthma", answer="b")

# %%
quiz("twins")

# %% answer="quiz_twins"
quiz("twins", answer="c")

# %%
quiz("second")

# %% answer="quiz_second"
quiz("second", answer="a")

# %%
quiz("points")

# %% answer="quiz_points"
quiz("points", answer="b")

# %%
quiz("random")

# %% answer="quiz_random"
quiz("random", answer="c")

# %% [markdown]
# ## Take-away
#
# - An explanation says what a model *uses*, never what causes an illness or would cure it.
# - Of columns that run together none can be judged alone. Shuffle them, and explain them, as a family.
# - Say three things with every Shapley value: the class, the scale, the background. Check that the values add up.
# - Test it: delete, randomise the model, change the patient a little.
# - What goes together with an answer is not what the model reads. Move one column, and ask again.
# - To a physician: numbers of the model, no verbs of cause, and what the model cannot know.
#
# ## References
#
# 1. Caruana R, Lou Y, Gehrke J, Koch P, Sturm M, Elhadad N. Intelligible models for healthcare: predicting pneumonia risk
#    and hospital 30-day readmission. *KDD* 2015:1721-1730.
# 2. Lundberg SM, Lee S-I. A unified approach to interpreting model predictions. *NeurIPS* 30, 2017.
# 3. Fisher A, Rudin C, Dominici F. All models are wrong, but many are useful. *J Mach Learn Res* 2019;20(177).
# 4. Apley DW, Zhu J. Visualizing the effects of predictor variables in black box supervised learning models. *J R Stat
#    Soc B* 2020;82:1059-1086.
# 5. Adebayo J, Gilmer J, Muelly M, Goodfellow I, Hardt M, Kim B. Sanity checks for saliency maps. *NeurIPS* 31, 2018.
# 6. Rudin C. Stop explaining black box machine learning models for high stakes decisions and use interpretable models
#    instead. *Nature Machine Intelligence* 2019;1:206-215.
