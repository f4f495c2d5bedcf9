"""The eight diagnoses of the drawn hospitals in two code systems."""

from coursekit.datasets.messy_model import ICD10_OF_ICD9

__all__ = ["ICD10_OF_ICD9"]
