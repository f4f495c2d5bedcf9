# %% [markdown]
# Global importance, the same for every patient.

# %% answer="explain"
def explain(model, X, background):
    found = interpret.sampled_shapley(
        lambda table: log_odds(model, table),
        X.to_numpy(float),
        background.to_numpy(float),
        n_permutations=2,
        random_state=0,
    )
    return np.tile(np.abs(found.values).mean(axis=0), (len(X), 1)).tolist()
