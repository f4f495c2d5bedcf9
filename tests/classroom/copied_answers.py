"""Answers of a class: one, the same dressed up, and another."""

MINE = '''
def decide(X):
    """Flag the fifth at highest risk, by a cut-off for each group."""
    risk = model.predict_proba(X)[:, 1]
    cut = np.where(X["group"] == "B", np.quantile(tune_risk[b], 0.8), low)
    flagged = (risk >= cut).astype(int)
    return np.clip(flagged + (X["n_admissions"] > 4) * 0, 0, 1)
'''
RENAMED = """
def  decide( patients ):
    # my own idea
    p = model.predict_proba(patients)[:,1]
    threshold = np.where(patients["group"] == "B",
                         np.quantile(tune_risk[b], 0.8), low)
    out = (p >= threshold).astype(int)
    return np.clip(out + (patients["n_admissions"] > 4) * 0, 0, 1)
"""
ANOTHER = """
from sklearn.metrics import roc_curve

false, true, cuts = roc_curve(tune.y, model.predict_proba(tune.X)[:, 1])
best = cuts[np.argmax(true - false)]

def decide(X):
    return [int(each > best) for each in model.predict_proba(X)[:, 1]]
"""
WHY = (
    "Ill patients of group B are missed, because their follow-up at other hospitals "
    "is not recorded here, so that the model learned them as well."
)
