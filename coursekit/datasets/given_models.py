"""Models that are given to be explained: described in JSON, asked like scikit-learn's.

A spec says how the log odds of death come about: an intercept, one part a column, and
products of two parts. So the interventional Shapley values of the log odds are known
in closed form, whatever the background. Who draws a case keeps the spec. Who gets the
case gets the same function sealed: sums of squares of mixtures of all columns, in which
no number belongs to one column.
"""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.special import expit

from coursekit.datasets.explained_shapley import shared_product
from coursekit.errors import BadInput

OUTCOME = "died"
SHAPES = {
    "linear": lambda x, centre, unit: (x - centre) / unit,
    "below": lambda x, centre, unit: np.maximum(centre - x, 0) / unit,
    "doublings": lambda x, centre, unit: np.log2(x / centre) / unit,
}


@dataclass(frozen=True, eq=False)
class GivenModel:
    """A fitted model of two classes: ask it. To read it tells no more than to ask.

    Examples
    --------
    >>> spec = {
    ...     "classes": ["died", "survived"],
    ...     "columns": ["age_years"],
    ...     "intercept": 0.0,
    ...     "parts": {"age_years": ["linear", 68, 14, 0.5]},
    ...     "products": [],
    ... }
    >>> model = given_model(sealed(spec, np.random.default_rng(0)))
    >>> model.predict_proba(pd.DataFrame({"age_years": [68, 82]})).round(2)
    array([[0.5 , 0.5 ],
           [0.62, 0.38]])
    """

    served: dict = field(repr=False)

    @property
    def classes_(self):
        """The two outcomes, in the order of the columns of `predict_proba`."""
        return np.array(self.served["classes"])

    @property
    def feature_names_in_(self):
        """The columns of the table that the model takes, in order."""
        return np.array(self.served["columns"])

    def predict_proba(self, X):
        """Return the probability of either outcome, (n, 2), as `classes_` has them."""
        scaled = on_scale(self.served, X).values()
        inputs = np.vstack([np.ones(len(X)), *scaled])
        up, down = np.array(self.served["up"]), np.array(self.served["down"])
        squares = np.square(np.vstack([up, down]) @ inputs)
        died = expit(np.repeat([1.0, -1.0], len(up)) @ squares)
        both = {OUTCOME: died}
        return np.column_stack([both.get(name, 1 - died) for name in self.classes_])


def given_model(served):
    """Return the model that stands in a case.

    Parameters
    ----------
    served : dict, of JSON
        As `sealed` returns it.

    Returns
    -------
    GivenModel
    """
    return GivenModel(served)


def sealed(spec, rng):
    """Return a model as it is served: the same function, whose parts are not told.

    The log odds are a quadratic form of the columns on their scales and a constant. It
    is served as a difference of two sums of squares: the squares of as many mixtures of
    all columns, turned by chance, less those of others. The form itself comes back only
    if all is multiplied out, and so it does from as many questions to the model.

    Parameters
    ----------
    spec : dict
        ``classes`` (two, one of them "died"), ``columns``, ``intercept``, ``parts``
        (each column -> [shape, centre, unit, weight]; shapes are "linear", "below" and
        "doublings") and ``products`` ([column, column, weight], of their parts
        without weights).
    rng : numpy.random.Generator

    Returns
    -------
    dict, of JSON
        ``classes``, ``columns``, ``scales`` (column -> [shape, centre, unit]), and the
        mixtures, ``up`` and ``down``: one row each, first the constant.

    Raises
    ------
    BadInput
        If a column or shape is unknown, or the classes are not two with "died".

    Examples
    --------
    >>> spec = {"classes": ["died", "survived"], "columns": ["a"], "intercept": 0.0,
    ...     "parts": {"a": ["linear", 0, 1, 0.5]}, "products": []}
    >>> sorted(sealed(spec, np.random.default_rng(0)))
    ['classes', 'columns', 'down', 'scales', 'up']
    """
    refuse_spec(spec)
    form = quadratic_form(spec)
    drawn = rng.standard_normal(form.shape)
    added = drawn.T @ drawn + (1 - np.linalg.eigvalsh(form).min()) * np.eye(len(form))
    return {
        "classes": spec["classes"],
        "columns": spec["columns"],
        "scales": {name: spec["parts"][name][:3] for name in spec["columns"]},
        "up": turned(form + added, rng),
        "down": turned(added, rng),
    }


