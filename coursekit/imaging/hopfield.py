"""A memory of neurons that completes what it is shown: Hopfield's network.

States are -1 or 1. Every pair of units is joined by a weight; a pattern is kept in all
weights at once, and found again by its own content, not by an address.
"""

import numpy as np

from coursekit.errors import BadInput


def store(patterns):
    """Return the weights that hold patterns, by Hebb's rule.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    patterns : array-like of shape (n_patterns, n_units)
        -1 or 1.

    Returns
    -------
    ndarray of shape (n_units, n_units)
        Symmetric, 0 on the diagonal: the sum of what each pattern wants of each pair,
        divided by the number of units.

    References
    ----------
    Hopfield JJ. Neural networks and physical systems with emergent collective
    computational abilities. PNAS 1982; 79: 2554-2558.

    Examples
    --------
    >>> store([[1, -1]])
    array([[ 0. , -0.5],
           [-0.5,  0. ]])
    """
    patterns = read_states(patterns)
    weights = patterns.T @ patterns / patterns.shape[1]
    np.fill_diagonal(weights, 0)
    return weights


def recall(weights, states, *, sweeps=20, random_state=0):
    """Let each state run downhill until no unit wants to change.

    One unit after another, in random order, takes the sign of what the others tell
    it. The energy falls with each change, so the run ends.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    weights : ndarray of shape (n_units, n_units)
        From `store`.
    states : array-like of shape (n_states, n_units)
        -1 or 1, not changed; each runs by itself.
    sweeps : int, default=20
        At most so many times through all units.
    random_state : int or Generator, default=0
        Order of the units.

    Returns
    -------
    ndarray of shape (n_states, n_units)
        -1 or 1.

    Examples
    --------
    >>> weights = store([[1, 1, 1, -1, -1, -1]])
    >>> recall(weights, [[1, 1, -1, -1, -1, -1]])
    array([[ 1.,  1.,  1., -1., -1., -1.]])
    """
    rng = np.random.default_rng(random_state)
    states = read_states(states).copy()
    for _ in range(sweeps):
        before = states.copy()
        for unit in rng.permutation(states.shape[1]):
            told = states @ weights[:, unit]
            states[:, unit] = np.where(told == 0, states[:, unit], np.sign(told))
        if (states == before).all():
            break
    return states


def energy(weights, states):
    """Return the energy of states; recall never raises it.

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    weights : ndarray of shape (n_units, n_units)
    states : array-like of shape (n_states, n_units)

    Returns
    -------
    ndarray of shape (n_states,)
        Minus half of the sum over all pairs of weight times both states.

    Examples
    --------
    >>> energy(store([[1, -1]]), [[1, -1], [1, 1]])
    array([-0.5,  0.5])
    """
    states = read_states(states)
    return -0.5 * np.einsum("ni,ij,nj->n", states, weights, states)


def recall_error(n_units, n_patterns, *, damage=0.0, random_state=0):
    """Return the share of units that are wrong after recalling random patterns.

    Patterns are stored, damaged and recalled. Up to about 0.138 patterns per unit
    the share is below 2 %; above, the memory breaks down (Amit 1985).

    Taught in lab 04_hopfield_to_backprop.

    Parameters
    ----------
    n_units, n_patterns : int
    damage : float in [0, 1], default=0
        Chance of each unit to be turned over before recall.
    random_state : int or Generator, default=0

    Returns
    -------
    float in [0, 1]
        0.5 is what guessing gives.

    References
    ----------
    Amit DJ, Gutfreund H, Sompolinsky H. Storing infinite numbers of patterns in a
    spin-glass model of neural networks. Physical Review Letters 1985; 55: 1530-1533.

    Examples
    --------
    >>> recall_error(100, 3)
    0.0
    """
    rng = np.random.default_rng(random_state)
    patterns = rng.choice([-1.0, 1.0], (n_patterns, n_units))
    shown = np.where(rng.random(patterns.shape) < damage, -patterns, patterns)
    found = recall(store(patterns), shown, random_state=rng)
    return float((found != patterns).mean())


def read_states(states):
    """Return states as floats of shape (n, n_units), or raise BadInput."""
    states = np.asarray(states, dtype=float)
    if states.ndim != 2 or not np.isin(states, (-1, 1)).all():
        raise BadInput("States need the shape (n, n_units) and the values -1 and 1.")
    return states
