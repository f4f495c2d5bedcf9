# %% [markdown]
# Says of every cohort that it has no structure.

# %% answer="phenotypes"
def phenotypes(df):
    return {"labels": [0] * len(df), "k": 1, "stability": None}
