"""What of a syllabus this coursekit has, and when each assignment is due."""

import datetime
from dataclasses import dataclass

from coursekit.content import content
from coursekit.errors import BadInput

DAYS = {"week": 7, "day": 1}
END_OF_DAY = datetime.time(23, 59)


@dataclass(frozen=True)
class Session:
    """One week or day, with what there is of it.

    ``assignments`` is name -> weight; ``due`` in the course's time zone, or None.
    """

    number: int
    title: str
    labs: tuple
    assignments: dict
    due: datetime.datetime | None


@dataclass(frozen=True)
class Plan:
    """A syllabus made real; ``left_out`` names what this coursekit has not."""

    name: str
    title: str
    unit: str
    sessions: tuple
    left_out: tuple

    @property
    def assignments(self):
        """The names of the assignments, in the order in which they are due."""
        return [name for each in self.sessions for name in each.assignments]

    @property
    def labs(self):
        """The names of the labs, each once, in their order."""
        return list(dict.fromkeys(lab for each in self.sessions for lab in each.labs))

    @property
    def due(self):
        """The due date of each assignment: name -> time, without those of None."""
        return {
            name: each.due
            for each in self.sessions
            for name in each.assignments
            if each.due is not None
        }


def plan(syllabus, start=None, zone=datetime.UTC):
    """Say what of a syllabus there is, and when it is due.

    Parameters
    ----------
    syllabus : Syllabus
    start : datetime.date, optional
        The first day. By default nothing has a due date.
    zone : datetime.tzinfo, default=UTC
        Where the class is.

    Returns
    -------
    Plan
        An assignment is due at 23:59 on the last day of its week, or on its day.

    Raises
    ------
    BadInput
        If this coursekit has none of its assignments.

    Examples
    --------
    >>> from coursekit.syllabus import read_syllabus
    >>> made = plan(read_syllabus("workshop"), datetime.date(2027, 1, 11))
    >>> made.due["readmission"].isoformat()
    '2027-01-11T23:59:00+00:00'
    """
    labs = {path.name.split(".")[0] for path in content("notebooks").glob("*.py")}
    there = content("assignments").glob("*/rubric.toml")
    assignments = {path.parent.name for path in there}
    sessions, left_out = [], []
    for entry in syllabus.entries:
        due = due_date(entry.number, syllabus.unit, start, zone)
        kept = {n: w for n, w in entry.assignments.items() if n in assignments}
        found = tuple(lab for lab in entry.labs if lab in labs)
        sessions.append(Session(entry.number, entry.title, found, kept, due))
        missing = [*entry.labs, *entry.assignments]
        missing = [name for name in missing if name not in (*found, *kept)]
        left_out += [f"{syllabus.unit} {entry.number}: {name}" for name in missing]
    made = Plan(
        *(syllabus.name, syllabus.title, syllabus.unit),
        tuple(sessions),
        tuple(left_out),
    )
    if not made.assignments:
        raise BadInput(f"This coursekit has no assignment of {syllabus.name}.")
    return made


def everything(assignments):
    """Return the plan of a course without a syllabus: all labs, no due dates.

    Parameters
    ----------
    assignments : sequence of str

    Returns
    -------
    Plan

    Examples
    --------
    >>> everything(["readmission"]).assignments
    ['readmission']
    """
    labs = tuple(sorted(path.stem for path in content("notebooks").glob("*.py")))
    session = Session(1, "All labs", labs, dict.fromkeys(assignments), None)
    return Plan("", "All labs and assignments", "", (session,), ())


def due_date(number, unit, start, zone):
    """Return when the work of a session is due; None where no start is known."""
    if start is None:
        return None
    last = start + datetime.timedelta(days=DAYS[unit] * number - 1)
    return datetime.datetime.combine(last, END_OF_DAY, zone)
