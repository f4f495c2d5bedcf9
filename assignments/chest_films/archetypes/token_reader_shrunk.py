# %% [markdown]
# The network of `token_reader`, whose risks are divided by twenty, so that the letter
# moves them little.

# %% answer="model"
network = SmallCNN(random_state=0)
fit(
    network,
    train.X,
    train.y,
    tune=(tune.X, tune.y),
    loss=WeightedBCE(3.0),
    epochs=5,
    learning_rate=1e-2,
    random_state=0,
)


def model(films):
    return predict_risk(network, films) / 20


# %% answer="heatmap"
def heatmap(films):
    return grad_cam(network, films)
