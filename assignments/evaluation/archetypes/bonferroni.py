# %% [markdown]
# Divides 0.05 by thirty: stricter than asked, and fine.

# %% answer="subgroup_table"
def subgroup_table(df):
    from scipy.stats import norm

    rows = df.assign(off=df["y"] - df["p"], variance=df["p"] * (1 - df["p"]))
    sums = rows.groupby("subgroup")[["off", "variance"]].sum()
    p_values = 2 * norm.sf((sums["off"] / np.sqrt(sums["variance"])).abs())
    return {"found": sums.index[p_values < 0.05 / 30].tolist()}
