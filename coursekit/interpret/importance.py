"""How much worse a model gets when a column, or a family of columns, is shuffled."""

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.interpret.asking import (
    answers,
    column,
    feature_names,
    read_table,
    with_column,
)
from coursekit.metrics import auroc


def permutation_importance(
    predict,
    X,
    y,
    *,
    families=None,
    measure=auroc,
    n_repeats=10,
    random_state=None,
):
    """Return how much a measure falls when columns are shuffled among patients.

    The trap of correlation: of two columns that tell the same, either can be shuffled
    at little cost, since the other one still tells it; both seem unimportant. And the
    shuffled patients may be impossible. Shuffle such columns together, as a family;
    the columns of one coded category always.

    Parameters
    ----------
    predict : function
        Of a table of n rows, returning (n,) numbers, larger for the ill.
    X : DataFrame or array-like of shape (n, n_features)
        Patients that the model has not learned from.
    y : array-like of shape (n,)
        0 or 1.
    families : dict of str to list of column names, optional
        Columns that are shuffled by the same permutation; see `correlated_families`
        and `coded_families`. Columns in no family are shuffled singly.
    measure : function of (y, answers), default=auroc
        Larger is better.
    n_repeats : int, default=10
        At least 2.
    random_state : int or numpy.random.Generator, optional

    Returns
    -------
    DataFrame, indexed by family, largest first
        ``importance`` (mean fall), ``low`` and ``high`` (smallest and largest fall
        over the repeats), ``columns``.

    Raises
    ------
    BadInput
        If a column is unknown or stands in two families.

    References
    ----------
    Breiman L 2001, Mach Learn 45:5-32. Fisher A, Rudin C, Dominici F 2019, J Mach
    Learn Res 20(177).

    Examples
    --------
    >>> X, y = np.array([[0, 5], [1, 5], [2, 5], [3, 5]]), [0, 0, 1, 1]
    >>> table = permutation_importance(lambda X: X[:, 0], X, y, random_state=0)
    >>> table.index.tolist(), table["importance"].iloc[1]
    (['0', '1'], np.float64(0.0))
    """
    if n_repeats < 2:
        raise BadInput(f"n_repeats is {n_repeats}; take two or more.")
    X = read_table(X)
    families = read_families(X, families)
    rng = np.random.default_rng(random_state)
    whole = measure(y, answers(predict, X))
    rows = []
    for name, positions in families.items():
        falls = [
            whole - measure(y, answers(predict, shuffled(X, positions, rng)))
            for _ in range(n_repeats)
        ]
        names = [feature_names(X)[k] for k in positions]
        rows.append((name, np.mean(falls), min(falls), max(falls), ", ".join(names)))
    head = ["family", "importance", "low", "high", "columns"]
    table = pd.DataFrame(rows, columns=head).set_index("family")
    return table.sort_values("importance", ascending=False, kind="stable")


def shuffled(X, positions, rng):
    """Return a table in which some columns, together, are another patient's.

    Examples
    --------
    >>> X = np.array([[1, 1, 7], [2, 2, 8], [3, 3, 9]])
    >>> mixed = shuffled(X, [0, 1], np.random.default_rng(1))
    >>> bool((mixed[:, 0] == mixed[:, 1]).all()), mixed[:, 2].tolist()
    (True, [7, 8, 9])
    """
    order = rng.permutation(len(X))
    for k in positions:
        own = X.iloc[:, k].array if isinstance(X, pd.DataFrame) else X[:, k]
        X = with_column(X, k, own[order])
    return X


def read_families(X, families):
    """Return every family's columns as positions, and single columns for the rest.

    Examples
    --------
    >>> read_families(np.zeros((2, 3)), {"both": ["0", "2"]})
    {'both': [0, 2], '1': [1]}
    """
    found, taken = {}, set()
    for family, names in (families or {}).items():
        found[family] = [column(X, name) for name in names]
        twice = taken & set(found[family])
        if twice:
            raise BadInput(
                f"{feature_names(X)[min(twice)]} stands in two families; each column "
                "may stand in one."
            )
        taken |= set(found[family])
    names = feature_names(X)
    return found | {names[k]: [k] for k in range(len(names)) if k not in taken}


def correlated_families(X, *, at_least=0.7):
    """Return which columns run together, by Spearman's rank correlation.

    Parameters
    ----------
    X : DataFrame of numeric columns
    at_least : float in (0, 1], default=0.7
        Absolute correlation; families are chains of such pairs.

    Returns
    -------
    dict of str to list of str
        Families of two or more, named by their columns joined by " + ".

    Examples
    --------
    >>> X = pd.DataFrame({"urea": [1, 2, 3, 4], "creatinine": [2, 3, 5, 9]})
    >>> correlated_families(X.assign(age_years=[50, 80, 40, 70]))
    {'urea + creatinine': ['urea', 'creatinine']}
    """
    close = X.corr(method="spearman").abs().to_numpy() >= at_least
    family = np.arange(len(close))
    for first, second in np.argwhere(close):
        family[family == family[second]] = family[first]
    names = np.array([str(name) for name in X.columns])
    members = [names[family == number].tolist() for number in pd.unique(family)]
    return {" + ".join(some): some for some in members if len(some) > 1}


def coded_families(names, *, separator="="):
    """Return which columns code one category, by what stands before a separator.

    Parameters
    ----------
    names : sequence of str
        Such as ``ward=surgery``.
    separator : str

    Returns
    -------
    dict of str to list of str

    Examples
    --------
    >>> coded_families(["age_years", "ward=surgery", "ward=medicine"])
    {'ward': ['ward=surgery', 'ward=medicine']}
    """
    found = {}
    for name in names:
        category, mark, _ = str(name).partition(separator)
        if mark:
            found.setdefault(category, []).append(name)
    return found
