# %% [markdown]
# One rater's outlines are taken for the truth: with rater c,
# group B's tumours are drawn too large.

# %% answer="masks"
masks = train.y[:, 2]

# %% answer="network"
torch.manual_seed(0)
network = imaging.UNet()
imaging.fit_masks(network, train.X, masks, epochs=5, random_state=0)


# %% answer="predict_mask"
def predict_mask(slices):
    return imaging.predict_mask(network, slices)
