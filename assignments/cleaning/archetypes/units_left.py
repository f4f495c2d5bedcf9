# %% [markdown]
# Glucose and temperature stay in the unit in which they came.

# %% answer="tidy"
def tidy(df):
    df = df.copy()
    for name in DATES:
        other = df[name].str.contains("/")
        turned = df[name].str.split("/").str[::-1].str.join("-")
        df[name] = df[name].where(~other, turned)
    first, last = df["admission_date"].copy(), df["discharge_date"].copy()
    df["admission_date"] = first.where(first <= last, last)
    df["discharge_date"] = last.where(first <= last, first)
    df["diagnosis"] = df["diagnosis"].replace(ICD10_OF_ICD9)
    df[NUMBERS] = df[NUMBERS].mask(df[NUMBERS].isin([-9, 999]))
    df["age_years"] = df["age_years"].abs()
    high, low = df["systolic_mmhg"].copy(), df["diastolic_mmhg"].copy()
    df["systolic_mmhg"] = high.mask(high < low, low)
    df["diastolic_mmhg"] = low.mask(high < low, high)
    return df
