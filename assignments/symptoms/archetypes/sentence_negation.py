# %% [markdown]
# One negation anywhere in the sentence denies all that it names.

# %% answer="triggers"
method, triggers = "sentence", None
