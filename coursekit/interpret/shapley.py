"""Shapley values from scratch: what a feature adds, averaged over all orders.

Interventional: what is not known of a patient is filled in from the background, each
column by itself, whether or not such a patient could exist.
"""

from math import comb

import numpy as np

from coursekit.errors import BadInput
from coursekit.interpret.asking import answers, feature_names, filled_in, read_pair
from coursekit.interpret.explanation import Explanation, check_additive

MOST_FEATURES = 12


def exact_shapley(predict, X, background, *, scale="the prediction"):
    """Return exact Shapley values, by asking about every subset of features.

    Parameters
    ----------
    predict : function
        Of a table of m rows, returning (m,) numbers; see `positive_class`.
    X : DataFrame or array-like of shape (n_patients, n_features)
        At most 12 features: 2 ** n_features subsets are asked about, each with
        n_patients * n_background rows.
    background : DataFrame or array-like of shape (n_background, n_features)
        Whom the patients are compared with. Patients of train, not of the test set.
    scale : str
        What `predict` returns, for the record.

    Returns
    -------
    Explanation
        ``values`` has the shape (n_patients, n_features). They add up to the
        prediction to 1e-6, which is checked.

    Raises
    ------
    BadInput
        If there are too many features, columns differ, or `predict` gives other
        than one number a row or changes its mind.

    References
    ----------
    Shapley LS 1953. Lundberg SM, Lee S-I 2017, NeurIPS 30.

    Examples
    --------
    >>> def predict(X):
    ...     return X[:, 0] + X[:, 0] * X[:, 1]
    >>> exact_shapley(predict, [[1.0, 2.0, 9.0]], np.zeros((1, 3))).values
    array([[2., 1., 0.]])
    """
    X, background = read_pair(X, background)
    n_features = X.shape[1]
    if n_features > MOST_FEATURES:
        raise BadInput(
            f"{n_features} features have 2 ** {n_features} subsets. Up to "
            f"{MOST_FEATURES} are done exactly; use sampled_shapley for more."
        )
    subsets = np.arange(2**n_features)
    known = (subsets[:, None] >> np.arange(n_features)) & 1 == 1
    worth = np.array([worth_of(predict, X, background, row) for row in known])
    values = np.zeros(X.shape)
    for feature in range(n_features):
        without = subsets[~known[:, feature]]
        size = known[without].sum(axis=1)
        weight = 1 / (n_features * np.array([comb(n_features - 1, s) for s in size]))
        values[:, feature] = weight @ (worth[without + 2**feature] - worth[without])
    found = Explanation(values, float(worth[0].mean()), feature_names(X), scale)
    check_additive(found, answers(predict, X))
    return found


def sampled_shapley(
    predict,
    X,
    background,
    *,
    n_permutations=20,
    random_state=None,
    scale="the prediction",
):
    """Return Shapley values averaged over random orders, each with its reverse.

    Parameters
    ----------
    predict, X, background, scale
        As `exact_shapley` has them; any number of features.
    n_permutations : int, default=20
        At least 2. Each order is taken forwards and backwards, so ``2 *
        n_permutations * n_features`` questions of n_patients * n_background rows.
    random_state : int or numpy.random.Generator, optional

    Returns
    -------
    Explanation
        They add up to the prediction to 1e-6 whatever the number of orders;
        ``standard_error`` says how far each value may be from the exact one.

    Raises
    ------
    BadInput
        As `exact_shapley`, or for fewer than two orders.

    References
    ----------
    Castro J, Gómez D, Tejada J 2009, Comput Oper Res 36:1726-1730 (sampled orders).

    Examples
    --------
    >>> def predict(X):
    ...     return X[:, 0] + X[:, 0] * X[:, 1]
    >>> background = np.zeros((1, 3))
    >>> sampled_shapley(predict, [[1.0, 2.0, 9.0]], background, random_state=0).values
    array([[2., 1., 0.]])
    """
    if n_permutations < 2:
        raise BadInput(f"n_permutations is {n_permutations}; take two or more.")
    X, background = read_pair(X, background)
    rng = np.random.default_rng(random_state)
    pairs = []
    for _ in range(n_permutations):
        order = rng.permutation(X.shape[1])
        forwards = gains_along(predict, X, background, order)
        pairs.append((forwards + gains_along(predict, X, background, order[::-1])) / 2)
    pairs = np.array(pairs)
    base = float(answers(predict, background).mean())
    error = pairs.std(axis=0, ddof=1) / np.sqrt(n_permutations)
    found = Explanation(pairs.mean(axis=0), base, feature_names(X), scale, error)
    check_additive(found, answers(predict, X))
    return found


def worth_of(predict, X, background, known):
    """Return the mean prediction for each patient if only some columns are known.

    Parameters
    ----------
    known : sequence of bool, one a column

    Returns
    -------
    ndarray of shape (n_patients,)

    Examples
    --------
    >>> X, background = np.array([[1.0, 2.0]]), np.array([[3.0, 4.0], [5.0, 6.0]])
    >>> worth_of(lambda X: X.sum(axis=1), X, background, [True, False])
    array([6.])
    """
    found = answers(predict, filled_in(X, background, known))
    return found.reshape(len(X), len(background)).mean(axis=1)


def gains_along(predict, X, background, order):
    """Return what each feature adds when features become known in this order.

    Returns
    -------
    ndarray of shape (n_patients, n_features)

    Examples
    --------
    >>> def predict(X):
    ...     return X[:, 0] * X[:, 1]
    >>> gains_along(predict, np.ones((1, 2)), np.zeros((1, 2)), [1, 0])
    array([[1., 0.]])
    """
    known = np.zeros(X.shape[1], bool)
    gains = np.zeros(X.shape)
    before = worth_of(predict, X, background, known)
    for feature in order:
        known[feature] = True
        after = worth_of(predict, X, background, known)
        gains[:, feature] = after - before
        before = after
    return gains
