# %% [markdown]
# Knows of sites, leaves the counts of care out, and forgets what care does to the rest.

# %% answer="prepared"
def prepared(df):
    found = df.drop(columns=[*CARE, "site"])
    skewed = found.columns[found.skew() > 0.5]
    found = found.assign(**np.log(found[skewed].clip(lower=0.01)))
    by_site = found.groupby(df["site"])
    return ((found - by_site.transform("mean")) / by_site.transform("std")).to_numpy()


# %% answer="clustered"
def clustered(values):
    few = PCA(6, random_state=0).fit_transform(values)
    mixtures = [
        GaussianMixture(k, covariance_type="spherical", random_state=0).fit(few)
        for k in range(1, 8)
    ]
    return min(mixtures, key=lambda each: each.bic(few)).predict(few)
