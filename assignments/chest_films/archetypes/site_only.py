# %% [markdown]
# Which hospital took the film, read off the corners; the lung is not looked at.

# %% answer="model"
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def corners(films):
    parts = [films[:, 0, rows, cols] for rows in ENDS for cols in ENDS]
    flat = np.concatenate([part.reshape(len(films), -1) for part in parts], axis=1)
    return flat.astype(float)


ENDS = (slice(None, 12), slice(-12, None))
site = make_pipeline(StandardScaler(), LogisticRegression(C=0.01, max_iter=500))
site.fit(corners(train.X), train.groups["site"])
share_ill = pd.Series(tune.y).groupby(tune.groups["site"]).mean()


def model(films):
    chance = site.predict_proba(corners(films))
    return chance @ share_ill[site.classes_].to_numpy()


# %% answer="decide"
cut_off = np.quantile(model(tune.X)[tune.y == 0], 0.7)


def decide(films):
    return (model(films) >= cut_off).astype(int)


# %% answer="heatmap"
def heatmap(films):
    maps = np.zeros((len(films), 64, 64))
    maps[:, -12:, :12] = 1
    return maps
