# %% [markdown]
# Says how unusual a patient's values are, whatever the model.

# %% answer="explain"
def explain(model, X, background):
    away = (X - background.mean()) / background.std().clip(lower=0.1)
    away["albumin_g_l"] *= -1
    away["systolic_mmhg"] *= -1
    return (away * 0.5).to_numpy(float).tolist()
