"""Values between the thresholds of trees, where every library takes the same side.

A tree only asks whether a value lies above a threshold. scikit-learn and shap round
differently before they compare, so a value of 7.2 may lie on one side of a threshold
of 7.2 for the one and on the other for the other.
"""

import numpy as np

HISTOGRAMS = "HistGradientBoostingClassifier"


def between_thresholds(model, numbers):
    """Return a table that a model of trees answers alike, with no value on a threshold.

    Parameters
    ----------
    model : fitted tree, forest or boosted trees of scikit-learn
    numbers : ndarray of float, shape (n, n_features)
        NaN stays.

    Returns
    -------
    ndarray of float, shape (n, n_features)
        In the middle between the two thresholds next to each value; beyond the last one
        by as much as it is large. A column that is not asked about stays.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> tree = DecisionTreeClassifier().fit([[1], [3], [4]], [0, 1, 0])
    >>> thresholds_of(tree)[1]
    array([2. , 3.5])
    >>> between_thresholds(tree, np.array([[1.0], [2.0], [2.1]]))
    array([[-1.  ],
           [-1.  ],
           [ 2.75]])
    """
    seen = numbers if is_histograms(model) else numbers.astype(np.float32)
    moved = np.array(numbers, dtype=float)
    columns, thresholds = thresholds_of(model)
    for column in np.unique(columns):
        at = np.unique(thresholds[columns == column])
        ends = at[0] - 1 - abs(at[0]), at[-1] + 1 + abs(at[-1])
        middles = np.concatenate([ends[:1], (at[1:] + at[:-1]) / 2, ends[1:]])
        known = ~np.isnan(moved[:, column])
        above = np.searchsorted(at, seen[known, column].astype(float), side="left")
        moved[known, column] = middles[above]
    return moved


def is_histograms(model):
    """Return whether a model compares in double precision."""
    return type(model).__name__ == HISTOGRAMS


def thresholds_of(model):
    """Return the column and the threshold of every split, (n_splits,) each.

    Examples
    --------
    >>> from sklearn.tree import DecisionTreeClassifier
    >>> columns, thresholds = thresholds_of(
    ...     DecisionTreeClassifier().fit([[5, 0], [5, 1]], [0, 1])
    ... )
    >>> columns.tolist(), thresholds.tolist()
    ([1], [0.5])
    """
    if is_histograms(model):
        trees = [tree.nodes for step in model._predictors for tree in step]
        nodes = np.concatenate(trees)
        asked = (nodes["is_leaf"] == 0) & (nodes["is_categorical"] == 0)
        asked &= np.isfinite(nodes["num_threshold"])
        return nodes["feature_idx"][asked], nodes["num_threshold"][asked]
    fitted = np.ravel(getattr(model, "estimators_", model))
    columns = np.concatenate([each.tree_.feature for each in fitted])
    thresholds = np.concatenate([each.tree_.threshold for each in fitted])
    return columns[columns >= 0], thresholds[columns >= 0]
