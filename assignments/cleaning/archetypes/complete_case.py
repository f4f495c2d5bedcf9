# %% [markdown]
# Rows that lack a laboratory value are dropped.

# %% answer="clean"
def clean(df):
    df = settle(tidy(df)).drop(columns=LATER).dropna(subset=LABS)
    df[NUMBERS] = imputer.transform(df[NUMBERS])
    return df
