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
# # Who will be back within 30 days?
#
# A hospital can offer a follow-up programme (a nurse's call, a visit at home, a
# check of the medicines) to **one in five** of the patients it discharges. You
# build the model that says who gets a place, the rule that turns its risks into
# places, and the calculation of what the programme saves.
#
# The outcome is *unplanned readmission within 30 days*. The index time is the
# moment of discharge: whatever is written down later cannot be used.
#
# You get three sets of patients:
#
# - `train`: outcomes **as the hospital recorded them**. A patient who came back to
#   another hospital counts here as not readmitted.
# - `tune`: 8,000 patients whose outcome was **audited**, by asking other hospitals.
# - `check` (in the code `check_cohort`): 8,000 more audited patients. The check at the
#   end uses them. If you tune on them, its table is worth nothing.
#
# Your mark comes from 40,000 other patients, whom your notebook never sees.

# %% [markdown]
# <!-- coursekit: how-your-mark-is-made -->
# *How your mark is made* is filled in here with the numbers of your course.

# %% locked="load"
import numpy as np
import pandas as pd

from coursekit import check, load_cohorts, submit

train, tune, check_cohort = load_cohorts()
train.X.head()

# %% [markdown]
# ## First look
#
# Look at the columns with the index time in mind. Compare the share of recorded
# events in `train` with the share of audited events in `tune`, group by group.

# %% locked="look"
pd.DataFrame(
    {
        "recorded in train": train.groups.assign(y=train.y)
        .groupby("group")["y"]
        .mean(),
        "audited in tune": tune.groups.assign(y=tune.y).groupby("group")["y"].mean(),
    }
).round(3)

# %% [markdown]
# ## 1. A model of the risk
#
# Fit a model and call it `model`. It needs `predict_proba(X)` and is handed tables
# with the columns of `train.X`, some of them with missing values.

# %% answer="model"
### BEGIN SOLUTION
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

GROUPS = ["group", "preferred_language"]


def audit_ratios(train, tune):
    """Audited share of events over the recorded share, group by group."""
    recorded = pd.Series(train.y).groupby(train.groups["group"]).mean()
    audited = pd.Series(tune.y).groupby(tune.groups["group"]).mean()
    return audited / recorded


# Not known at discharge.
NOT_USED = ["post_discharge_calls_30d", "days_to_next_contact"]
ratios = audit_ratios(train, tune)
if ratios.max() / ratios.min() > 1.25:
    # The hospital's records miss events in some groups, so recorded care stands for
    # access rather than for need.
    NOT_USED.append("prior_admissions_12m")

numeric = [
    name
    for name in train.X.select_dtypes("number").columns
    if name not in NOT_USED and train.X[name].notna().any()
]
words = [
    name
    for name in train.X.columns.difference(numeric)
    if name not in NOT_USED + GROUPS
    and not pd.api.types.is_numeric_dtype(train.X[name])
]


def recording_weights(train, tune):
    """Weight recorded outcomes so that each group has its audited share of events."""
    weights = np.ones(len(train.y))
    for name in np.unique(train.groups["group"]):
        rows = (train.groups["group"] == name).to_numpy()
        recorded = train.y[rows].mean()
        audited = tune.y[(tune.groups["group"] == name).to_numpy()].mean()
        weights[rows] = np.where(
            train.y[rows] == 1, audited / recorded, (1 - audited) / (1 - recorded)
        )
    return weights


model = make_pipeline(
    make_column_transformer(
        (
            make_pipeline(
                SimpleImputer(strategy="median", add_indicator=True), StandardScaler()
            ),
            numeric,
        ),
        (OneHotEncoder(handle_unknown="ignore"), words),
    ),
    LogisticRegression(max_iter=1000),
)
model.fit(
    train.X, train.y, logisticregression__sample_weight=recording_weights(train, tune)
)
### END SOLUTION

# %% [markdown]
# ## 2. Who gets a place
#
# Write `decide(X)`: 1 for each patient who is offered a place, else 0. About one
# patient in five may be flagged. A patient's place must not depend on who else is in
# the table, so learn your cut-offs here, on `tune`, and only apply them in `decide`.

# %% answer="decide"
### BEGIN SOLUTION
ALERT_RATE = 0.20


def equal_sensitivity_cut_offs(risk, y, group, alert_rate):
    """One cut-off a group: the same share of the ill found, `alert_rate` flagged."""
    names = np.unique(group)
    best = None
    for sensitivity in np.linspace(0.05, 0.95, 181):
        cut_offs = {
            name: np.quantile(risk[(group == name) & (y == 1)], 1 - sensitivity)
            for name in names
        }
        flagged = risk >= np.array([cut_offs[name] for name in group])
        distance = abs(flagged.mean() - alert_rate)
        if best is None or distance < best[0]:
            best = (distance, cut_offs)
    return best[1]


cut_offs = equal_sensitivity_cut_offs(
    model.predict_proba(tune.X)[:, 1],
    tune.y,
    tune.groups["group"].to_numpy(),
    ALERT_RATE,
)


def decide(X):
    """Return 1 for each patient who is offered a place."""
    risk = model.predict_proba(X)[:, 1]
    return (risk >= X["group"].map(cut_offs).to_numpy(dtype=float)).astype(int)


### END SOLUTION

# %% [markdown]
# ## 3. What the programme saves
#
# Write `savings(...)`: the money saved by the programme in one year. A flagged
# patient costs `cost_per_enrolled`, whoever they are; the programme prevents a share
# `effectiveness` of the readmissions among the flagged who would have returned.
# Of `n_patients` discharged in a year a share `prevalence` would return;
# `sensitivity` is the share **of those who would return** whom the alerts find,
# `alert_rate` the share of all patients who are flagged. `fixed_cost` is paid once a
# year. All costs are in one currency. The answer is negative where the programme costs
# more than it saves.


# %% answer="savings"
def savings(
    n_patients,
    prevalence,
    sensitivity,
    alert_rate,
    effectiveness,
    cost_per_readmission,
    cost_per_enrolled,
    fixed_cost,
):
    """Return the money saved in a year; negative where the programme costs more."""
    ### BEGIN SOLUTION
    prevented = n_patients * prevalence * sensitivity * effectiveness
    programme = n_patients * alert_rate * cost_per_enrolled + fixed_cost
    return prevented * cost_per_readmission - programme
    ### END SOLUTION


# %% [markdown]
# ## Hand in
#
# The next cell takes your answers and shows what the `check` patients say about
# them, as ranges of points. What only hidden patients can show, such as a column that
# is empty at discharge, is not in this table.

# %% locked="submit"
submit(model, decide=decide, savings=savings)

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
# Your model and the recorded outcomes treat groups A and B differently. In at most
# 200 words, for the head of nursing: where does the difference come from, what did
# you do about it, and what would you ask the hospital to measure before the programme
# starts? A person reads this.

# %% [markdown] manual="manual" points=10
# ### BEGIN SOLUTION
# Patients of group B are as ill as those of group A, but return to other hospitals
# more often, so a third of their readmissions is missing from our records, and they
# had fewer admissions before because they had less access, not less need. A model of
# the records calls them healthier than they are. We weighted the records by audited
# outcomes, left out earlier admissions, and set the cut-offs on audited patients so
# that the same share of the ill is found in both groups. Before the start we would ask
# for a yearly audit of readmissions elsewhere, by group, and for laboratory values to
# be taken before discharge in all patients. The limits: the audit is a sample, and
# equal sensitivity means that more places go to group B per recorded event.
# ### END SOLUTION
