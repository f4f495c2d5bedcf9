# %% [markdown]
# Group B is dropped as too small, from training and from the programme.

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
)
in_a = (train.X["group"] == "A").to_numpy()
model.fit(train.X[in_a], train.y[in_a])

# %% answer="decide"
in_a = (tune.X["group"] == "A").to_numpy()
cut_off = np.quantile(model.predict_proba(tune.X)[in_a, 1], 1 - 0.20 / in_a.mean())


def decide(X):
    high = model.predict_proba(X)[:, 1] >= cut_off
    return (high & (X["group"] == "A").to_numpy()).astype(int)
