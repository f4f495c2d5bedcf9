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
# # Lab 1: Who will be back within 30 days?
#
# *Tuesday, 16:00, a medical ward.* Mrs K., 78, goes home after eight days with heart
# failure. Her albumin is low, she was in hospital twice last year, and her daughter
# lives far away. Four other patients leave the ward today. There is **one** place in
# the follow-up programme: a nurse who telephones, visits, and goes through the
# medicines. Who gets it?
#
# You build a model of the risk, turn its risks into places, and work out what the
# programme saves. On the way you meet three results that are too good to be true, and
# find out yourself why.
#
# **After this lab you can**
#
# - say what a risk model predicts: for whom, from which moment on, how far ahead;
# - compare a bedside score with logistic regression and boosting, with intervals;
# - find columns that know the outcome, and patients who stand on both sides of a split;
# - explain how a paper can report an accuracy of 94 % on data where an honest model
#   is hardly better than "always no";
# - choose a threshold from costs, and say when a programme pays and when it does not;
# - measure who is missed, group by group, and trace where the difference comes from.
#
# About 90 minutes. Each section asks you to **predict before you run**: write your
# guess down, then run the cell. A wrong guess teaches more than a right one.

# %% locked="setup"
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")  # models this small are fastest so

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

from coursekit.datasets import (
    load_diabetes130,
    make_diabetes130_twin,
    make_readmission,
    readmission_task,
)
from coursekit.metrics import calibration, gaps, groups, ranking, utility
from coursekit.metrics.intervals import Estimate, paired_difference, wilson
from coursekit.quiz import open_quiz
from coursekit.supervised import (
    auroc_of_each_column,
    cut_off_for_alert_rate,
    discharge_points,
    oversampled_rows,
    plot_estimates,
    plot_lines,
    plot_reliability,
    plot_tornado,
    post_index_effect,
    risk_pipeline,
    share_seen_before,
    split_by_patient,
    threshold_from_costs,
)

SECRET = "lab"  # another word draws another hospital, with other numbers
LEVEL = 0.95  # of every interval in this lab
DIABETES130 = os.environ.get("COURSEKIT_DIABETES130")  # a path, or None: a drawn twin
quiz = open_quiz("01_readmission")


def words(estimate, digits=2):
    """Write a value with its interval."""
    value, low, high = (
        f"{number:.{digits}f}"
        for number in (estimate.value, estimate.low, estimate.high)
    )
    return f"{value} ({low} to {high})"


# %% [markdown]
# ## 1. One patient, one moment, one question
#
# Before any model, four things must be said:
#
# | | here |
# |---|---|
# | **for whom** | adults discharged alive from a medical ward |
# | **index time** | the moment of discharge: only what is known *then* may be used |
# | **horizon** | 30 days |
# | **outcome** | an unplanned readmission, to any hospital |
#
# The patients are drawn by a program, so no privacy is at stake and the truth is known
# to the teacher. `train` is what the hospital's own records say about last year.
# `tune` are patients whose outcome was **audited**: somebody asked the other hospitals
# too. Their table shows what stood in it on the day of discharge.

# %%
train = make_readmission(6000, secret=SECRET, role="train").shown()
tune = make_readmission(8000, secret=SECRET, role="tune").shown()
train.X.head()

# %% [markdown]
# Units are part of the names: `albumin_g_l` is in g/L. An empty laboratory value (`NaN`)
# means that the test was not ordered, or that its value was lost.
#
# **Exercise 1.** How many encounters and how many patients are in `train`? What share
# of the patients in `tune` came back, with its 95 % interval? (`wilson(k, n, level=LEVEL)`
# gives the interval of a share; each patient of `tune` has one row.)

# %% answer="counts"
n_encounters = len(train.X)
n_patients = len(np.unique(train.patient))
came_back = wilson(int(tune.y.sum()), len(tune.y), level=LEVEL)

# %% check="counts"
assert n_encounters > n_patients == 6000, "Some patients stand in several rows."
assert came_back.low < tune.y.mean() < came_back.high
assert 0.24 < came_back.value < 0.27
print(
    f"{n_encounters} encounters of {n_patients} patients; {words(came_back)} came back"
)

# %% [markdown]
# About one in four comes back. With 8,000 patients we know this to about one
# percentage point either way.

# %% tags=["solution-only"]
# What the text says in numbers is checked in cells like this one. Students have none.
assert 0.008 < came_back.half_width < 0.011

# %% [markdown]
# ## 2. A score that you can add up at the bedside
#
# A model has to beat something simple. Our baseline counts points, in the manner of the
# LACE index [1]: length of stay (1 to 7 points), emergency admission (3), number of
# comorbidities (up to 5), admissions in the last year (up to 4).
#
# To be honest about it: the points for length of stay and acuity are those of LACE. But
# LACE uses the Charlson index and the visits to an emergency department in six months,
# which this table does not have. So this is **our own count score**, not LACE, and
# nobody has validated it.


# %%
def points(patients):
    """Add up the discharge points of each patient."""
    return discharge_points(
        patients.X["length_of_stay_days"],
        patients.X["admission_type"] == "emergency",
        patients.X["comorbidity_count"],
        patients.X["prior_admissions_12m"],
    )


score = points(tune)
band = pd.cut(score, [-1, 4, 9, 19], labels=["0-4", "5-9", "10-19"])
pd.DataFrame({"points": band, "came back": tune.y}).groupby("points", observed=True)[
    "came back"
].agg(["size", "mean"]).round(2)

# %% [markdown]
# The **AUROC** says how well patients are put in order. Take one patient who came back
# and one who did not: in what share of such pairs has the first one more points?
# A coin gives 0.50.
#
# **Predict before you run.** Which AUROC has this score?

# %%
my_guess = 0.65  # write your own guess here

# %%
auroc_of_score = ranking.auroc_interval(tune.y, score, level=LEVEL)
print(f"You guessed {my_guess}. It is {words(auroc_of_score, 3)}.")

# %% tags=["solution-only"]
assert 0.68 < auroc_of_score.value < 0.72
assert auroc_of_score.half_width < 0.015

# %% [markdown]
# About 0.70, known to within 0.015. Not bad for adding up four numbers.

# %% [markdown]
# ## 3. A model that is too good
#
# Now a logistic regression on **all** columns. We hold out 30 % of the patients, fit on
# the others and test on those held out, as one should.

# %%
fit_rows, held_out = split_by_patient(train.patient, random_state=1)
first_model = risk_pipeline("logistic", train.X)
first_model.fit(train.X.iloc[fit_rows], train.y[fit_rows])

risk_held_out = first_model.predict_proba(train.X.iloc[held_out])[:, 1]
first_auroc = ranking.auroc_interval(
    train.y[held_out], risk_held_out, patient=train.patient[held_out], level=LEVEL
)
print("AUROC on held-out patients:", words(first_auroc, 3))

