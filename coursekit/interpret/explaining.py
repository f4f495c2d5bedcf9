"""The shap library behind one door, so that its answers always have one shape.

What shap 0.51 returns depends on the model: an array of two or three dimensions, or
a list; on log odds or on probabilities; against the given background or, from 101
rows on, against 100 of them that it picks itself. Here none of that is left. Where
shap is not exact (probabilities of boosted trees) or slow (any other model), the
values are those of `coursekit.interpret.shapley`.
"""

import warnings

import numpy as np
import pandas as pd

from coursekit.errors import BadInput
from coursekit.interpret.asking import answers, feature_names, positive_class, read_pair
from coursekit.interpret.explanation import Explanation, check_additive
from coursekit.interpret.shapley import (
    MOST_FEATURES,
    exact_shapley,
    sampled_shapley,
)
from coursekit.interpret.thresholds import between_thresholds

LINEAR = {"LogisticRegression"}
BOOSTED = {"GradientBoostingClassifier", "HistGradientBoostingClassifier"}
FORESTS = {"DecisionTreeClassifier", "ExtraTreesClassifier", "RandomForestClassifier"}


def explain_model(model, X, background, *, scale="log-odds", random_state=0):
    """Return Shapley values for the positive class, always (n_patients, n_features).

    Parameters
    ----------
    model : fitted classifier of two classes
        The positive class is ``classes_[1]``.
    X : DataFrame or array-like of shape (n_patients, n_features)
        For linear models and trees of scikit-learn numbers only; else anything that
        the model takes, such as a pipeline that codes text.
    background : DataFrame or array-like of shape (n_background, n_features)
        All rows are used. Patients of train, not of the test set.
    scale : {"log-odds", "probability"}
        A value of 0.3 on the scale of log odds is not 30 percentage points.
    random_state : int, default=0
        Where orders are sampled: more than 12 features, neither linear nor trees.

    Returns
    -------
    Explanation
        Interventional values; ``print`` says shape, scale and base. They add up to
        the model's answers to 1e-6, which is checked.

    Raises
    ------
    BadInput
        If the model has not two classes, shap is given text, columns differ, or the
        values do not add up.

    References
    ----------
    Lundberg SM, Lee S-I 2017, NeurIPS 30. Lundberg SM et al. 2020, Nat Mach Intell
    2:56-67 (trees).

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> X = np.array([[0.0, 1.0], [1.0, 0.0], [2.0, 1.0], [3.0, 0.0]])
    >>> model = LogisticRegression().fit(X, [0, 0, 1, 1])
    >>> print(explain_model(model, X[:1], X))
    1 patients x 2 features, log-odds of the positive class, from a base of ...
    """
    predict = positive_class(model, scale)
    X, background = read_pair(X, background)
    explainer = explainer_of(model, scale)
    if explainer is by_asking:
        return by_asking(predict, X, background, scale, random_state)
    others, rows = read_numeric(background), read_numeric(X)
    values = positive_values(explainer(model, rows, others), rows.shape)
    base = float(answers(predict, background).mean())
    found = Explanation(values, base, feature_names(X), scale)
    check_additive(found, answers(predict, X))
    return found


def explainer_of(model, scale):
    """Return the way in which this kind of model is explained on this scale.

    A forest's votes are probabilities and boosted trees add log odds; on the other
    scale trees are models of any kind.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> explainer_of(LogisticRegression(), "probability").__name__
    'by_asking'
    """
    kind = type(model).__name__
    if kind in LINEAR and scale == "log-odds":
        return by_coefficients
    if kind in (BOOSTED if scale == "log-odds" else FORESTS):
        return by_trees
    return by_asking


def by_asking(predict, X, background, scale, random_state):
    """Explain any model: about all subsets up to 12 features, else sampled orders."""
    if X.shape[1] <= MOST_FEATURES:
        return exact_shapley(predict, X, background, scale=scale)
    return sampled_shapley(
        predict, X, background, scale=scale, random_state=random_state
    )


def by_coefficients(model, rows, others):
    """Explain a linear model by shap, on the scale of log odds."""
    shap, masker = quiet_shap(others)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return shap.LinearExplainer(model, masker).shap_values(rows)


def by_trees(model, rows, others):
    """Explain trees by shap, in units of what their leaves hold.

    Of each value only its side of every threshold is told, which is all that a tree
    asks: shap would put some values that lie on one to the other side.
    """
    rows, others = (between_thresholds(model, each) for each in (rows, others))
    shap, masker = quiet_shap(others)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        explainer = shap.TreeExplainer(
            model, masker, feature_perturbation="interventional", model_output="raw"
        )
        return explainer.shap_values(rows, check_additivity=False)


def quiet_shap(others):
    """Return the library, without its warnings, and a masker that uses all rows."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import shap
    return shap, shap.maskers.Independent(others, max_samples=len(others))


def positive_values(raw, shape):
    """Return shap's answer as one value a patient and feature, positive class.

    Parameters
    ----------
    raw : list of two arrays, or array of shape (n, n_features) or (n, n_features, 2)
        Where both classes are given, the second is the positive one. Indexing with
        ``[1]`` takes the second class of a list and the second *patient* of an array.
    shape : (n, n_features)

    Returns
    -------
    ndarray of float, shape (n, n_features)

    Raises
    ------
    BadInput
        For any other shape.

    Examples
    --------
    >>> both = np.zeros((4, 3, 2))
    >>> positive_values(both, (4, 3)).shape
    (4, 3)
    >>> positive_values(both, (4, 5))
    Traceback (most recent call last):
        ...
    coursekit.errors.BadInput: shap answered with the shape (4, 3, 2) for (4, 5)...
    """
    if isinstance(raw, list) and len(raw) == 2:
        found = np.asarray(raw[1])
        said = f"a list of 2 of the shape {found.shape}"
    else:
        found = np.asarray(raw)
        said = f"the shape {found.shape}"
    if found.shape == (*shape, 2):
        found = found[:, :, 1]
    if found.shape != tuple(shape):
        raise BadInput(f"shap answered with {said} for {shape} patients and features.")
    return found.astype(float)


def read_numeric(table):
    """Return a table as numbers, or say which columns are none.

    Examples
    --------
    >>> read_numeric(pd.DataFrame({"sex": ["F"]}))
    Traceback (most recent call last):
        ...
    coursekit.errors.BadInput: shap takes numbers only, and sex has other values. ...
    """
    if isinstance(table, pd.DataFrame):
        other = [str(n) for n in table if not pd.api.types.is_numeric_dtype(table[n])]
    else:
        other = [] if table.dtype.kind in "biuf" else ["the table"]
    if other:
        raise BadInput(
            f"shap takes numbers only, and {', '.join(other)} has other values. "
            "sampled_shapley explains a pipeline with any columns."
        )
    return np.asarray(table, float)
