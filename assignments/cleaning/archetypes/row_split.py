# %% [markdown]
# Rows are dealt to folds, whoever the patient is.

# %% answer="split"
def split(df):
    return (np.random.default_rng(0).permutation(len(df)) % 5).tolist()
