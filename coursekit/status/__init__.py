"""Where each student stands with an assignment, and what is to be done next.

Nothing here changes a course: it is read from the folders, the score records and
nbgrader's gradebook.
"""

from coursekit.status.gradebook import Book, Cell, Mark, read_book
from coursekit.status.standing import Standing, standings
from coursekit.status.steps import next_steps

__all__ = [
    "Book",
    "Cell",
    "Mark",
    "Standing",
    "next_steps",
    "read_book",
    "standings",
]
