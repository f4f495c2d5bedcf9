"""How a model's answer changes along one column: three curves, three questions.

Partial dependence and the single patients' curves (ICE) set the column to a value
whatever the other columns are, so with correlated columns they ask about patients who
do not exist. Accumulated local effects move patients only to the edges of the bin in
which they are.
"""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.interpret.asking import answers, column, read_table, with_column


def read_grid(X, position, grid, n_points):
    """Return the values at which a curve is asked for: quantiles by default.

    Examples
    --------
    >>> read_grid(np.array([[1.0], [2.0], [3.0]]), 0, None, 3)
    array([1., 2., 3.])
    """
    if grid is not None:
        return np.asarray(grid)
    own = column_values(X, position)
    return np.unique(np.quantile(own, np.linspace(0, 1, n_points), method="nearest"))


def column_values(X, position):
    """Return a numeric column as floats.

    Raises
    ------
    BadInput
        If it is not numeric or has missing values.

    Examples
    --------
    >>> column_values(np.array([[1, 2]]), 1)
    array([2.])
    """
    own = X.iloc[:, position] if isinstance(X, pd.DataFrame) else X[:, position]
    numbers = pd.to_numeric(pd.Series(own), errors="coerce").to_numpy(float)
    if np.isnan(numbers).any():
        raise BadInput(
            "The column has values that are missing or no numbers. Give a grid, or "
            "the rows that have one."
        )
    return numbers


def ice_curves(predict, X, name, *, grid=None, n_points=20):
    """Return each patient's answer with one column set to each value of a grid.

    Parameters
    ----------
    predict : function
        Of a table of m rows, returning (m,) numbers.
    X : DataFrame or array-like of shape (n, n_features)
    name : column name, or number for an array
    grid : array-like of shape (n_values,), optional
        Values of the column; by default up to `n_points` of its quantiles.
    n_points : int, default=20

    Returns
    -------
    DataFrame of shape (n, n_values)
        One row a patient, one column a value of the grid.

    Raises
    ------
    BadInput
        If there is no such column, or no grid can be made.

    References
    ----------
    Goldstein A et al. 2015, J Comput Graph Stat 24:44-65.

    Examples
    --------
    >>> X = [[1.0, 1.0], [2.0, -1.0]]
    >>> ice_curves(lambda X: X[:, 0] * X[:, 1], X, 0).to_numpy()
    array([[ 1.,  2.],
           [-1., -2.]])
    """
    X = read_table(X)
    position = column(X, name)
    grid = read_grid(X, position, grid, n_points)
    curves = [answers(predict, with_column(X, position, value)) for value in grid]
    return pd.DataFrame(np.column_stack(curves), columns=pd.Index(grid, name=str(name)))


def partial_dependence(predict, X, name, *, grid=None, n_points=20):
    """Return the mean answer with one column set to each value of a grid.

    Parameters
    ----------
    predict, X, name, grid, n_points
        As `ice_curves` has them.

    Returns
    -------
    Series, indexed by the grid

    References
    ----------
    Friedman JH 2001, Ann Stat 29:1189-1232.

    Examples
    --------
    >>> X = [[1.0, 1.0], [2.0, -1.0]]
    >>> partial_dependence(lambda X: X[:, 0] * X[:, 1], X, 0).tolist()
    [0.0, 0.0]
    """
    curves = ice_curves(predict, X, name, grid=grid, n_points=n_points)
    return curves.mean(axis=0).rename("mean_answer")


def accumulated_local_effects(predict, X, name, *, n_bins=20):
    """Return how the answer changes along a column among patients who have such values.

    Each patient is asked about twice, with the column at either edge of their bin;
    the mean differences are added up from bin to bin. The mean over
    patients, who lie between the edges, is 0.

    Parameters
    ----------
    predict, X, name
        As `ice_curves` has them; the column must be numeric.
    n_bins : int, default=20
        Of about equal numbers of patients; fewer where values are tied.

    Returns
    -------
    Series, indexed by the edges of the bins

    Raises
    ------
    BadInput
        If there is no such column, or all its values are the same.

    References
    ----------
    Apley DW, Zhu J 2020, J R Stat Soc B 82:1059-1086.

    Examples
    --------
    >>> X = np.array([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]])
    >>> accumulated_local_effects(lambda X: 3 * X[:, 0], X, 0, n_bins=2).tolist()
    [-3.0, 0.0, 3.0]
    """
    X = read_table(X)
    position = column(X, name)
    edges = read_grid(X, position, None, n_bins + 1)
    if len(edges) < 2:
        raise BadInput(f"All values of {name!r} are the same; there is no effect.")
    own = column_values(X, position)
    bins = np.clip(np.searchsorted(edges, own, side="left") - 1, 0, len(edges) - 2)
    upper = answers(predict, with_column(X, position, edges[bins + 1]))
    lower = answers(predict, with_column(X, position, edges[bins]))
    sizes = np.bincount(bins, minlength=len(edges) - 1)
    steps = np.bincount(bins, upper - lower, len(edges) - 1) / np.maximum(sizes, 1)
    curve = np.concatenate([[0.0], np.cumsum(steps)])
    curve -= np.interp(own, edges, curve).mean()
    index = pd.Index(edges, name=str(name))
    return pd.Series(curve, index, name="accumulated_effect")
