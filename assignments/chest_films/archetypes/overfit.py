# %% [markdown]
# The five training films that look most alike decide: the training films are known by
# heart.

# %% answer="model"
from sklearn.neighbors import KNeighborsClassifier

from coursekit.imaging import mask_corners


def pixels(films):
    films = mask_corners(films, 12)[:, 0].reshape(len(films), 16, 4, 16, 4)
    return films.mean(axis=(2, 4)).reshape(len(films), -1)


neighbours = KNeighborsClassifier(5, weights="distance").fit(pixels(train.X), train.y)


def model(films):
    return neighbours.predict_proba(pixels(films))[:, 1]


# %% answer="heatmap"
def heatmap(films):
    return np.ones((len(films), 64, 64))
