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
# # What may this record be used for?
#
# Hospitals send you encounter tables as they are. You write two functions: `clean(df)` gives back the table as it
# should be, and `split(df)` deals its rows to five folds in which a model can be tested honestly. Both are asked
# about tables from hospitals that your notebook never sees.
#
# You get such tables with everything that is true about them:
#
# - `train`: tables to learn from. What your functions need to know (a mean, a model that fills in) they learn here;
# - `tune`: tables to look at your mistakes;
# - `check`: tables for the check at the end.
#
# A model is fitted to your cleaned table and tested on the **later** admissions. So some tables come twice: once
# whole, once as they were earlier, without the last rows and with other discharge forms. What you fill in for the rows that are in both
# must not differ.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import numpy as np
import pandas as pd
from sklearn.experimental import enable_iterative_imputer
from sklearn.impute import IterativeImputer

from coursekit import check, load_cohorts, submit
from coursekit.datasets.cases import open_case, table_reply
from coursekit.records import ICD10_OF_ICD9, fault_log, plain_name, true_table

train, tune, check_cohort = load_cohorts()
messy = open_case(train.X[0])["df"]
print(len(train.X), "tables;", len(messy), "rows in the first")
messy.head()

# %% [markdown]
# ## The data dictionary
#
# The question is asked **24 hours after admission**: who will go to intensive care or die within 30 days?
#
# | column | meaning, unit | known at 24 h |
# |---|---|---|
# | `encounter_id` | number of the row | yes |
# | `patient_id`, `last_name`, `first_name` | as registered | yes |
# | `sex`, `group`, `birth_date` | as registered; a date is year-month-day | yes |
# | `site`, `admission_date` | where and when admitted | yes |
# | `discharge_date` | kept for the record; never before admission | planned |
# | `diagnosis` | main diagnosis on admission, ICD-10 | yes |
# | `age_years` | on admission | yes |
# | `weight_kg`, `temperature_c` (Celsius), `heart_rate_bpm`, `systolic_mmhg`, `diastolic_mmhg`, `respiratory_rate_min` | first value | yes |
# | `glucose_mmol_l`, `creatinine_umol_l`, `lactate_mmol_l`, `albumin_g_l` | first value, if it was ordered | yes |
# | `days_in_hospital`, `discharged_to` | filled in at discharge | **no** |
#
# The hospital changed from ICD-9 to ICD-10 on some day; `ICD10_OF_ICD9` translates. Vital signs of an encounter are sometimes
# copied from the patient's encounter before: then all five are the same. True extremes exist. Leave them.

# %% locked="look"
log = fault_log(train.y[0])
print(log.groupby("fault")["event"].nunique().to_string())
log.sample(8, random_state=0)

# %% locked="columns"
VITALS = [
    "temperature_c",
    "heart_rate_bpm",
    "systolic_mmhg",
    "diastolic_mmhg",
    "respiratory_rate_min",
]
NUMBERS = [
    "age_years",
    "weight_kg",
    *VITALS,
    "glucose_mmol_l",
    "creatinine_umol_l",
    "lactate_mmol_l",
    "albumin_g_l",
]
LABS = ["lactate_mmol_l", "albumin_g_l"]
DATES = ["birth_date", "admission_date", "discharge_date"]
LATER = ["days_in_hospital", "discharged_to"]

# %% [markdown]
# ## 1. One row at a time
#
# Write `tidy(df)`: a copy in which all is mended that can be seen in a single row: units, dates, codes, ages, values that mean
# *not measured* (write `np.nan`), columns that were swapped.


# %% answer="tidy"
def tidy(df):
    """Return a copy with every row mended by itself."""
    ### BEGIN SOLUTION
    df = df.copy()
    for name in DATES:
        other = df[name].str.contains("/")
        turned = df[name].str.split("/").str[::-1].str.join("-")
        df[name] = df[name].where(~other, turned)
    first, last = df["admission_date"].copy(), df["discharge_date"].copy()
    wrong = last < first
    df["admission_date"] = first.where(~wrong, last)
    df["discharge_date"] = last.where(~wrong, first)
    df["diagnosis"] = df["diagnosis"].replace(ICD10_OF_ICD9)
    df[NUMBERS] = df[NUMBERS].mask(df[NUMBERS].isin([-9, 999]))
    df["age_years"] = df["age_years"].abs()
    degrees, glucose = df["temperature_c"], df["glucose_mmol_l"]
    df["temperature_c"] = degrees.mask(degrees > 45, (degrees - 32) * 5 / 9)
    df["glucose_mmol_l"] = glucose.mask(glucose > 40, glucose / 18.02)
    high, low = df["systolic_mmhg"].copy(), df["diastolic_mmhg"].copy()
    wrong = high < low
    df["systolic_mmhg"], df["diastolic_mmhg"] = (
        high.mask(wrong, low),
        low.mask(wrong, high),
    )
    return df
    ### END SOLUTION


# %% [markdown]
# ## 2. Who is who
#
# The same patient may be registered twice: another number, another spelling, the names in each other's column. Write `who(df)`: a
# Series with one value a row, the same for rows of the same patient, and for nobody else whom you could tell apart. (For folds
# it costs nothing to put two people into one; to part one patient is what must not happen.) `plain_name` helps where spelling counts.


