# %% [markdown]
# A negation among the few words before a mention denies it.

# %% answer="triggers"
method, triggers = "window", None
