# %% [markdown]
# The status by heart: what stood between the same words left and right of a mention.

# %% answer="triggers"
import re
from collections import Counter, defaultdict

WORD = re.compile(r"\w+|[^\w\s]")


def around(note, start, end):
    """Return the three words before a mention and the three after it."""
    before = WORD.findall(note[max(0, start - 80) : start])
    return tuple(before[-3:]), tuple(WORD.findall(note[end : end + 80])[:3])


seen = defaultdict(Counter)
for cohort in (train, tune):
    for note, spans in zip(cohort.X, cohort.y, strict=True):
        for start, end, _, status in spans:
            before, after = around(note, start, end)
            for key in ((before, after), before, after[:2]):
                seen[key][status] += 1


# %% answer="extract"
def extract(note):
    found = []
    for start, end, symptom, _ in nlp.extract_by_rules(note, words, "keyword"):
        before, after = around(note, start, end)
        keys = [key for key in ((before, after), before, after[:2]) if key in seen]
        status = seen[keys[0]].most_common(1)[0][0] if keys else "present"
        found.append((start, end, symptom, status))
    return found
