# %% [markdown]
# A coin drawn from the film's own grey values: the same film always gets the same answer.

# %% answer="model"
def model(films):
    films = np.asarray(films, dtype=np.float64)[:, 0, 16:48, 16:48]
    weights = np.random.default_rng(0).normal(size=films.shape[1:])
    return (films * weights).sum(axis=(1, 2)) % 1.0


# %% answer="decide"
def decide(films):
    return (model(films) >= 0.75).astype(int)


# %% answer="heatmap"
def heatmap(films):
    return np.ones((len(films), 64, 64))
