"""Patients to learn from and to be graded on: drawn (`make_`) or local (`load_`)."""

from coursekit.datasets.cohort import Cohort, Fault, ShownCohort, Truth, take_rows
from coursekit.datasets.readmission import make_readmission, redraw_post_index
from coursekit.datasets.storage import (
    HoldoutTruth,
    read_cohort,
    read_holdout_inputs,
    read_holdout_truth,
    write_cohort,
    write_holdout,
)

__all__ = [
    "Cohort",
    "Fault",
    "HoldoutTruth",
    "ShownCohort",
    "Truth",
    "make_readmission",
    "read_cohort",
    "read_holdout_inputs",
    "read_holdout_truth",
    "redraw_post_index",
    "take_rows",
    "write_cohort",
    "write_holdout",
]
