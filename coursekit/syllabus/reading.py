"""Read a syllabus, shipped or of a professor's own, and check it line by line."""

from dataclasses import dataclass
from pathlib import Path

import yaml

from coursekit.errors import BadInput

HERE = Path(__file__).parent
KEYS = {"title", "unit", "sessions"}
SESSION_KEYS = {"session", "title", "labs", "assignments"}
UNITS = ("week", "day")


@dataclass(frozen=True)
class Entry:
    """One week or day of a syllabus, as it stands in the file."""

    number: int
    title: str
    labs: tuple
    assignments: dict  # name -> weight


@dataclass(frozen=True)
class Syllabus:
    """A syllabus as it stands in its file; `plan` says what of it is here."""

    name: str
    title: str
    unit: str  # "week" or "day"
    entries: tuple


def list_syllabi():
    """Return the names of the syllabi that ship, sorted.

    Examples
    --------
    >>> "workshop" in list_syllabi()
    True
    """
    return sorted(path.stem for path in HERE.glob("*.yaml"))


def read_syllabus(name):
    """Read a syllabus that ships, by name, or one of your own, by its file.

    Parameters
    ----------
    name : str or path
        Such as ``"semester"``, or ``"mine.yaml"``.

    Returns
    -------
    Syllabus

    Raises
    ------
    BadInput
        If there is none, or a line of it cannot be meant.

    Examples
    --------
    >>> read_syllabus("workshop").unit
    'day'
    """
    path = Path(name) if str(name).endswith((".yaml", ".yml")) else None
    path = path or HERE / f"{name}.yaml"
    try:
        table = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadInput(
            f"There is no syllabus {str(name)!r}. There are: "
            f"{', '.join(list_syllabi())}; or name a file of your own, mine.yaml."
        ) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is not YAML: {error}.") from None
    refuse_wrong(table, KEYS, path)
    if table["unit"] not in UNITS:
        raise BadInput(f"{path}: unit is {table['unit']!r}; it is week or day.")
    if not isinstance(table["sessions"], list) or not table["sessions"]:
        raise BadInput(f"{path}: sessions is a list, with at least one session.")
    entries = tuple(read_entry(each, path) for each in table["sessions"])
    refuse_twice(entries, path)
    return Syllabus(path.stem, str(table["title"]), table["unit"], entries)


def refuse_wrong(table, keys, where):
    """Refuse what is no table, or has other keys than these."""
    if not isinstance(table, dict) or set(table) != keys:
        found = ", ".join(map(str, table)) if isinstance(table, dict) else table
        raise BadInput(f"{where}: found {found}; needed are {', '.join(sorted(keys))}.")


def read_entry(table, path):
    """Return one week or day."""
    full = (
        {"labs": [], "assignments": {}, **table} if isinstance(table, dict) else table
    )
    refuse_wrong(full, SESSION_KEYS, path)
    number, labs, weights = full["session"], full["labs"], full["assignments"]
    where = f"{path}: session {number!r}"
    if type(number) is not int or not 1 <= number <= 60:
        raise BadInput(f"{where}: its number is whole, from 1 to 60.")
    if not isinstance(labs, list) or not all(isinstance(lab, str) for lab in labs):
        raise BadInput(f"{where}: labs is a list of names, such as [01_readmission].")
    if not isinstance(weights, dict) or not all(map(is_weight, weights.values())):
        raise BadInput(
            f"{where}: assignments is a table, name: weight, with weights above 0."
        )
    return Entry(number, str(full["title"]), tuple(labs), dict(weights))


def is_weight(value):
    """Return True for a number above 0."""
    return isinstance(value, int | float) and not isinstance(value, bool) and value > 0


def refuse_twice(entries, path):
    """Refuse an assignment that stands in two sessions: it is due once."""
    names = [name for entry in entries for name in entry.assignments]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadInput(f"{path}: {', '.join(twice)} is assigned twice.")
