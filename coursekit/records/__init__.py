"""Helpers for messy records: what is known of a drawn table, codes, names.

To find faults is the student's work; nothing here finds one.
"""

from coursekit.datasets.messy_model import ICD10_OF_ICD9
from coursekit.records.spelling import plain_name
from coursekit.records.truth import fault_log, true_table

__all__ = ["ICD10_OF_ICD9", "fault_log", "plain_name", "true_table"]
