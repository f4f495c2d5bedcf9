# %% [markdown]
# Looks at mean effects with their sign: a proxy that works both ways is missed.

# %% answer="judge"
def judge(model, X, y):
    def effect(column):
        low, high = X[column].quantile([0.1, 0.9])
        low, high = (log_odds(model, X.assign(**{column: v})) for v in (low, high))
        return (high - low).mean()

    later = ["days_in_hospital", "followup_call_reached", "registry_number"]
    asthma = log_odds(model, X.assign(asthma=1)) - log_odds(model, X.assign(asthma=0))
    found = []
    if max(abs(effect(column)) for column in later) > 0.15:
        found.append("reads-outcome")
    if asthma.mean() < -0.08:
        found.append("treated-asthma")
    if abs(effect("distance_km")) > 0.5:
        found.append("group-proxy")
    return {"found": found}
