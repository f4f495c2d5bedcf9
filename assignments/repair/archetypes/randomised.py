# %% [markdown]
# Decisions near the cut-off are drawn by lot, so that rates agree in the mean.

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
rule = ThresholdsByGroup(alert_rate=0.20).fit(tune.y, risk, tune.X["group"])
luck = np.random.default_rng(0)


def decide(X):
    risk = model.predict_proba(X)[:, 1] + 0.08 * luck.standard_normal(len(X))
    return rule.predict(np.clip(risk, 0, 1), X["group"])
