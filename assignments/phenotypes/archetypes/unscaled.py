# %% [markdown]
# Measures distances in the units of the laboratory: one column decides.

# %% answer="prepared"
def prepared(df):
    return df.drop(columns="site").to_numpy(float)


# %% answer="clustered"
def clustered(values):
    k = 4
    return KMeans(k, n_init=3, random_state=0).fit_predict(values)
