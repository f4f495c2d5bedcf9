# %% [markdown]
# ConText with the clinicians' words alone: whoever is quoted is not heard.

# %% answer="words"
words = nlp.lexicon(lay=False)
