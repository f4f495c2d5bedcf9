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
# # Lab 0: Messy records
#
# *Monday, 7:40.* You asked the data office for "all admissions of three years", for a model that says on the day after
# admission who will go to intensive care. This morning a table lies in your mailbox. Mrs K., 78, is in it four times: as `Kowalczyk,
# Catherine`, as `Catherine, Kowalczyk`, with an age of -78, and with a glucose of 126. Is she well, ill, or four people?
#
# No model is better than the record it reads. In this lab you look at a record before anything is fitted.
#
# **After this lab you can**
#
# - say of each column its unit, when it is known, and of whom it speaks;
# - find faults that show in a value, in a row, and only between rows;
# - write such checks down as a schema that a machine runs on every new table;
# - split by patient and by time, and say why a split by row flatters;
# - tell *missing because not ordered* from *missing by accident*, and fill in without leaving a group behind;
# - find the same faults in two public intensive care sets, with counts.
#
# About 90 minutes. Where it says **predict before you run**, write your guess down, then run the cell. The patients are drawn, and
# what is wrong in their record is known cell by cell. In life nobody gives you that log.

# %% locked="setup"
import os

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from sklearn.experimental import enable_iterative_imputer
from sklearn.impute import IterativeImputer, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import RobustScaler, StandardScaler

from coursekit.datasets import (
    load_physionet2012,
    load_yaib,
    make_messy_ehr,
    make_physionet2012_twin,
    make_yaib_twin,
)
from coursekit.metrics import auroc, auroc_interval
from coursekit.quiz import open_quiz
from coursekit.records import ICD10_OF_ICD9, plain_name

PHYSIONET2012 = os.environ.get("COURSEKIT_PHYSIONET2012")  # folder, see section 8
YAIB_DEMO = os.environ.get("COURSEKIT_YAIB")
assert enable_iterative_imputer  # its import is what makes IterativeImputer usable
SECRET = "lab"  # another word draws another hospital
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "0.55"
quiz = open_quiz("00_messy_records")

# %% [markdown]
# ## 1. First contact
#
# One row is one admission. The question is asked 24 hours after it: who goes to intensive care, or dies, within 30 days (`y`)?

# %%
hospital = make_messy_ehr(2000, secret=SECRET, role="train")
messy, y = hospital.X, hospital.y
messy.head()

# %% [markdown]
# | column | unit or meaning | known at 24 h |
# |---|---|---|
# | `encounter_id` | number of the row | yes |
# | `patient_id`, `last_name`, `first_name`, `sex`, `birth_date` | as registered | yes |
# | `group` | A or B, as registered | yes |
# | `site`, `admission_date` | year-month-day | yes |
# | `discharge_date` | as planned | yes |
# | `diagnosis` | code of the main diagnosis on admission | yes |
# | `age_years`, `weight_kg` | years, kilograms | yes |
# | `temperature_c`, `heart_rate_bpm`, `respiratory_rate_min` | Celsius, per minute | yes |
# | `systolic_mmhg`, `diastolic_mmhg` | mmHg | yes |
# | `glucose_mmol_l`, `lactate_mmol_l` | mmol/L | if ordered |
# | `creatinine_umol_l`, `albumin_g_l` | micromol/L, g/L | if ordered |
# | `days_in_hospital`, `discharged_to` | days; where to | **no: at discharge** |
#
# **Predict before you run.** Of the 24 columns, in how many is at least one cell wrong?

# %%
my_guess_columns = 5  # write your own guess here

# %%
log = pd.DataFrame(
    [
        {"row": row, **cell}
        for row, cells in enumerate(hospital.truth.detail["log"])
        for cell in cells
    ]
)
wrong_columns = sorted(set(log["column"]) - {"encounter_id"})
print(
    f"{len(wrong_columns)} columns hold at least one cell that is not as it should be"
)
print(log.groupby("fault")["event"].nunique().to_string())

# %% tags=["solution-only"]
# What the text says is checked in cells like this one. Students have none.
assert messy.shape[1] == 24
assert len(wrong_columns) == 20
assert log["fault"].nunique() == 12

# %% [markdown]
# Twenty of twenty-four, in twelve ways. You will now look for them **without** the log, and use it only to see what you missed.
#
# **Exercise 1.** Three numbers that everybody should know of a table: how many rows, how many patient numbers, and how many days it
# covers. Put them into `n_rows`, `n_numbers` and `n_days`. The dates of some rows are written otherwise; for this count leave out the
# rows whose `admission_date` has a `/`.

# %% answer="first_contact"
n_rows = len(messy)
n_numbers = messy["patient_id"].nunique()
plain_dates = pd.to_datetime(
    messy["admission_date"][~messy["admission_date"].str.contains("/")]
)
n_days = (plain_dates.max() - plain_dates.min()).days

# %% check="first_contact"
assert n_rows == len(messy)
assert n_rows > n_numbers > 2000
assert 1080 < n_days < 1120
print(f"{n_rows} admissions under {n_numbers} patient numbers, over {n_days} days")

