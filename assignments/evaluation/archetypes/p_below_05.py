# %% [markdown]
# Declares every subgroup with p < 0.05.

# %% answer="subgroup_table"
def subgroup_table(df):
    rows = df.assign(off=df["y"] - df["p"], variance=df["p"] * (1 - df["p"]))
    sums = rows.groupby("subgroup")[["off", "variance"]].sum()
    z = (sums["off"] / np.sqrt(sums["variance"])).abs()
    return {"found": sums.index[z > 1.959964].tolist()}