# %% tags=["solution-only"]
assert first_auroc.low > 0.98

# %% [markdown]
# 0.99! The interval is narrow, the patients were held out, the split is by patient.
#
# **Predict before you run.** Now the model goes to the ward. On the day of discharge of
# the 8,000 patients in `tune`, which mean risk will it tell, and how many patients will
# it give a risk above one half? (One in four will come back.)

# %%
my_guess_of_mean_risk = 0.25
my_guess_above_half = 1500

# %%
risk_on_the_day = first_model.predict_proba(tune.X)[:, 1]
print(
    f"mean risk told {risk_on_the_day.mean():.4f}, share who came back {tune.y.mean():.2f}"
)
print("patients with a risk above one half:", int((risk_on_the_day > 0.5).sum()))
print("AUROC:", words(ranking.auroc_interval(tune.y, risk_on_the_day, level=LEVEL), 3))

# %% tags=["solution-only"]
assert risk_on_the_day.mean() < 0.005
assert (risk_on_the_day > 0.5).sum() == 0
assert 0.74 < ranking.auroc(tune.y, risk_on_the_day) < 0.78

# %% [markdown]
# The model tells everybody a risk of practically zero and flags nobody. Nothing in the
# test had warned us. (It still orders the patients fairly well, AUROC 0.76. Looking at the
# AUROC alone, even on the day, would not have shown how wrong the risks are.)
#
# **Exercise 2.** Which columns are to blame? Compare `auroc_of_each_column(train.X,
# train.y)` with the same on `tune`, look at the columns that stand out, and put their
# names into `not_known_yet`.

# %% answer="leaks"
side_by_side = pd.DataFrame(
    {
        "last year's records": auroc_of_each_column(train.X, train.y),
        "day of discharge": auroc_of_each_column(tune.X, tune.y),
    }
).sort_values("last year's records", ascending=False)
print(side_by_side.round(2))
not_known_yet = ["post_discharge_calls_30d", "days_to_next_contact"]

# %% check="leaks"
says_nothing = [name for name in tune.X if tune.X[name].nunique() == 1]
assert set(not_known_yet) == set(says_nothing), (
    "On the day of discharge a column that is filled in later is the same for everyone."
)
known = [name for name in train.X if name not in not_known_yet]
effect = post_index_effect(first_model, tune.X, list(tune.X), drawn_from=train.X)
print(effect.sort_values(ascending=False).round(4).head(4))

# %% [markdown]
# The ward telephones patients *because* they are back, and the next contact *is* the
# readmission. Both columns are filled in after the index time. In last year's records
# they look like any other column; on the day of discharge they say the same of everyone
# (0 calls, 90 days).
#
# `post_index_effect` puts other patients' values into one column at a time and says how
# far the risks move. Such a test can be run on any finished model: **a column that is not
# known yet must not move a risk.** The feedback on your assignment calls this mistake
# `LEAK-POSTDISCH`.

# %% tags=["solution-only"]
assert set(effect.nlargest(2).index) == set(not_known_yet)
assert tune.X[not_known_yet].drop_duplicates().to_numpy().tolist() == [[0, 90]]
assert effect["post_discharge_calls_30d"] > 0.05

# %% [markdown]
# ## 4. Three honest models
#
# Only what is known at discharge: the columns in `known`. Three models:
#
# - **logistic regression**: every column adds its part to the log odds;
# - **random forest**: many large trees, each grown on another draw of the patients, which
#   vote;
# - **histogram gradient boosting**: many small trees, each correcting the ones before;
#   it can learn bends and combinations, and it needs more patients for that.
#
# **Predict before you run.** Score 0.70; and these three? Which one is ahead?

# %%
my_guess_logistic, my_guess_forest, my_guess_boosting = 0.75, 0.75, 0.80

# %%
models, risk = {}, {}
for kind in ("logistic", "forest", "boosting"):
    models[kind] = risk_pipeline(kind, train.X[known]).fit(train.X, train.y)
    risk[kind] = models[kind].predict_proba(tune.X)[:, 1]

aurocs = {"count score": auroc_of_score} | {
    kind: ranking.auroc_interval(tune.y, risk[kind], level=LEVEL) for kind in risk
}
for name, estimate in aurocs.items():
    print(f"{name:12}", words(estimate, 3))
plot_estimates(aurocs, xlabel="AUROC on 8,000 audited patients (95 % interval)")
plt.show()

# %% [markdown]
# *Figure: four points with their intervals. The count score lies near 0.70; logistic
# regression, forest and boosting, all near 0.76, lie to its right, and their intervals
# overlap with each other but not with that of the score.*
#
# All three beat the score clearly. That two intervals overlap does not settle who is
# ahead, since the models judge the *same* patients. The difference has an interval of its
# own:

# %%
difference = paired_difference(
    aurocs["logistic"].value,
    ranking.auroc_influence(tune.y, risk["logistic"]),
    aurocs["boosting"].value,
    ranking.auroc_influence(tune.y, risk["boosting"]),
    level=LEVEL,
)
print("AUROC of logistic regression minus that of boosting:", words(difference, 3))

# %% [markdown]
# The simple regression is ahead, by about 0.01: with 8,400 encounters and effects that add
# up, there is nothing left for boosting to find but chance. With other data the order
# may be another; look, and take the simplest model that does as well.

# %% tags=["solution-only"]
assert 8350 < len(train.X) < 8450
assert 0.745 < aurocs["logistic"].value < 0.775
assert 0.735 < aurocs["boosting"].value < 0.765
assert 0.735 < aurocs["forest"].value < 0.765
assert aurocs["forest"].low > auroc_of_score.high
assert aurocs["boosting"].low > auroc_of_score.high
assert aurocs["boosting"].high > aurocs["logistic"].low
assert 0 < difference.low < difference.value < 0.015

# %% [markdown]
# How far could anybody get? The teacher's copy of these patients carries the **true risk**
# of each. It does not say who comes back (that is partly chance), but no model can do
# better than by luck:

# %%
teachers_copy = make_readmission(8000, secret=SECRET, role="tune")
best_possible = ranking.auroc_interval(tune.y, teachers_copy.truth.risk, level=LEVEL)
print("AUROC of the true risk:", words(best_possible, 3))

# %% [markdown]
# About 0.82. Whoever finds more has found a leak; the grader calls it `IMPOSSIBLE`. In a
# real hospital nobody knows this number, but 0.99 should have made us ask.

# %% tags=["solution-only"]
assert 0.81 < best_possible.value < 0.83
assert first_auroc.low > best_possible.high

# %% [markdown]
# A risk is more than an order. If the model says 30 % to a hundred patients, thirty
# should come back: that is **calibration**.

# %%
plot_reliability(
    {kind: calibration.reliability_table(tune.y, risk[kind]) for kind in risk}
)
plt.show()
for kind in risk:
    slope = calibration.calibration_slope_interval(tune.y, risk[kind], level=LEVEL)
    error = calibration.mean_calibration_error_interval(tune.y, risk[kind], level=LEVEL)
    print(f"{kind:9} slope {words(slope)}, mean risk minus events {words(error, 3)}")

