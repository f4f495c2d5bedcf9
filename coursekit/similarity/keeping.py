"""What was found alike, kept among the scores for the report to show."""

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

from coursekit.autograde.frame import write_private
from coursekit.similarity.comparing import Pair


@dataclass(frozen=True)
class Compared:
    """When the submissions of an assignment were compared, and what was found."""

    when: datetime  # UTC
    digests: dict  # student -> SHA-256 of what was compared
    pairs: tuple[Pair, ...] = ()
    left_out: dict = field(default_factory=dict)  # student -> why not all was compared

    def changed(self, digests):
        """Return who has handed in something else since, or for the first time."""
        return sorted(
            who for who, each in digests.items() if self.digests.get(who) != each
        )


def now():
    """Return the time, in UTC, to the second."""
    return datetime.now(UTC).replace(microsecond=0)


def keep(course, assignment, compared):
    """Keep what was found; an earlier comparison is replaced."""
    found = asdict(compared) | {"when": compared.when.isoformat()}
    write_private(place(course, assignment), json.dumps(found, indent=1) + "\n")


def read_compared(course, assignment):
    """Return what was found when an assignment was compared; None before it was."""
    try:
        text = place(course, assignment).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    found = json.loads(text)
    pairs = tuple(Pair(**each) for each in found["pairs"])
    when = datetime.fromisoformat(found["when"])
    return Compared(when, found["digests"], pairs, found["left_out"])


def place(course, assignment):
    """Return the file of an assignment; only the course's owner can read it."""
    return course.private("scores") / f"{assignment}.alike.json"
