"""Weights that are set to 0 because they are small.

What it shows is how many weights a network can do without. A zero takes as many bytes
as any number until it is stored in a format that leaves zeros out.
"""

import copy

import torch
from torch import nn
from torch.nn.utils import prune

from coursekit.errors import BadInput


def prune_smallest(network, share):
    """Return a copy of a network with its smallest weights set to 0.

    All weights of linear and convolutional layers are ranked together by their size
    without the sign. Biases and normalisations stay.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    network : torch.nn.Module
        Not changed.
    share : float in [0, 1)
        Of these weights.

    Returns
    -------
    torch.nn.Module
        In the mode and on the device of the network. Trained on, it changes the zeros
        too.

    Raises
    ------
    BadInput
        If the share is outside [0, 1), or there is no such layer.

    References
    ----------
    Han S, Pool J, Tran J, Dally WJ. Learning both weights and connections for efficient
    neural networks. NeurIPS 2015.

    Examples
    --------
    >>> layer = nn.Linear(4, 1)
    >>> layer.weight.data = torch.tensor([[0.5, 0.1, 0.2, -3.0]])
    >>> prune_smallest(layer, 0.5).weight.tolist()
    [[0.5, 0.0, 0.0, -3.0]]
    """
    if not 0 <= share < 1:
        raise BadInput(f"The share to prune is {share}; give 0 or more, less than 1.")
    network = copy.deepcopy(network)
    weights = [(layer, "weight") for layer in prunable(network)]
    if not weights:
        raise BadInput("The network has no linear or convolutional layer.")
    prune.global_unstructured(weights, prune.L1Unstructured, amount=float(share))
    for layer, name in weights:
        prune.remove(layer, name)  # keep the zeros, drop torch's mask
    return network


def share_of_zeros(network):
    """Return the share of the weights of linear and convolutional layers that are 0.

    Taught in lab 04_hopfield_to_backprop.

    Examples
    --------
    >>> layer = nn.Linear(4, 1)
    >>> layer.weight.data = torch.tensor([[0.5, 0.0, 0.2, -3.0]])
    >>> share_of_zeros(layer)
    0.25
    """
    weights = [layer.weight.detach().ravel() for layer in prunable(network)]
    if not weights:
        raise BadInput("The network has no linear or convolutional layer.")
    return float((torch.cat(weights) == 0).float().mean())


def prunable(network):
    """Return the layers whose weights may be set to 0."""
    return [p for p in network.modules() if isinstance(p, nn.Conv2d | nn.Linear)]