# %% [markdown]
# *Figure: share readmitted against mean risk, in ten bins. All curves follow the
# diagonal and lie a little above it: slightly more patients come back than the models
# say.*
#
# All models are too low, by about two percentage points. Remember this;
# section 9 shows in *whom* they are too low, and why. The forest's slope is above 1: a
# vote of many trees is timid, and its high risks are too low and its low ones too high.

# %% tags=["solution-only"]
too_low = calibration.mean_calibration_error_interval(
    tune.y, risk["logistic"], level=LEVEL
)
assert -0.03 < too_low.value < -0.01
assert too_low.high < 0
slope_of_forest = calibration.calibration_slope_interval(
    tune.y, risk["forest"], level=LEVEL
)
assert slope_of_forest.low > 1

# %% [markdown]
# ### Class weights, or another threshold?
#
# One patient in four comes back. At a threshold of 0.5 the logistic regression flags few,
# and a common advice is `class_weight="balanced"`: count each readmission three times as
# much while fitting.
#
# **Predict before you run.** What will class weights change: the AUROC, the mean risk,
# both, neither?

# %%
my_guess_weights = "both"

# %%
weighted = risk_pipeline("logistic", train.X[known], class_weight="balanced")
risk_weighted = weighted.fit(train.X, train.y).predict_proba(tune.X)[:, 1]
for name, found_risk in {"plain": risk["logistic"], "weighted": risk_weighted}.items():
    auroc = ranking.auroc_interval(tune.y, found_risk, level=LEVEL)
    one_in_five = found_risk >= cut_off_for_alert_rate(found_risk, 0.20)
    print(
        f"{name:9} AUROC {words(auroc, 3)}, mean risk {found_risk.mean():.2f} "
        f"(events {tune.y.mean():.2f}), flagged at 0.5: {np.mean(found_risk >= 0.5):.0%}, "
        f"found with one place in five: {one_in_five[tune.y == 1].mean():.0%}"
    )

# %% [markdown]
# The order of the patients is the same, and so are those who get one place in five. Only
# the risks have moved: the mean risk is 0.44 where 0.26 come back. Nothing was gained that
# **another threshold** on the plain model does not give, and the risks were lost. Weights
# moved the log odds by a known amount, the log of the odds of a readmission in `train`; who
# has a weighted model can move them back:

# %%
odds_in_train = train.y.mean() / (1 - train.y.mean())
odds = risk_weighted / (1 - risk_weighted) * odds_in_train
moved_back = odds / (1 + odds)
print(
    f"moved back: mean risk {moved_back.mean():.2f}, and from the plain model's risks"
)
print(f"on average {np.abs(moved_back - risk['logistic']).mean():.3f} away")

# %% tags=["solution-only"]
plain_alerts = risk["logistic"] >= cut_off_for_alert_rate(risk["logistic"], 0.20)
weighted_alerts = risk_weighted >= cut_off_for_alert_rate(risk_weighted, 0.20)
assert np.mean(plain_alerts == weighted_alerts) > 0.99
weighted_auroc = ranking.auroc_interval(tune.y, risk_weighted, level=LEVEL).value
assert abs(weighted_auroc - aurocs["logistic"].value) < 0.002
assert np.mean(risk["logistic"] >= 0.5) < 0.10
assert 0.42 < risk_weighted.mean() < 0.46
assert 0.25 < tune.y.mean() < 0.265
assert np.abs(moved_back - risk["logistic"]).mean() < 0.01
assert 0.20 < train.y.mean() < 0.26

# %% [markdown]
# ## 5. The same patient on both sides
#
# A colleague sends you a larger table: **one row for each day of the stay**, each with
# the laboratory values of that day. "Four times as many rows!" The colleague shuffles
# the rows, holds out 30 % of them, and fits a random forest.


# %%
def one_row_a_day(patients, random_state=0):
    """Repeat each encounter for each day of the stay, with that day's small changes."""
    rng = np.random.default_rng(random_state)
    rows = np.repeat(np.arange(len(patients.X)), patients.X["length_of_stay_days"])
    days = patients.X[known].select_dtypes("number").iloc[rows].reset_index(drop=True)
    labs = ["haemoglobin_g_dl", "sodium_mmol_l", "creatinine_umol_l", "albumin_g_l"]
    days[labs] *= rng.normal(1, 0.01, (len(days), len(labs)))
    return days.fillna(days.median()), patients.y[rows], patients.patient[rows]


def forest():
    """Make a random forest whose trees grow until they know every row."""
    return RandomForestClassifier(50, random_state=0, n_jobs=2)


days, y_days, patient_days = one_row_a_day(train)
shuffled = np.random.default_rng(1).permutation(len(days))
n_fit = int(0.7 * len(days))
print(f"{len(days)} rows of {len(np.unique(patient_days))} patients")

# %% [markdown]
# **Predict before you run.** Which AUROC does the colleague find? The model sees no
# column that is filled in later.

# %%
my_guess_of_forest = 0.80

# %%
fitted = forest().fit(days.iloc[shuffled[:n_fit]], y_days[shuffled[:n_fit]])
row_wise = ranking.auroc(
    y_days[shuffled[n_fit:]], fitted.predict_proba(days.iloc[shuffled[n_fit:]])[:, 1]
)
seen = share_seen_before(patient_days, shuffled[:n_fit], shuffled[n_fit:])
print(
    f"AUROC {row_wise:.3f}; {seen:.0%} of the test rows belong to patients seen before"
)

# %% [markdown]
# **Exercise 3.** Test the same forest honestly: split by patient (`split_by_patient`), fit
# on the one part, and put the AUROC on the other into `by_patient`.

# %% answer="by_patient"
train_rows, test_rows = split_by_patient(patient_days, random_state=1)
honest_forest = forest().fit(days.iloc[train_rows], y_days[train_rows])
by_patient = ranking.auroc(
    y_days[test_rows], honest_forest.predict_proba(days.iloc[test_rows])[:, 1]
)

# %% check="by_patient"
assert 0.6 < by_patient < 0.8, "Is any patient still on both sides?"
print(f"row by row {row_wise:.3f}, by patient {by_patient:.3f}")

# %% [markdown]
# Row by row 0.98, by patient about 0.70: the forest had recognised the patients. The
# same happens with several images of one person, or notes of one stay.
#
# It need not be so drastic. In our `train` table, with 1.4 encounters a patient, four in
# ten test rows of a row-wise split belong to patients seen before as well, and the AUROC
# hardly changes, since labs and stays differ between encounters. You cannot know this
# beforehand, so split by patient always. (Intervals need it too: rows of one patient are
# not independent, which is why you give `patient=` to the interval functions.)

