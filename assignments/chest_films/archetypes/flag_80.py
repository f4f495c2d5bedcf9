# %% [markdown]
# A good model, at a cut-off that sends four of five films to the second reader.

# %% answer="decide"
cut_off = np.quantile(model(tune.X), 0.2)


def decide(films):
    return (model(films) >= cut_off).astype(int)
