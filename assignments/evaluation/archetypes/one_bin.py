# %% [markdown]
# Takes the calibration error in one bin: mean risk less share of events.

# %% answer="calibration_report"
def calibration_report(y, p):
    return {
        "intercept": calibration_intercept(y, p),
        "slope": calibration_slope(y, p),
        "ici": float(abs(np.mean(p) - np.mean(y))),
    }
