# %% [markdown]
# All numbers are cut at the 1st and the 99th percentile, as outliers.

# %% answer="imputer"
seen = pd.concat([settle(tidy(open_case(case)["df"])) for case in train.X])
imputer = IterativeImputer(random_state=0, max_iter=25, tol=1e-2, min_value=0)
imputer.fit(seen[NUMBERS])
low, high = seen[NUMBERS].quantile(0.01), seen[NUMBERS].quantile(0.99)


# %% answer="clean"
def clean(df):
    df = settle(tidy(df)).drop(columns=LATER)
    flags = {f"{name}_missing": df[name].isna().astype(int) for name in LABS}
    df[NUMBERS] = imputer.transform(df[NUMBERS])
    df[NUMBERS] = df[NUMBERS].clip(low, high, axis=1)
    return df.assign(**flags)
