"""Training for the group that is served worst.

The mean over all films is ruled by the largest group. Group-DRO minimises the loss of
the group with the highest one; weights by group size are the simple alternative.
"""

import numpy as np
import torch

from coursekit.errors import BadInput


def group_weights(group, y=None):
    """Return a weight for each film that makes all groups count the same.

    Parameters
    ----------
    group : array-like of shape (n,)
    y : array-like of shape (n,), optional
        With it, every combination of group and outcome counts the same, so that a
        group's own prevalence is no shortcut.

    Returns
    -------
    ndarray of shape (n,)
        Above 0, with mean 1.

    Examples
    --------
    >>> group_weights(["a", "a", "a", "b"]).round(2)
    array([0.67, 0.67, 0.67, 2.  ])
    """
    cell = number_groups(group)
    if y is not None:
        cell = number_groups(cell * (np.max(y) + 1) + np.asarray(y))
    size = np.bincount(cell)
    return len(cell) / (len(size) * size[cell])


def number_groups(group):
    """Return groups as integers from 0, in order of their names.

    Examples
    --------
    >>> number_groups(["b", "a", "b"])
    array([1, 0, 1])
    """
    group = np.asarray(group)
    if group.ndim != 1 or len(group) == 0:
        raise BadInput("Groups need one value per film and one film at least.")
    return np.unique(group, return_inverse=True)[1]


class GroupDRO:
    """The weights over groups that online group-DRO keeps while training.

    After each batch, the weight of a group grows with ``exp(step * its mean loss)``,
    and all are scaled to sum 1. The group served worst so comes to count most. Use
    with strong weight decay: a network that learns every film by heart has the same
    loss, 0, in all groups (Sagawa 2020).

    Parameters
    ----------
    n_groups : int
    step : float > 0, default=0.01
        The paper's value.

    Attributes
    ----------
    weights : torch.Tensor of shape (n_groups,)
        Sum 1; equal at first.

    References
    ----------
    Sagawa S, Koh PW, Hashimoto TB, Liang P. Distributionally robust neural networks
    for group shifts. ICLR 2020.

    Examples
    --------
    >>> dro = GroupDRO(2, step=1.0)
    >>> loss = dro(torch.tensor([0.0, 1.0]), torch.tensor([0, 1]))
    >>> dro.weights, loss
    (tensor([0.2689, 0.7311]), tensor(0.7311))
    """

    def __init__(self, n_groups, step=0.01):
        self.weights = torch.full((n_groups,), 1 / n_groups)
        self.step = step

    def __call__(self, values, group):
        """Return the weighted loss of a batch, and move the weights.

        `values` are the losses (n,), `group` numbers from 0 (n,). A group that the
        batch lacks keeps its weight, but for the scaling.
        """
        belongs = torch.nn.functional.one_hot(group, len(self.weights)).to(values)
        mean = belongs.T @ values / belongs.sum(0).clamp(min=1)
        grown = self.weights.to(values) * torch.exp(self.step * mean.detach())
        self.weights = grown / grown.sum()
        return self.weights @ mean
