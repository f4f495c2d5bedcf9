# %% [markdown]
# Every mention is present.

# %% answer="triggers"
method, triggers = "keyword", None
