# %% [markdown]
# The tables are handed back as they came, and rows dealt in turn.

# %% answer="clean"
def clean(df):
    return df


# %% answer="split"
def split(df):
    return [row % 5 for row in range(len(df))]
