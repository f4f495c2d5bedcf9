# %% [markdown]
# Compares the patients with themselves.

# %% answer="explain"
def explain(model, X, background):
    rows = X.to_numpy(float)
    found = interpret.exact_shapley(lambda table: log_odds(model, table), rows, rows)
    return found.values.tolist()
