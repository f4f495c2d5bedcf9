"""A network's risks made honest again by one number.

Networks trained long are too sure of themselves. Dividing their logits by one number,
found on films they were not trained on, changes no order and no AUROC.
"""

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_expit, log_softmax

from coursekit.errors import BadInput
from coursekit.imaging.predicting import risk_from_logits

COLDEST, HOTTEST = np.log(0.02), np.log(50)


def mean_log_loss(logits, y):
    """Return the mean negative log-likelihood of (n,) or (n, n_outputs) logits.

    Examples
    --------
    >>> float(mean_log_loss(np.zeros(4), np.array([0, 1, 0, 1]))).__round__(4)
    0.6931
    """
    if logits.ndim == 1:
        return -np.mean(y * log_expit(logits) + (1 - y) * log_expit(-logits))
    return -np.mean(log_softmax(logits, axis=1)[np.arange(len(y)), y])


class TemperatureScaling:
    """Divide logits by the temperature that makes known outcomes most likely.

    Attributes
    ----------
    temperature_ : float > 0
        Above 1: the network was too sure. Sought between 0.02 and 50.

    References
    ----------
    Guo C, Pleiss G, Sun Y, Weinberger KQ. On calibration of modern neural networks.
    ICML 2017.

    Examples
    --------
    >>> logits = np.array([4.0, 4.0, 4.0, -4.0, -4.0, -4.0])
    >>> y = np.array([1, 1, 0, 0, 0, 1])  # right twice in three, but 98 % sure
    >>> scaling = TemperatureScaling().fit(logits, y)
    >>> scaling.temperature_.__round__(2), scaling.risk(logits[:1]).round(2)
    (5.77, array([0.67]))
    """

    def fit(self, logits, y):
        """Find the temperature on films that the network was not trained on.

        Parameters
        ----------
        logits : array-like of shape (n,) or (n, n_outputs)
            From `predict_logits`.
        y : array-like of shape (n,)
            0 or 1, or class numbers.
        """
        logits, y = np.asarray(logits, dtype=float), np.asarray(y)
        if len(logits) != len(y) or len(np.unique(y)) < 2:
            raise BadInput("A temperature needs one outcome per film and both kinds.")
        found = minimize_scalar(
            lambda log_t: mean_log_loss(logits / np.exp(log_t), y),
            bounds=(COLDEST, HOTTEST),
            method="bounded",
            options={"xatol": 1e-6},
        )
        self.temperature_ = float(np.exp(found.x))
        return self

    def risk(self, logits):
        """Return risks in [0, 1] of the same shape, at the temperature found."""
        return risk_from_logits(np.asarray(logits, dtype=float) / self.temperature_)