def refuse_spec(spec):
    """Refuse a spec with an unknown column or shape, or with other classes."""
    classes, columns = spec["classes"], spec["columns"]
    if len(classes) != 2 or OUTCOME not in classes:
        raise BadInput(f"The classes are {classes}; give two, one of them {OUTCOME!r}.")
    named = [*spec["parts"], *(name for pair in spec["products"] for name in pair[:2])]
    unknown = [name for name in named if name not in columns]
    unknown += [part[0] for part in spec["parts"].values() if part[0] not in SHAPES]
    unknown += [name for name in [*columns, *named] if name not in spec["parts"]]
    if unknown:
        raise BadInput(f"The model has no column or shape {unknown[0]!r}.")


def quadratic_form(spec):
    """Return the symmetric matrix of a spec's log odds, first the constant.

    Examples
    --------
    >>> spec = {"columns": ["a", "b"], "intercept": 3.0, "products": [["a", "b", 1.0]],
    ...     "parts": {"a": ["linear", 0, 1, 2.0], "b": ["linear", 0, 1, 0.0]}}
    >>> quadratic_form(spec)
    array([[3. , 1. , 0. ],
           [1. , 0. , 0.5],
           [0. , 0.5, 0. ]])
    """
    place = {name: number for number, name in enumerate(spec["columns"], start=1)}
    form = np.zeros((len(place) + 1, len(place) + 1))
    form[0, 0] = spec["intercept"]
    terms = [(0, place[name], part[3]) for name, part in spec["parts"].items()]
    terms += [(place[one], place[other], w) for one, other, w in spec["products"]]
    for one, other, weight in terms:
        form[one, other] += weight / 2
        form[other, one] += weight / 2
    return form


def turned(form, rng):
    """Return mixtures whose squares add up to a positive form, turned by chance.

    Returns
    -------
    list of lists, square
        Rounded to 9 decimals, which moves log odds by less than 1e-6.
    """
    turn, _ = np.linalg.qr(rng.standard_normal(form.shape))
    return np.round(turn @ np.linalg.cholesky(form).T, 9).tolist()


def on_scale(served, X):
    """Return each column of a table on the scale on which a model takes it.

    Parameters
    ----------
    served : dict with ``columns`` and ``scales``
    X : DataFrame with these columns, or array-like in their order

    Returns
    -------
    dict of str to ndarray of shape (n,)
    """
    if isinstance(X, pd.DataFrame):
        X = X[served["columns"]].to_numpy(float)
    columns = dict(zip(served["columns"], np.asarray(X, float).T, strict=True))
    return {
        name: SHAPES[shape](columns[name], centre, unit)
        for name, (shape, centre, unit) in served["scales"].items()
    }


def given_parts(spec, X):
    """Return each column on the scale on which a model takes it, weights left out.

    Parameters
    ----------
    spec : dict
    X : DataFrame with the spec's columns, or array-like in their order

    Returns
    -------
    dict of str to ndarray of shape (n,)
    """
    scales = {name: part[:3] for name, part in spec["parts"].items()}
    return on_scale({"columns": spec["columns"], "scales": scales}, X)


def given_log_odds(spec, X):
    """Return a given model's log odds of death, (n,)."""
    parts = given_parts(spec, X)
    total = np.full(len(X), float(spec["intercept"]))
    for name, (*_, weight) in spec["parts"].items():
        total += weight * parts[name]
    for one, other, weight in spec["products"]:
        total += weight * parts[one] * parts[other]
    return total


def given_shapley(spec, X, background):
    """Return the exact interventional Shapley values of a model's log odds of death.

    Parameters
    ----------
    spec : dict
    X, background : DataFrame or array-like, as `given_parts` has them

    Returns
    -------
    ndarray of float, shape (n, n_features)
        In the order of the spec's columns.

    References
    ----------
    Lundberg, Lee 2017, NeurIPS 30.

    Examples
    --------
    >>> spec = {"classes": ["survived", "died"], "columns": ["a", "b"],
    ...     "intercept": 0.0, "products": [["a", "b", 1.0]],
    ...     "parts": {"a": ["linear", 0, 1, 2.0], "b": ["linear", 0, 1, 0.0]}}
    >>> given_shapley(spec, [[1.0, 1.0]], [[0.0, 0.0]])
    array([[2.5, 0.5]])
    """
    own, others = given_parts(spec, X), given_parts(spec, background)
    values = {name: np.zeros(len(X)) for name in spec["columns"]}
    for name, (*_, weight) in spec["parts"].items():
        values[name] = weight * (own[name] - others[name].mean())
    for one, other, weight in spec["products"]:
        of_one, of_other = shared_product(
            own[one], own[other], others[one], others[other]
        )
        values[one] = values[one] + weight * of_one
        values[other] = values[other] + weight * of_other
    return np.column_stack(list(values.values()))
