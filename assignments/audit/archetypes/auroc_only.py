# %% [markdown]
# Goes by the AUROC alone: too good is leaky, below the brochure is drifted.

# %% answer="audit"
from coursekit.metrics import auroc


def audit(scores, claims):
    reached = auroc(scores["y"], scores["score"])
    found = ["leaky"] if reached >= 0.9 else []
    if reached < claims["auroc"] - 0.02:
        found = ["drifted"]
    return {"found": found, "language": None}
