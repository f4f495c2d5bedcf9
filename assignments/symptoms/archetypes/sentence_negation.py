# %% [markdown]
# One negation anywhere in the sentence denies all that it names.

# %% answer="extract"
def extract(note):
    return nlp.extract_by_rules(note, words, "sentence")
