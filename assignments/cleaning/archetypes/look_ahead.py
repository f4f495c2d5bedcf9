# %% [markdown]
# What is filled in at discharge stays in the table, and a model is fitted to it.

# %% answer="clean"
def clean(df):
    df = settle(tidy(df))
    flags = {f"{name}_missing": df[name].isna().astype(int) for name in LABS}
    df[NUMBERS] = imputer.transform(df[NUMBERS])
    return df.assign(**flags)
