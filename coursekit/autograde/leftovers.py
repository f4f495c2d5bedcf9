"""What killed runs leave behind, and what no present score record is made of.

Nothing here ever touches a score, or a run that a score record names.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from coursekit.autograde.ordinary import taker_in
from coursekit.autograde.recording import log_of
from coursekit.autograde.scorebook import NEW, holds, read_score
from coursekit.autograde.scratch import left_over, remove, sweep

OLD_LOG_DAYS = 30
LOGS = "logs"


@dataclass(frozen=True)
class Leftover:
    """Something that may be removed, and why."""

    kind: str  # "superseded run", "left by a killed run", "old log"
    path: Path

    @property
    def size(self):
        """Bytes on disk."""
        files = (
            [self.path, *self.path.rglob("*")] if self.path.is_dir() else [self.path]
        )
        return sum(each.lstat().st_size for each in files)


def sweep_all(course, assignment):
    """Remove what killed runs left behind; call it under the assignment's lock."""
    sweep()
    for path in half_written(course, assignment):
        remove(path)


def half_written(course, assignment):
    """Return what was not finished: all that has not been renamed to its place."""
    runs = course.private("runs") / assignment
    scores = course.private("scores") / assignment
    return [*sorted(runs.glob(".*")), *sorted(scores.glob(f".*{NEW}"))]


def find_leftovers(course, assignment):
    """Return all that may be removed; call it under the assignment's lock.

    Parameters
    ----------
    course : Course
    assignment : str

    Returns
    -------
    list of Leftover
    """
    return [
        *(Leftover("left by a killed run", path) for path in left_over()),
        *(
            Leftover("left by a killed run", path)
            for path in half_written(course, assignment)
        ),
        *(Leftover("superseded run", path) for path in superseded(course, assignment)),
        *(Leftover("old log", path) for path in old_logs(course, assignment)),
    ]


def superseded(course, assignment):
    """Return the runs that no score record names, once everybody has a score.

    A run whose score was not written yet may be the run of record.
    """
    folder = course.private("runs") / assignment
    if unscored(course, assignment):
        return []
    named = named_runs(course, assignment)
    found = [path for path in folder.glob("*") if (path / "run.json").is_file()]
    return sorted(path for path in found if path.name not in named)


def unscored(course, assignment):
    """Return the students whose present submission has no score record."""
    holdout = course.holdout_digest(assignment)
    take_in = taker_in(course, assignment)
    return [
        student
        for student in course.students(assignment)
        if not holds(
            read_score(course, assignment, student),
            take_in(course, assignment, student),
            holdout,
            course.rules,
        )
    ]


def named_runs(course, assignment):
    """Return the names of the runs that score records are made of, or remember."""
    named = set()
    for path in (course.private("scores") / assignment).glob("*.json"):
        record = read_score(course, assignment, path.stem)
        if record is None:
            continue
        notebooks = record.get("notebooks", {}).values()
        others = [*record.get("reruns", ()), *notebooks]
        named |= {record["run"], *(each["run"] for each in others)}
    return named


def old_logs(course, assignment):
    """Return the logs that nothing was written to for a month."""
    runs = course.private("runs")
    found = [*(runs / assignment / LOGS).glob("*.log"), log_of(course, assignment)]
    found.append(runs / f"{assignment}.scorer.log")
    limit = time.time() - OLD_LOG_DAYS * 86400
    return sorted(p for p in found if p.is_file() and p.stat().st_mtime < limit)


def free(leftovers):
    """Remove leftovers.

    Parameters
    ----------
    leftovers : sequence of Leftover
    """
    for each in leftovers:
        remove(each.path)