# %% [markdown]
# There are 2,000 patients. The record has more numbers than people. Keep that in mind until section 5.
#
# ## 2. Units: two humps are two units
#
# A range check ("glucose between 0 and 600") passes both units. A picture does not.
#
# **Predict before you run.** How many humps will each histogram have?

# %%
my_guess_humps = 1  # write your own guess here

# %%
fig, axes = plt.subplots(1, 2, figsize=(9, 3.4), layout="constrained")
for ax, name, bins, where in (
    (axes[0], "temperature_c", np.arange(30, 112, 1), 70),
    (axes[1], "glucose_mmol_l", np.arange(0, 600, 8), 40),
):
    ax.hist(messy[name], bins=bins, color=BLUE)
    ax.axvline(where, color=ORANGE, linestyle="--")
    ax.set(yscale="log", ylabel="rows (log scale)")
axes[0].set_xlabel("temperature as recorded (column says °C)")
axes[1].set_xlabel("glucose as recorded (column says mmol/L)")
plt.show()

# %% [markdown]
# *Figure: histograms of temperature and glucose as recorded, on a log scale. Temperature has one hump from 34 to 42 and a second one
# from 94 to 108; glucose one below 34 and a long one from 58 up. Dashed lines stand in the gaps between, at 70 and at 40.*
#
# **Exercise 2.** Write `to_one_unit(df)`: a copy with temperatures in Celsius and glucose in mmol/L in all rows. Of °F: subtract 32, times 5/9. Of mg/dL:
# divide by 18.02. Change nothing that lies below the gaps: a glucose of 31 mmol/L is a patient.


# %% answer="to_one_unit"
def to_one_unit(df):
    """Return a copy with temperature in Celsius and glucose in mmol/L."""
    df = df.copy()
    ### BEGIN SOLUTION
    degrees, glucose = df["temperature_c"], df["glucose_mmol_l"]
    df["temperature_c"] = degrees.mask(degrees > 70, (degrees - 32) * 5 / 9)
    df["glucose_mmol_l"] = glucose.mask(glucose > 40, glucose / 18.02)
    ### END SOLUTION
    return df


# %% check="to_one_unit"
one_unit = to_one_unit(messy)
assert one_unit["temperature_c"].max() < 43
assert one_unit["glucose_mmol_l"].max() < 34
below = messy["glucose_mmol_l"] < 40
assert (one_unit["glucose_mmol_l"][below] == messy["glucose_mmol_l"][below]).all()
n_glucose = int((messy["glucose_mmol_l"] > 40).sum())
print(f"{n_glucose} glucose values were in mg/dL; highest now", end=" ")
print(f"{one_unit['glucose_mmol_l'].max():.1f} mmol/L")

# %% tags=["solution-only"]
assert n_glucose == (log["fault"] == "unit-glucose").sum()
assert ((messy["glucose_mmol_l"] > 24) & below).sum() > 20
true_glucose = hospital.truth.detail["clean"]["glucose_mmol_l"]
assert (abs(one_unit["glucose_mmol_l"] - true_glucose) < 0.06).all()

# %% [markdown]
# And what of the usual advice, "cut everything beyond the 99th percentile"? Here is what it would do to the sickest:

# %%
clean = hospital.truth.detail["clean"]
highest = clean["glucose_mmol_l"] > 24
cut_at = clean["glucose_mmol_l"].quantile(0.99)
print(
    f"true glucose above 24 mmol/L: {highest.sum()} rows; the 99th percentile", end=" "
)
print(f"cuts them to {cut_at:.1f}. Event rate there {y[highest].mean():.0%},", end=" ")
print(f"elsewhere {y[~highest].mean():.0%}")

# %% tags=["solution-only"]
assert y[highest].mean() > 1.3 * y[~highest].mean()
assert cut_at < clean["glucose_mmol_l"][highest].max() - 3

# %% [markdown]
# Converting is not clipping. The extremes are rare, true, and more often have the outcome. A unit is a statement about **how** a value came to be; a
# percentile knows nothing of that.
#
# ## 3. Time: what is known when?
#
# **Predict before you run.** A logistic regression on the vital signs is told, besides, where patients were discharged to. Which AUROC
# does it reach for the outcome?

# %%
my_guess_leaky = 0.80

# %%
VITALS = ["temperature_c", "heart_rate_bpm", "systolic_mmhg", "respiratory_rate_min"]
known = one_unit[["age_years", *VITALS]]
leaky = known.assign(**pd.get_dummies(messy["discharged_to"], dtype=float))


def tested(X):
    """Return the AUROC of a logistic regression over five folds of patients."""
    model = make_pipeline(RobustScaler(), LogisticRegression(max_iter=1000))
    folds = GroupKFold(5)
    risk = cross_val_predict(
        model, X, y, groups=hospital.patient, cv=folds, method="predict_proba"
    )
    return auroc(y, risk[:, 1])


auroc_known, auroc_leaky = tested(known), tested(leaky)
print(f"AUROC with what is known {auroc_known:.2f}, with the discharge form", end=" ")
print(f"{auroc_leaky:.2f}")

