# %% [markdown]
# Scales the columns, and takes the hospitals for phenotypes.

# %% answer="prepared"
def prepared(df):
    measured = df.drop(columns=[*CARE, "site"])
    skewed = measured.columns[measured.skew() > 0.5]
    measured = measured.assign(**np.log(measured[skewed].clip(lower=0.01)))
    return ((measured - measured.mean()) / measured.std()).to_numpy()


# %% answer="clustered"
def clustered(values):
    few = PCA(6, random_state=0).fit_transform(values)
    return KMeans(4, n_init=2, random_state=0).fit_predict(few)
