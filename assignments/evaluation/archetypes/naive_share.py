# %% [markdown]
# Takes the AUROC for a share of rows: the formula of every first course.

# %% answer="auc_ci"
def auc_ci(y, p, patient):
    area = auroc(y, p)
    reach = 1.96 * np.sqrt(area * (1 - area) / len(y))
    return {"low": float(area - reach), "high": float(area + reach)}
