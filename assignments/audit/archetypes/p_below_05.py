# %% [markdown]
# Tests each week, twentieth and language at 5 %, and names all that is significant.

# %% answer="audit"
def beyond(scores, rows):
    """Return by how many standard errors the events of some patients are off."""
    y, risk = scores["y"][rows], scores["score"][rows]
    return (y - risk).sum() / np.sqrt((risk * (1 - risk)).sum())


def audit(scores, claims):
    late = (scores["hour_scored"] > scores["hour_settled"]).to_numpy()
    after, before = (
        auroc_interval(scores["y"][rows], scores["score"][rows], level=0.95)
        for rows in (late, ~late)
    )
    n = len(scores)
    weeks = (scores["date"].rank(method="first") - 1) * 52 // n
    twentieths = (scores["score"].rank(method="first") - 1) * 20 // n
    worst = {
        name: beyond(scores, scores["language"] == name)
        for name in sorted(set(scores["language"]))
    }
    names = {
        "leaky": after.low > before.high,
        "drifted": any(abs(beyond(scores, weeks == w)) > 1.96 for w in range(52)),
        "miscalibrated": any(
            abs(beyond(scores, twentieths == t)) > 1.96 for t in range(20)
        ),
        "under-serves-language": max(worst.values()) > 1.96,
    }
    place = list(worst).index(max(worst, key=worst.get))
    found = [name for name, seen in names.items() if seen]
    return {"found": found, "language": place if max(worst.values()) > 1.96 else None}
