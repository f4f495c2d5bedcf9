"""Syllabi: which lab and which assignment belong to which week.

`read_syllabus` reads one of those that ship (``coursekit/syllabus/*.yaml``) or a file
of your own; `plan` says what of it this coursekit has, and when it is due.
"""

from coursekit.syllabus.planning import Plan, Session, everything, plan
from coursekit.syllabus.reading import list_syllabi, read_syllabus

__all__ = ["Plan", "Session", "everything", "list_syllabi", "plan", "read_syllabus"]
