# %% [markdown]
# Sums DeLong's components by patient: another honest way.

# %% answer="auc_ci"
def auc_ci(y, p, patient):
    from coursekit.metrics import auroc_interval

    found = auroc_interval(y, p, patient=patient, level=0.95)
    return {"low": found.low, "high": found.high}
