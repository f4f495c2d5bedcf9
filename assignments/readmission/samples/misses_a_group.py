# %% [markdown]
# A good model of the records; one cut-off for all.

# %% answer="model"
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

# calls and next contact happen after discharge -> not allowed
# group, language and sex are left out so that the model cannot discriminate
drop = ["post_discharge_calls_30d", "days_to_next_contact"]
drop += ["group", "preferred_language", "sex"]
X_train = train.X.drop(columns=drop)
numbers = list(X_train.select_dtypes("number"))
words = [c for c in X_train if c not in numbers]

model = make_pipeline(
    make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), numbers),
        (OneHotEncoder(handle_unknown="ignore"), words),
    ),
    LogisticRegression(C=0.1, max_iter=2000),
)
model.fit(train.X, train.y)

# %% answer="decide"
threshold = np.quantile(model.predict_proba(tune.X)[:, 1], 0.80)


def decide(X):
    return (model.predict_proba(X)[:, 1] > threshold).astype(int)


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
    readmissions_found = n_patients * prevalence * sensitivity
    gain = readmissions_found * effectiveness * cost_per_readmission
    return gain - n_patients * alert_rate * cost_per_enrolled - fixed_cost


# %% [markdown] answer="manual"
# The difference between groups A and B comes from bias in society. To make sure that my
# model is fair I removed group, preferred language and sex before training, so the model
# does not know which group a patient belongs to and treats everyone in the same way. I
# also used regularisation. Before the start I would ask the hospital for more data,
# because with more patients the model would be even better.