# %% answer="who"
def who(df):
    """Return one value a row, the same for the same patient; df is tidy."""
    ### BEGIN SOLUTION
    return df["birth_date"] + df["sex"]
    ### END SOLUTION


# %% [markdown]
# ## 3. What needs other rows
#
# Write `settle(df)`: of encounters that were entered twice one row is left (both entries have an `encounter_id`, a `patient_id` and a
# spelling of their own; in tidy rows all else is the same; keep either); vital signs copied from the same patient's encounter before
# are blanked. It takes a tidy table.


# %% answer="settle"
def settle(df):
    """Return a table with each encounter once, and no vital signs of another one."""
    ### BEGIN SOLUTION
    same = pd.DataFrame(
        {
            "who": who(df),
            "from": df["admission_date"],
            "to": df["discharge_date"],
            "code": df["diagnosis"],
        }
    )
    df = df[~same.duplicated()].copy()
    by_date = df.assign(who=who(df)).sort_values(["who", "admission_date"])
    before = by_date.groupby("who")[VITALS].shift()
    copied = ((before == by_date[VITALS]) | by_date[VITALS].isna()).all(axis=1)
    copied &= before.notna().sum(axis=1) > 2
    df.loc[copied[copied].index, VITALS] = np.nan
    return df
    ### END SOLUTION


# %% [markdown]
# ## 4. What is missing
#
# Two laboratory values are missing because nobody ordered them, in group B far more often than in A. Fill them in. What fills
# them in is learnt from `train`, once, here; `clean` only applies it.
#
# **What `clean(df)` returns**: the DataFrame with the same column names, without those of `LATER`; each `encounter_id` as it was, and once; numbers as
# numbers, dates as text (year-month-day). The only columns that you may add are called `<column>_missing`, with 1 where a value was missing and else 0.
# Fill in at least lactate and albumin; other values that you blanked may stay `np.nan`.


# %% answer="imputer"
### BEGIN SOLUTION
seen = pd.concat([settle(tidy(open_case(case)["df"])) for case in train.X])
imputer = IterativeImputer(random_state=0, max_iter=25, tol=1e-2, min_value=0)
imputer.fit(seen[NUMBERS])
### END SOLUTION


# %% answer="clean"
def clean(df):
    """Return the table as it should be, without the columns of LATER."""
    ### BEGIN SOLUTION
    df = settle(tidy(df)).drop(columns=LATER)
    flags = {f"{name}_missing": df[name].isna().astype(int) for name in LABS}
    df[NUMBERS] = imputer.transform(df[NUMBERS])
    return df.assign(**flags)
    ### END SOLUTION


# %% [markdown]
# ## 5. Folds
#
# Write `split(df)`: a list with one fold a row (0 to 4) for a **messy** table. No patient may be in two folds, and each fold has a tenth of
# the rows at least.


# %% answer="split"
def split(df):
    """Return a fold for each row, a list of whole numbers from 0 to 4."""
    ### BEGIN SOLUTION
    people = pd.factorize(who(tidy(df)))[0]
    dealt = np.random.default_rng(0).permutation(people.max() + 1) % 5
    return dealt[people].tolist()
    ### END SOLUTION


# %% locked="compare"
def compare(cohort, number=0):
    """Print, by fault, how many mishaps are still there in a cleaned table."""
    truth, given = cohort.y[number], clean(open_case(cohort.X[number])["df"])
    log, true = fault_log(truth), true_table(truth)
    rows = given.set_index("encounter_id")
    for fault, cells in log.groupby("fault"):
        left = 0
        for row, name, was in cells[["row", "column", "was"]].itertuples(index=False):
            key = true["encounter_id"][row]
            if key in rows.index and name in rows:
                left += rows.at[key, name] == was
        print(f"{fault:20} {left:4} of {len(cells)} cells as they were")


compare(tune)

# %% [markdown]
# ## Hand in
#
# The next cell takes your answers and shows what the `check` tables say about them.

# %% locked="submit"
submit(clean=lambda df: table_reply(clean(df)), split=split)

# %% check="accuracy" points=40
check("accuracy")

# %% check="fairness" points=30
check("fairness")

# %% check="evidence" points=20
check("evidence")

# %% check="contract" points=10
check("contract")

# %% [markdown]
# ## 6. What you would ask
#
# Write to the hospital's data office, in at most 200 words: which fault would you mend at its source first, and why; for which group do
# values go missing, and what could be the reason; which value did you change of which you are not sure. A person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# First mend the registration. A patient who comes back is entered anew under another spelling, so nobody on the ward sees
# the earlier encounter, and a model is tested on patients it knows. Date of birth and sex found most of them; ask for a check of
# both at the desk before a number is given.
#
# Lactate and albumin are missing in nearly half of the patients of group B and in one in ten of A. This is no accident
# of the laboratory: nobody ordered them. I do not know why. It may be the time of day, the site, or who asks for
# blood. I filled the values in from the others, with a flag, and the error was alike in both groups; I left nobody out, since that would
# have removed half of group B. Please count orders by group and month.
#
# I am least sure of vital signs that equal those of the encounter before. All five the same is hardly chance, but I
# have no proof that they were copied. I blanked them. Values such as a glucose of 30 mmol/L I left: patients have them.
# ### END SOLUTION
