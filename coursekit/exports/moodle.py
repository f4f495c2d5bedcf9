"""Moodle: an assignment's own offline grading worksheet, filled in.

The worksheet's other cells stay as they are, also those of students without a mark.
Moodle asks for ``Identifier``, ``Grade`` and ``Last modified (grade)``
(mod/assign/feedback/offline/importgradeslib.php); headings come translated, so another
language's column is found by where it stands, or named with --column.
"""

import re

from coursekit.autograde.roster import key
from coursekit.errors import BadData
from coursekit.exports.filling import columns_of, fill, matched_in, place_of
from coursekit.exports.numbers import factor_of, number_in

GRADE, CHANGEABLE = "Grade", "Grade can be changed"
IDENTIFIER = re.compile(r".*\D\d+", re.DOTALL)  # such as "Participant 123"


def fill_moodle(sheet, results, people, max_points, wish):
    """Fill a grading worksheet; return what was exported. The sheet is changed.

    Parameters
    ----------
    sheet : Sheet
    results : list of Result
    people : dict of str to Known
    max_points : float
    wish : Wish

    Raises
    ------
    BadData
        If it is no grading worksheet, or has another maximum.
    """
    headings = sheet.headings
    if not IDENTIFIER.fullmatch(sheet.lines[1].value(0)):
        raise BadData(
            f"{sheet.path} is no grading worksheet of Moodle: its first column should "
            "say Participant 123. In Moodle: the assignment, Submissions, Download "
            "grading worksheet (Feedback types, Offline grading worksheet switches it "
            "on)."
        )
    place = grade_column(sheet, wish)
    most = most_points(sheet, place)
    where = f"{sheet.path.name} ({headings[place + 1]})"
    factor = factor_of(max_points, most, wish.scale, where)
    columns = columns_of(headings, wish, name=name_column(headings), participant=0)
    lines, found = matched_in(sheet, range(1, len(sheet.lines)), columns, people)
    locked = {at for at in found.students if is_locked(headings, lines[at])}
    names = {found.students.pop(at) for at in locked}
    exported = fill(sheet, lines, place, results, found, factor)
    exported.skipped |= dict.fromkeys(sorted(names), "Moodle says: cannot be changed")
    return exported


def name_column(headings):
    """Return where the full name stands: second, if at all."""
    known = [key(heading) for heading in headings]
    if "fullname" in known:
        return known.index("fullname")
    return None


def is_locked(headings, line):
    """Return True where Moodle says that a grade cannot be changed."""
    if CHANGEABLE not in headings:
        return False
    return line.value(headings.index(CHANGEABLE)).casefold() == "no"


def grade_column(sheet, wish):
    """Return the place of the grade: named, English, or the one before the maximum."""
    headings = sheet.headings
    if wish.column is not None:
        return place_of(headings, wish.column)
    if GRADE in headings:
        return headings.index(GRADE)
    found = [at - 1 for at in range(2, len(headings)) if is_maximum(sheet, at)]
    if len(found) == 1:
        return found[0]
    raise BadData(
        f"{sheet.path} has no column {GRADE}; name the column of the grade with "
        f"--column: {', '.join(headings)}."
    )


def is_maximum(sheet, at):
    """Return True for a column in which all rows have the same number above 0."""
    values = {line.value(at) for line in sheet.lines[1:] if not line.is_empty}
    return len(values) == 1 and (number_in(values.pop()) or 0) > 0


def most_points(sheet, place):
    """Return the most points, which stand behind the grade."""
    if place + 1 >= len(sheet.headings) or not is_maximum(sheet, place + 1):
        raise BadData(
            f"{sheet.path}: behind {sheet.headings[place]} should stand the maximum "
            "grade, the same number in each row. Is the assignment marked in points?"
        )
    return number_in(sheet.lines[1].value(place + 1))
