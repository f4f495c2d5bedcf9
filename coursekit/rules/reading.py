"""Read ``course.toml``: every rule has a default, and a mistake is told by name.

A course of an older format is read as it is: what its format did not know has the
default, which changes no mark. ``coursekit upgrade`` brings it up to date.
"""

import datetime
import difflib
import math
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from coursekit.errors import BadCourse

FORMAT = 2
SANDBOXES = ("auto", "bubblewrap", "none")
LATE = ("grace_minutes", "free_days", "percent_a_day", "last_day")
KEYS = ("format", "name", "made_by", "sandbox", "timezone", "syllabus", "limits")
TABLES = ("late", "extensions", "time")
MOST_TIME = 10.0  # times the limits of a run


@dataclass(frozen=True)
class Late:
    """What a late submission costs.

    Parameters
    ----------
    grace_minutes : int, default=0
        So long after the due date nothing is late.
    free_days : int, default=0
        Days that a student may be late in the whole course at no cost. They are used
        up in the order of the due dates.
    percent_a_day : float, default=0
        Per cent of an assignment's points taken off for each further day begun.
    last_day : int, optional
        What comes in after so many days earns nothing; by default no day is the last.

    Examples
    --------
    >>> rules = Late(free_days=2, percent_a_day=10, last_day=7)
    >>> [rules.percent(days, free=2) for days in (1, 2, 3, 7, 8)]
    [0, 0, 10, 50, 100.0]
    """

    grace_minutes: int = 0
    free_days: int = 0
    percent_a_day: float = 0.0
    last_day: int | None = None

    def days(self, seconds):
        """Return how many days late seconds are: each day begun counts."""
        return max(0, math.ceil((seconds - 60 * self.grace_minutes) / 86_400))

    def percent(self, days, free):
        """Return how many per cent are taken off, with so many free days left."""
        if self.last_day is not None and days > self.last_day:
            return 100.0
        return min(100.0, self.percent_a_day * max(0, days - free))


@dataclass(frozen=True)
class Rules:
    """The rules of a course, as `read_rules` returns them."""

    format: int = FORMAT
    name: str = ""
    made_by: str = ""
    sandbox: str = "auto"
    timezone: str = "UTC"
    syllabus: str = ""
    limits: dict = field(default_factory=dict)  # of assignments without a rubric
    late: Late = Late()
    extensions: dict = field(default_factory=dict)  # assignment -> student -> when
    time: dict = field(default_factory=dict)  # student -> times the limits of a run

    def extension(self, assignment, student):
        """Return until when a student may hand in, or None where no rule says so.

        Returns
        -------
        datetime.datetime or None
            In UTC and without a time zone, as nbgrader keeps its times.
        """
        return self.extensions.get(assignment, {}).get(student)

    def time_of(self, student):
        """Return by how much a student's limits of time are multiplied."""
        return self.time.get(student, 1.0)


def read_rules(folder):
    r"""Read the rules of a course.

    Parameters
    ----------
    folder : path

    Returns
    -------
    Rules

    Raises
    ------
    BadCourse
        If there is no ``course.toml``, if a newer coursekit made it, or if it says
        what cannot be meant; the message names the key and what to write.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     text = "format = 2\n[late]\nfree_days = 3\npercent_a_day = 10\n"
    ...     _ = Path(folder, "course.toml").write_text(text)
    ...     read_rules(folder).late
    Late(grace_minutes=0, free_days=3, percent_a_day=10.0, last_day=None)
    """
    path = Path(folder) / "course.toml"
    table = read_table(path, folder)
    refuse_newer(table, path)
    refuse_unknown(table, (*KEYS, *TABLES), path, "")
    zone = zone_named(table.get("timezone", "UTC"), f"{path}: timezone")
    plain = {key: table[key] for key in KEYS if key in table and key != "limits"}
    for key in ("name", "made_by", "sandbox", "syllabus"):
        if not isinstance(plain.get(key, ""), str):
            raise BadCourse(f'{path}: {key} = {plain[key]!r}; give text in "quotes".')
    if plain.get("sandbox", "auto") not in SANDBOXES:
        known = " or ".join(f'"{each}"' for each in SANDBOXES)
        raise BadCourse(f"{path}: sandbox = {plain['sandbox']!r}; give {known}.")
    return Rules(
        **plain,
        limits=table_of(table, "limits", path),
        late=read_late(table_of(table, "late", path), path),
        extensions=read_extensions(table_of(table, "extensions", path), zone, path),
        time=read_time(table_of(table, "time", path), path),
    )


