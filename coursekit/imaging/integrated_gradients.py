"""How much each pixel adds to the logit, so that the parts sum to the whole."""

import numpy as np
import torch

from coursekit.imaging.films import read_films, to_unit
from coursekit.imaging.predicting import device_of, evaluating


def integrated_gradients(network, films, *, baseline=None, output=0, steps=64):
    """Return what each pixel adds to the logit, on the way from a baseline.

    Gradients are averaged along the straight line from the baseline to the film, and
    multiplied by the difference of the two.

    Parameters
    ----------
    network : torch.nn.Module
        Mode and parameters stay as they are.
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        uint8 in 0..255 or float in [0, 1]. All at once: give some dozens.
    baseline : array-like of the shape and type of `films`, or of one film, optional
        The film without information; black (0) by default. The answer depends on it.
    output : int, default=0
        Which of the network's outputs.
    steps : int, default=64
        Places on the line (midpoint rule); more is more exact.

    Returns
    -------
    ndarray of float32, shape (n, channels, height, width)
        In units of the logit. Each film's sum is its logit minus the baseline's, up
        to the error of the steps ("completeness").

    References
    ----------
    Sundararajan M, Taly A, Yan Q. Axiomatic attribution for deep networks. ICML 2017.

    Examples
    --------
    >>> from coursekit.imaging import SmallCNN
    >>> film = np.full((1, 28, 28), 200, dtype="uint8")
    >>> integrated_gradients(SmallCNN(), film, steps=8).shape
    (1, 1, 28, 28)
    """
    device = device_of(network)
    films = to_unit(read_films(films, device))
    start = torch.zeros_like(films)
    if baseline is not None:
        start = to_unit(read_films(baseline, device)).expand_as(films)
    total = torch.zeros_like(films)
    with evaluating(network), torch.enable_grad():
        for share in (np.arange(steps) + 0.5) / steps:
            place = (start + float(share) * (films - start)).requires_grad_()
            logit = network(place)[:, output].sum()
            total += torch.autograd.grad(logit, place)[0]
    return (total / steps * (films - start)).cpu().numpy()
