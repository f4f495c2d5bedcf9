"""Losses for rare disease: one value per film, so that films can be weighed.

Each takes logits. A sigmoid before them would be applied twice and flatten what the
network can learn.
"""

from dataclasses import dataclass

from torch.nn import functional


def plain_loss(logits, y):
    """Return the cross-entropy of each film: binary for one output, else by class.

    Examples
    --------
    >>> import torch
    >>> plain_loss(torch.zeros(2, 1), torch.tensor([0.0, 1.0]))
    tensor([0.6931, 0.6931])
    """
    if logits.shape[1] > 1:
        return functional.cross_entropy(logits, y, reduction="none")
    return functional.binary_cross_entropy_with_logits(
        logits[:, 0], y, reduction="none"
    )


@dataclass(frozen=True)
class WeightedBCE:
    """Binary cross-entropy in which a film of the ill counts more.

    Risks learnt so are too high, as if the disease were `positive_weight` times as
    common; the order of the patients is what it is for.

    Parameters
    ----------
    positive_weight : float > 0, default=1
        Such as healthy films / ill films, which makes both weigh the same.

    Examples
    --------
    >>> import torch
    >>> WeightedBCE(3.0)(torch.zeros(2, 1), torch.tensor([0.0, 1.0]))
    tensor([0.6931, 2.0794])
    """

    positive_weight: float = 1.0

    def __call__(self, logits, y):
        """Return the loss of each film, (n,), for logits (n, 1) and y (n,)."""
        weight = 1 + (self.positive_weight - 1) * y
        return weight * plain_loss(logits, y)


@dataclass(frozen=True)
class FocalLoss:
    """Binary cross-entropy that looks away from films already told rightly.

    Each film counts ``(1 - p) ** gamma``, where p is the chance given to what is the
    case. Risks learnt so are drawn towards one half: recalibrate them.

    Parameters
    ----------
    gamma : float >= 0, default=2
        0 is plain cross-entropy.
    alpha : float in (0, 1) or None, default=None
        Weight of the ill; the others get 1 - alpha. The paper used 0.25. None
        weighs both 1.

    References
    ----------
    Lin T-Y, Goyal P, Girshick R, He K, Dollár P. Focal loss for dense object
    detection. ICCV 2017.

    Examples
    --------
    >>> import torch
    >>> FocalLoss(gamma=2)(torch.zeros(2, 1), torch.tensor([0.0, 1.0]))
    tensor([0.1733, 0.1733])
    """

    gamma: float = 2.0
    alpha: float | None = None

    def __call__(self, logits, y):
        """Return the loss of each film, (n,), for logits (n, 1) and y (n,)."""
        values = plain_loss(logits, y)
        missed = -(-values).expm1()  # 1 - p, since the loss is -log p
        if self.alpha is not None:
            values = values * (self.alpha * y + (1 - self.alpha) * (1 - y))
        return missed.clamp(min=1e-12) ** self.gamma * values