def read_table(path, folder):
    """Return what stands in a ``course.toml``."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadCourse(
            f"{folder} has no course.toml, so it is not a course of coursekit. Go to "
            "the course folder, name it with --course, or make one with coursekit init."
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadCourse(f"{path} is not TOML: {error}.") from None


def refuse_newer(table, path):
    """Refuse a course that a newer coursekit has made."""
    found = table.get("format")
    if type(found) is not int or not 1 <= found <= FORMAT:
        raise BadCourse(
            f"{path} has format {found!r}; this coursekit reads up to {FORMAT}. "
            "Install the coursekit that made this course."
        )


def refuse_unknown(table, known, path, where):
    """Refuse a key that is none, and name the one that is most like it."""
    for key in table:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            meant = f" Did you mean {near[0]}?" if near else ""
            raise BadCourse(
                f"{path}: {where}{key} is unknown. Known are {', '.join(known)}.{meant}"
            )


def table_of(table, name, path):
    """Return a table of the file; an empty one where it is left out."""
    found = table.get(name, {})
    if not isinstance(found, dict):
        raise BadCourse(f"{path}: {name} is a table: write [{name}] above its lines.")
    return found


def zone_named(name, where):
    """Return the time zone in which times without one are meant."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise BadCourse(
            f"{where} = {name!r} is no time zone. Give a name such as "
            '"UTC" or "Europe/Berlin".'
        ) from None


def read_late(table, path):
    """Return the rule on late submissions."""
    refuse_unknown(table, LATE, path, "late.")
    for key, value in table.items():
        number = int | float if key == "percent_a_day" else int
        if isinstance(value, bool) or not isinstance(value, number) or not value >= 0:
            kind = "a number" if key == "percent_a_day" else "a whole number"
            raise BadCourse(f"{path}: late.{key} = {value!r}; give {kind} from 0 on.")
    found = Late(**table)
    if found.percent_a_day > 100:
        raise BadCourse(f"{path}: late.percent_a_day is above 100.")
    return Late(**{**vars(found), "percent_a_day": float(found.percent_a_day)})


def read_extensions(table, zone, path):
    """Return the extensions: assignment -> student -> until when, in UTC."""
    found = {}
    for assignment, students in table.items():
        if not isinstance(students, dict):
            raise BadCourse(
                f"{path}: extensions.{assignment} is a table: write "
                f"[extensions.{assignment}], then a line for each student."
            )
        found[assignment] = {
            student: in_utc(when, zone, f"{path}: extensions.{assignment}.{student}")
            for student, when in students.items()
        }
    return found


def in_utc(when, zone, where):
    """Return a time of the file in UTC, without a time zone."""
    refuse_dotted(when, where)
    if not isinstance(when, datetime.datetime):
        raise BadCourse(
            f"{where} = {when!r}; give day and time without quotes, such as "
            "2027-02-03 23:59:00, in the course's timezone."
        )
    when = when if when.tzinfo else when.replace(tzinfo=zone)
    return when.astimezone(datetime.UTC).replace(tzinfo=None)


def refuse_dotted(value, where):
    """Refuse an id that TOML reads as a table, for the dot in it."""
    if isinstance(value, dict):
        raise BadCourse(f'{where}: an id with a dot needs quotes: "jane.doe" = ...')


def read_time(table, path):
    """Return the accommodations: student -> times the limits of a run."""
    for student, value in table.items():
        refuse_dotted(value, f"{path}: time.{student}")
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 1 <= value <= MOST_TIME:
            raise BadCourse(
                f"{path}: time.{student} = {value!r}; give a number from 1 to "
                f"{MOST_TIME:g}: by how much the time is multiplied."
            )
    return {student: float(value) for student, value in table.items()}
