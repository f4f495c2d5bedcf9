"""What the trusted side knows about the patients of one serving."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

LEVEL = 0.90  # of every interval that sets a mark
NOT_JUDGED = ""  # the label of patients whose group is left out of gap criteria


@dataclass(frozen=True)
class Patients:
    """Outcomes, groups and truth, one row per patient as served."""

    y: object  # (n,) 0/1, (n, ...) masks or a list: true or audited outcome
    groups: pd.DataFrame  # (n, n_attributes)
    patient: np.ndarray | None = None  # (n,), None where each has one row
    risk: np.ndarray | None = None  # (n,), None where there is no known truth
    detail: dict = field(default_factory=dict)  # name -> one value a row, such as masks

    @classmethod
    def of(cls, cohort):
        """Return the patients of a `Cohort` or a `ShownCohort`."""
        truth = getattr(cohort, "truth", None)
        once = len(np.unique(cohort.patient)) == len(cohort.patient)
        return cls(
            y=cohort.y if truth is None else truth.outcome,
            groups=cohort.groups,
            patient=None if once else cohort.patient,
            risk=None if truth is None else truth.risk,
            detail={} if truth is None else truth.detail,
        )

    def first(self, n):
        """Return the first n rows."""

        def cut(values):
            return None if values is None else values[:n]

        return Patients(
            *(cut(self.y), self.groups.iloc[:n], cut(self.patient), cut(self.risk)),
            {name: values[:n] for name, values in self.detail.items()},
        )
