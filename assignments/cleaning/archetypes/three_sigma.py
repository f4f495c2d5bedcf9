# %% [markdown]
# What lies three standard deviations off is blanked, and nothing is converted or looked at.

# %% answer="clean"
def clean(df):
    df = df.drop(columns=LATER)
    far = (df[NUMBERS] - df[NUMBERS].mean()).abs() > 3 * df[NUMBERS].std()
    df[NUMBERS] = df[NUMBERS].mask(far)
    df[NUMBERS] = df[NUMBERS].fillna(df[NUMBERS].median())
    return df