# %% tags=["solution-only"]
assert auroc_known < 0.78
assert auroc_leaky > 0.90

# %% [markdown]
# Excellent on paper, empty on the ward: on the day after admission nobody knows where a patient will go. No test on the same table shows
# that, since the column is filled in the test rows too. **Only the data dictionary does.** (The feedback for it is `LOOK-AHEAD`.)
#
# Times can be wrong in quieter ways. **Exercise 3.** Write `mend_dates(df)`: a copy in which all three date columns read year-month-day (one
# site writes day/month/year), and in which admission and discharge are exchanged where discharge comes first. Text in this form can be compared with `<`.

# %% answer="mend_dates"
DATES = ["birth_date", "admission_date", "discharge_date"]


def mend_dates(df):
    """Return a copy with dates in one form, and discharge after admission."""
    df = df.copy()
    ### BEGIN SOLUTION
    for name in DATES:
        other = df[name].str.contains("/")
        turned = df[name].str.split("/").str[::-1].str.join("-")
        df[name] = df[name].where(~other, turned)
    first, last = df["admission_date"].copy(), df["discharge_date"].copy()
    wrong = last < first
    df["admission_date"] = first.where(~wrong, last)
    df["discharge_date"] = last.where(~wrong, first)
    ### END SOLUTION
    return df


# %% check="mend_dates"
dated = mend_dates(one_unit)
assert not dated[DATES].apply(lambda column: column.str.contains("/")).any(axis=None)
assert (dated["admission_date"] <= dated["discharge_date"]).all()
turned = (
    messy["site"] != messy["site"][messy["admission_date"].str.contains("/")].iloc[0]
)
swapped = turned & (messy["admission_date"] > messy["discharge_date"])
print(f"dates in the other form: {(~turned).sum()} rows; exchanged: {swapped.sum()}")

# %% tags=["solution-only"]
for date in DATES:
    assert (dated[date] == clean[date]).all()

# %% [markdown]
# And the codes? Look at the first day on which each form of a diagnosis is seen.

# %%
form = np.where(dated["diagnosis"].str[0].str.isalpha(), "ICD-10", "ICD-9")
seen = dated.groupby(form)["admission_date"].agg(["min", "max", "size"])
print(seen.to_string())

# %% tags=["solution-only"]
assert seen.loc["ICD-9", "max"] < seen.loc["ICD-10", "min"]

# %% [markdown]
# The hospital changed its codes on one day. A model that is fitted before it has never seen one of the later codes: each patient after that day has
# "no diagnosis". scikit-learn's `OneHotEncoder` raises an error then, unless told `handle_unknown="ignore"`, as is often done; after that nobody is warned (`CODES-UNSEEN`). `ICD10_OF_ICD9` translates the eight diagnoses of this record.
#
# ## 4. A schema: what must hold in every new table
#
# Data-quality work speaks of three dimensions [1]: **conformance** (form and unit), **completeness** (is it there?) and **plausibility**
# (can it be?). A schema writes them down once.
#
# **Exercise 4.** Write `broken_rules(df)`: a Series that says for each rule how many **rows** break it, with the keys
# `"age is 0 to 120"`, `"systolic is above diastolic"`, `"no -9 or 999"` (in the columns listed in NUMBERS) and `"encounter_id is unique"`
# (rows beyond the first of a number). A missing value breaks no rule.

# %% answer="broken_rules"
NUMBERS = [
    "age_years",
    "weight_kg",
    *VITALS,
    "diastolic_mmhg",
    "glucose_mmol_l",
    "creatinine_umol_l",
    "lactate_mmol_l",
    "albumin_g_l",
]


def broken_rules(df):
    """Return the number of rows that break each rule."""
    ### BEGIN SOLUTION
    age = df["age_years"]
    return pd.Series(
        {
            "age is 0 to 120": ((age < 0) | (age > 120)).sum(),
            "systolic is above diastolic": (
                df["systolic_mmhg"] < df["diastolic_mmhg"]
            ).sum(),
            "no -9 or 999": df[NUMBERS].isin([-9, 999]).any(axis=1).sum(),
            "encounter_id is unique": df["encounter_id"].duplicated().sum(),
        }
    )
    ### END SOLUTION


# %% check="broken_rules"
tiny = pd.DataFrame({name: [50.0, np.nan] for name in NUMBERS})
tiny = tiny.assign(diastolic_mmhg=[60.0, np.nan], encounter_id=[1, 1])
assert broken_rules(tiny).tolist() == [0, 1, 0, 1]
broken = broken_rules(dated)
print(broken.to_string())

# %% [markdown]
# The library *pandera* checks a whole table against such rules and lists every cell that fails. It is optional here
# (`pip install "coursekit[records]"`); the next cell says so where it is missing.

# %%
try:
    import pandera.pandas as pandera
except ImportError:
    pandera = None
    print("pandera is not installed: this cell is left out")

