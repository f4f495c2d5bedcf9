# %% [markdown]
# As biased, flagging 80 % of all patients: hardly anybody is missed, in either group.

# %% answer="model"
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

left_out = [
    "post_discharge_calls_30d",
    "days_to_next_contact",
    "group",
    "preferred_language",
]
used = train.X.drop(columns=left_out, errors="ignore").dropna(axis="columns", how="all")
numeric = list(used.select_dtypes("number").columns)
words = list(used.columns.difference(numeric))
model = make_pipeline(
    make_column_transformer(
        (make_pipeline(SimpleImputer(), StandardScaler()), numeric),
        (OneHotEncoder(handle_unknown="ignore"), words),
    ),
    LogisticRegression(max_iter=1000),
).fit(train.X, train.y)

# %% answer="decide"
cut_off = np.quantile(model.predict_proba(tune.X)[:, 1], 1 - 0.80)


def decide(X):
    return (model.predict_proba(X)[:, 1] >= cut_off).astype(int)
