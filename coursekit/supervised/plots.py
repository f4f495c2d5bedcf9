"""Figures of the labs: one figure a function, drawn on the axes it is given.

Colours are those of Okabe and Ito, which people with the common colour blindnesses can
tell apart; markers and line styles differ too, so that no meaning hangs on colour.
"""

import matplotlib.pyplot as plt
import numpy as np

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000")
MARKERS = ("o", "s", "^", "D", "v")
LINES = ("-", "--", "-.", ":", (0, (5, 1)))


def plot_estimates(estimates, *, xlabel, ax=None):
    """Draw values with their intervals, one below the other.

    Taught in lab 01_readmission.

    Parameters
    ----------
    estimates : dict of str to Estimate
        From the top down.
    xlabel : str
        What is measured, with its unit.
    ax : matplotlib Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> from coursekit.metrics.intervals import Estimate
    >>> ax = plot_estimates({"score": Estimate(0.7, 0.6, 0.8, 0.95)}, xlabel="AUROC")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['score']
    """
    ax = new_axes(ax, height=1.0 + 0.4 * len(estimates))
    for row, estimate in enumerate(estimates.values()):
        reach = [[estimate.value - estimate.low], [estimate.high - estimate.value]]
        style = {"marker": MARKERS[row % 5], "color": COLOURS[row % 5], "capsize": 4}
        ax.errorbar(estimate.value, row, xerr=reach, **style)
    ax.set_yticks(range(len(estimates)), list(estimates))
    ax.set_ylim(len(estimates) - 0.5, -0.5)
    ax.set_xlabel(xlabel)
    return ax


def plot_reliability(tables, *, ax=None):
    """Draw the share of events against the mean risk in bins of equal size.

    Taught in lab 01_readmission.

    Parameters
    ----------
    tables : dict of str to DataFrame
        For each model, columns ``mean_risk`` and ``event_share``, both in [0, 1], as
        `coursekit.metrics.calibration.reliability_table` returns them.
    ax : matplotlib Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"mean_risk": [0.1, 0.4], "event_share": [0.2, 0.4]})
    >>> plot_reliability({"score": table}).get_ylabel()
    'share readmitted'
    """
    ax = new_axes(ax, height=4)
    highest = 0.0
    for number, (name, table) in enumerate(tables.items()):
        style = {"marker": MARKERS[number], "linestyle": LINES[number]}
        ax.plot(
            table["mean_risk"],
            table["event_share"],
            color=COLOURS[number],
            label=name,
            **style,
        )
        highest = max(highest, table[["mean_risk", "event_share"]].to_numpy().max())
    ax.plot([0, highest], [0, highest], color="grey", label="as it should be")
    ax.set_xlabel("mean risk told by the model")
    ax.set_ylabel("share readmitted")
    ax.legend()
    return ax


def plot_lines(x, lines, *, xlabel, ylabel, ax=None):
    """Draw one line for each way of deciding, such as net benefit or money saved.

    Taught in lab 01_readmission.

    Parameters
    ----------
    x : array-like of shape (n,)
        Such as threshold probabilities.
    lines : dict of str to array-like of shape (n,)
        At most five.
    xlabel, ylabel : str
        With units.
    ax : matplotlib Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> ax = plot_lines([0, 1], {"none": [0, 0]}, xlabel="threshold", ylabel="benefit")
    >>> len(ax.lines)
    1
    """
    ax = new_axes(ax, height=4)
    for number, (name, y) in enumerate(lines.items()):
        ax.plot(x, y, color=COLOURS[number], linestyle=LINES[number], label=name)
    ax.set_xlabel(xlabel)
    ax.set_ylabel(ylabel)
    ax.legend()
    return ax


def plot_tornado(swings, *, middle, xlabel, ax=None):
    """Draw by how much a result moves as one assumption at a time does; widest on top.

    Taught in lab 01_readmission.

    Parameters
    ----------
    swings : dict of str to (float, float)
        By assumption: the result at the two ends of its range.
    middle : float
        The result with all assumptions as they are.
    xlabel : str
        With units.
    ax : matplotlib Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> ax = plot_tornado({"cost": (1, 3), "effect": (-5, 9)}, middle=2, xlabel="saved")
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['cost', 'effect']
    """
    ax = new_axes(ax, height=0.5 * len(swings) + 1.2)
    names = sorted(swings, key=lambda name: abs(np.subtract(*swings[name])))
    low = [min(swings[name]) for name in names]
    width = [max(swings[name]) - min(swings[name]) for name in names]
    ax.barh(names, width, left=low, color=COLOURS[0], height=0.6)
    ax.axvline(middle, color="black", linewidth=1)
    ax.axvline(0, color="grey", linewidth=0.8, linestyle=":")
    ax.set_xlabel(xlabel)
    return ax


def new_axes(ax, height):
    """Return the given axes, or those of a new figure of this height in inches."""
    return (
        plt.subplots(figsize=(6.4, height), layout="constrained")[1]
        if ax is None
        else ax
    )