if pandera:
    schema = pandera.DataFrameSchema(
        {
            "encounter_id": pandera.Column(int, unique=True),
            "admission_date": pandera.Column(
                checks=pandera.Check.str_matches(r"^\d{4}-\d{2}-\d{2}$")
            ),
            "sex": pandera.Column(checks=pandera.Check.isin(["F", "M"])),
            "age_years": pandera.Column(float, pandera.Check.in_range(0, 120)),
            "temperature_c": pandera.Column(float, pandera.Check.in_range(30, 45)),
            "heart_rate_bpm": pandera.Column(float, pandera.Check.in_range(20, 300)),
            "glucose_mmol_l": pandera.Column(float, pandera.Check.in_range(0.5, 60)),
        },
        checks=pandera.Check(
            lambda df: df["systolic_mmhg"] > df["diastolic_mmhg"], name="pressures"
        ),
    )
    for title, table in {"as it came": messy, "one unit, dates": dated}.items():
        try:
            schema.validate(table, lazy=True)
            print(f"{title}: nothing to say")
        except pandera.errors.SchemaErrors as error:
            failed = error.failure_cases
            of_one = failed[failed["schema_context"] == "Column"]
            print(f"{title}: {of_one.groupby('column')['index'].nunique().to_dict()}")

# %% tags=["solution-only"]
assert broken["age is 0 to 120"] == (log["fault"] == "negative-age").sum()
if pandera:
    assert set(of_one["column"]) == {"age_years", "heart_rate_bpm"}
assert n_glucose == 609
assert messy["glucose_mmol_l"].between(40, 60).sum() == 2

# %% [markdown]
# What no schema of single rows can see: a vital sign copied from another day, and a patient who is in the table under two names. And a schema written
# today passes what nobody thought of: of the 609 glucose values in mg/dL, two lie below 60 and pass "0.5 to 60".
#
# Now mend what these rules found:


# %%
def tidy(df):
    """Return a copy with every row mended by itself."""
    df = mend_dates(to_one_unit(df))
    df[NUMBERS] = df[NUMBERS].mask(df[NUMBERS].isin([-9, 999]))
    df["age_years"] = df["age_years"].abs()
    df["diagnosis"] = df["diagnosis"].replace(ICD10_OF_ICD9)
    high, low = df["systolic_mmhg"].copy(), df["diastolic_mmhg"].copy()
    df["systolic_mmhg"] = high.mask(high < low, low)
    df["diastolic_mmhg"] = low.mask(high < low, high)
    return df


tidied = tidy(messy)
assert broken_rules(tidied).sum() == 0

# %% [markdown]
# ## 5. Who is who, and what a split must keep apart
#
# A patient who is registered again gets another number and often another spelling. `plain_name` takes accents, hyphens, capitals and the order
# of the names away. Which columns stay?
#
# **Exercise 5.** Write `who(df)` for a tidy table: a Series with one text a row, the same for the same patient. Put `n_people` to how many there
# are. You should come within 4 % of 2,000.


# %% answer="who"
def who(df):
    """Return one text a row, the same for the same patient."""
    ### BEGIN SOLUTION
    return df["birth_date"] + " " + df["sex"]
    ### END SOLUTION


n_people = who(tidied).nunique()

# %% check="who"
assert abs(n_people - 2000) < 80
pairs = pd.DataFrame({"who": who(tidied), "number": messy["patient_id"]})
several = int((pairs.groupby("who")["number"].nunique() > 1).sum())
print(f"{n_people} people, of whom {several} have more than one number")

# %%
by_name = pd.Series(
    [
        plain_name(*names)
        for names in tidied[["last_name", "first_name"]].itertuples(index=False)
    ]
)
print(f"by plain name alone there would be {by_name.nunique()} people")

# %% tags=["solution-only"]
assert 400 < several < 560
assert by_name.nunique() < 1200

# %% [markdown]
# Names alone put strangers together *and* part one patient. Date of birth with sex does well in this record; two people who are born on one day and fall
# together cost a split nothing. In a record of two million you would need more than that, and a way to be wrong in either direction.
#
# **Predict before you run.** Rows are dealt to five folds by lot. What share of the rows in a test fold has its patient in the training folds
# as well? And if the patient's *number* is kept together?

# %%
my_guess_by_row, my_guess_by_number = 0.3, 0.0


# %%
def seen_before(label):
    """Return the share of test rows whose true patient is in training rows too."""
    folds = GroupKFold(5).split(messy, groups=label)
    patient = hospital.patient
    return np.mean([np.isin(patient[test], patient[fit]).mean() for fit, test in folds])


rng = np.random.default_rng(0)
ways = {
    "by row": rng.permutation(len(messy)),
    "by patient number": messy["patient_id"].to_numpy(),
    "by birth date and sex": who(tidied).to_numpy(),
}
overlap = {name: seen_before(label) for name, label in ways.items()}
for name, share in overlap.items():
    print(f"{name:22} {share:.1%} of the test rows are of patients seen before")

# %% tags=["solution-only"]
assert 0.57 < overlap["by row"] < 0.64
assert 0.27 < overlap["by patient number"] < 0.33
assert overlap["by birth date and sex"] < 0.005

