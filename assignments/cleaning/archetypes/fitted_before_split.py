# %% [markdown]
# What fills in is fitted to the table that is served, later rows included.

# %% answer="clean"
def clean(df):
    df = settle(tidy(df)).drop(columns=LATER)
    flags = {f"{name}_missing": df[name].isna().astype(int) for name in LABS}
    own = IterativeImputer(random_state=0, max_iter=25, tol=1e-2, min_value=0)
    df[NUMBERS] = own.fit_transform(df[NUMBERS])
    return df.assign(**flags)
