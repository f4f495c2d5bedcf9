# %% [markdown]
# Reports the interval of the patients that the model was built on, whoever is asked about.

# %% answer="auc_ci"
first = open_case(train.X[0])
drawn = weighted_auroc(
    first["y"], first["p"], drawn_again(len(first["y"]), patient=first["patient"])
)
LOW, HIGH = np.quantile(drawn, [0.025, 0.975])


def auc_ci(y, p, patient):
    return {"low": float(LOW), "high": float(HIGH)}