# %% tags=["solution-only"]
assert 0.97 < row_wise < 0.99
assert 0.68 < by_patient < 0.72
rows = np.random.default_rng(0).permutation(len(train.X))
cut = int(0.7 * len(rows))
assert 0.36 < share_seen_before(train.patient, rows[:cut], rows[cut:]) < 0.44

# %% [markdown]
# ## 6. Where do accuracies of 94 % come from?
#
# *Diabetes 130-US hospitals* [2] is the best-known public table of readmissions: 101,766
# encounters of patients with diabetes in US hospitals, 1999 to 2008. On these data one
# study reports an accuracy of 94 % with an AUROC of 0.97 after "data balancing" [3],
# another an accuracy of 96 % [4]. You will see how far an honest model is from that.
#
# We cannot see from outside how a given paper came to its numbers. But we can show
# three roads that lead there. You have walked one already: a leak (section 3).
#
# This notebook works on the real table if you give its path in the environment variable
# `COURSEKIT_DIABETES130`, and else on a drawn twin with the same columns.

# %%
if DIABETES130:
    encounters = load_diabetes130(DIABETES130)
else:
    encounters = make_diabetes130_twin(30_000, random_state=0)
diabetes = readmission_task(encounters)
some = np.random.default_rng(0).permutation(np.unique(diabetes.patient))[:20_000]
diabetes = diabetes.take(np.isin(diabetes.patient, some))
print(f"{len(diabetes)} encounters of {len(some)} patients, to save time")

# %% [markdown]
# Encounters that ended in death or in a hospice are left out: nobody can be readmitted
# after them. The outcome is a readmission within 30 days.
#
# **Predict before you run.** A "model" answers *no* for every patient. Its accuracy?

# %%
my_guess_always_no = 0.50

# %%
always_no = 1 - diabetes.y.mean()
print(f"accuracy of 'always no': {always_no:.3f}; readmissions found: none")

# %% tags=["solution-only"]
assert 0.87 < always_no < 0.91

# %% [markdown]
# **The first road: a rare outcome.** 89 % without looking at a single patient. An accuracy
# means nothing unless that of "always no" stands beside it.
#
# What does an honest model reach? Boosting, split by patient:

# %%
fit_rows, test_rows = split_by_patient(diabetes.patient, random_state=0)
X_fit, y_fit = diabetes.X.iloc[fit_rows], diabetes.y[fit_rows]
X_test, y_test = diabetes.X.iloc[test_rows], diabetes.y[test_rows]
honest = risk_pipeline("boosting", X_fit).fit(X_fit, y_fit)
risk_diabetes = honest.predict_proba(X_test)[:, 1]


def report(name, y, risk, patient=None):
    """Print accuracy at 0.5, AUROC with interval, and share found at 0.5."""
    alerts = risk >= 0.5
    auroc = ranking.auroc_interval(y, risk, patient=patient, level=LEVEL)
    print(
        f"{name}: accuracy {np.mean(alerts == y):.3f}, AUROC {words(auroc, 3)}, found "
        f"{alerts[y == 1].mean():.3f}, mean risk {risk.mean():.2f}, events {y.mean():.2f}"
    )
    return auroc


honest_auroc = report("honest", y_test, risk_diabetes, diabetes.patient[test_rows])

# %% tags=["solution-only"]
assert honest_auroc.high < 0.75
assert abs(np.mean((risk_diabetes >= 0.5) == y_test) - (1 - y_test.mean())) < 0.01

# %% [markdown]
# By accuracy it is "always no" over again, and by AUROC far from 0.97.

# %% [markdown]
# **The second road: repeat the rare rows, then split.** Readmissions are rare, so they
# are repeated until both outcomes are equally common ("balancing"). Then the rows are
# shuffled, 30 % are held out, and a forest is fitted.
#
# **Predict before you run.** Its accuracy?

# %%
my_guess_balanced = 0.89


# %%
def as_codes(X):
    """Turn words into numbers, as a forest needs them."""
    codes = X.apply(
        lambda c: c if pd.api.types.is_numeric_dtype(c) else pd.factorize(c)[0]
    )
    return codes.fillna(-1)


X_codes = as_codes(diabetes.X)
balanced = oversampled_rows(diabetes.y, random_state=0)
balanced = np.random.default_rng(0).permutation(balanced)
n_fit = int(0.7 * len(balanced))
fit_copies, test_copies = balanced[:n_fit], balanced[n_fit:]
fitted = forest().fit(X_codes.iloc[fit_copies], diabetes.y[fit_copies])
risk_copies = fitted.predict_proba(X_codes.iloc[test_copies])[:, 1]
copies_auroc = report("balanced, then split", diabetes.y[test_copies], risk_copies)

# %% [markdown]
# Far above 94 %. Look at the last number of the line: half of the test patients are
# readmitted, in a hospital where it is one in nine. And most of the test rows with a
# readmission are copies of rows that the forest was fitted on.
#
# **Exercise 4.** Repair it. Split by patient first (`fit_rows` and `test_rows` are
# there), repeat the rare rows **in the fitting part only**, fit the forest and put the
# risks of the test patients into `risk_repaired`.

# %% answer="repaired"
fit_balanced = fit_rows[oversampled_rows(diabetes.y[fit_rows], random_state=0)]
repaired = forest().fit(X_codes.iloc[fit_balanced], diabetes.y[fit_balanced])
risk_repaired = repaired.predict_proba(X_codes.iloc[test_rows])[:, 1]

# %% check="repaired"
assert len(risk_repaired) == len(test_rows), "Test on every row of test_rows, once."
repaired_auroc = report(
    "split, then balanced", y_test, risk_repaired, diabetes.patient[test_rows]
)
assert repaired_auroc.value < 0.8, "Do copies or patients still stand on both sides?"

# %% tags=["solution-only"]
copies_accuracy = np.mean((risk_copies >= 0.5) == diabetes.y[test_copies])
assert copies_accuracy > 0.94
assert copies_auroc.low > 0.97
assert repaired_auroc.high < copies_auroc.low - 0.2
in_fit = np.isin(test_copies, fit_copies)
assert in_fit[diabetes.y[test_copies] == 1].mean() > 0.9
assert risk_repaired.mean() > y_test.mean() + 0.02
assert abs(np.mean((risk_repaired >= 0.5) == y_test) - (1 - y_test.mean())) < 0.02
assert repaired_auroc.value < honest_auroc.value + 0.02
assert 1 / 10 < diabetes.y.mean() < 1 / 8

# %% [markdown]
# The accuracy is back at "always no", the AUROC at that of the honest model or below. And
# one thing has become worse: the mean risk is now clearly above the share of events.
# A model fitted on repeated rows has learnt that readmissions are common; its risks must
# not be used as risks. This is known for logistic regression too [5]. If you want more
# alerts, lower the threshold.
#
# Your assignment names these mistakes when it sees them: `NO-ALERTS` for "always no",
# `BRIER` and `OVERCONFIDENT` for risks that are not risks, `OVERFIT` for a model that
# knows its own patients by heart.

