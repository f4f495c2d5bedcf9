"""What was found alike, kept among the scores for the report to show."""

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime

from coursekit.autograde.frame import write_private
from coursekit.similarity.comparing import Pair


@dataclass(frozen=True)
class Compared:
    """When the submissions of an assignment were compared, and what was found."""

    when: datetime  # UTC
    n_students: int
    pairs: tuple[Pair, ...]

    def with_student(self, student):
        """Return the pairs that a student is one of."""
        return [each for each in self.pairs if student in (each.one, each.other)]


def keep(course, assignment, pairs):
    """Keep the pairs of an assignment; an earlier comparison is replaced."""
    found = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "n_students": len(course.students(assignment)),
        "pairs": [asdict(pair) for pair in pairs],
    }
    write_private(place(course, assignment), json.dumps(found, indent=1) + "\n")


def read_compared(course, assignment):
    """Return what was found when an assignment was compared; None before it was."""
    try:
        text = place(course, assignment).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    found = json.loads(text)
    pairs = tuple(Pair(**each) for each in found["pairs"])
    return Compared(datetime.fromisoformat(found["when"]), found["n_students"], pairs)


def place(course, assignment):
    """Return the file of an assignment; only the course's owner can read it."""
    return course.private("scores") / f"{assignment}.alike.json"
