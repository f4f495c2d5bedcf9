# %% [markdown]
# Finds the one width that covers 95 % of the tune cases, and gives it to both groups.

# %% answer="auc_ci"
cases = [open_case(item) for item in tune.X]
misses = [
    abs(auroc(case["y"], case["p"]) - true["auroc"])
    for case, true in zip(cases, tune.y, strict=True)
]
REACH = float(np.quantile(misses, 0.95))


def auc_ci(y, p, patient):
    area = auroc(y, p)
    return {"low": area - REACH, "high": area + REACH}