# %% [markdown]
# ## 7. From a risk to a place
#
# Back to our ward. From which risk on is a place worth its cost? For a patient with
# risk $p$, a place costs $c$ and prevents a readmission with probability $p \cdot e$,
# where $e$ is the **effectiveness**: the share of readmissions that the programme
# prevents. A readmission costs $C$. The place pays if
#
# $$p \cdot e \cdot C > c, \qquad\text{that is, if}\qquad p > \frac{c}{e \cdot C}.$$
#
# The figures below are a **scenario**, in any currency. They are assumptions to be
# replaced by those of your hospital, and the effectiveness is the least certain of them:
# it must come from a trial, not from the model.

# %%
scenario = {
    "cost_per_enrolled": 240,
    "cost_per_readmission": 12_000,
    "effectiveness": 0.10,
}
threshold = threshold_from_costs(**scenario)
print(f"threshold {threshold:.2f}")
print(f"patients above it: {np.mean(risk['logistic'] >= threshold):.0%}")

# %% [markdown]
# **Net benefit** [6] puts a whole list of alerts into one number. Per patient: the share
# rightly flagged, minus the share wrongly flagged times the odds of the threshold. At
# a threshold of 0.20 one rightly flagged patient outweighs four wrongly flagged ones.
#
# **Exercise 5.** Write `net_benefit(y, alerts, threshold)`:
#
# $$\frac{\text{rightly flagged}}{n} - \frac{\text{wrongly flagged}}{n} \cdot
# \frac{t}{1 - t}$$


# %% answer="net_benefit"
def net_benefit(y, alerts, threshold):
    """Return the net benefit of 0/1 alerts at a threshold probability."""
    ### BEGIN SOLUTION
    rightly = np.mean((alerts == 1) & (y == 1))
    wrongly = np.mean((alerts == 1) & (y == 0))
    return rightly - wrongly * threshold / (1 - threshold)
    ### END SOLUTION


# %% check="net_benefit"
assert (
    abs(net_benefit(np.array([1, 0]), np.array([1, 1]), 0.2) - (0.5 - 0.5 / 4)) < 1e-9
)
alerts = (risk["logistic"] >= threshold).astype(int)
assert (
    abs(
        net_benefit(tune.y, alerts, threshold)
        - utility.net_benefit(tune.y, alerts, threshold)
    )
    < 1e-9
)
print(f"net benefit at {threshold:.2f}: {net_benefit(tune.y, alerts, threshold):.3f}")

# %%
thresholds = np.arange(2, 61) / 100
curve = utility.decision_curve(tune.y, risk["logistic"], thresholds)
ax = plot_lines(
    thresholds,
    {
        "logistic regression": curve["net_benefit"],
        "everyone": curve["alert_all"],
        "nobody": curve["alert_none"],
    },
    xlabel="threshold probability",
    ylabel="net benefit per patient",
)
ax.set_ylim(-0.05, 0.26)
plt.show()

# %% [markdown]
# *Figure: a decision curve. At thresholds below 0.05 the model's line and "everyone" are
# the same. "Everyone" falls below zero where the threshold passes the share of events,
# one in four; the model's line stays above both others up to a threshold of 0.5.*
#
# If a place costs next to nothing (a very low threshold), give one to everyone and save
# yourself the model. In between, the model is worth something.

# %% tags=["solution-only"]
assert threshold == 0.2
at = curve.set_index("threshold_probability")
assert abs(at.loc[0.04, "net_benefit"] - at.loc[0.04, "alert_all"]) < 0.002
assert at.loc[0.25, "alert_all"] > 0 > at.loc[0.27, "alert_all"]
assert at.loc[0.2, "net_benefit"] > at.loc[0.2, "alert_all"] + 0.02
between = at.loc[0.1:0.5]
assert (between["net_benefit"] > between[["alert_all", "alert_none"]].max(axis=1)).all()

# %% [markdown]
# ### As many places as there are
#
# Often there is no choice: the programme has places for **one patient in five**. The
# cut-off is then the risk above which 20 % of the patients lie. Learn it on `tune` and
# keep it: if it were taken from the patients of the day, Mrs K.'s place would depend on
# who else goes home (`BATCH-DEPENDENT` in the feedback).

# %%
cut_off = cut_off_for_alert_rate(risk["logistic"], 0.20)
flagged = (risk["logistic"] >= cut_off).astype(int)
found = wilson(int(flagged[tune.y == 1].sum()), int(tune.y.sum()), level=LEVEL)
right = wilson(int(tune.y[flagged == 1].sum()), int(flagged.sum()), level=LEVEL)
print(f"cut-off {cut_off:.2f}, flagged {flagged.mean():.0%}")
print("of those who will come back, found (sensitivity):", words(found))
print("of those flagged, will come back (PPV):", words(right))

# %% tags=["solution-only"]
assert 0.42 < found.value < 0.46
assert right.low > 0.5
assert 0.42 < np.mean(risk["logistic"] >= threshold) < 0.46

# %% [markdown]
# One place in five finds about 44 % of those who will come back: twice as many as drawing
# lots. More than half of them are not reached. A good model does not change that; more
# places would. (From costs alone a place would pay for more patients, about 44 %.)
#
# And Mrs K.? Write her down as the table does:

# %%
mrs_k = pd.DataFrame(
    {
        "age_years": [78],
        "admission_type": ["emergency"],
        "length_of_stay_days": [8],
        "prior_admissions_12m": [2],
        "comorbidity_count": [3],
        "haemoglobin_g_dl": [11.2],
        "sodium_mmol_l": [134.0],
        "creatinine_umol_l": [120.0],
        "albumin_g_l": [31.0],
        "discharge_destination": ["home"],
    }
)
her_risk = models["logistic"].predict_proba(mrs_k)[0, 1]
print(f"risk {her_risk:.2f}, cut-off {cut_off:.2f}")

# %% [markdown]
# Her risk is well above the cut-off: she gets the place. The model does not know that her
# daughter lives far away. The nurse does, and may know better.

# %% tags=["solution-only"]
assert her_risk > cut_off + 0.1

# %% [markdown]
# ## 8. What the programme saves, and when it does not
#
# The hospital discharges 10,000 patients a year, and the programme costs 60,000 a year
# whoever is in it (a desk, a car). `utility.programme_savings` works out the saving:
# readmissions prevented times their cost, minus what the programme costs. You will write
# it yourself in the assignment. Here we use it.

# %%
year = {"n_patients": 10_000, "prevalence": tune.y.mean(), "fixed_cost": 60_000}
ways = {
    "the model's one in five": {"sensitivity": found.value, "alert_rate": 0.20},
    "everyone": {"sensitivity": 1.0, "alert_rate": 1.0},
    "one in five by lot": {"sensitivity": 0.20, "alert_rate": 0.20},
}
for name, way in ways.items():
    print(f"{name:24} {utility.programme_savings(**year, **scenario, **way):>10,.0f}")

