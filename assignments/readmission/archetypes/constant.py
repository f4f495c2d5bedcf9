# %% [markdown]
# Everybody has the same risk, and nobody is flagged: right for three patients in four.

# %% answer="model"
from sklearn.dummy import DummyClassifier

model = DummyClassifier(strategy="prior").fit(train.X, train.y)


# %% answer="decide"
def decide(X):
    return np.zeros(len(X), dtype=int)
