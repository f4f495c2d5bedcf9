# %% [markdown]
# Adjusts well, and finds at least two clusters in every cohort.

# %% answer="clustered"
def clustered(values):
    few = PCA(6, random_state=0).fit_transform(values)
    mixtures = [
        GaussianMixture(k, covariance_type="tied", random_state=0).fit(few)
        for k in range(2, 8)
    ]
    return min(mixtures, key=lambda each: each.bic(few)).predict(few)
