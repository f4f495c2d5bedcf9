"""Moodle's gradebook: a CSV for *Import grades*, in which columns are mapped on screen.

Only those with a mark have a row, and there is no feedback: Moodle loses a grade where
feedback comes without one. With a template (*Export grades, Plain text file*) the
column of its grade item is filled, else a file of two columns is made.
"""

import re

from coursekit.autograde.roster import key
from coursekit.errors import BadData
from coursekit.exports.cells import to_csv
from coursekit.exports.filling import columns_of, fill, matched_in
from coursekit.exports.numbers import in_digits
from coursekit.exports.outcome import Exported

ITEM = re.compile(r"(?:[^:]*: )?(.*?)(?: \([^()]*\))?", re.DOTALL)
USER = "username"
BY = ("username", "email")


def fill_moodle_gradebook(sheet, results, people, max_points, wish):
    """Fill an exported gradebook; return what was exported. The sheet is changed.

    Parameters
    ----------
    sheet : Sheet
    results : list of Result
    people : dict of str to Known
    max_points : float
    wish : Wish
    """
    place = grade_column(sheet, wish)
    columns = columns_of(sheet.headings, wish)
    lines, found = matched_in(sheet, range(1, len(sheet.lines)), columns, people)
    exported = fill(sheet, lines, place, results, found, 1.0)
    exported.remarks.append(maximum(max_points))
    kept = {at for at, student in found.students.items() if student in exported.written}
    sheet.lines = [line for at, line in enumerate(sheet.lines) if not at or at in kept]
    return exported


def maximum(max_points):
    """Return what has to be true in Moodle, which no file of this kind says."""
    return f"The grade item's maximum in Moodle has to be {max_points:g}."


def grade_column(sheet, wish):
    """Return the place of a grade item's column, such as ``Assignment: a1 (Real)``."""
    wanted = wish.column or wish.assignment
    headings = sheet.headings
    found = [
        at
        for at, heading in enumerate(headings)
        if key(wanted) in (key(heading), key(ITEM.fullmatch(heading)[1]))
    ]
    if len(found) == 1:
        return found[0]
    raise BadData(
        f"{sheet.path} has {'no' if not found else 'more than one'} grade item "
        f"{wanted!r}; it has: {', '.join(headings)}. Name one with --column."
    )


def new_moodle_gradebook(results, people, max_points, wish):
    """Return a file of two columns as bytes, and what was exported.

    The users are the student ids, or with ``id_column="email"`` the addresses in the
    gradebook, in which Moodle tells capital letters.
    """
    by = (wish.id_column or USER).casefold()
    if by not in BY:
        raise BadData(f"Without a template --id is {' or '.join(BY)}, not {by!r}.")
    exported, rows = Exported(remarks=[maximum(max_points)]), []
    for each in results:
        user = each.student if by == USER else address(people[each.student])
        if each.score is None:
            exported.pass_over(each)
        elif not user:
            exported.skipped[each.student] = "no e-mail address is known"
        else:
            points = in_digits(each.score)
            rows.append({by: user, wish.assignment: points})
            exported.take(each, float(points))
    return to_csv((by, wish.assignment), rows), exported


def address(known):
    """Return the one e-mail address of a student, or ""."""
    return next(iter(known.emails), "") if len(known.emails) == 1 else ""
