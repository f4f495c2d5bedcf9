# %% [markdown]
# All patients together, before and after: no look at any group.

# %% answer="audit"
def audit(scores, claims):
    if leaks(scores):
        return {"found": ["leaky"], "language": None}
    seen = audit_scores(scores, "y", "score", date="date").findings
    codes = [finding.code for finding in seen]
    if "DRIFTED" in codes:
        return {"found": ["drifted"], "language": None}
    found = ["miscalibrated"] if "MISCALIBRATED" in codes else []
    return {"found": found, "language": None}
