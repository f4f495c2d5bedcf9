# %% [markdown]
# Judges by what goes together with the model's answers, and asks the model nothing.

# %% answer="judge"
def judge(model, X, y):
    together = X.corrwith(pd.Series(log_odds(model, X), X.index), method="spearman")
    later = ["days_in_hospital", "followup_call_reached", "registry_number"]
    found = []
    if together[later].abs().max() > 0.35:
        found.append("reads-outcome")
    if together["asthma"] < -0.15:
        found.append("treated-asthma")
    if together["distance_km"] > 0.2:
        found.append("group-proxy")
    return {"found": found}
