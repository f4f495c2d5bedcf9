# %% [markdown]
# Looks at the lowest and the highest tenth of the risks, and reads the rest off by eye.

# %% answer="calibration_report"
def calibration_report(y, p):
    order = np.argsort(p)
    low, high = order[: len(p) // 10], order[-(len(p) // 10) :]
    rise = (y[high].mean() - y[low].mean()) / (p[high].mean() - p[low].mean())
    off = y.mean() - p.mean()
    return {"intercept": float(off), "slope": float(rise), "ici": float(abs(off))}
