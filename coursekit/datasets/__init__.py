"""Patients to learn from and to be graded on: drawn (`make_`) or local (`load_`)."""

from coursekit.datasets.cohort import Cohort, Fault, ShownCohort, Truth, take_rows
from coursekit.datasets.readmission import make_readmission, redraw_post_index

__all__ = [
    "Cohort",
    "Fault",
    "ShownCohort",
    "Truth",
    "make_readmission",
    "redraw_post_index",
    "take_rows",
]
