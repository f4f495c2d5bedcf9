# %% [markdown]
# The same share of A and of B is called in, by the recorded label's risks.

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
risk = model.predict_proba(tune.X)[:, 1]
cut_offs = {
    name: np.quantile(risk[(tune.X["group"] == name).to_numpy()], 0.80)
    for name in ("A", "B")
}


def decide(X):
    cut_off = X["group"].map(cut_offs).to_numpy(dtype=float)
    return (model.predict_proba(X)[:, 1] >= cut_off).astype(int)