# %% [markdown]
# A split by row tests six rows in ten on patients that the model knows; the registered number still lets three in ten through (`PATIENT-SPLIT`).
# The other honest split is by **time**: fit on what was admitted early, test on what came later. It also shows what changed on the way, such as the codes. Everything that is
# learnt from data (a mean, a scale, a filled-in value) is learnt from the early part alone.

# %%
early = pd.to_datetime(tidied["admission_date"]).rank(pct=True).to_numpy() < 0.6
both = set(who(tidied)[early]) & set(who(tidied)[~early])
print(f"early rows {early.sum()}, later rows {(~early).sum()};", end=" ")
print(f"{len(both)} patients are in both parts")

# %% [markdown]
# Patients who come back are in both parts. That is as it will be in use, and should be said; take them out of the test if the
# question is about new patients.
#
# ## 6. Missing because not ordered
#
# **Predict before you run.** Two laboratory values are missing in some rows. You keep only complete rows. Which share of group B is lost,
# and which of A?

# %%
my_guess_lost_b, my_guess_lost_a = 0.2, 0.2

# %%
LABS = ["lactate_mmol_l", "albumin_g_l"]
incomplete = tidied[LABS].isna().any(axis=1)
lost = incomplete.groupby(tidied["group"]).mean()
print(tidied[LABS].isna().groupby(tidied["group"]).mean().round(3).to_string())
print(f"lost with complete rows only: A {lost['A']:.0%}, B {lost['B']:.0%}")

# %% tags=["solution-only"]
assert 0.15 < lost["A"] < 0.26
assert 0.62 < lost["B"] < 0.72

# %% [markdown]
# Two thirds of B are gone, without a line of code that names the group (`GROUP-DROPPED`). Why is it missing? Rubin's words [2]: **MCAR**, by
# accident; **MAR**, for reasons that other columns tell (here: the group); **MNAR**, because of the missing value itself, even among
# patients who are alike in all other columns.
#
# **Exercise 6.** Is a missing lactate news about the patient? Compute `event_rates`: a table of the share with the outcome (`y`), rows by group, columns by whether
# lactate is missing (False, True).

# %% answer="event_rates"
missing = tidied["lactate_mmol_l"].isna()
event_rates = pd.Series(y).groupby([tidied["group"], missing]).mean().unstack()

# %% check="event_rates"
assert event_rates.shape == (2, 2)
print(event_rates.round(3).to_string())

# %% tags=["solution-only"]
assert (event_rates[False] > event_rates[True]).all()
assert event_rates.loc["B", True] > 1.8 * event_rates.loc["A", False]
true_lactate = clean["lactate_mmol_l"].groupby([tidied["group"], missing]).mean()
true_lactate = true_lactate.unstack()
assert (true_lactate[True] - true_lactate[False]).abs().max() < 0.2

# %% [markdown]
# In both groups, those whose lactate nobody ordered do better: someone looked at them and was not worried. That worry stands in no column, and a column that says
# *it was missing* keeps a part of it. Is the value MNAR, then? The outcome cannot show that, only the true values can, which in life nobody has. Here they hardly differ within
# a group between those measured and those not: given the group, the value is MAR, and other columns can fill it in (section 7). But look along the other line: B's patients **without** a lactate are far
# more often ill than A's **with** one. Not ordered is not the same as not needed.
#
# ## 7. Filling in
#
# Three ways, each learnt on the early part: one value for all; a regression of each column on the others, round and round (MICE [3];
# `IterativeImputer` gives one such table); and this with a flag. To judge them we use what we know and you never will: the true value.
#
# **Predict before you run.** One mean for all: is the error larger for A or for B, and by which factor?

# %%
my_guess_ratio = 1.0

# %% [markdown]
# **Exercise 7.** Write `error_by_group(filled, name)`: the mean absolute error of the filled-in values of a column, a Series with the index A and B. Count only rows in
# which the value was missing (`tidied[name].isna()`). The truth is `clean[name]`.


# %% answer="error_by_group"
def error_by_group(filled, name):
    """Return the mean absolute error of filled-in values, by group."""
    ### BEGIN SOLUTION
    rows = tidied[name].isna()
    error = (filled[name] - clean[name]).abs()
    return error[rows].groupby(tidied["group"][rows]).mean()
    ### END SOLUTION


# %% check="error_by_group"
assert (error_by_group(clean, "albumin_g_l") == 0).all()
imputers = {
    "mean": SimpleImputer(strategy="mean"),
    "median": SimpleImputer(strategy="median"),
    "MICE": IterativeImputer(max_iter=20, tol=1e-2, min_value=0, random_state=0),
}
filled = {}
for name, imputer in imputers.items():
    imputer.fit(tidied.loc[early, NUMBERS])
    filled[name] = pd.DataFrame(imputer.transform(tidied[NUMBERS]), columns=NUMBERS)
errors = pd.DataFrame(
    {name: error_by_group(table, "lactate_mmol_l") for name, table in filled.items()}
).T
errors["B / A"] = errors["B"] / errors["A"]
print(errors.round(3).to_string())

