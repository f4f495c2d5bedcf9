# %% [markdown]
# Names every island: far more clusters than endotypes, called stable.

# %% answer="phenotypes"
def phenotypes(df):
    few = PCA(6, random_state=0).fit_transform(prepared(df))
    labels = KMeans(15, n_init=1, random_state=0).fit_predict(few)
    return {"labels": labels.tolist(), "k": len(set(labels)), "stability": 0.9}
