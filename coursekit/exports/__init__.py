"""Grades for the learning management system, in its own form.

What is not marked is never written as 0: it is left out and named. A template of the
system's keeps its rows, order, headings, encoding, delimiter and line ends.
"""

from coursekit.exports.exporting import TARGETS, export
from coursekit.exports.outcome import Exported
from coursekit.exports.results import Result, results

__all__ = ["TARGETS", "Exported", "Result", "export", "results"]
