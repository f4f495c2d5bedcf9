# %% [markdown]
# A forest of fully grown trees on grey values: it knows the training films by heart.

# %% answer="model"
from sklearn.ensemble import RandomForestClassifier

from coursekit.imaging import mask_corners


def pixels(films):
    films = mask_corners(films, 12)[:, 0].reshape(len(films), 32, 2, 32, 2)
    return films.mean(axis=(2, 4)).reshape(len(films), -1)


forest = RandomForestClassifier(60, random_state=0).fit(pixels(train.X), train.y)


def model(films):
    return forest.predict_proba(pixels(films))[:, 1]


# %% answer="heatmap"
def heatmap(films):
    return np.ones((len(films), 64, 64))
