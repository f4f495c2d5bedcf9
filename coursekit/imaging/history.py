"""What happened in training, epoch by epoch."""

from dataclasses import dataclass, field

import pandas as pd


@dataclass(frozen=True)
class Epoch:
    """One pass over the training films.

    Examples
    --------
    >>> Epoch(0.5, tune_loss=0.4, tune_auroc=0.9).rank > Epoch(0.1, 0.3, 0.8).rank
    True
    """

    train_loss: float  # mean over the films, as augmented and weighed
    tune_loss: float = float("nan")  # mean cross-entropy; NaN without tune films
    tune_auroc: float = float("nan")  # NaN for several classes, or without both kinds
    learning_rate: float = 0.0  # at the end of the epoch
    seconds: float = 0.0

    @property
    def rank(self):
        """What is compared to choose an epoch: AUROC, then the lower loss."""
        auroc = self.tune_auroc
        return (auroc if auroc == auroc else 0.0, -self.tune_loss)


@dataclass
class History:
    """The epochs of a training, and which of them the network was left at.

    Examples
    --------
    >>> history = History([Epoch(0.7, 0.6, 0.8), Epoch(0.5, 0.5, 0.9)], best_epoch=1)
    >>> history.frame()["tune_auroc"].tolist()
    [0.8, 0.9]
    """

    epochs: list = field(default_factory=list)
    best_epoch: int = -1  # counted from 0; the last without tune films

    def frame(self):
        """Return a DataFrame with a row per epoch and a column per measure."""
        return pd.DataFrame(self.epochs).rename_axis("epoch")
