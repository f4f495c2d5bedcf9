# %% [markdown]
# Compares the patients with themselves.

# %% answer="explain"
def explain(model, X, background):
    rows = X.to_numpy(float)
    found = interpret.sampled_shapley(
        lambda table: log_odds(model, table),
        rows,
        rows,
        n_permutations=2,
        random_state=0,
    )
    return found.values.tolist()
