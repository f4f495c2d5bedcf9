"""One student of a class: what the score record and the gradebook say together."""

from dataclasses import dataclass, field

from coursekit.autograde.replay import why_no_marks
from coursekit.autograde.reruns import sentence
from coursekit.report.gradebook import Mark

SCORED = "scored"
UNGRADED = "not graded yet"
NOTHING = "not handed in"
QUIET = (SCORED, UNGRADED, NOTHING)  # statuses that by themselves need no person


@dataclass(frozen=True)
class Points:
    """Points of one kind, or for one criterion; `points` is None where withheld.

    `low` and `high` are the points at the two ends of the 90 % interval.
    """

    points: float | None
    max_points: float
    low: float | None = None
    high: float | None = None

    @property
    def share(self):
        """The share of the most that can be earned, None where there are none.

        Examples
        --------
        >>> Points(10.0, 40.0).share, Points(None, 40.0).share, Points(0.0, 0.0).share
        (0.25, None, None)
        """
        if self.points is None or not self.max_points:
            return None
        return self.points / self.max_points


@dataclass(frozen=True)
class Measure:
    """What was measured for one criterion, with its 90 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class StudentFigures:
    """One student: points, feedback, and why a person has to look."""

    student: str
    status: str
    name: str = ""
    kinds: dict = field(default_factory=dict)  # kind -> Points
    criteria: dict = field(default_factory=dict)  # id -> Points
    measures: dict = field(default_factory=dict)  # id -> Measure
    codes: dict = field(default_factory=dict)  # feedback code -> its texts
    why: tuple[str, ...] = ()  # a person has to look
    notes: tuple[str, ...] = ()
    reruns: tuple[str, ...] = ()  # those that differed, in words
    n_same_reruns: int = 0
    runs: tuple[str, ...] = ()  # names of the runs of record
    mark: Mark = field(default_factory=Mark)

    @property
    def measured(self):
        """All measured points together; None where a part of them is withheld."""
        points = [each.points for each in self.kinds.values()]
        return None if None in points or not points else round(sum(points), 2)

    @property
    def waiting(self):
        """The questions of this student that wait for a person's mark."""
        return [cell for cell in self.mark.cells if cell.by_hand and cell.is_open]

    @property
    def is_unrecorded(self):
        """True where there is a score record and the gradebook has nothing of it."""
        return self.status not in (UNGRADED, NOTHING) and not self.mark.cells

    @property
    def was_handed_in(self):
        """False for whom the gradebook knows and nothing came from."""
        return self.status != NOTHING


def of_student(student, record, mark, *, name="", kinds=None):
    """Return the figures of one student.

    Parameters
    ----------
    student : str
    record : dict or None
        The score record.
    mark : Mark
    name : str
    kinds : dict of str to float, optional
        Most points by kind, from the rubric; None without a rubric.

    Examples
    --------
    >>> of_student("ann", None, Mark(), kinds={"accuracy": 40}).kinds["accuracy"]
    Points(points=None, max_points=40, low=None, high=None)
    """
    kinds = kinds or {}
    if record is None:
        nothing = {kind: Points(None, most) for kind, most in kinds.items()}
        return StudentFigures(student, UNGRADED, name, nothing, mark=mark)
    again = record.get("reruns", ())
    told = tuple(sentence(each) for each in again if differs(each))
    return StudentFigures(
        student=student,
        status=record["status"],
        name=name,
        kinds={kind: points_of(record["kinds"][kind]) for kind in kinds},
        criteria={row["id"]: points_of(row) for row in record["criteria"]},
        measures=measures_of(record),
        codes={each["code"]: each for each in record["codes"]},
        why=tuple(why_a_person(record, mark, kinds)),
        notes=tuple(record.get("notes", ())),
        reruns=told,
        n_same_reruns=len(again) - len(told),
        runs=runs_of(record),
        mark=mark,
    )


def points_of(total):
    """Return points as a score record has them, of a kind or a criterion."""
    low, high = total["points_range"] or (None, None)
    return Points(total["points"], total["max_points"], low, high)


def measures_of(record):
    """Return what was measured, where there is a value with an interval."""
    return {
        row["id"]: Measure(row["value"], row["low"], row["high"])
        for row in record["criteria"]
        if None not in (row["value"], row["low"], row["high"])
    }


def differs(rerun):
    """Return True if another run earned other points, or answered otherwise.

    Examples
    --------
    >>> same = {"points": {"accuracy": [24.0, 24.0]}, "status": "scored"}
    >>> differs(same | {"predictions": {"model": {"differ": 0}}})
    False
    >>> differs(same | {"predictions": {"model": {"differ": 2}}})
    True
    """
    points = any(one != other for one, other in rerun["points"].values())
    answers = any(each["differ"] for each in rerun["predictions"].values())
    return points or answers or rerun["status"] != SCORED


def why_a_person(record, mark, kinds):
    """Yield in words why a person has to look at a submission.

    Questions that are always marked by hand are not among it.
    """
    if record["status"] not in QUIET:
        yield f"{record['status']}: {record['reason']}"
    else:
        yield from why_no_marks(record)
    for row in record["criteria"]:
        if row["points"] is None:
            yield f"{row['label']}: {row['sentence']}"
    for cell in mark.cells:
        if cell.was_marked and cell.needs_person:
            yield f"{cell.name} was marked by hand for another run; look at it again."
        elif cell.points is None and not cell.by_hand and cell.name not in kinds:
            yield f"The test {cell.name} gave no mark."


def runs_of(record):
    """Return the names of the runs that a record was made from."""
    if "notebooks" in record:
        found = [each["run"] for each in record["notebooks"].values()]
    else:
        found = [record.get("run")]
    return tuple(name for name in found if name)
