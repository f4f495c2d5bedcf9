"""What a network says of films: always in evaluation mode, never with gradients.

A network left in training mode normalises each film by the others of its batch, so
that a patient's risk would depend on who else was sent along.
"""

import contextlib

import numpy as np
import torch

from coursekit.imaging.films import read_films, to_unit


@contextlib.contextmanager
def evaluating(network):
    """Put a network in evaluation mode within a block; every part goes back after.

    Examples
    --------
    >>> network = torch.nn.Dropout()
    >>> with evaluating(network):
    ...     print(network.training)
    False
    >>> network.training
    True
    """
    modes = [(part, part.training) for part in network.modules()]
    network.eval()
    try:
        yield network
    finally:
        for part, mode in modes:
            part.training = mode


def device_of(network):
    """Return where a network's parameters are; the CPU if it has none."""
    first = next(network.parameters(), None)
    return torch.device("cpu") if first is None else first.device


def predict_logits(network, films, *, batch_size=256, device=None):
    """Return a network's logits for films, batch by batch.

    Parameters
    ----------
    network : torch.nn.Module
        Takes films in [0, 1], gives (n, n_outputs) logits. Its mode is put back.
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        uint8 in 0..255 or float in [0, 1].
    batch_size : int, default=256
        Changes memory and time, not the result (up to rounding).
    device : str or torch.device, optional
        Where to compute; the network is moved there. By default where it is.

    Returns
    -------
    ndarray of float64, shape (n,) with one output, else (n, n_outputs)

    Examples
    --------
    >>> from coursekit.imaging import SmallCNN
    >>> predict_logits(SmallCNN(), np.zeros((3, 28, 28), dtype="uint8")).shape
    (3,)
    """
    device = device_of(network) if device is None else torch.device(device)
    films = read_films(films)
    network.to(device)
    with evaluating(network), torch.no_grad():
        batches = [
            network(to_unit(batch.to(device))).cpu().double().numpy()
            for batch in films.split(batch_size)
        ]
    logits = np.concatenate(batches)
    return logits[:, 0] if logits.shape[1] == 1 else logits


def predict_risk(network, films, *, batch_size=256, device=None):
    """Return each patient's risk as a network sees it.

    Parameters
    ----------
    network, films, batch_size, device
        As for `predict_logits`.

    Returns
    -------
    ndarray of float64 in [0, 1]
        Shape (n,) with one output; else (n, n_outputs), each row summing to 1.

    Examples
    --------
    >>> from coursekit.imaging import SmallCNN
    >>> risk = predict_risk(SmallCNN(), np.zeros((3, 28, 28), dtype="uint8"))
    >>> risk.shape, bool((0 < risk[0] < 1))
    ((3,), True)
    """
    logits = predict_logits(network, films, batch_size=batch_size, device=device)
    return risk_from_logits(logits)


def risk_from_logits(logits):
    """Return sigmoid of (n,) logits, or softmax of (n, n_outputs) ones.

    Examples
    --------
    >>> risk_from_logits(np.array([0.0, 1000.0, -1000.0]))
    array([0.5, 1. , 0. ])
    """
    logits = torch.as_tensor(logits, dtype=torch.float64)
    squash = torch.sigmoid if logits.ndim == 1 else lambda z: torch.softmax(z, dim=1)
    return squash(logits).numpy()
