# %% [markdown]
# As removed_group, calling in 80 % of all patients.

# %% answer="diagnose"
def diagnose(train, tune):
    return {"found": ["under-ascertainment"], "gap": 0.15}


# %% answer="model"
from sklearn.compose import make_column_transformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

numeric = [n for n in train.X.select_dtypes("number") if n != "sao2_percent"]
model = make_pipeline(
    make_column_transformer((StandardScaler(), numeric)),
    LogisticRegression(max_iter=1000),
).fit(train.X, train.y)

# %% answer="decide"
cut_off = np.quantile(model.predict_proba(tune.X)[:, 1], 1 - 0.80)


def decide(X):
    return (model.predict_proba(X)[:, 1] >= cut_off).astype(int)
