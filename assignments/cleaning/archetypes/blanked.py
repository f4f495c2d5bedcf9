# %% [markdown]
# Everything is blanked, so that no fault is left.

# %% answer="clean"
def clean(df):
    kept = df[["encounter_id"]]
    return kept.reindex(columns=[name for name in df if name not in LATER])
