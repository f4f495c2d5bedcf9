"""Whether a gradient worked out by hand is right: ask the function itself."""

import numpy as np

from coursekit.errors import BadInput


def numeric_gradient(function, point, *, step=1e-5):
    """Return the slope of a function in every direction, by central differences.

    Slow, and hard to get wrong: two values of the function for each number.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    function : callable
        Takes an array like `point`, returns one number.
    point : array-like of any shape
        Where; not changed. float64, or the differences drown in rounding.
    step : float > 0, default=1e-5
        How far to each side.

    Returns
    -------
    ndarray of the shape of `point`

    Examples
    --------
    >>> numeric_gradient(lambda x: (x**2).sum(), [1.0, -3.0]).round(6)
    array([ 2., -6.])
    """
    point = np.array(point, dtype=np.float64)
    slope = np.empty_like(point)
    for place in np.ndindex(point.shape):
        centre = point[place]
        point[place] = centre + step
        above = function(point)
        point[place] = centre - step
        slope[place] = (above - function(point)) / (2 * step)
        point[place] = centre
    return slope


def gradient_error(function, gradient, point, *, step=1e-5):
    """Return how far a gradient is from the numeric one, relative to both.

    Below 1e-6 the gradient may be believed; a forgotten factor gives 0.01 to 1. Check
    at random points: at 0 many mistakes cannot be seen.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    function : callable
        Takes an array like `point`, returns one number.
    gradient : array-like of the shape of `point`
        To be judged.
    point : array-like
        Where.
    step : float > 0, default=1e-5

    Returns
    -------
    float in [0, 1]
        Length of the difference, divided by the sum of both lengths; 0 if both are 0.

    Examples
    --------
    >>> def loss(x):
    ...     return (x**3).sum()
    >>> gradient_error(loss, [3.0, 12.0], [1.0, 2.0]) < 1e-6
    True
    >>> gradient_error(loss, [1.0, 4.0], [1.0, 2.0]).__round__(2)  # the 3 forgotten
    0.5
    """
    gradient, point = np.asarray(gradient, dtype=float), np.asarray(point, dtype=float)
    if gradient.shape != point.shape:
        raise BadInput(f"Gradient {gradient.shape}, point {point.shape}: not alike.")
    numeric = numeric_gradient(function, point, step=step)
    whole = np.linalg.norm(gradient) + np.linalg.norm(numeric)
    return float(np.linalg.norm(gradient - numeric) / whole) if whole > 0 else 0.0