# %% tags=["solution-only"]
assert errors.loc["mean", "B / A"] > 1.3
assert errors.loc["MICE", "B / A"] < 1.2
assert errors.loc["MICE", "B"] < 0.4 * errors.loc["mean", "B"]
unordered = tidied["lactate_mmol_l"].isna()
off = (filled["mean"] - clean[NUMBERS])["lactate_mmol_l"][unordered]
off = off.groupby(tidied["group"][unordered]).mean()
assert off["B"] < -0.5 < 0 < off["A"] < 0.5

# %%
fig, ax = plt.subplots(figsize=(7, 3.2), layout="constrained")
rows = tidied["lactate_mmol_l"].isna() & (tidied["group"] == "B")
bins = np.arange(0, 5.2, 0.2)
ax.hist(clean["lactate_mmol_l"][rows], bins=bins, color=GREY, label="true")
for name, colour, line in (("mean", ORANGE, "--"), ("MICE", BLUE, "-")):
    ax.hist(
        filled[name]["lactate_mmol_l"][rows],
        bins=bins,
        histtype="step",
        color=colour,
        linestyle=line,
        linewidth=2,
        label=f"filled in: {name}",
    )
ax.set(
    xlabel="lactate of group B where nobody ordered it (mmol/L)",
    ylabel="rows",
    yscale="log",
)
ax.legend()
plt.show()

# %% [markdown]
# *Figure: lactate of those patients of B for whom nobody ordered it, on a log scale of counts. The true values (grey) spread from about 0.6 to 4.6 mmol/L. The mean puts all of them
# at one value, below most of the true ones. MICE (solid line) follows the true ones, a little narrower.*
#
# The mean was learnt from those who were measured, and most of those are of A. It is a little too high for A and far too low for B (`IMPUTED-WORSE`,
# `MEAN-IMPUTED`). MICE knows that a patient is 80 and breathes fast.
#
# One completed table also looks too certain: a filled-in value has no spread of its own. To say how sure you are of a coefficient, draw several
# tables and add the spread *between* them (Rubin's rules [2]). For a coefficient, the outcome belongs among the columns that fill in, or the coefficient is drawn
# towards 0; for a model that is to predict, it must not be there:

# %%
coefficients, variances = [], []
scaler = StandardScaler().fit(filled["MICE"][NUMBERS])
for number in range(5):
    draw = IterativeImputer(
        max_iter=10, tol=1e-2, sample_posterior=True, min_value=0, random_state=number
    )
    filled_in = draw.fit_transform(tidied[NUMBERS].assign(outcome=y))[:, :-1]
    table = pd.DataFrame(filled_in, columns=NUMBERS)
    X = np.column_stack([scaler.transform(table), np.ones(len(table))])
    model = LogisticRegression(C=1e6, fit_intercept=False, max_iter=1000).fit(X, y)
    p = model.predict_proba(X)[:, 1]
    covariance = np.linalg.inv((X * (p * (1 - p))[:, None]).T @ X)
    place = NUMBERS.index("lactate_mmol_l")
    coefficients.append(model.coef_[0, place])
    variances.append(covariance[place, place])
within, between = np.mean(variances), np.var(coefficients, ddof=1)
error_one, error_pooled = np.sqrt(within), np.sqrt(within + (1 + 1 / 5) * between)
print(
    f"lactate: {np.mean(coefficients):.2f} log odds for one standard deviation;",
    end=" ",
)
print(f"standard error of one table {error_one:.3f}, pooled {error_pooled:.3f}")

# %% tags=["solution-only"]
assert error_pooled > 1.03 * error_one

# %% [markdown]
# (Here the model is fitted to all rows and the standard errors take them as independent, which rows of one patient are not; the point is the spread between tables.)
#
# And a model that ranks later patients? The same logistic regression on each table:

# %%
flags = tidied[LABS].isna().astype(float).add_suffix("_missing")
tables = {
    "mean": filled["mean"],
    "MICE": filled["MICE"],
    "MICE and flags": filled["MICE"].join(flags),
    "the true values": clean[NUMBERS],
}
complete = (~incomplete).to_numpy()
found = {}
for name, table in tables.items():
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    risk = model.fit(table[early], y[early]).predict_proba(table[~early])[:, 1]
    found[name] = auroc_interval(y[~early], risk, patient=hospital.patient[~early])
    print(f"{name:16} AUROC {found[name].value:.3f} ", end="")
    print(f"({found[name].low:.3f} to {found[name].high:.3f})")

# %% tags=["solution-only"]
assert 0.01 < found["the true values"].value - found["MICE"].value < 0.03
assert abs(found["mean"].value - found["MICE"].value) < 0.01

# %% [markdown]
# What was never measured is lost, about 0.02 of AUROC here, and no method brings it back. Between the mean and MICE the ranking hardly moves, though for B the mean is about three times as far off as MICE: an AUROC over
# everybody is the last place in which an error in one group is seen. **A good AUROC is no proof of a clean record.**
#
# *In the outcome, too, there is noise.* Confident learning [4] asks a model, tested on rows it was not fitted to, which labels it finds hard to believe. Let us turn 6 % of
# all labels round and see.

