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
# # What does this model use?
#
# Hospitals send you models that predict death from pneumonia. You did not build them and cannot
# look inside; you can ask them. You write two functions that explain and judge models you have
# never seen, and a letter to a physician about one patient.
#
# You get *cases*. Each has a model, the patients of a ward (`X`), who are sicker than usual, and a
# `background` of usual patients; and a true answer to compare with:
#
# - `train` and `tune`: cases to work with;
# - `check`: cases for the check at the end.
#
# Your mark comes from cases with other models and other patients, which your notebook never sees.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import numpy as np
import pandas as pd

from coursekit import check, interpret, load_cohorts, submit
from coursekit.datasets import make_model_cases
from coursekit.datasets.cases import open_case

train, tune, check_cohort = load_cohorts()
case = open_case(tune.X[0])
print(
    sorted(case),
    len(case["X"]),
    "patients,",
    len(case["background"]),
    "in the background",
)
case["X"].head()

# %% [markdown]
# ## First look
#
# | column | meaning |
# |---|---|
# | `age_years`, `systolic_mmhg`, `urea_mmol_l`, `creatinine_umol_l`, `albumin_g_l` | on admission; urea and creatinine run together |
# | `asthma`, `care_home` | 0 or 1 |
# | `distance_km` | from home to the hospital. Patients of group B live farther away |
#
# A model has `predict_proba(X)`, with two columns, and `classes_`, which says what they are.

# %% locked="look"
for item in tune.X[:4]:
    model = open_case(item)["model"]
    print(model.classes_, model.predict_proba(case["X"])[0].round(3))
print("true values of the first patient:", np.round(tune.y[0]["values"][0], 2))

# %% [markdown]
# ## 1. On which scale, and of what?
#
# Write `log_odds(model, X)`: the log odds of **death**, one number a patient.


# %% answer="log_odds"
def log_odds(model, X):
    """Return the log odds of death, (n,)."""
    ### BEGIN SOLUTION
    died = model.predict_proba(X)[:, list(model.classes_).index("died")]
    return np.log(died / (1 - died))
    ### END SOLUTION


# %% [markdown]
# ## 2. Explain
#
# Write `explain(model, X, background)`: for each patient of `X` (a row) and each column a number, in
# log odds of death: the **interventional Shapley value** against the given background. What is not known of
# a patient is filled in from the background's patients, all of them. `interpret.exact_shapley` and
# `interpret.sampled_shapley` take any function of a table. The true values are in `tune.y[i]["values"]`.


# %% answer="explain"
def explain(model, X, background):
    """Return Shapley values of the log odds of death, (n_patients, n_columns)."""
    ### BEGIN SOLUTION
    found = interpret.exact_shapley(
        lambda table: log_odds(model, table),
        X.to_numpy(float),
        background.to_numpy(float),
    )
    return found.values.tolist()
    ### END SOLUTION


# %% locked="try_explain"
for item, truth in zip(tune.X[:4], tune.y[:4], strict=True):
    said, true = np.asarray(explain(**open_case(item))), np.asarray(truth["values"])
    print(
        f"error as a share of the truth's size: {np.abs(said - true).mean() / np.abs(true).mean():.3f}"
    )

# %% [markdown]
# ## 3. Judge
#
# Another kind of case: a `model`, 200 audited patients `X`, and `y`, a list that says who of them died. Three more columns
# stand in this table. They are filled in **when the outcome is known**: `days_in_hospital`; `followup_call_reached`, 1 if
# the patient answered the call; and `registry_number`, from a registry that was sorted later.
#
# Write `judge(model, X, y)`, which returns `{"found": [...]}` with what is wrong with the model, out of
#
# - `"reads-outcome"`: it uses a column that is filled in when the outcome is known;
# - `"treated-asthma"`: it lowers risk with asthma. In the patients it was trained on, those with asthma were treated in
#   intensive care;
# - `"group-proxy"`: it uses the distance from home, which tells the group.
#
# An empty list says that nothing is wrong. Fitting leaves up to 0.02 log odds for 5 km, 4 days in hospital, a call that was answered or
# 2,500 registry numbers on columns that are of no use; do not call that use. In these patients risk *goes together* with all of these columns, also in sound models: B is sicker, and those with
# asthma are younger.

# %% locked="judged"
practice = make_model_cases(24, secret="my own practice", role="train")
first = open_case(practice.X[0])
print(practice.y[0], len(first["X"]), "patients,", sum(first["y"]), "died")
first["X"].head()


