"""Patients with their truth, and the same patients as a student may see them.

The two are different types, and whatever writes files for students accepts only
the second: the truth cannot be shipped by forgetting a step.
"""

from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from coursekit.errors import BadInput


@dataclass(frozen=True)
class Fault:
    """One thing that was planted in a cohort so that a student can find it."""

    name: str  # stable, such as "under-recorded-outcome"
    columns: tuple[str, ...]
    description: str


@dataclass(frozen=True)
class Truth:
    """What made a cohort; for the trusted side only.

    Real patients have none of it: `risk` is then None, and criteria that need it
    are switched off by name.
    """

    outcome: object  # (n_patients, ...) what really happened, of the kind of `Cohort.y`
    risk: np.ndarray | None = None  # (n_patients,) in [0, 1], the true probability
    label_error: dict = field(default_factory=dict)  # group -> share of events missed
    effects: dict = field(default_factory=dict)  # name -> true coefficient
    faults: tuple[Fault, ...] = ()
    detail: dict = field(default_factory=dict)  # name -> one value a row: lesion masks


@dataclass(frozen=True)
class ShownCohort:
    """Patients as a student sees them: no truth, no way back to it."""

    role: str
    X: object  # (n, n_features) DataFrame; other kinds: (n, c, h, w) array, list of str
    y: object  # (n,) 0/1, or (n, ...) masks, or a list: recorded on train, else audited
    groups: pd.DataFrame  # (n, n_attributes), strings; for measuring, not for fitting
    patient: np.ndarray  # (n,) ints; the same patient may stand in several rows


@dataclass(frozen=True)
class Cohort:
    """Patients, their recorded outcome, their groups, and the truth that made them."""

    role: str
    X: object  # as in ShownCohort, without group columns
    y: object
    groups: pd.DataFrame
    patient: np.ndarray
    truth: Truth
    post_index: tuple[str, ...] = ()  # columns of X unknown at prediction time
    altered: dict = field(default_factory=dict)  # name -> X; no answer may move by it

    def __post_init__(self):
        n_rows = len(self.X)
        sizes = {
            "y": len(self.y),
            "groups": len(self.groups),
            "patient": len(self.patient),
            "truth.outcome": len(self.truth.outcome),
            **{f"truth.detail[{k!r}]": len(v) for k, v in self.truth.detail.items()},
            **{f"altered[{k!r}]": len(v) for k, v in self.altered.items()},
        }
        for name, size in sizes.items():
            if size != n_rows:
                raise BadInput(
                    f"A cohort of {n_rows} rows has {size} values in {name}."
                )

    def __len__(self):
        return len(self.X)

    def inputs(self, given=()):
        """Return what a model is served: `X`, with the `given` group columns joined.

        Parameters
        ----------
        given : sequence of str
            Names of group columns that the assignment gives to the model.
        """
        return joined_groups(self.X, self.groups, given) if len(given) else self.X

    def shown(self, given=()):
        """Return the student's side of this cohort: a `ShownCohort`, without truth.

        Examples
        --------
        >>> from coursekit.datasets import make_readmission
        >>> cohort = make_readmission(100, secret="demo", role="tune")
        >>> hasattr(cohort.shown(), "truth")
        False
        """
        return ShownCohort(
            role=self.role,
            X=self.inputs(given),
            y=self.y,
            groups=self.groups,
            patient=self.patient,
        )

    def take(self, rows):
        """Return the cohort of these rows (positions or a boolean mask)."""
        rows = np.arange(len(self))[rows]
        risk = self.truth.risk
        truth = replace(
            self.truth,
            outcome=take_rows(self.truth.outcome, rows),
            risk=None if risk is None else risk[rows],
            detail={k: take_rows(v, rows) for k, v in self.truth.detail.items()},
        )
        return replace(
            self,
            X=take_rows(self.X, rows),
            y=take_rows(self.y, rows),
            groups=self.groups.iloc[rows].reset_index(drop=True),
            patient=self.patient[rows],
            truth=truth,
            altered={k: take_rows(v, rows) for k, v in self.altered.items()},
        )


def joined_groups(X, groups, given):
    """Return a table of features with the given group columns beside them.

    Examples
    --------
    >>> X, groups = pd.DataFrame({"age_years": [61]}), pd.DataFrame({"sex": ["F"]})
    >>> list(joined_groups(X, groups, ["sex"]))
    ['age_years', 'sex']
    """
    if not isinstance(X, pd.DataFrame):
        raise BadInput(
            "Group columns can be given to a model only beside a table, not a "
            f"{type(X).__name__}."
        )
    unknown = [name for name in given if name not in groups]
    if unknown:
        raise BadInput(
            f"There is no group column {', '.join(unknown)}, only {', '.join(groups)}."
        )
    return X.join(groups[list(given)])


def take_rows(X, rows):
    """Return rows (positions) of a table, an array or a list, renumbered from 0.

    Examples
    --------
    >>> take_rows(["a", "b", "c"], [2, 0])
    ['c', 'a']
    """
    if isinstance(X, pd.DataFrame):
        return X.iloc[rows].reset_index(drop=True)
    if isinstance(X, np.ndarray):
        return X[rows]
    return [X[row] for row in rows]
