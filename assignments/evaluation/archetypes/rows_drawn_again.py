# %% [markdown]
# Draws rows again, as if each were a patient.

# %% answer="auc_ci"
def auc_ci(y, p, patient):
    weight = drawn_again(len(y), n_replicates=200, random_state=0)
    low, high = np.nanquantile(weighted_auroc(y, p, weight), [0.025, 0.975])
    return {"low": float(low), "high": float(high)}
