# %% [markdown]
# The same risk for everybody, nobody is flagged, a map that says nothing.

# %% answer="model"
def model(films):
    return np.full(len(films), train.y.mean())


# %% answer="decide"
def decide(films):
    return np.zeros(len(films), dtype=int)


# %% answer="heatmap"
def heatmap(films):
    return np.ones((len(films), 64, 64))
