"""What a site, or the amount of care, adds to a measurement, taken out."""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput

FEWEST = 2  # patients of a site more than there are covariates


def adjusted_for(site, X, covariates=None):
    """Return measurements with one centre and one spread at every site.

    At each site a column's mean is taken out, with what goes along with the covariates
    in a straight line, and the rest is divided by its standard deviation. Taught in lab
    03_phenotypes.

    It assumes that sites receive the same kinds of patients in the same shares, and
    that covariates (such as how much care a patient had) do not depend on the kind.
    Where one site truly has more of a kind, a part of that kind is taken out with
    the site.

    Parameters
    ----------
    site : array-like of shape (n,)
        Names or numbers of sites.
    X : DataFrame or array-like of shape (n, n_columns)
        Finite numbers; take logarithms of skewed ones before.
    covariates : array-like of shape (n,) or (n, n_covariates), or None

    Returns
    -------
    DataFrame of shape (n, n_columns), with X's names
        A column that is the same for all patients of a site is 0 there.

    Raises
    ------
    BadInput
        If lengths differ, a value is missing or infinite, or a site has too few
        patients for a spread.

    References
    ----------
    Johnson, Li and Rabinovic 2007, Biostatistics 8:118-127: location and scale of each
    batch, which they shrink towards a common one; this is the plain form.

    Examples
    --------
    >>> X = pd.DataFrame({"lactate_mmol_l": [1.0, 3.0, 11.0, 13.0]})
    >>> found = adjusted_for(["north", "north", "south", "south"], X)
    >>> found["lactate_mmol_l"].round(9).tolist()
    [-1.0, 1.0, -1.0, 1.0]
    """
    table = pd.DataFrame(X)
    values = table.to_numpy(float)
    known = read_covariates(covariates, len(values))
    site = np.asarray(site)
    if len(site) != len(values):
        raise BadInput(f"There are {len(site)} sites for {len(values)} patients.")
    if not (np.isfinite(values).all() and np.isfinite(known).all()):
        raise BadInput("A value is missing or infinite; fill it first.")
    found = np.empty_like(values)
    for name in np.unique(site):
        here = site == name
        if here.sum() < known.shape[1] - 1 + FEWEST:
            raise BadInput(f"Site {name} has {here.sum()} patients, too few to adjust.")
        found[here] = standardised(without(values[here], known[here]))
    return pd.DataFrame(found, index=table.index, columns=table.columns)


def read_covariates(covariates, n):
    """Return a column of ones and the covariates beside it, (n, 1 + n_covariates)."""
    if covariates is None:
        return np.ones((n, 1))
    given = np.asarray(covariates, float)
    if len(given) != n:
        raise BadInput(f"There are {len(given)} covariates for {n} patients.")
    return np.column_stack([np.ones(n), given])


def without(values, known):
    """Return what a straight line in the known columns leaves.

    Examples
    --------
    >>> bool(abs(without(np.array([[2.0], [4.0]]), np.ones((2, 1))).sum()) < 1e-9)
    True
    """
    return values - known @ np.linalg.lstsq(known, values, rcond=None)[0]


def standardised(values):
    """Return columns divided by their spread; one without any is 0.

    Examples
    --------
    >>> standardised(np.array([[1.0, 0.0], [-1.0, 0.0]])).tolist()
    [[1.0, 0.0], [-1.0, 0.0]]
    """
    spread = values.std(axis=0)
    varies = spread > 1e-9
    return np.where(varies, values / np.where(varies, spread, 1), 0.0)
