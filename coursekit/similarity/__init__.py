"""Which submissions are alike, as evidence for a person; it never moves a mark.

`alike` compares the submissions of an assignment with one another and with the
teacher's own solutions.
"""

from coursekit.similarity.comparing import Pair, compare
from coursekit.similarity.gathering import alike
from coursekit.similarity.keeping import Compared

__all__ = ["Compared", "Pair", "alike", "compare"]
