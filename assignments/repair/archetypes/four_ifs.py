# %% [markdown]
# A good repair, and a diagnosis by four figures that compare A with B, without any reference.

# %% answer="diagnose"
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

TOLD = ["group", "preferred_language", "sex", "outcome"]


def reference_columns(X):
    X = X.drop(columns=[*TOLD, "sao2_percent"], errors="ignore").astype(float)
    for name in ("creatinine_umol_l", "crp_mg_l", "cost_12m_eur"):
        X[name] = np.log(X[name] + 0.1)
    return X


def diagnose(train, tune):
    b, y = train["group"] == "B", train["outcome"]
    spo2, cost = train["spo2_percent"], np.log(train["cost_12m_eur"] + 0.1)
    told = {
        "under-ascertainment": y[b].mean() / y[~b].mean() < 0.85,
        "measurement": spo2[b].mean() - spo2[~b].mean() > 0.5,
        "under-representation": b.mean() < 0.15,
        "proxy-label": np.corrcoef(cost[~b], y[~b])[0, 1] > 0.32,
    }
    return {"found": [name for name, is_so in told.items() if is_so], "gap": 0.1}
