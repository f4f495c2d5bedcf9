"""Which learning rates are worth trying: one short run that shows it.

A network takes one step at each of many rates, from far too low to far too high. Its
loss stays, then falls, then flies off.
"""

import copy
import math

import numpy as np
import pandas as pd
import torch

from coursekit.errors import BadInput
from coursekit.imaging.films import to_unit
from coursekit.imaging.losses import plain_loss
from coursekit.imaging.predicting import device_of
from coursekit.imaging.randomness import seeded
from coursekit.imaging.training import read_training

REMEMBERED = 0.9  # share of the running mean kept at each step


def learning_rate_range(
    network,
    films,
    y,
    *,
    lowest=1e-5,
    highest=1.0,
    n_steps=100,
    batch_size=32,
    loss=None,
    random_state=0,
):
    """Return the training loss while the learning rate rises from step to step.

    A rate worth trying lies where the loss falls fast, well below where it turns up.
    The steps are those of `fit`, by AdamW. Smith lets the rate rise linearly and looks
    at the accuracy; here it rises by equal factors, so that every power of ten has as
    many steps. It reads training films only, so it uses up no others.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    network : torch.nn.Module
        Not changed: a copy learns.
    films : array-like of shape (n, channels, height, width) or (n, height, width)
        uint8 in 0..255 or float in [0, 1].
    y : array-like of shape (n,)
        0 or 1 with one output, else class numbers from 0.
    lowest, highest : float > 0, default=1e-5 and 1.0
        Of the learning rate.
    n_steps : int >= 2, default=100
        One batch each; the films are gone through as often as that needs.
    batch_size : int, default=32
        As in the training to come.
    loss : callable, optional
        As in `fit`.
    random_state : int or Generator, default=0
        Order of the films, and dropout.

    Returns
    -------
    DataFrame of n_steps rows or fewer
        `learning_rate` and `loss`: the running mean of the losses so far, the last ten
        or so counting most. It ends where the loss is no number any more.

    Raises
    ------
    BadInput
        If a rate is not above 0, or highest not above lowest.

    References
    ----------
    Smith LN. Cyclical learning rates for training neural networks. WACV 2017: 464-472.

    Examples
    --------
    >>> from coursekit.imaging import SmallCNN
    >>> y = np.arange(64) % 2
    >>> films = np.full((64, 1, 16, 16), 100, dtype="uint8")
    >>> films[y == 1, :, 4:8, 4:8] = 200
    >>> tried = learning_rate_range(SmallCNN(), films, y, n_steps=30)
    >>> rate = tried["learning_rate"][tried["loss"].idxmin()]
    >>> bool(1e-4 < rate <= 1)
    True
    """
    if not 0 < lowest < highest or n_steps < 2:
        raise BadInput("Give 0 < lowest < highest, and 2 steps or more.")
    network = copy.deepcopy(network)
    train = read_training(network, films, y, None, None)
    rates = np.geomspace(lowest, highest, n_steps)
    loss = plain_loss if loss is None else loss
    with seeded(random_state, device_of(network)) as generator:
        losses = climb(network, train, loss, rates, batch_size, generator)
    return pd.DataFrame(
        {"learning_rate": rates[: len(losses)], "loss": running_mean(losses)}
    )


def climb(network, train, loss, rates, batch_size, generator):
    """Take one step at each rate; return the loss before it, while it is a number."""
    optimiser = torch.optim.AdamW(network.parameters())
    network.train()
    losses, batches = [], []
    for rate in rates:
        if not batches:
            order = torch.randperm(len(train), generator=generator)
            batches = list(order.to(train.films.device).split(batch_size))
        rows = batches.pop()
        mean = loss(network(to_unit(train.films[rows])), train.y[rows]).mean()
        if not math.isfinite(float(mean.detach())):
            break
        losses.append(float(mean.detach()))
        optimiser.param_groups[0]["lr"] = float(rate)
        optimiser.zero_grad()
        mean.backward()
        optimiser.step()
    return losses


def running_mean(values):
    """Return the running mean of values, of which the latest count most.

    Examples
    --------
    >>> running_mean([1.0, 1.0, 2.0]).round(2)
    array([1.  , 1.  , 1.37])
    """
    means, mean = [], 0.0
    for number, value in enumerate(values, start=1):
        mean = REMEMBERED * mean + (1 - REMEMBERED) * value
        means.append(mean / (1 - REMEMBERED**number))  # it began at 0
    return np.array(means)
