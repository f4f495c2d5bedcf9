"""Risks that are right on average in every group named, and at every level of risk.

It needs audited patients, and nothing else of the model: it corrects the risk from
outside. A group that is not named is not served.
"""

from itertools import pairwise

import numpy as np
from scipy.special import expit, logit

from coursekit.errors import BadInput
from coursekit.metrics.inputs import read_outcome_and_risk

EDGE = 1e-4  # risks are kept this far from 0 and 1


class MulticalibratedRisk:
    """Corrections of a risk, learnt group by group where it is furthest off.

    Taught in lab 10_repair. As boosting: look for the group and the level of risk where
    mean risk and share of events differ most; move the risk of these patients there;
    again, until no difference is larger than `tolerance`.

    Parameters
    ----------
    tolerance : float above 0
        Largest difference that is left alone.
    n_levels : int
        Of equal size, in each group.
    fewest : int
        Cells with fewer patients are left alone: their share is mostly luck.
    most_steps : int

    Attributes
    ----------
    steps_ : list of (str, float, float, float)
        Group; risk from which and below which; by how much the log odds are moved.

    References
    ----------
    Hébert-Johnson, Kim, Reingold & Rothblum 2018, ICML, PMLR 80:1939-1948.

    Examples
    --------
    >>> import pandas as pd
    >>> y, risk = [1, 0] * 200, [0.3] * 400
    >>> groups = pd.DataFrame({"everyone": [True] * 400})
    >>> model = MulticalibratedRisk(n_levels=1).fit(y, risk, groups)
    >>> model.predict([0.3], groups[:1]).round(2).tolist()
    [0.5]
    """

    def __init__(self, tolerance=0.02, n_levels=5, fewest=100, most_steps=100):
        self.tolerance = tolerance
        self.n_levels = n_levels
        self.fewest = fewest
        self.most_steps = most_steps

    def fit(self, y, risk, groups):
        """Learn the corrections on audited patients.

        Parameters
        ----------
        y : array-like of shape (n,)
            0 or 1, audited.
        risk : array-like of shape (n,)
            Probabilities of a model that has not seen these patients.
        groups : DataFrame of bool, shape (n, n_groups)
            Groups may overlap; intersections are columns of their own.
        """
        ill, risk = read_outcome_and_risk(y, risk)
        members = read_members(groups, len(ill))
        risk = np.clip(risk, EDGE, 1 - EDGE)
        self.steps_ = []
        for _ in range(self.most_steps):
            step, off = self.worst_cell(ill, risk, members)
            if off <= self.tolerance:
                break
            self.steps_.append(step)
            risk = moved(risk, members, step)
        return self

    def worst_cell(self, ill, risk, members):
        """Return the correction of the cell that is furthest off, and how far."""
        worst, most = None, 0.0
        for name, inside in members.items():
            if not inside.any():
                continue
            shares = np.arange(1, self.n_levels) / self.n_levels
            edges = np.quantile(risk[inside], shares)
            for low, high in pairwise(np.unique([0.0, *edges, 1.0])):
                cell = inside & (risk >= low) & (risk < high)
                if cell.sum() < max(self.fewest, 1):
                    continue
                off = abs(np.mean(ill[cell]) - np.mean(risk[cell]))
                if off > most:
                    worst, most = (name, low, high, shift(ill[cell], risk[cell])), off
        return worst, most

    def predict(self, risk, groups):
        """Return the corrected risks of patients, shape (n,), in (0, 1)."""
        risk = np.clip(np.asarray(risk, dtype=float), EDGE, 1 - EDGE)
        members = read_members(groups, len(risk))
        for step in self.steps_:
            risk = moved(risk, members, step)
        return risk


def read_members(groups, n_rows):
    """Return each group's members as an array of bool.

    Examples
    --------
    >>> import pandas as pd
    >>> list(read_members(pd.DataFrame({"old": [True, False]}), 2))
    ['old']
    """
    if len(groups) != n_rows:
        raise BadInput(f"groups has {len(groups)} rows for {n_rows} patients.")
    return {name: groups[name].to_numpy(dtype=bool) for name in groups}


def moved(risk, members, step):
    """Return the risks with one correction made.

    Examples
    --------
    >>> members = {"old": np.array([True, False])}
    >>> step = ("old", 0.0, 1.0, logit(0.8))
    >>> moved(np.array([0.5, 0.5]), members, step).round(2).tolist()
    [0.8, 0.5]
    """
    name, low, high, by = step
    cell = members[name] & (risk >= low) & (risk < high)
    return np.where(cell, np.clip(expit(logit(risk) + by), EDGE, 1 - EDGE), risk)


def shift(ill, risk):
    """Return by how much log odds must move so that the mean risk is the event share.

    Examples
    --------
    >>> float(shift(np.array([True, False]), np.array([0.5, 0.5])))
    0.0
    """
    share = np.clip(np.mean(ill), EDGE, 1 - EDGE)
    by = 0.0
    for _ in range(20):  # Newton
        now = expit(logit(risk) + by)
        by += (share - now.mean()) / max(np.mean(now * (1 - now)), EDGE)
    return by
