"""Who is who, by all that a course knows: gradebook, receipts, and a roster."""

from dataclasses import dataclass, field

from coursekit.autograde.door import read_receipt
from coursekit.autograde.lms_names import normal, read_name


@dataclass
class Known:
    """One student of the course, and what an LMS may know them by."""

    student: str
    users: set = field(default_factory=set)  # Canvas: user numbers
    participants: set = field(default_factory=set)  # Moodle: of this assignment
    emails: set = field(default_factory=set)
    names: set = field(default_factory=set)


def known_people(course, assignment, students, listed, roster=None):
    """Return what is known of each student.

    Parameters
    ----------
    course : Course
    assignment : str
        Moodle's participant numbers differ from one to the next.
    students : iterable of str
    listed : dict of str to Listed
        The gradebook's students.
    roster : Roster, optional

    Returns
    -------
    dict of str to Known
    """
    people = {student: Known(student) for student in students}
    for student, known in people.items():
        from_list(known, listed.get(student))
        from_receipt(known, read_receipt(course, assignment, student))
    for person in roster.people if roster is not None else ():
        known = people.get(person.student)
        if known is not None:
            known.users.update(person.users)
            known.participants.update(person.participants)
            known.names.update(person.names)
    return people


def from_list(known, listed):
    """Add what the gradebook says."""
    if listed is None:
        return
    known.users.update(filter(None, [listed.lms_user_id]))
    known.emails.update(filter(None, [listed.email]))
    known.names.update(filter(None, [listed.name]))


def from_receipt(known, receipt):
    """Add what the collector learnt when it took this assignment in."""
    if receipt is None or receipt.source not in ("Canvas", "Moodle"):
        return
    for path in receipt.came_as:
        says = read_name(path)
        if says is None or says.sender.lms != receipt.source:
            continue
        numbers = known.users if says.sender.lms == "Canvas" else known.participants
        numbers.update(filter(None, [says.sender.number]))
        if says.sender.lms == "Moodle":
            known.names.add(says.sender.name)


def plain(text):
    """Return what is compared of an id or e-mail address.

    Examples
    --------
    >>> plain(" Ann@Uni.EDU ")
    'ann@uni.edu'
    """
    return normal(text).strip().casefold()