# %% tags=["solution-only"]
saved = {
    name: utility.programme_savings(**year, **scenario, **way)
    for name, way in ways.items()
}
assert 600_000 < saved["the model's one in five"] < 850_000
assert (
    saved["the model's one in five"] > saved["everyone"] > saved["one in five by lot"]
)

# %% [markdown]
# **Predict before you run.** At which effectiveness does the programme just pay for itself
# with the model's alerts: 1 %, 4 %, 10 %?
#
# **Exercise 6.** Find the **break-even effectiveness**: the one at which the saving is 0.
# (The saving is a straight line in the effectiveness. `saving(way, e)` below gives it.)


# %%
def saving(way, effectiveness):
    """Return the money saved in a year at an assumed effectiveness."""
    assumed = scenario | {"effectiveness": effectiveness}
    return utility.programme_savings(**year, **assumed, **way)


# %% answer="break_even"
def break_even(way):
    """Return the effectiveness at which this way of giving places saves nothing."""
    ### BEGIN SOLUTION
    cost = -saving(way, 0.0)
    return cost / (saving(way, 1.0) + cost)
    ### END SOLUTION


# %% check="break_even"
for name, way in ways.items():
    assert abs(saving(way, break_even(way))) < 1, "The saving should be 0 there."
    plan = utility.Programme(**year, **scenario, **way)
    assert abs(break_even(way) - utility.break_even_effectiveness(plan)) < 1e-9
    print(f"{name:24} pays from an effectiveness of {break_even(way):.1%} on")
ends = [
    break_even({"sensitivity": s, "alert_rate": 0.20}) for s in (found.high, found.low)
]
print(f"with the interval of the sensitivity: {ends[0]:.1%} to {ends[1]:.1%}")

# %%
effects = np.linspace(0, 0.25, 51)
ax = plot_lines(
    100 * effects,
    {name: [saving(way, e) / 1e6 for e in effects] for name, way in ways.items()},
    xlabel="readmissions of enrolled patients that are prevented (%)",
    ylabel="saved in a year (million)",
)
ax.axhline(0, color="grey", linewidth=0.8)
plt.show()

# %% [markdown]
# *Figure: money saved in a year against effectiveness, three straight lines. The model's
# line crosses zero near 4 %, those of "everyone" and of "by lot" near 8 to 9 %. Beyond
# an effectiveness of about 11 % the line of "everyone" is the highest.*
#
# Three things to take along:
#
# - The saving hangs on the effectiveness far more than on the AUROC. Ask for the trial.
# - If the programme works very well, a place for everyone saves more than any model, if
#   there are so many places. This has been found with real data too [7].
# - The number is a difference of two large ones. Leave out what the programme costs
#   (`COST-NO-PROGRAMME-COST`), or count patients whom no alert reaches
#   (`COST-DOUBLE-COUNT`), and every programme looks like a gold mine.

# %% tags=["solution-only"]
points_of = {name: break_even(way) for name, way in ways.items()}
assert 0.035 < points_of["the model's one in five"] < 0.05
assert 0.078 < points_of["everyone"] < 0.09
assert 0.08 < points_of["one in five by lot"] < 0.095
crossing = effects[
    np.argmax(
        [
            saving(ways["everyone"], e) > saving(ways["the model's one in five"], e)
            for e in effects
        ]
    )
]
assert 0.10 < crossing < 0.125

# %% [markdown]
# ### Which assumption matters most?
#
# Each assumption has a range that an honest person would not rule out. A **tornado plot**
# puts one assumption at a time to the ends of its range, leaves the others as they are, and
# sorts: the widest bar is the one to find out about first.
#
# **Predict before you run.** Which bar is the widest: effectiveness (0 to 20 %), sensitivity
# (35 to 55 %), cost of a readmission (8,000 to 16,000), or cost of a place (150 to 500)?

# %%
my_guess_widest = "sensitivity"

# %%
assumed = {**year, **scenario, **ways["the model's one in five"]}
ranges = {
    "effectiveness": (0.0, 0.20),
    "sensitivity": (0.35, 0.55),
    "prevalence": (0.20, 0.30),
    "cost_per_readmission": (8_000, 16_000),
    "cost_per_enrolled": (150, 500),
}
swings = {
    name: tuple(utility.programme_savings(**assumed | {name: end}) for end in ends)
    for name, ends in ranges.items()
}
plot_tornado(
    {
        f"{name} ({ranges[name][0]:g} to {ranges[name][1]:g})": tuple(
            saved_there / 1e6 for saved_there in swing
        )
        for name, swing in swings.items()
    },
    middle=utility.programme_savings(**assumed) / 1e6,
    xlabel="saved in a year (million)",
)
plt.show()

# %% [markdown]
# *Figure: a tornado plot. Five bars around the saving of the scenario, about 0.8 million,
# the widest on top: effectiveness, from a loss of half a million to a saving of two
# million. It is the only bar that reaches below zero.*
#
# A better model (sensitivity) moves the saving by a fraction of what the unknown effect of
# the programme does.

# %% tags=["solution-only"]
widths = {name: max(swing) - min(swing) for name, swing in swings.items()}
assert max(widths, key=widths.get) == "effectiveness"
assert widths["effectiveness"] > 3 * widths["sensitivity"]
assert [name for name, swing in swings.items() if min(swing) < 0] == ["effectiveness"]
assert 0.7e6 < utility.programme_savings(**assumed) < 0.9e6
assert swings["effectiveness"][0] < -0.5e6
assert 2e6 < swings["effectiveness"][1] < 2.3e6

# %% [markdown]
# ### "This programme saves 20 %"
#
# So says the brochure: 20 % of what readmissions cost the hospital.
#
# **Exercise 7.** Under which effectiveness would it be true? Write
# `effectiveness_for(share, way)`: the effectiveness at which the saving is this share of
# what all readmissions cost without the programme (patients, times prevalence, times the
# cost of one). What does a result above 1 mean?


# %% answer="effectiveness_for"
def effectiveness_for(share, way):
    """Return the effectiveness at which a share of all readmission costs is saved."""
    ### BEGIN SOLUTION
    all_costs = (
        year["n_patients"] * year["prevalence"] * scenario["cost_per_readmission"]
    )
    programme = year["fixed_cost"] + (
        year["n_patients"] * way["alert_rate"] * scenario["cost_per_enrolled"]
    )
    return (share * all_costs + programme) / (all_costs * way["sensitivity"])
    ### END SOLUTION


# %% check="effectiveness_for"
costs = utility.Programme(**assumed).readmission_cost
for name, way in ways.items():
    for share in (0.0, 0.01):
        there = effectiveness_for(share, way)
        assert abs(saving(way, there) - share * costs) < 1, f"Not {share:.0%} there."
    needed = effectiveness_for(0.20, way)
    print(f"{name:24} saves 20 % if {needed:.0%} of readmissions are prevented")

