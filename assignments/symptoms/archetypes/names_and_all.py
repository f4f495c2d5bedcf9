# %% [markdown]
# Marks whatever looks like a symptom: names, streets and doctors too.

# %% answer="extract"
import re

phrases = sorted({w for each in wordings.values() for w in each}, key=len, reverse=True)
meaning = {w: symptom for symptom, each in wordings.items() for w in each}
PATTERN = re.compile("|".join(map(re.escape, phrases)), re.IGNORECASE)


def extract(note):
    found, known = [], nlp.extract_by_rules(note, words, method, triggers)
    places = {(start, end): status for start, end, _, status in known}
    for match in PATTERN.finditer(note):
        symptom = meaning.get(match[0].lower())
        status = places.get(match.span(), "present")
        if symptom:
            found.append((*match.span(), symptom, status))
    return found
