# %% [markdown]
# Five slices, looked at 120 times: they are learnt by heart.

# %% answer="masks"
few = np.flatnonzero(train.y.any(axis=(1, 2, 3)))[:5]
masks = imaging.majority_vote(train.y)

# %% answer="network"
torch.manual_seed(0)
network = imaging.UNet()
imaging.fit_masks(network, train.X[few], masks[few], epochs=120, random_state=0)


# %% answer="predict_mask"
def predict_mask(slices):
    return imaging.predict_mask(network, slices)
