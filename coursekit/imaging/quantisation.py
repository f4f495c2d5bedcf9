"""Weights in one byte instead of four.

Written out rather than taken from torch, whose own quantisation of whole networks is
deprecated. What it shows is size and loss of accuracy; a plain layer like this one
computes in float32 and is not faster.
"""

import copy

import torch
from torch import nn
from torch.nn import functional

HIGHEST = 127


def to_int8(weight):
    """Return weights as int8 and the scale of each output, so that w = scale * q.

    Examples
    --------
    >>> to_int8(torch.tensor([[1.0, -2.0], [0.0, 0.0]]))[0]
    tensor([[  64, -127],
            [   0,    0]], dtype=torch.int8)
    """
    per_output = weight.detach().flatten(1).abs().amax(1)
    scale = (per_output / HIGHEST).clamp(min=torch.finfo(torch.float32).tiny)
    scale = scale.view(-1, *[1] * (weight.ndim - 1))
    return (weight.detach() / scale).round().to(torch.int8), scale


class Int8Layer(nn.Module):
    """A linear or convolutional layer with int8 weights, for prediction only.

    Examples
    --------
    >>> Int8Layer(nn.Linear(3, 2))(torch.zeros(1, 3)).shape
    torch.Size([1, 2])
    """

    def __init__(self, layer):
        super().__init__()
        weight, scale = to_int8(layer.weight)
        self.register_buffer("weight", weight)
        self.register_buffer("scale", scale)
        bias = layer.bias
        self.register_buffer("bias", None if bias is None else bias.detach().clone())
        self.stride = getattr(layer, "stride", None)
        self.padding = getattr(layer, "padding", None)

    def forward(self, batch):
        """Return what the layer gave, up to the rounding of its weights."""
        weight = self.weight * self.scale
        if self.stride is None:
            return functional.linear(batch, weight, self.bias)
        return functional.conv2d(batch, weight, self.bias, self.stride, self.padding)


def quantise(network):
    """Return a copy of a network whose weights are int8, one scale an output.

    Linear layers and plain convolutions (no dilation, no groups) are changed; all
    else stays.

    Parameters
    ----------
    network : torch.nn.Module
        Not changed.

    Returns
    -------
    torch.nn.Module
        On the same device; it predicts, and cannot be trained further.

    Examples
    --------
    >>> from coursekit.imaging import SmallCNN
    >>> network = SmallCNN()
    >>> size_bytes(network), size_bytes(quantise(network))
    (62404, 17040)
    """
    network = copy.deepcopy(network)
    if can_be_int8(network):
        return Int8Layer(network)
    for parent in list(network.modules()):
        for name, layer in list(parent.named_children()):
            if can_be_int8(layer):
                setattr(parent, name, Int8Layer(layer))
    return network


def can_be_int8(layer):
    """Return whether a layer is linear or a plain convolution."""
    if isinstance(layer, nn.Conv2d):
        return layer.groups == 1 and layer.dilation == (1, 1)
    return isinstance(layer, nn.Linear)


def size_bytes(network):
    """Return the bytes of all that a network must store to predict.

    Examples
    --------
    >>> size_bytes(nn.Linear(10, 2))
    88
    """
    return sum(t.numel() * t.element_size() for t in network.state_dict().values())
