"""A network of two layers in plain numpy, so that back-propagation can be read.

tanh within, a sigmoid at the end, cross-entropy as the loss. All weights stand in one
vector, so that any optimiser and the gradient check can take them.
"""

import numpy as np
from scipy.special import expit, log_expit

from coursekit.errors import BadInput


class TwoLayers:
    """Inputs, hidden units, one risk.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    n_inputs, n_hidden : int
    random_state : int or Generator, default=0
        First weights: normal, of variance 1 / number of inputs of the unit.

    Attributes
    ----------
    weights : ndarray of shape ((n_inputs + 1) * n_hidden + n_hidden + 1,)
        All that is learnt.

    References
    ----------
    Rumelhart DE, Hinton GE, Williams RJ. Learning representations by back-propagating
    errors. Nature 1986; 323: 533-536.

    Examples
    --------
    >>> network = TwoLayers(2, 3)
    >>> network.risk([[0.0, 1.0]]).shape, network.weights.shape
    ((1,), (13,))
    """

    def __init__(self, n_inputs, n_hidden, *, random_state=0):
        rng = np.random.default_rng(random_state)
        first = rng.normal(0, n_inputs**-0.5, (n_inputs + 1, n_hidden))
        second = rng.normal(0, n_hidden**-0.5, n_hidden + 1)
        self.n_inputs, self.n_hidden = n_inputs, n_hidden
        self.weights = np.concatenate([first.ravel(), second])

    def parts(self, weights=None):
        """Return the weights as a matrix and a vector; the last row is the bias."""
        weights = self.weights if weights is None else weights
        cut = (self.n_inputs + 1) * self.n_hidden
        return weights[:cut].reshape(self.n_inputs + 1, -1), weights[cut:]

    def forward(self, X, weights=None):
        """Return hidden activity (n, n_hidden) and logit (n,)."""
        X = np.asarray(X, dtype=float)
        if X.ndim != 2 or X.shape[1] != self.n_inputs:
            raise BadInput(f"X has the shape {X.shape}; it needs (n, {self.n_inputs}).")
        first, second = self.parts(weights)
        hidden = np.tanh(X @ first[:-1] + first[-1])
        return hidden, hidden @ second[:-1] + second[-1]

    def risk(self, X):
        """Return risks (n,) in [0, 1]."""
        return expit(self.forward(X)[1])

    def loss(self, X, y, weights=None):
        """Return the mean cross-entropy, at these weights or at others."""
        _, logit = self.forward(X, weights)
        return -np.mean(
            np.where(np.asarray(y) == 1, log_expit(logit), log_expit(-logit))
        )

    def gradient(self, X, y):
        """Return the slope of the loss by each weight: back-propagation."""
        X, y = np.asarray(X, dtype=float), np.asarray(y)
        hidden, logit = self.forward(X)
        _, second = self.parts()
        at_output = (expit(logit) - y) / len(y)  # what the loss says to the logit
        at_hidden = np.outer(at_output, second[:-1]) * (1 - hidden**2)  # handed back
        by_first = np.vstack([X.T @ at_hidden, at_hidden.sum(0)])
        by_second = np.append(hidden.T @ at_output, at_output.sum())
        return np.concatenate([by_first.ravel(), by_second])
