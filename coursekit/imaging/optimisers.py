"""Three ways to walk down a slope, each a few lines.

An optimiser keeps what it remembers and turns a gradient into a step. torch has the
same ones; these are to be read.
"""

import numpy as np

from coursekit.errors import BadInput


class GradientDescent:
    """A step straight down the slope.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    learning_rate : float > 0

    Examples
    --------
    >>> GradientDescent(0.1).step(np.array([2.0, -1.0]))
    array([-0.2,  0.1])
    """

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate

    def step(self, gradient):
        """Return what to add to the weights."""
        return -self.learning_rate * gradient


class Momentum:
    """A ball that rolls: the last step goes on, less friction.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    learning_rate : float > 0
    friction : float in (0, 1], default=0.1
        Share of the speed that is lost at each step; 1 is plain gradient descent.

    References
    ----------
    Polyak BT. Some methods of speeding up the convergence of iteration methods. USSR
    Computational Mathematics and Mathematical Physics 1964; 4(5): 1-17.

    Examples
    --------
    >>> ball = Momentum(0.1, friction=0.5)
    >>> [ball.step(np.array([1.0])).round(3) for _ in range(3)]
    [array([-0.1]), array([-0.15]), array([-0.175])]
    """

    def __init__(self, learning_rate, friction=0.1):
        self.learning_rate, self.friction = learning_rate, friction
        self.speed = 0.0

    def step(self, gradient):
        """Return what to add to the weights."""
        keep = 1 - self.friction
        self.speed = keep * self.speed - self.learning_rate * gradient
        return self.speed


class Adam:
    """A step of about the same length for each weight, whatever its slope.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    learning_rate : float > 0
        About the length of the steps while the slope keeps its sign.
    beta1, beta2 : float in [0, 1), default=0.9 and 0.999
        How long the mean slope and the mean square are remembered.

    References
    ----------
    Kingma DP, Ba J. Adam: a method for stochastic optimization. ICLR 2015.

    Examples
    --------
    >>> Adam(0.1).step(np.array([1000.0, 0.001])).round(3)
    array([-0.1, -0.1])
    """

    def __init__(self, learning_rate, beta1=0.9, beta2=0.999):
        self.learning_rate, self.beta1, self.beta2 = learning_rate, beta1, beta2
        self.n_steps, self.mean, self.square = 0, 0.0, 0.0

    def step(self, gradient):
        """Return what to add to the weights."""
        self.n_steps += 1
        self.mean = self.beta1 * self.mean + (1 - self.beta1) * gradient
        self.square = self.beta2 * self.square + (1 - self.beta2) * gradient**2
        mean = self.mean / (1 - self.beta1**self.n_steps)  # both began at 0
        square = self.square / (1 - self.beta2**self.n_steps)
        return -self.learning_rate * mean / (np.sqrt(square) + 1e-8)


def descend(gradient, start, optimiser, n_steps):
    """Walk down a slope and return every place on the way.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    gradient : callable
        Takes a place (n_weights,), returns the slope there.
    start : array-like of shape (n_weights,)
    optimiser : GradientDescent, Momentum or Adam
        A fresh one: it remembers.
    n_steps : int

    Returns
    -------
    ndarray of shape (n_steps + 1, n_weights)
        The first is `start`.

    Raises
    ------
    BadInput
        If the walk leaves all bounds: the learning rate is too high.

    Examples
    --------
    >>> descend(lambda x: 2 * x, [1.0], GradientDescent(0.25), 3).ravel()
    array([1.   , 0.5  , 0.25 , 0.125])
    """
    path = [np.array(start, dtype=float)]
    for number in range(n_steps):
        path.append(path[-1] + optimiser.step(gradient(path[-1])))
        if not (np.abs(path[-1]) < 1e12).all():
            raise BadInput(
                f"After {number + 1} steps the weights are beyond 1e12: take a lower "
                "learning rate."
            )
    return np.array(path)