# %% answer="judge"
def judge(model, X, y):
    """Return what is wrong with a model: {"found": [...]}."""
    ### BEGIN SOLUTION
    now = log_odds(model, X)
    order = np.random.default_rng(0).permutation(len(X))

    def use(column):
        """Return how far answers move if only this column is another patient's."""
        mixed = X.assign(**{column: X[column].to_numpy()[order]})
        return np.abs(log_odds(model, mixed) - now).mean()

    without, having = (log_odds(model, X.assign(asthma=value)) for value in (0, 1))
    later = ("days_in_hospital", "followup_call_reached", "registry_number")
    signs = {
        "reads-outcome": max(use(column) for column in later) > 0.08,
        "treated-asthma": (having - without).mean() < -0.08,
        "group-proxy": use("distance_km") > 0.08,
    }
    return {"found": [name for name, seen in signs.items() if seen]}
    ### END SOLUTION


# %% locked="try_judge"
right = [
    sorted(judge(**open_case(item))["found"]) == sorted(truth["found"])
    for item, truth in zip(practice.X, practice.y, strict=True)
]
print(f"{sum(right)} of {len(right)} practice cases judged rightly")

# %% [markdown]
# ## Hand in
#
# The next cell takes your answers and shows what the `check` cases say about them.

# %% locked="submit"
submit(explain=explain, judge=judge)

# %% check="accuracy" points=40
check("accuracy")

# %% check="fairness" points=30
check("fairness")

# %% check="evidence" points=20
check("evidence")

# %% check="contract" points=10
check("contract")

# %% [markdown]
# ## 4. The letter
#
# Write to the physician of the **first patient of the first check case**: what the model says (the risk), which two columns moved its answer most,
# which way and by how much, and what it cannot say. At most 200 words. The cell below prints the numbers; `interpret.check_letter(text, facts)` finds
# numbers that are nobody's, words that claim a cause, and sentences that are hard to read. It does not judge the tone. A person
# reads the letter.

# %% locked="facts"
letter_case = open_case(check_cohort.X[0])
values = np.asarray(explain(**letter_case))[0]
patient = letter_case["X"].iloc[0]
risk = 1 / (1 + np.exp(-log_odds(letter_case["model"], letter_case["X"].iloc[[0]])[0]))
facts = {"risk": interpret.Fact(risk, "probability", needed=True)}
for column, value in zip(letter_case["X"].columns, values, strict=True):
    print(f"{column:20} {patient[column]:8g}  {value:+.2f} log odds")
    facts[column] = interpret.Fact(float(patient[column]))
    facts[f"value of {column}"] = interpret.Fact(float(value), "log-odds")
print(f"risk {risk:.0%}")

# %% answer="letter"
text = ""
### BEGIN SOLUTION
words = {
    "age_years": "an age of {:g} years",
    "systolic_mmhg": "a systolic pressure of {:g} mmHg",
    "urea_mmol_l": "a urea of {:g} mmol/L",
    "creatinine_umol_l": "a creatinine of {:g} µmol/L",
    "albumin_g_l": "an albumin of {:g} g/L",
    "asthma": "asthma ({:g}; 1 is yes)",
    "care_home": "living in a care home ({:g}; 1 is yes)",
    "distance_km": "a distance from home of {:g} km",
}
largest = sorted(zip(np.abs(values), letter_case["X"].columns, values, strict=True))[
    -2:
]
first, second = (
    f"{words[column].format(patient[column])} moved it {'up' if value > 0 else 'down'} by {size:.2f} log odds"
    for size, column, value in reversed(largest)
)
text = f"""Dear colleague,

the model puts the risk of death of your patient at {risk:.0%}.

It was asked again with single values of usual patients in place of this one's. Most of all, {first}.
Next, {second}. Log odds are not per cent.

These are reasons of the model. They do not say what made your patient ill, or what would help.
Please do not treat less on account of this number."""
### END SOLUTION
if text:
    print(text)
    print(interpret.check_letter(text, facts).to_string())

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# Dear colleague,
#
# (the numbers are those of one course; yours are printed above)
#
# the model puts the risk of death of your patient at 60 %. It was asked again with single values of usual patients in place
# of this one's. Two columns moved its answer most: the age of 85 years, up by 1.95 log odds, and a creatinine of 158 µmol/L,
# up by 0.85. Log odds are not per cent: these two numbers cannot be added to the 60 %.
#
# These are reasons of the model. They do not say what made your patient ill, or what would help. A patient with asthma can
# get a low answer because such patients were treated in intensive care, so a low answer is no reason to treat less. If you
# know something that is not in the list, your judgement counts for more than this number.
# ### END SOLUTION
