"""Models that are given to be explained: described in JSON, asked like scikit-learn's.

A spec says how the log odds of death come about: an intercept, one part a column, and
products of two parts. So the interventional Shapley values of the log odds are known
in closed form, whatever the background.
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
    """A fitted model of two classes, to be asked and not to be opened.

    Examples
    --------
    >>> model = given_model({
    ...     "classes": ["died", "survived"],
    ...     "columns": ["age_years"],
    ...     "intercept": 0.0,
    ...     "parts": {"age_years": ["linear", 68, 14, 0.5]},
    ...     "products": [],
    ... })
    >>> model.predict_proba(pd.DataFrame({"age_years": [68, 82]})).round(2)
    array([[0.5 , 0.5 ],
           [0.62, 0.38]])
    """

    spec: dict = field(repr=False)

    @property
    def classes_(self):
        """The two outcomes, in the order of the columns of `predict_proba`."""
        return np.array(self.spec["classes"])

    @property
    def feature_names_in_(self):
        """The columns of the table that the model takes, in order."""
        return np.array(self.spec["columns"])

    def predict_proba(self, X):
        """Return the probability of either outcome, (n, 2), as `classes_` has them."""
        died = expit(given_log_odds(self.spec, X))
        both = {OUTCOME: died}
        return np.column_stack([both.get(name, 1 - died) for name in self.classes_])


def given_model(spec):
    """Return the model that a spec describes.

    Parameters
    ----------
    spec : dict, of JSON
        ``classes`` (two, one of them "died"), ``columns``, ``intercept``, ``parts``
        (column -> [shape, centre, unit, weight]; shapes are "linear", "below" and
        "doublings") and ``products`` ([column, column, weight], of their parts
        without weights).

    Returns
    -------
    GivenModel

    Raises
    ------
    BadInput
        If a column or shape is unknown, or the classes are not two with "died".
    """
    classes, columns = spec["classes"], spec["columns"]
    if len(classes) != 2 or OUTCOME not in classes:
        raise BadInput(f"The classes are {classes}; give two, one of them {OUTCOME!r}.")
    named = [*spec["parts"], *(name for pair in spec["products"] for name in pair[:2])]
    unknown = [name for name in named if name not in columns]
    unknown += [part[0] for part in spec["parts"].values() if part[0] not in SHAPES]
    unknown += [name for name in named if name not in spec["parts"]]
    if unknown:
        raise BadInput(f"The model has no column or shape {unknown[0]!r}.")
    return GivenModel(spec)


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
    if not isinstance(X, pd.DataFrame):
        X = pd.DataFrame(np.asarray(X, float), columns=spec["columns"])
    return {
        name: SHAPES[shape](X[name].to_numpy(float), centre, unit)
        for name, (shape, centre, unit, _) in spec["parts"].items()
    }


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
