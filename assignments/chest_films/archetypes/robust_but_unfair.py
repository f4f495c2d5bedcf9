# %% [markdown]
# The model of `good`, behind a quality control: films of little contrast "cannot be
# read" and are never flagged. They are the films of group B.

# %% answer="decide"
def contrast(films):
    return np.asarray(films, dtype=float).std(axis=(1, 2, 3))


in_a = (tune.groups["group"] == "A").to_numpy()
lowest = np.quantile(contrast(tune.X[in_a]), 0.02)
readable = contrast(tune.X) >= lowest
cut_off = np.quantile(model(tune.X)[readable & (tune.y == 0)], 0.85)


def decide(films):
    flagged = (model(films) >= cut_off) & (contrast(films) >= lowest)
    return flagged.astype(int)
