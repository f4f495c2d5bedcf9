# %% [markdown]
# Codes and dates stay as they are written; all else is mended.

# %% answer="clean"
def clean(df):
    found = df.set_index("encounter_id")
    df = settle(tidy(df)).drop(columns=LATER)
    flags = {f"{name}_missing": df[name].isna().astype(int) for name in LABS}
    df[NUMBERS] = imputer.transform(df[NUMBERS])
    for name in ["diagnosis", *DATES]:
        df[name] = found[name].loc[df["encounter_id"]].to_numpy()
    return df.assign(**flags)
