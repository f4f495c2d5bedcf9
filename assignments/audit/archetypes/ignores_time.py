# %% [markdown]
# Looks at the year as a whole: neither dates nor hours.

# %% answer="audit"
def audit(scores, claims):
    seen = audit_scores(scores, "y", "score", groups=["language"]).findings
    for finding in seen:
        if finding.code == "UNDER-SERVED":
            place = sorted(set(scores["language"])).index(finding.about.split(" = ")[1])
            return {"found": ["under-serves-language"], "language": place}
    codes = [finding.code for finding in seen]
    found = ["miscalibrated"] if "MISCALIBRATED" in codes else []
    return {"found": found, "language": None}
