"""What a smaller gap costs: decisions between one cut-off and one a group."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from scipy.optimize import brentq

from coursekit.errors import BadInput, NotEstimable
from coursekit.fairness.group_thresholds import cut_off_for_sensitivity
from coursekit.metrics import net_benefit, sensitivity_by_group
from coursekit.metrics.inputs import read_group, read_outcome_and_risk

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#000000")  # Okabe and Ito
MARKERS = ("s", "^", "D", "v", "P")


def frontier_table(y, risk, group, *, alert_rate, threshold_probability, n_points=11):
    """Return gap and net benefit on the way from one cut-off to equal sensitivity.

    Taught in lab 10_repair. At way 0 all groups have one cut-off; at way 1 all have one
    sensitivity; between them each group's distance from the mean sensitivity shrinks
    in proportion. The alert rate is the same all along.

    Parameters
    ----------
    y : array-like of shape (n,)
        0 or 1, audited.
    risk : array-like of shape (n,)
        Probabilities.
    group : array-like of shape (n,)
    alert_rate : float in (0, 1)
    threshold_probability : float in (0, 1)
        Risk at which an alert is just worth its trouble; for the net benefit.
    n_points : int, at least 2

    Returns
    -------
    DataFrame
        ``way``, ``gap`` (in sensitivity, largest difference), ``net_benefit``,
        ``alert_rate``, and ``sensitivity_<group>``.

    Raises
    ------
    NotEstimable
        If a group has no ill patients.

    Examples
    --------
    >>> y, risk = [1, 1, 0, 0] * 2, [0.9, 0.7, 0.5, 0.1, 0.6, 0.4, 0.3, 0.1]
    >>> table = frontier_table(
    ...     y, risk, list("aaaabbbb"), alert_rate=0.5, threshold_probability=0.3
    ... )
    >>> table["gap"].iloc[[0, -1]].tolist()
    [0.5, 0.0]
    """
    if n_points < 2 or not 0 < alert_rate < 1:
        raise BadInput("A frontier needs two points and an alert rate in (0, 1).")
    ill, risk = read_outcome_and_risk(y, risk)
    code, labels = read_group(group, len(ill))
    found = [np.sort(risk[ill & (code == g)]) for g in range(len(labels))]
    if min(len(risks) for risks in found) == 0:
        raise NotEstimable("A group has no ill patients: it has no sensitivity.")
    cut = np.quantile(risk, 1 - alert_rate)
    start = np.array([np.mean(risks >= cut) for risks in found])
    rows = []
    for way in np.linspace(0, 1, n_points):
        apart = (1 - way) * (start - start.mean())
        cuts = np.array(cuts_apart(found, apart, risk, code, alert_rate))
        alerts = (risk >= (cut if way == 0 else cuts[code])).astype(int)
        rows.append(point(way, ill.astype(int), alerts, group, threshold_probability))
    return pd.DataFrame(rows)


def cuts_apart(found, apart, risk, code, alert_rate):
    """Return cut-offs with which sensitivities lie this far from a common level.

    The level is the one that gives the alert rate.
    """

    def cuts_at(level):
        return [
            cut_off_for_sensitivity(risks, np.clip(level + distance, 0, 1))
            for risks, distance in zip(found, apart, strict=True)
        ]

    def excess(level):
        return np.mean(risk >= np.array(cuts_at(level))[code]) - alert_rate

    low, high = -1.0, 2.0  # beyond these all cut-offs stand still
    if excess(low) >= 0:
        return cuts_at(low)
    if excess(high) <= 0:
        return cuts_at(high)
    return cuts_at(brentq(excess, low, high, xtol=1e-6))


def point(way, y, alerts, group, threshold_probability):
    """Return one row of the frontier."""
    sensitivity = sensitivity_by_group(y, alerts, group)
    return {
        "way": way,
        "gap": float(sensitivity.max() - sensitivity.min()),
        "net_benefit": net_benefit(y, alerts, threshold_probability),
        "alert_rate": float(np.mean(alerts)),
        **{f"sensitivity_{name}": value for name, value in sensitivity.items()},
    }


def plot_frontier(table, models=None, *, ax=None):
    """Draw net benefit against the gap, and other models beside the line.

    Taught in lab 10_repair. Models differ by marker and name, not by colour alone.

    Parameters
    ----------
    table : DataFrame
        As `frontier_table` returns it.
    models : dict of str to (float, float), optional
        Gap and net benefit of up to five other models, by name.
    ax : matplotlib Axes, optional
        Where to draw; by default on a new figure.

    Returns
    -------
    matplotlib Axes
        `frontier_alt_text` is the text for those who cannot see it.

    Examples
    --------
    >>> table = pd.DataFrame({"gap": [0.2, 0.0], "net_benefit": [0.1, 0.09]})
    >>> ax = plot_frontier(table, {"reweighed": (0.1, 0.08)})
    >>> [text.get_text() for text in ax.texts]
    ['one cut-off', 'equal sensitivity', 'reweighed']
    """
    models = {} if models is None else models
    if len(models) > len(MARKERS):
        raise BadInput(f"At most {len(MARKERS)} models can be told apart.")
    if ax is None:
        _, ax = plt.subplots(figsize=(6.4, 4), layout="constrained")
    ax.plot(table["gap"], table["net_benefit"], color="black", marker="o")
    ends = table.iloc[[0, -1]]
    spots = dict(zip(("one cut-off", "equal sensitivity"), ends.index, strict=True))
    places = {n: tuple(table.loc[i, ["gap", "net_benefit"]]) for n, i in spots.items()}
    for number, (gap, benefit) in enumerate(models.values()):
        ax.plot(gap, benefit, MARKERS[number], color=COLOURS[number], markersize=8)
    for name, place in {**places, **models}.items():
        ax.annotate(name, place, xytext=(6, 6), textcoords="offset points")
    ax.set_xlabel("gap in sensitivity between groups")
    ax.set_ylabel("net benefit, true positives per patient")
    ax.margins(x=0.15, y=0.15)
    return ax


def frontier_alt_text(table, models=None):
    """Return in words what `plot_frontier` draws.

    Examples
    --------
    >>> table = pd.DataFrame({"gap": [0.2, 0.0], "net_benefit": [0.1, 0.09]})
    >>> text = frontier_alt_text(table, {"reweighed": (0.1, 0.08)})
    >>> text.split(". ")[-1]
    'Beside the line: reweighed, gap 0.100, net benefit 0.0800.'
    """
    first, last = table.iloc[0], table.iloc[-1]
    text = (
        "Net benefit against the gap in sensitivity. With one cut-off the gap is "
        f"{first['gap']:.3f} and the net benefit {first['net_benefit']:.4f}; with "
        f"equal sensitivity the gap is {last['gap']:.3f} and the net benefit "
        f"{last['net_benefit']:.4f}."
    )
    beside = "; ".join(
        f"{name}, gap {gap:.3f}, net benefit {benefit:.4f}"
        for name, (gap, benefit) in (models or {}).items()
    )
    return f"{text} Beside the line: {beside}." if beside else text
