# %% [markdown]
# Every mention is present.

# %% answer="extract"
def extract(note):
    return nlp.extract_by_rules(note, words, "keyword")