# %% [markdown]
# With the model's one in five, half of the readmissions of those enrolled would have to be
# prevented; in the scenario it is one in ten, and the saving is 3 % of the costs. By lot it
# cannot be done at all: more than all would have to be prevented. Ask for the assumptions
# before you ask for the price.

# %% tags=["solution-only"]
needed = {name: effectiveness_for(0.20, way) for name, way in ways.items()}
assert 0.45 < needed["the model's one in five"] < 0.55
assert needed["one in five by lot"] > 1
assert 0.02 < saving(ways["the model's one in five"], 0.10) / costs < 0.03

# %% [markdown]
# ## 9. Who is missed?
#
# The table has more columns, kept apart in `tune.groups`: group (A or B; 30 % of the
# patients are in B), preferred language, sex, age band. The model has seen none of them.
#
# **Predict before you run.** Of the patients who will come back, the alerts find 44 %.
# How many in A, how many in B?

# %%
my_guess_in_a, my_guess_in_b = 0.44, 0.44


# %%
def found_by_group(patients, alerts, attribute="group"):
    """Return the share found among those who came back, with its interval, by group."""
    table = groups.group_table(
        patients.y, alerts, patients.groups[attribute], level=LEVEL
    )
    names = ["sensitivity", "sensitivity_low", "sensitivity_high"]
    return {
        group: Estimate(*row, LEVEL)
        for group, row in zip(table.index, table[names].to_numpy(), strict=True)
    }


def gap_of(patients, alerts, attribute="group"):
    """Return the largest difference in sensitivity, with its simultaneous interval."""
    names = patients.groups[attribute].to_numpy()
    return gaps.gap_interval(patients.y, alerts, names, "sensitivity", level=LEVEL)


by_group = found_by_group(tune, flagged)
plot_estimates(by_group, xlabel="share found of those who came back (95 % interval)")
plt.show()
for name, estimate in by_group.items():
    print(name, words(estimate))
print("gap:", words(gap_of(tune, flagged)))

# %% [markdown]
# *Figure: two points with intervals that are far apart: about 0.52 in group A, about 0.26
# in group B.*
#
# Half of the ill in A are found, and a quarter in B. With this many patients the true
# difference lies between about 0.2 and 0.3: this is not chance. Yet in `tune` the two
# groups come back equally often, and the model does not know who belongs to which.
#
# **Exercise 8.** Look for the traces. Make a table with one row for each group and these
# columns, and say what each number could mean:
#
# - `recorded`: share of recorded readmissions in `train`;
# - `audited`: share of audited readmissions in `tune`;
# - `prior_if_back`: mean of `prior_admissions_12m` among those in `tune` who came back;
# - `no_albumin`: share of patients in `tune` without an albumin value.

# %% answer="traces"
in_tune = tune.X.assign(group=tune.groups["group"], y=tune.y)
traces = pd.DataFrame(
    {
        "recorded": pd.Series(train.y).groupby(train.groups["group"].to_numpy()).mean(),
        "audited": in_tune.groupby("group")["y"].mean(),
        "prior_if_back": in_tune[in_tune["y"] == 1]
        .groupby("group")["prior_admissions_12m"]
        .mean(),
        "no_albumin": in_tune["albumin_g_l"].isna().groupby(in_tune["group"]).mean(),
    }
)

# %% check="traces"
assert list(traces.index) == ["A", "B"]
assert abs(traces.loc["A", "audited"] - traces.loc["B", "audited"]) < 0.03
assert traces.loc["B", "recorded"] < 0.8 * traces.loc["A", "recorded"]
assert traces.loc["B", "prior_if_back"] < traces.loc["A", "prior_if_back"]
assert traces.loc["B", "no_albumin"] > 3 * traces.loc["A", "no_albumin"]
traces.round(2)

# %% [markdown]
# Three traces:
#
# 1. **The record.** Audited, both groups come back equally often. Recorded, B does so
#    less: its patients go to other hospitals more often, and count as healthy here.
# 2. **Access.** At the same need, patients of B were admitted less often in the year
#    before. The model reads few earlier admissions as good health.
# 3. **Measurement.** Almost half of B have no albumin value, one in ten of A. A model that
#    knows less about a patient stays nearer the middle, and the middle is not flagged.
#
# A table of traces is not a proof. In a drawn hospital we can do what no real hospital
# can: take away one cause at a time and look.
#
# **Predict before you run.** Which of the three, taken away, closes most of the gap?


# %%
def gap_in_world(columns=known, given=(), **changes):
    """Draw the hospital again with some causes taken away; fit, flag 20 %, measure."""
    past = make_readmission(6000, secret=SECRET, role="train", **changes)
    new = make_readmission(20_000, secret=SECRET, role="check", **changes)
    used = [*columns, *given]
    model = risk_pipeline("logistic", past.inputs(given)[used])
    new_risk = model.fit(past.inputs(given), past.y).predict_proba(new.inputs(given))[
        :, 1
    ]
    alerts = (new_risk >= cut_off_for_alert_rate(new_risk, 0.20)).astype(int)
    return gap_of(new, alerts)


no_prior = [name for name in known if name != "prior_admissions_12m"]
worlds = {
    "as it is": gap_in_world(),
    "every readmission recorded": gap_in_world(missed_in_b=0),
    "equal access": gap_in_world(access_in_b=0),
    "equal measurement": gap_in_world(missing_labs_in_b=0.10),
    "all three": gap_in_world(missed_in_b=0, access_in_b=0, missing_labs_in_b=0.10),
    "as it is, model without earlier admissions": gap_in_world(no_prior),
    "as it is, model knows the group": gap_in_world(given=["group"]),
}
plot_estimates(worlds, xlabel="gap in sensitivity at 20 % flagged (95 % interval)")
plt.show()
for name, estimate in worlds.items():
    print(f"{name:43}", words(estimate))

# %% [markdown]
# *Figure: seven gaps with intervals. As it is about 0.24; every readmission recorded 0.19;
# equal access 0.09; equal measurement 0.14; all three 0.01; a model without earlier
# admissions 0.14; a model that knows the group 0.28.*
#
# - No single repair closes the gap; all three together do, to within chance.
# - Access matters most *here*. In your hospital it may be another cause; find out.
# - Leaving out the stand-in for access takes a third or more of the gap away.
# - **Telling the model the group makes it worse.** The records say that B is healthier, so a
#   model that knows the group believes it.
# - Complete records change little about *who* is flagged, but much about the risks in B: as
#   it is, they are too low by about six percentage points (`GROUP-MISCALIBRATED`).

