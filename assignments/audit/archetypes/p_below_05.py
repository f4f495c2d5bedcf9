# %% [markdown]
# Tests each month, tenth and language at 5 %, and names all that is significant.

# %% answer="audit"
def beyond(scores, rows, claims=None):
    """Return by how many standard errors the events of some patients are off."""
    y, risk = scores["y"][rows], scores["score"][rows]
    return (y - risk).sum() / np.sqrt((risk * (1 - risk)).sum())


def audit(scores, claims):
    late = (scores["hour_scored"] > scores["hour_settled"]).to_numpy()
    after, before = (
        auroc_interval(scores["y"][rows], scores["score"][rows], level=0.95)
        for rows in (late, ~late)
    )
    months, tenths = scores["date"].str[:7], scores["score"].rank(pct=True) * 9.99 // 1
    worst = {
        name: beyond(scores, scores["language"] == name)
        for name in sorted(set(scores["language"]))
    }
    names = {
        "leaky": after.low > before.high,
        "drifted": any(abs(beyond(scores, months == m)) > 1.96 for m in set(months)),
        "miscalibrated": any(
            abs(beyond(scores, tenths == t)) > 1.96 for t in range(10)
        ),
        "under-serves-language": max(worst.values()) > 1.96,
    }
    place = list(worst).index(max(worst, key=worst.get))
    found = [name for name, seen in names.items() if seen]
    return {"found": found, "language": place if max(worst.values()) > 1.96 else None}
