# %% [markdown]
# Knows of sites, and clusters how much was done together with how ill patients are.

# %% answer="prepared"
def prepared(df):
    found = df.drop(columns="site")
    skewed = found.columns[found.skew() > 0.5]
    found = found.assign(**np.log(found[skewed].clip(lower=0.01)))
    by_site = found.groupby(df["site"])
    scaled = (found - by_site.transform("mean")) / by_site.transform("std")
    return scaled.assign(**2 * scaled[CARE]).to_numpy()


# %% answer="clustered"
def clustered(values):
    few = PCA(6, random_state=0).fit_transform(values)
    best = {k: KMeans(k, n_init=1, random_state=0).fit(few) for k in range(1, 7)}
    falls = {k: best[k - 1].inertia_ / best[k].inertia_ for k in range(2, 7)}
    return best[max(falls, key=falls.get)].labels_
