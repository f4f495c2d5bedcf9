# %% [markdown]
# A tree of few columns, cut-offs found by trying, a calculation that forgets a cost.

# %% answer="model"
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.tree import DecisionTreeClassifier

features = [
    "age_years",
    "length_of_stay_days",
    "comorbidity_count",
    "haemoglobin_g_dl",
    "albumin_g_l",
    "creatinine_umol_l",
]


class OnlySome:
    def __init__(self, tree):
        self.tree = tree

    def predict_proba(self, X):
        return self.tree.predict_proba(X[features])


tree = make_pipeline(
    SimpleImputer(),
    DecisionTreeClassifier(max_depth=6, min_samples_leaf=120, random_state=0),
)
tree.fit(train.X[features], train.y)
model = OnlySome(tree)


# %% answer="decide"
# B seems to get lower risks, so B gets a lower cut-off (tried some numbers on tune)
def decide(X):
    risk = model.predict_proba(X)[:, 1]
    cut = np.where(X["group"] == "B", 0.30, 0.36)
    return (risk >= cut).astype(int)


risk = model.predict_proba(tune.X)[:, 1]
for name in ["A", "B"]:
    ill = (tune.X["group"] == name) & (tune.y == 1)
    print(name, decide(tune.X[ill]).mean())
print("flagged", decide(tune.X).mean())


# %% answer="savings"
def savings(
    n_patients,
    prevalence,
    sensitivity,
    alert_rate,
    effectiveness,
    cost_per_readmission,
    cost_per_enrolled,
    fixed_cost,
):
    prevented = n_patients * prevalence * sensitivity * effectiveness
    enrolled = n_patients * alert_rate
    return prevented * cost_per_readmission - enrolled * cost_per_enrolled


# %% [markdown] answer="manual"
# Group B has fewer recorded readmissions than group A, but in the audited patients the
# shares are nearly the same, so I think that the records miss some of B. My tree is
# trained on the records, so it gives group B lower risks. I gave B a lower cut-off so
# that more of its patients get a place: on `tune` 42 % of those who return are found in A
# and 34 % in B. I would ask the hospital to check the records of group B.
