"""Canvas: its own gradebook export, filled in.

Rows of those who have no mark are left out: Canvas takes an empty cell for a mark
that is to be cleared, and what is not in the file stays as it is. (Canvas's importer
is lib/gradebook_importer.rb in instructure/canvas-lms.)
"""

import re

from coursekit.autograde.roster import key
from coursekit.errors import BadData
from coursekit.exports.filling import columns_of, fill, matched_in
from coursekit.exports.numbers import factor_of, number_in

TITLE = re.compile(r"(.*) \((\d+)\)", re.DOTALL)
POINTS_POSSIBLE, EXCUSED = "points possible", "EX"
ABOVE = ("manual posting", POINTS_POSSIBLE)


def fill_canvas(sheet, results, people, max_points, wish):
    """Fill a Canvas gradebook; return what was exported. The sheet is changed.

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
        If it is no Canvas gradebook, has no column of this assignment, or another
        maximum.
    """
    headings = sheet.headings
    place = grade_column(sheet, wish)
    first = first_student(sheet)
    most = points_possible(sheet, first, place)
    where = f"{sheet.path.name} (Points Possible)"
    factor = 1.0 if most is None else factor_of(max_points, most, wish.scale, where)
    columns = columns_of(headings, wish, name=0, user=1)
    lines, found = matched_in(sheet, range(first, len(sheet.lines)), columns, people)
    excused = {at for at in found.students if lines[at].value(place).upper() == EXCUSED}
    names = {found.students.pop(at) for at in excused}
    exported = fill(sheet, lines, place, results, found, factor)
    exported.skipped |= dict.fromkeys(sorted(names), "excused in Canvas (EX)")
    if most is None:
        exported.remarks.append(
            f"The template has no row Points Possible. In Canvas it has to be "
            f"{max_points:g}."
        )
    kept = {at for at, student in found.students.items() if student in exported.written}
    sheet.lines = [
        line for at, line in enumerate(sheet.lines) if at < first or at in kept
    ]
    return exported


def first_student(sheet):
    """Return the place of the first row below the rows of Canvas's own."""
    at = 1
    while at < len(sheet.lines) and (
        sheet.lines[at].is_empty
        or sheet.lines[at].value(0).lower() in ABOVE
        or is_posting(sheet.lines[at])
    ):
        at += 1
    return at


def is_posting(line):
    """Return True for the row that says how marks are posted: nobody's, only words."""
    return not line.value(0) and not line.value(1) and number_in(line.value(-1)) is None


def points_possible(sheet, first, place):
    """Return the most points of a column, None where the template does not say."""
    for line in sheet.lines[1:first]:
        if line.value(0).lower() == POINTS_POSSIBLE:
            return number_in(line.value(place))
    return None


def is_section(heading):
    """Return True for the last of Canvas's own columns about a student.

    Examples
    --------
    >>> is_section("Section"), is_section("Section 4 quiz (17)")
    (True, False)
    """
    return "Section" in heading and TITLE.fullmatch(heading) is None


def grade_column(sheet, wish):
    """Return the place of an assignment's column."""
    headings = sheet.headings
    info = [at for at, heading in enumerate(headings) if is_section(heading)]
    if "Student" not in headings[0] or "ID" not in headings[1:2] or not info:
        raise BadData(
            f"{sheet.path} is no gradebook of Canvas: it should begin with Student, ID "
            "and have a column Section. In Canvas: Grades, Export."
        )
    titles = {}
    for at, heading in enumerate(headings):
        if at > info[-1] and (found := TITLE.fullmatch(heading)):
            titles[at] = found[1], found[2], heading
    wanted = wish.column or wish.assignment
    found = [at for at, names in titles.items() if key(wanted) in map(key, names)]
    if len(found) == 1:
        return found[0]
    listed = ", ".join(heading for *_, heading in titles.values()) or "none"
    raise BadData(
        f"{sheet.path} has {'no' if not found else 'more than one'} assignment "
        f"{wanted!r}; it has: {listed}. Name one with --column, or make it in Canvas."
    )
