"""How long a patient waits for the network."""

import time

import numpy as np
import torch

from coursekit.imaging.films import read_films, to_unit
from coursekit.imaging.predicting import device_of, evaluating


def latency_ms(network, films, *, repeats=30, quantile=0.5):
    """Return the time of one call, in milliseconds.

    Parameters
    ----------
    network : torch.nn.Module
        Run where it is; its mode is put back.
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        The batch that is sent at once: one film is what a ward waits for, many are
        what a night's archive takes.
    repeats : int, default=30
        Timed calls, after three that are not.
    quantile : float in [0, 1], default=0.5
        0.5 is the median; a promise to a ward is better made on 0.95.

    Returns
    -------
    float > 0
        Depends on the machine, its threads and what else it does: report those.

    Examples
    --------
    >>> from coursekit.imaging import SmallCNN
    >>> latency_ms(SmallCNN(), np.zeros((1, 28, 28), dtype="uint8"), repeats=3) > 0
    True
    """
    films = to_unit(read_films(films, device_of(network)))
    with evaluating(network), torch.no_grad():
        waits = [one_call(network, films) for _ in range(repeats + 3)][3:]
    return float(np.quantile(waits, quantile))


def one_call(network, films):
    """Return the milliseconds of one call; a cuda device is waited for."""
    started = time.perf_counter()
    network(films)
    if films.is_cuda:
        torch.cuda.synchronize(films.device)
    return 1000 * (time.perf_counter() - started)
