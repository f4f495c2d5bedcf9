# %% [markdown]
# A good diagnosis, and the model as it was.

# %% answer="model"
from sklearn.preprocessing import FunctionTransformer

model = make_pipeline(
    FunctionTransformer(reference_columns),
    StandardScaler(),
    LogisticRegression(max_iter=1000),
)
model.fit(train.X, train.y)

# %% answer="decide"
cut_off = np.quantile(model.predict_proba(tune.X)[:, 1], 1 - 0.20)


def decide(X):
    return (model.predict_proba(X)[:, 1] >= cut_off).astype(int)