# %%
rng = np.random.default_rng(1)
turned_round = rng.random(len(y)) < 0.06
noisy = np.where(turned_round, 1 - y, y)
model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
groups = who(tidied).to_numpy()
risk = cross_val_predict(
    *(model, filled["MICE"], noisy),
    groups=groups,
    cv=GroupKFold(5),
    method="predict_proba",
)[:, 1]
confident_1 = risk >= risk[noisy == 1].mean()  # as sure as usual among those with it
confident_0 = (1 - risk) >= (1 - risk[noisy == 0]).mean()
doubted = ((noisy == 0) & confident_1 & ~confident_0) | (
    (noisy == 1) & confident_0 & ~confident_1
)
print(
    f"doubted: {doubted.sum()} labels; of these {turned_round[doubted].mean():.0%}",
    end=" ",
)
print(f"were turned round, of all {turned_round.mean():.0%}")

# %% tags=["solution-only"]
assert turned_round[doubted].mean() > 1.8 * turned_round.mean()
assert turned_round[doubted].mean() < 0.5

# %% [markdown]
# The list is richer in wrong labels than the table, and most of what it doubts is right: patients who did well against the odds, and others who
# did not. It is a list of charts to **read**, not of labels to change.
#
# ## 8. In the wild
#
# Two public sets of intensive care, as they are published: PhysioNet/CinC 2012, set a [5] (give its folder in `COURSEKIT_PHYSIONET2012`) and the demo cohorts of
# YAIB [6] (`COURSEKIT_YAIB`). Without them drawn twins with the same columns take their place, and then the counts say nothing about anybody.

# %%
if PHYSIONET2012:
    icu = load_physionet2012(PHYSIONET2012, progress=False)
else:
    icu = make_physionet2012_twin(1500)
stays, events = icu.stays, icu.events
print(f"{len(stays):,} stays, {stays['died'].sum()} deaths, {len(events):,} values")

# %% [markdown]
# **Exercise 8.** Write `wild_counts(stays, events)`: a Series with the number of stays with a height of -1 (`"height unknown"`) and above 0 but below 100
# (`"height below 100 cm"`), and the number of *values* of `Temp` below 25 (`"temperature below 25"`) and of `pH` above 14 (`"pH above 14"`).


# %% answer="wild_counts"
def wild_counts(stays, events):
    """Return how often each fault is found."""
    ### BEGIN SOLUTION
    height = stays["height_cm"]
    value = {name: rows["value"] for name, rows in events.groupby("parameter")}
    return pd.Series(
        {
            "height unknown": (height == -1).sum(),
            "height below 100 cm": ((height > 0) & (height < 100)).sum(),
            "temperature below 25": (value["Temp"] < 25).sum(),
            "pH above 14": (value["pH"] > 14).sum(),
        }
    )
    ### END SOLUTION


# %% check="wild_counts"
counts = wild_counts(stays, events)
assert counts["height unknown"] > 0.3 * len(stays)
assert counts["temperature below 25"] > 0
print(counts.to_string())
frozen = events["value"][events["parameter"] == "Temp"].round(1).eq(-17.8).sum()
print(f"temperatures of exactly -17.8: {frozen}. Which number in Fahrenheit is that?")

# %% tags=["solution-only"]
if PHYSIONET2012:
    assert (len(stays), stays["died"].sum()) == (4000, 554)
    assert counts.tolist() == [1894, 9, 130, 9]
    assert frozen == 23
    assert stays["height_cm"][stays["height_cm"] > 0].min() == 1.8
    assert events["value"][events["parameter"] == "pH"].max() == 735

# %% [markdown]
# In the real set: 1,894 of 4,000 heights are -1, nine people are smaller than a metre (one measures 1.8 cm), 130 temperatures lie below 25 °C, nine pH values above 14, such as 735. 23
# temperatures are -17.8 °C: somebody entered 0, and somebody else converted it faithfully from Fahrenheit. A wrong unit, a code for *unknown* that looks like a number, values that cannot be: nobody planted them.
#
# **Predict before you run.** Is death more or less frequent in stays with a lactate than in those without? And SAPS-I is a severity score in which -1 means *unknown*: what happens to
# its AUROC if -1 is read as a score?

# %%
my_guess_died = "less"  # write your own guess here

# %%
measured = stays["record_id"].isin(
    events["record_id"][events["parameter"] == "Lactate"]
)
deaths = stays.groupby(measured)["died"].mean()
print(f"lactate measured in {measured.mean():.0%} of the stays;", end=" ")
print(f"died: {deaths[True]:.1%} with, {deaths[False]:.1%} without a measurement")
told = stays["saps1"] >= 0
published = auroc(stays["died"][told], stays["saps1"][told].astype(float))
as_found = auroc(stays["died"], stays["saps1"].astype(float))
print(f"SAPS-I: AUROC {published:.3f} where it is known ({told.sum()} stays);", end=" ")
print(f"{as_found:.3f} if -1 is read as a very low score")

