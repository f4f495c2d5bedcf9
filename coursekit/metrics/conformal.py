"""Split-conformal sets: all outcomes that cannot be ruled out, for one patient.

On patients that the model was not fitted to, a cut-off is set such that in a share of
`coverage` of new patients of the same kind the true outcome lies in the set. That
holds for all taken together. For a group it holds only where the group has its own
cut-off.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput, NotEstimable
from coursekit.metrics.inputs import read_group, read_outcome_and_risk, read_risk
from coursekit.metrics.limits import normal_quantile, wilson_limits


def conformal_cut_off(y_true, risk, coverage=0.90):
    """Return how unlikely an outcome may be and still stay in the set.

    Parameters
    ----------
    y_true : array-like of shape (n,)
        0 or 1, of calibration patients.
    risk : array-like of shape (n,)
        Probabilities of 1.
    coverage : float in (0, 1)

    Returns
    -------
    float in [0, 1]
        The ``ceil((n + 1) * coverage)``-th smallest of 1 less the probability of what
        happened; 1 where the calibration patients are too few to rule anything out.

    References
    ----------
    Vovk, Gammerman & Shafer 2005, Algorithmic Learning in a Random World.
    Angelopoulos & Bates 2023, Foundations and Trends in Machine Learning 16:494-591.

    Examples
    --------
    >>> risk = [0.9, 0.8, 0.7, 0.6, 0.4, 0.3, 0.2, 0.1, 0.1]
    >>> conformal_cut_off([1, 1, 1, 0, 1, 0, 0, 0, 0], risk, coverage=0.8)
    0.6
    """
    if not 0 < coverage < 1:
        raise BadInput(f"coverage is {coverage}; it must lie between 0 and 1.")
    ill, risk = read_outcome_and_risk(y_true, risk)
    strange = np.sort(np.where(ill, 1 - risk, risk))
    place = int(np.ceil((len(ill) + 1) * coverage))
    return float(strange[place - 1]) if place <= len(ill) else 1.0


def conformal_cut_off_by_group(y_true, risk, group, coverage=0.90):
    """Return a cut-off for each group, as a Series by group.

    Raises
    ------
    NotEstimable
        If a group has so few calibration patients that nothing could be ruled out.

    Examples
    --------
    >>> y, risk = [1, 0, 1, 0], [0.9, 0.1, 0.6, 0.3]
    >>> conformal_cut_off_by_group(y, risk, ["a", "a", "b", "b"], coverage=0.5)
    group
    a    0.1
    b    0.4
    Name: cut_off, dtype: float64
    """
    ill, risk = read_outcome_and_risk(y_true, risk)
    code, labels = read_group(group, len(ill))
    needed = int(np.ceil(coverage / (1 - coverage) - 1e-9))
    sizes = np.bincount(code)
    if (sizes < needed).any():
        small = labels[int(np.argmin(sizes))]
        raise NotEstimable(f"Group {small} has fewer than {needed} calibration rows.")
    found = [
        conformal_cut_off(ill[code == each], risk[code == each], coverage)
        for each in range(len(labels))
    ]
    return pd.Series(np.round(found, 12), index=labels, name="cut_off")


def conformal_sets(risk, cut_off):
    """Return for each patient whether 0 and 1 are in the set.

    Parameters
    ----------
    risk : array-like of shape (n,)
        Probabilities of 1.
    cut_off : float, or array-like of shape (n,)
        As `conformal_cut_off` returns it; one a patient where groups have their own.

    Returns
    -------
    ndarray of bool, shape (n, 2)
        A set with both says "do not know"; an empty one, "unlike any patient seen".

    Examples
    --------
    >>> conformal_sets([0.95, 0.5, 0.1], 0.6).astype(int).tolist()
    [[0, 1], [1, 1], [1, 0]]
    """
    risk, cut_off = read_risk(risk), np.asarray(cut_off, float)
    return np.stack([risk <= cut_off + 1e-12, 1 - risk <= cut_off + 1e-12], axis=1)


def set_coverage_by_group(y_true, sets, group, *, level=0.90):
    """Return how often the sets hold the outcome, group by group.

    Parameters
    ----------
    y_true : array-like of shape (n,)
    sets : array-like of bool, shape (n, 2)
    group : array-like of shape (n,)
    level : float in (0, 1)
        Of Wilson's limits.

    Returns
    -------
    DataFrame
        By group: ``n_rows``, ``coverage`` with ``low`` and ``high``, and ``both``, the
        share of sets that rule nothing out.

    Examples
    --------
    >>> sets = [[True, False], [True, True], [False, True], [False, True]]
    >>> table = set_coverage_by_group([0, 1, 0, 1], sets, ["a", "a", "b", "b"])
    >>> table["coverage"].to_dict(), table["both"].to_dict()
    ({'a': 1.0, 'b': 0.5}, {'a': 0.5, 'b': 0.0})
    """
    sets, outcome = np.asarray(sets, bool), np.asarray(y_true, int)
    code, labels = read_group(group, len(sets))
    held = sets[np.arange(len(sets)), outcome]
    rows = pd.DataFrame({"held": held, "both": sets.all(axis=1)}).groupby(code)
    table = rows.agg(
        n_rows=("held", "size"), coverage=("held", "mean"), both=("both", "mean")
    )
    low, high = wilson_limits(
        table["coverage"], table["n_rows"], normal_quantile(level)
    )
    table.insert(2, "low", low)
    table.insert(3, "high", high)
    return table.set_index(labels)
