# %% [markdown]
# Takes the number of clusters from the cohorts that were shown.

# %% answer="clustered"
def clustered(values):
    usual = int(np.median([each["k"] for each in tune.y if each["k"] > 1]))
    few = PCA(6, random_state=0).fit_transform(values)
    return KMeans(usual, n_init=3, random_state=0).fit_predict(few)
