# %% [markdown]
# A good repair, and a diagnosis that is guessed anew for each region.

# %% answer="diagnose"
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

TOLD = ["group", "preferred_language", "sex", "outcome"]


def reference_columns(X):
    X = X.drop(columns=[*TOLD, "sao2_percent"], errors="ignore").astype(float)
    for name in ("creatinine_umol_l", "crp_mg_l", "cost_12m_eur"):
        X[name] = np.log(X[name] + 0.1)
    return X


NAMES = ["under-ascertainment", "measurement", "under-representation", "proxy-label"]


def diagnose(train, tune):
    luck = np.random.default_rng(int(train["cost_12m_eur"].sum()) % 2**32)
    n_found = luck.choice(3, p=[1 / 6, 4 / 6, 1 / 6])
    found = luck.choice(NAMES, n_found, replace=False).tolist()
    return {"found": found, "gap": float(luck.uniform(0, 0.3))}
