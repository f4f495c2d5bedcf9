# %% [markdown]
# The mean of train for everybody who lacks a value, without a flag.

# %% answer="imputer"
seen = pd.concat([settle(tidy(open_case(case)["df"])) for case in train.X])
means = seen[NUMBERS].mean()


# %% answer="clean"
def clean(df):
    df = settle(tidy(df)).drop(columns=LATER)
    df[NUMBERS] = df[NUMBERS].fillna(means)
    return df
