# %% [markdown]
# One column, earlier admissions, and the cut-off that software starts with: 0.5.

# %% answer="model"
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

model = make_pipeline(
    make_column_transformer(("passthrough", ["prior_admissions_12m"])),
    LogisticRegression(),
).fit(train.X, train.y)


# %% answer="decide"
def decide(X):
    return (model.predict_proba(X)[:, 1] >= 0.5).astype(int)


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
    return n_patients * prevalence * sensitivity * effectiveness * cost_per_readmission
