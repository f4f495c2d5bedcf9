"""Who is who: from the learning management system's numbers and names to student ids.

A roster is a CSV with one row a student: the gradebook exported from Canvas, the
grading worksheet downloaded from Moodle, or a table of one's own.
"""

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field

from coursekit.autograde.lms_names import normal, same_letters
from coursekit.errors import BadData

IDS = (
    "student_id",
    "username",
    "sis login id",
    "id number",
    "sis user id",
    "email address",
    "email",
    "id",
)
USERS = ("lms_user_id", "id")
PARTICIPANTS = ("identifier",)
NAMES = ("student", "full name", "name")
PAIRS = (("first name", "last name"), ("first name", "surname"))
MOST_MB = 20


@dataclass(frozen=True)
class Person:
    """One student: the id in this course, and what the system knows them by."""

    student: str
    users: tuple[str, ...] = ()  # Canvas: user ids
    participants: tuple[str, ...] = ()  # Moodle: participant numbers
    names: tuple[str, ...] = ()


@dataclass
class Roster:
    """The students of a course, to be found by number or name."""

    people: list = field(default_factory=list)
    is_complete: bool = False  # whoever is not on it is unknown

    def __post_init__(self):
        self.users = by(self.people, "users")
        self.participants = by(self.people, "participants")
        self.names = by(self.people, "names")

    def find(self, sender):
        """Return the student id of a sender, and why there is none.

        Parameters
        ----------
        sender : Sender

        Returns
        -------
        tuple of (str or None, str)
        """
        numbers = self.users if sender.lms == "Canvas" else self.participants
        found = numbers.get(sender.number, [])
        if not found and sender.lms == "Moodle":
            found = self.names.get(key(sender.name), [])
        if len({person.student for person in found}) > 1:
            return None, f"{sender} is more than one student on the roster."
        if not found:
            if self.is_complete:
                return None, f"{sender} is not on the roster."
            return sender.id, ""
        problem = self.contradiction(sender, found[0])
        return (None, problem) if problem else (found[0].student, "")

    def contradiction(self, sender, person):
        """Say if a file's name and number are those of two people, or return ""."""
        if sender.lms != "Canvas" or not sender.name or not person.names:
            return ""
        if any(same_letters(sender.name, name) for name in person.names):
            return ""
        return f"{sender.number} is {person.names[0]}, but the file says {sender.name}."


def by(people, kind):
    """Return the people by one kind of what they are known by."""
    found = defaultdict(list)
    for person in people:
        for known_by in getattr(person, kind):
            found[key(known_by)].append(person)
    return dict(found)


def key(text):
    """Return what is compared of a number, name or heading: letters and digits only.

    Moodle leaves quotes and the like out of names.

    Examples
    --------
    >>> key("Ann  O'Neil"), key("SIS Login ID")
    ('annoneil', 'sisloginid')
    """
    return "".join(char for char in normal(text).casefold() if char.isalnum())


def read_roster(path, id_column=None, match_column=None):
    """Read a roster from a CSV.

    Parameters
    ----------
    path : Path
        With a heading; separated by commas, semicolons or tabs; UTF-8.
    id_column : str, optional
        The column with the student ids of this course. By default the first there is of
        student_id, Username, SIS Login ID, ID number, SIS User ID, Email address, ID.
    match_column : str, optional
        The column by which files are matched; else ID and Student (Canvas), Identifier
        and Full name (Moodle), lms_user_id, First name and Last name.

    Returns
    -------
    Roster

    Raises
    ------
    BadData
        If it cannot be read, or has no such columns.
    """
    rows, headings = read_rows(path)
    ids = pick(headings, (id_column,) if id_column else IDS)
    if not ids:
        raise BadData(
            f"{path} has no such column of student ids; it has: {', '.join(headings)}. "
            "Name one with --id."
        )
    if match_column and not pick(headings, (match_column,)):
        raise BadData(f"{path} has no column {match_column!r}.")
    known = {key(heading): heading for heading in headings}
    people = [
        person(row, row[ids[0]].strip(), known, match_column)
        for row in rows
        if row[ids[0]].strip()
    ]
    if not any(each.users or each.participants or each.names for each in people):
        raise BadData(
            f"{path} has nothing by which a file can be matched: no column ID, "
            "Identifier, lms_user_id or Full name with a value. Name one with --match."
        )
    return Roster(people, is_complete=True)


def read_rows(path):
    """Return the rows of a CSV as dicts without gaps, and the headings."""
    try:
        if path.stat().st_size > MOST_MB * 1e6:
            raise BadData(f"{path} has more than {MOST_MB} MB: that is no roster.")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise BadData(f"{path} is not UTF-8. Save it as CSV UTF-8.") from None
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    try:
        table = csv.DictReader(text.splitlines(keepends=True), delimiter=delimiter)
        rows = [{k: v or "" for k, v in row.items() if k} for row in table]
    except csv.Error as error:
        raise BadData(f"{path} is not a CSV: {error}.") from None
    if not rows:
        raise BadData(f"{path} has no rows.")
    return rows, [heading for heading in table.fieldnames if heading]


def pick(headings, wanted):
    """Return the headings that are wanted, in the order of the wish."""
    known = {key(heading): heading for heading in headings}
    return [known[key(name)] for name in wanted if key(name) in known]


def person(row, student, known, match_column):
    """Return one student of a roster."""

    def values(columns):
        found = (row[known[column]].strip() for column in columns if column in known)
        return tuple(value for value in found if value)

    if match_column:
        mine = values((key(match_column),))
        return Person(student, mine, numbers(mine), mine)
    pairs = [values(map(key, pair)) for pair in PAIRS]
    names = [" ".join(pair) for pair in pairs if len(pair) == 2]
    names += values(map(key, NAMES))
    participants = numbers(values(map(key, PARTICIPANTS)))
    users = values(map(key, USERS))
    return Person(student, users, participants, tuple(dict.fromkeys(names)))


def numbers(identifiers):
    """Return the number at the end of each, as in ``Participant 123``.

    Examples
    --------
    >>> numbers(("Participant 123", "Teilnehmer/in7", "none"))
    ('123', '7')
    """
    found = (re.search(r"\d+$", text) for text in identifiers)
    return tuple(match.group() for match in found if match)


def from_gradebook(course):
    """Return the students in nbgrader's gradebook, of whom more may come."""
    from nbgrader.api import Gradebook

    with Gradebook(course.db_url) as gradebook:
        people = [
            Person(
                student.id,
                users=tuple(filter(None, (student.lms_user_id,))),
                names=tuple(filter(None, (full_name(student),))),
            )
            for student in gradebook.students
        ]
    return Roster(people)


def full_name(student):
    """Return first and last name of a student in the gradebook, or ""."""
    names = student.first_name, student.last_name
    return " ".join(names) if all(names) else ""