# %% tags=["solution-only"]
if PHYSIONET2012:
    assert round(published, 3) == 0.650
    assert measured.mean() < 0.56
    assert abs(deaths[True] - 0.176) < 0.001
    assert abs(deaths[False] - 0.093) < 0.001

# %%
if YAIB_DEMO:
    sites = {
        site: load_yaib(YAIB_DEMO, "mortality24", site) for site in ("eicu", "mimic")
    }
else:
    sites = {"twin": make_yaib_twin(300)}
for name, cohort in sites.items():
    hourly, who_stays = cohort.hourly, cohort.stays
    ever = hourly.groupby("stay_id")["lact"].count() > 0
    print(
        f"{name}: {len(who_stays)} stays, {cohort.outcome['label'].sum()} deaths;",
        f"lactate ever measured in {ever.mean():.0%}; respiratory rate 0 in",
        f"{(hourly['resp'] == 0).sum()} hours; height missing in",
        f"{who_stays['height_cm'].isna().mean():.0%}, below 100 cm in",
        f"{(who_stays['height_cm'] < 100).sum()}; age 90 (and above) in",
        f"{(who_stays['age_years'] >= 90).sum()}",
    )

# %% tags=["solution-only"]
if YAIB_DEMO:
    assert [len(sites[s].stays) for s in sites] == [1367, 99]
    assert (sites["eicu"].hourly["resp"] == 0).sum() == 154
    assert (sites["eicu"].stays["height_cm"] < 100).sum() == 7
    assert all(cohort.stays["age_years"].max() == 90 for cohort in sites.values())
    ever = [each.hourly.groupby("stay_id")["lact"].any() for each in sites.values()]
    assert [round(each.mean(), 2) for each in ever] == [0.26, 0.51]

# %% [markdown]
# In PhysioNet 2012 lactate was measured in 55 % of the stays, and of those 17.6 % died, against 9.3 % of the others: ordered because somebody was worried. In YAIB's demos it was
# measured in 26 % of the stays of eICU and 51 % of those of MIMIC: what is ordered depends on the house. In eICU's demo a respiratory rate of 0 stands in 154 hours, and seven patients are
# smaller than a metre. All above 89 are "90" there. Both sets were prepared with care; this is what care leaves over.
#
# The outcome file of PhysioNet 2012 has `length_of_stay_days` and `survival_days` beside `died`. You know by now what not to do with them.
#
# ## 9. Check yourself
#
# Call `quiz("name")` to read a question, `quiz("name", answer="a")` to answer. Nothing is recorded.

# %%
quiz("extreme")

# %% answer="quiz_extreme"
quiz("extreme", answer="c")

# %%
quiz("known")

# %% answer="quiz_known"
quiz("known", answer="b")

# %%
quiz("split")

# %% answer="quiz_split"
quiz("split", answer="a")

# %%
quiz("complete")

# %% answer="quiz_complete"
quiz("complete", answer="b")

# %%
quiz("imputer")

# %% answer="quiz_imputer"
quiz("imputer", answer="c")

# %%
quiz("auroc")

# %% answer="quiz_auroc"
quiz("auroc", answer="a")

# %% [markdown]
# ## Take-away
#
# - Before any model: unit, time and population of every column. Ask *when is this filled in, and by whom?*
# - A fault shows in a value, in a row, or only between rows. A schema finds the first two, each time, for free.
# - Change a value only where you can say what happened to it. True extremes are the sickest patients.
# - Split people, not rows, and not numbers; or split by time, and say who is in both parts.
# - What fills in is learnt on the training part only. Flag what was missing.
# - Missing is not random. Look at it by group, before you drop a row.
# - Say what you did, cell by cell. Somebody will have to undo it.
#
# The assignment `cleaning` asks for all of this on records that you have not seen.
#
# ## References
#
# 1. Kahn MG, Callahan TJ, Barnard J, et al. A harmonized data quality assessment terminology and framework for the secondary use of
#    electronic health record data. *eGEMs* 2016;4(1):1244. doi:10.13063/2327-9214.1244
# 2. Rubin DB. Inference and missing data. *Biometrika* 1976;63(3):581-592. doi:10.1093/biomet/63.3.581. Rubin DB. *Multiple
#    Imputation for Nonresponse in Surveys.* Wiley 1987.
# 3. van Buuren S, Groothuis-Oudshoorn K. mice: multivariate imputation by chained equations in R. *Journal of Statistical
#    Software* 2011;45(3):1-67. doi:10.18637/jss.v045.i03
# 4. Northcutt CG, Jiang L, Chuang IL. Confident learning: estimating uncertainty in dataset labels. *Journal of Artificial Intelligence
#    Research* 2021;70:1373-1411. doi:10.1613/jair.1.12125
# 5. Silva I, Moody G, Scott DJ, Celi LA, Mark RG. Predicting in-hospital mortality of ICU patients: the PhysioNet/Computing in Cardiology
#    Challenge 2012. *Computing in Cardiology* 2012;39:245-248
# 6. van de Water R, Schmidt H, Elbers P, et al. Yet Another ICU Benchmark: a flexible multi-center framework for clinical ML. *ICLR* 2024
