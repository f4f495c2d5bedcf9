"""Which row of a template is which student: by number, by id, by name, never a guess.

A row gets a student only if nothing that is known speaks for another one.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

from coursekit.autograde.lms_names import same_letters
from coursekit.autograde.roster import key, numbers
from coursekit.errors import BadData
from coursekit.exports.people import plain

TEST_STUDENT = "Student, Test"  # Canvas's own, in each course
EMAIL, USER, NAME, ID = "email", "user", "name", "id"


@dataclass(frozen=True)
class Columns:
    """Where a template says who a row is."""

    ids: dict  # place -> EMAIL, USER, NAME or ID, the best first
    name: int | None = None
    user: int | None = None  # Canvas: user numbers
    participant: int | None = None  # Moodle: ends in a number
    is_given: bool = False  # the column of ids was named by the professor


@dataclass
class Matched:
    """Who was found, and which rows were not."""

    students: dict = field(default_factory=dict)  # place of a line -> student
    strangers: dict = field(default_factory=dict)  # place of a line -> why
    by_name: list = field(default_factory=list)  # students found by name only
    ignored: list = field(default_factory=list)  # places of rows that are nobody's


def match(lines, columns, people):
    """Return which line of a template is which student.

    Parameters
    ----------
    lines : dict of int to Line
        Place -> row, students only.
    columns : Columns
    people : dict of str to Known

    Returns
    -------
    Matched
    """
    matching = Matching(lines, columns, people)
    found = Matched()
    for place, line in lines.items():
        student, why, by_name = matching.one(line)
        if student is not None:
            found.students[place] = student
            found.by_name += [student] * by_name
        elif columns.name is not None and is_nobody(line.value(columns.name)):
            found.ignored.append(place)
        else:
            found.strangers[place] = why
    return without_twins(found)


def is_nobody(name):
    """Return True for Canvas's test student."""
    return name == TEST_STUDENT


def without_twins(found):
    """Take a student away from all rows where there is more than one."""
    times = Counter(found.students.values())
    for place, student in list(found.students.items()):
        if times[student] > 1:
            del found.students[place]
            found.strangers[place] = f"more than one row would be {student}"
    return found


class Matching:
    """All that a row is compared with."""

    def __init__(self, lines, columns, people):
        self.columns, self.people = columns, people
        self.by_user = table(people, lambda each: each.users)
        self.by_participant = table(people, lambda each: each.participants)
        self.by_name = table(people, lambda each: each.names, key)
        self.by_id = {
            kind: table(people, values_of(kind), key if kind == NAME else plain)
            for kind in (EMAIL, USER, NAME, ID)
        }
        self.column = self.best(lines)

    def best(self, lines):
        """Return the column of ids that knows most of us: one for all rows."""
        found = {
            place: sum(len(self.by_column(place, line)) == 1 for line in lines.values())
            for place in self.columns.ids
        }
        best = max(found, key=found.get, default=None)
        if self.columns.is_given and not found[best]:
            raise BadData("The column of ids that you named knows nobody here.")
        return best if best is not None and found[best] else None

    def by_column(self, place, line):
        """Return the students who have the id that stands in a row."""
        kind, value = self.columns.ids[place], line.value(place)
        return self.by_id[kind].get((key if kind == NAME else plain)(value), set())

    def by_number(self, line):
        """Return the students who have the number that the system gave them."""
        found = set()
        if self.columns.user is not None:
            found |= self.by_user.get(plain(line.value(self.columns.user)), set())
        if self.columns.participant is not None:
            for number in numbers((line.value(self.columns.participant),)):
                found |= self.by_participant.get(number, set())
        return found

    def one(self, line):
        """Return a row's student, else why there is none, and if it was by name."""
        found = self.by_number(line)
        if self.column is not None:
            found = found | self.by_column(self.column, line)
        if len(found) > 1:
            return None, f"could be {' or '.join(sorted(found))}", False
        if found:
            (student,) = found
            why = self.contradiction(line, student)
            return (None, why, False) if why else (student, "", False)
        return self.named(line)

    def named(self, line):
        """Return the student with a row's name, where it is only one."""
        name = "" if self.columns.name is None else line.value(self.columns.name)
        found = set(self.by_name.get(key(name), ())) if name else set()
        found |= {
            student
            for student, known in self.people.items()
            if name and any(same_letters(name, other) for other in known.names)
        }
        if len(found) == 1:
            return found.pop(), "", True
        if found:
            return None, f"could be {' or '.join(sorted(found))}", False
        return None, "nobody in this course has this id, number or name", False

    def contradiction(self, line, student):
        """Say if the names are those of two people, or return ""."""
        names = self.people[student].names
        if self.columns.is_given or self.columns.name is None or not names:
            return ""
        name = line.value(self.columns.name)
        if not name or any(same_letters(name, other) for other in names):
            return ""
        return f"has the id or number of {student}, who is {sorted(names)[0]} here"


def table(people, values, compared=plain):
    """Return value -> students who have it."""
    found = defaultdict(set)
    for student, known in people.items():
        for value in values(known):
            if compared(value):
                found[compared(value)].add(student)
    return dict(found)


def values_of(kind):
    """Return what a student is known by in one kind of column; always the id, too."""
    fields = {EMAIL: "emails", USER: "users", NAME: "names"}
    if kind not in fields:
        return lambda known: {known.student}
    return lambda known: {known.student, *getattr(known, fields[kind])}
