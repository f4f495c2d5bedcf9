"""Where on the film a network looks: Grad-CAM, in a dozen lines."""

import torch
from torch.nn import functional

from coursekit.errors import BadInput
from coursekit.imaging.films import read_films, to_unit
from coursekit.imaging.predicting import device_of, evaluating


def grad_cam(network, films, *, layer=None, output=0):
    """Return a map of what raises the logit, film by film.

    The features of a layer are summed, each weighed by the mean gradient of the logit
    with respect to it, and what is below 0 is cut off.

    Parameters
    ----------
    network : torch.nn.Module
        Mode and parameters stay as they are.
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        uint8 in 0..255 or float in [0, 1]. All at once: give some dozens.
    layer : torch.nn.Module, optional
        A part of the network that gives (n, n_features, height', width'). By default
        ``network.features``, the last before pooling.
    output : int, default=0
        Which of the network's outputs.

    Returns
    -------
    ndarray of float32, shape (n, height, width)
        At least 0, of no unit: compare places within a film, not films. All 0 if
        nothing raises the logit.

    References
    ----------
    Selvaraju RR, Cogswell M, Das A, et al. Grad-CAM: visual explanations from deep
    networks via gradient-based localization. ICCV 2017.

    Examples
    --------
    >>> import numpy as np
    >>> from coursekit.imaging import SmallCNN
    >>> grad_cam(SmallCNN(), np.zeros((2, 28, 28), dtype="uint8")).shape
    (2, 28, 28)
    """
    layer = getattr(network, "features", None) if layer is None else layer
    if layer is None:
        raise BadInput("The network has no part called features; name a layer.")
    films = to_unit(read_films(films, device_of(network)))
    kept = []
    hook = layer.register_forward_hook(lambda *call: kept.append(call[-1]))
    try:
        with evaluating(network), torch.enable_grad():
            logit = network(films.requires_grad_())[:, output]
    finally:
        hook.remove()
    [slope] = torch.autograd.grad(logit.sum(), kept)
    weight = slope.mean((2, 3), keepdim=True)
    maps = functional.relu((weight * kept[0]).sum(1, keepdim=True))
    maps = functional.interpolate(maps, films.shape[2:], mode="bilinear")
    return maps[:, 0].detach().cpu().numpy()