# %% tags=["solution-only"]
in_b = (tune.groups["group"] == "B").to_numpy()
error_in_b = calibration.mean_calibration_error_interval(
    tune.y[in_b], risk["logistic"][in_b], level=LEVEL
)
assert -0.08 < error_in_b.value < -0.05
assert error_in_b.high < 0
assert 0.49 < by_group["A"].value < 0.55
assert 0.23 < by_group["B"].value < 0.29
seen_gap = gap_of(tune, flagged)
assert 0.19 < seen_gap.low < seen_gap.high < 0.33
told = [0.24, 0.19, 0.09, 0.14, 0.01, 0.14, 0.28]
for world, value in zip(worlds.values(), told, strict=True):
    assert abs(world.value - value) < 0.02
assert worlds["all three"].low == 0
assert worlds["equal access"].high < worlds["as it is"].low
assert worlds["as it is, model without earlier admissions"].value < 2 / 3 * told[0]
assert worlds["as it is, model knows the group"].value > worlds["as it is"].value + 0.02

# %% [markdown]
# ### Not every gap is an injustice
#
# Now by age. To see what even a perfect model would do, we let the teacher use the **true
# risk** of each patient, which a drawn cohort carries and no hospital knows.

# %%
whole = make_readmission(60_000, secret=SECRET, role="check")
true_risk = whole.truth.risk
by_truth = (true_risk >= cut_off_for_alert_rate(true_risk, 0.20)).astype(int)
by_age = found_by_group(whole, by_truth, "age_band")
for name, estimate in by_age.items():
    print(f"{name:6}", words(estimate))
print("by group, true risk:", words(gap_of(whole, by_truth)))

# %% tags=["solution-only"]
assert by_age["80+"].low > by_age["18-49"].high + 0.05
assert gap_of(whole, by_truth).value < 0.03

# %% [markdown]
# With the true risk, groups A and B are served alike. But older patients are found more
# often than younger ones, simply because their risks are higher: at one cut-off for all,
# more of the old lie above it. Whether that is right is a question of values, not a
# fault of the model. Your assignment grades the gap between A and B and by language; by
# age it is only reported.
#
# ### And in the real data
#
# The same measure on the diabetes patients, with the honest model of section 6. Here
# nobody knows the truth: the outcome is as recorded. (If you did not give the path of the
# real table, these are the patients of the twin. In the twin race, sex and age have no
# effect on anything, so whatever gap you see is chance.)

# %%
flag_diabetes = risk_diabetes >= cut_off_for_alert_rate(risk_diabetes, 0.20)
for attribute in diabetes.groups:
    names = diabetes.groups[attribute].to_numpy()[test_rows]
    events = pd.Series(y_test).groupby(names).sum()
    judged = np.isin(names, events.index[events >= 50])
    gap = gaps.gap_interval(
        y_test[judged],
        flag_diabetes[judged].astype(int),
        names[judged],
        "sensitivity",
        patient=diabetes.patient[test_rows][judged],
        level=LEVEL,
    )
    print(f"gap in sensitivity by {attribute}: {words(gap)}")

# %% [markdown]
# Groups with fewer than 50 readmissions are left out: they could not be judged. Look at
# the widths. In a group with 300 readmissions the share found is known to within five
# percentage points at best, so a gap of 0.05 cannot be told from none. "We saw no gap"
# and "there is no gap" are two different sentences.

# %% tags=["solution-only"]
assert wilson(105, 300, level=LEVEL).half_width > 0.05

# %% [markdown]
# ## 10. Check yourself
#
# Call `quiz("name")` to read a question, `quiz("name", answer="a")` to answer. Nothing is
# graded or kept. The wrong answers are worth reading too.

# %%
quiz("horizon")

# %% answer="quiz_horizon"
quiz("horizon", answer="c")

# %%
quiz("too_good")

# %% answer="quiz_too_good"
quiz("too_good", answer="b")

# %%
quiz("accuracy")

# %% answer="quiz_accuracy"
quiz("accuracy", answer="c")

# %%
quiz("resampling")

# %% answer="quiz_resampling"
quiz("resampling", answer="b")

# %%
quiz("threshold")

# %% answer="quiz_threshold"
quiz("threshold", answer="b")

# %%
quiz("gap")

# %% answer="quiz_gap"
quiz("gap", answer="c")

# %% [markdown]
# ## Take-away
#
# - Say **for whom, from when, how far ahead, what** before you fit anything. Columns that
#   are filled in after the index time make models that work only on the past.
# - Split by patient. Repeat rows, if you must, after the split. Put "always no" beside
#   every accuracy.
# - A simple model on honest columns is hard to beat. Show its interval and its
#   calibration, not only its AUROC.
# - A threshold comes from costs or from places, and is learnt on patients set aside. The
#   saving hangs on the effectiveness of the programme; show where it breaks even.
# - Measure who is missed, with intervals, on **audited** outcomes. Trace the gap to the
#   record, to access, to measurement. Knowing the group is no repair.
#
# **Next:** the assignment `readmission`. Another hospital, drawn for your course, and this
# time you repair the gap.
#
# ## References
#
# 1. van Walraven C, Dhalla IA, Bell C, et al. Derivation and validation of an index to
#    predict early death or unplanned readmission after discharge from hospital to the
#    community. *CMAJ* 2010;182(6):551-557. doi:10.1503/cmaj.091117
# 2. Strack B, DeShazo JP, Gennings C, et al. Impact of HbA1c measurement on hospital
#    readmission rates: analysis of 70,000 clinical database patient records. *BioMed
#    Research International* 2014:781670. doi:10.1155/2014/781670
# 3. Al Qahtani HH, Algarni A. Predicting hospital readmission for diabetes patients.
#    *International Journal of Intelligent Systems and Applications in Engineering*,
#    article 7836 (abstract read).
# 4. Albahli S. Predictive analytics for diabetic patient care: leveraging AI to forecast
#    readmission and hospital stays. *Computer Modeling in Engineering & Sciences*
#    2025;143(1):1095-1128. doi:10.32604/cmes.2025.058821 (abstract read).
# 5. van den Goorbergh R, van Smeden M, Timmerman D, Van Calster B. The harm of class
#    imbalance corrections for risk prediction models: illustration and simulation using
#    logistic regression. *JAMIA* 2022;29(9):1525-1534. doi:10.1093/jamia/ocac093
# 6. Vickers AJ, van Calster B, Steyerberg EW. A simple, step-by-step guide to interpreting
#    decision curve analysis. *Diagnostic and Prognostic Research* 2019;3:18.
#    doi:10.1186/s41512-019-0064-7
# 7. Weiner MG, Sheikh W, Lehmann HP. Interactive cost-benefit analysis: providing
#    real-world financial context to predictive analytics. *AMIA Annual Symposium
#    Proceedings* 2018:1076-1083.
#
# Further reading: Vandewiele G, et al. Overly optimistic prediction results on imbalanced
# data. *Artificial Intelligence in Medicine* 2021;111:101987 (resampling before the split,
# in preterm birth). Kapoor S, Narayanan A. Leakage and the reproducibility crisis in
# ML-based science. arXiv:2207.07048.
