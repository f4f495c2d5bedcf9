"""The smallest change that would change a model's mind about a patient."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from coursekit.errors import BadInput, NotEstimable
from coursekit.interpret.asking import answers, column

MOST_CANDIDATES = 200_000


@dataclass(frozen=True)
class Counterfactual:
    """A patient's nearest changed self whom the model answers otherwise."""

    changes: dict  # column -> (value now, value then), only what differs
    answer: float  # of the model, after the change
    distance: float  # sum of the changes in units of each column's spread

    def __str__(self):
        """Say the change in words; it is one of the model, not of the illness."""
        parts = [
            f"{name} {now} -> {then}" for name, (now, then) in self.changes.items()
        ]
        changed = ", ".join(parts) or "no change"
        return f"{changed}: the model would answer {self.answer:.3g}"


def nearest_counterfactual(predict, patient, X, *, allowed, below=None, above=None):
    """Return the smallest allowed change that brings the answer past a limit.

    All combinations of the allowed values are asked about, so the answer is the
    nearest among them. It says what would change the *model's* answer; whether it
    would help the patient is another question.

    Parameters
    ----------
    predict : function
        Of a table of m rows, returning (m,) numbers.
    patient : DataFrame of one row
    X : DataFrame
        Patients by whose spread (median absolute deviation from the median, or
        standard deviation where that is 0) changes are measured.
    allowed : dict of str to sequence
        Values that a column may take; all others stay. Leave out what nobody can
        change, such as age. The value now is always allowed.
    below, above : float
        Give one: the answer must be below it, or above it.

    Returns
    -------
    Counterfactual

    Raises
    ------
    NotEstimable
        If no allowed change is enough.
    BadInput
        If a column is unknown or not numeric, there is not one patient, no limit or
        both, or more than 200,000 combinations.

    References
    ----------
    Wachter S, Mittelstadt B, Russell C 2018, Harv J Law Technol 31:841-887.

    Examples
    --------
    >>> X = pd.DataFrame({"systolic_mmhg": [90, 110, 130], "age_years": [80, 60, 70]})
    >>> found = nearest_counterfactual(
    ...     lambda X: X["age_years"] - X["systolic_mmhg"],
    ...     X.iloc[:1],
    ...     X,
    ...     allowed={"systolic_mmhg": range(90, 140, 10)},
    ...     below=-25,
    ... )
    >>> print(found)
    systolic_mmhg 90 -> 110: the model would answer -30
    """
    if not isinstance(patient, pd.DataFrame) or len(patient) != 1:
        raise BadInput("Give one patient, as a DataFrame of one row: X.iloc[[0]].")
    if (below is None) == (above is None):
        raise BadInput("Give one limit: below or above.")
    table, now = candidates(patient, allowed)
    found = answers(predict, table)
    enough = found < below if above is None else found > above
    if not enough.any():
        raise NotEstimable(
            f"None of the {len(table)} allowed changes is enough; the nearest answer "
            f"is {found.min() if above is None else found.max():.3g}."
        )
    distance = np.zeros(len(table))
    for name, value in now.items():
        distance += np.abs(table[name].to_numpy(float) - value) / spread(X, name)
    best = int(np.argmin(np.where(enough, distance, np.inf)))
    then = {name: table[name].iloc[best].item() for name in now}
    changes = {n: (now[n], then[n]) for n in now if then[n] != now[n]}
    return Counterfactual(changes, float(found[best]), float(distance[best]))


def candidates(patient, allowed):
    """Return the patient with every combination of allowed values, and values now.

    Examples
    --------
    >>> table, now = candidates(pd.DataFrame({"a": [1], "b": [5]}), {"a": [2, 3]})
    >>> table.to_numpy().tolist(), now
    ([[1, 5], [2, 5], [3, 5]], {'a': 1})
    """
    now, choices = {}, []
    for name, values in allowed.items():
        column(patient, name)
        if not pd.api.types.is_numeric_dtype(patient[name]):
            raise BadInput(f"{name} is not numeric; only numbers have a distance.")
        now[name] = patient[name].iloc[0].item()
        choices.append(list(dict.fromkeys([now[name], *values])))
    n_candidates = int(np.prod([len(values) for values in choices]))
    if n_candidates > MOST_CANDIDATES:
        raise BadInput(
            f"The allowed values make {n_candidates} combinations; allow fewer columns "
            f"or coarser values (at most {MOST_CANDIDATES})."
        )
    table = patient.loc[patient.index.repeat(n_candidates)].reset_index(drop=True)
    combinations = list(product(*choices))
    for k, name in enumerate(now):
        table[name] = [values[k] for values in combinations]
    return table, now


def spread(X, name):
    """Return the median absolute deviation of a column, or its standard deviation.

    Examples
    --------
    >>> spread(pd.DataFrame({"asthma": [0, 0, 0, 1]}), "asthma")
    0.4330127018922193
    """
    own = X[name].to_numpy(float)
    found = np.median(np.abs(own - np.median(own))) or own.std()
    if not found > 0:
        raise BadInput(f"{name} is the same for all patients of X; it has no spread.")
    return float(found)
