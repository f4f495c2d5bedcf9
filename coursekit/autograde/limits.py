"""How much of the machine one submission may use, as its rubric says."""

from coursekit.grading.limits import Limits, from_mapping, with_more_time

__all__ = ["Limits", "from_mapping", "with_more_time"]
