# %% [markdown]
# A negation among the few words before a mention denies it.

# %% answer="extract"
def extract(note):
    return nlp.extract_by_rules(note, words, "window")
