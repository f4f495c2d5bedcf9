"""What all templates have in common: read, match, write grades, say who was not."""

from dataclasses import dataclass

from coursekit.autograde.roster import key
from coursekit.errors import BadData
from coursekit.exports.matching import EMAIL, ID, NAME, USER, Columns, match
from coursekit.exports.numbers import has_comma, in_digits
from coursekit.exports.outcome import Exported

ID_HEADINGS = {
    "sis login id": ID,
    "username": ID,
    "id number": ID,
    "sis user id": ID,
    "integration id": ID,
    "student_id": ID,
    "email address": EMAIL,
    "email": EMAIL,
    "id": USER,
    "full name": NAME,
}


@dataclass(frozen=True)
class Wish:
    """What the professor asked for."""

    assignment: str
    scale: bool = False
    column: str | None = None  # of the grade in the template
    id_column: str | None = None


def columns_of(headings, wish, **places):
    """Return where a template says who a row is.

    Parameters
    ----------
    headings : list of str
    wish : Wish
    **places : int or None
        ``name``, ``user``, ``participant``.

    Raises
    ------
    BadData
        If there is no such column as the professor named.
    """
    if wish.id_column is None:
        known = {key(heading): kind for heading, kind in ID_HEADINGS.items()}
        order = list(known)
        found = {
            place: known[key(heading)]
            for place, heading in enumerate(headings)
            if key(heading) in known
        }
        ids = dict(
            sorted(found.items(), key=lambda e: order.index(key(headings[e[0]])))
        )
        return Columns(ids, **places)
    place = place_of(headings, wish.id_column)
    return Columns(
        {place: EMAIL if "@" in wish.id_column else ID}, is_given=True, **places
    )


def place_of(headings, wanted):
    """Return where a heading stands; the error lists those that there are."""
    found = [n for n, each in enumerate(headings) if key(each) == key(wanted)]
    if not found:
        raise BadData(
            f"There is no column {wanted!r}; there are: {', '.join(headings)}."
        )
    return found[0]


def fill(sheet, lines, place, results, matched, factor):
    """Write each mark into its row; return what was exported.

    Parameters
    ----------
    sheet : Sheet
    lines : dict of int to Line
    place : int
        The column of the grade.
    results : list of Result
    matched : Matched
    factor : float
        By which points are multiplied.

    Returns
    -------
    Exported
    """
    by_student = {each.student: each for each in results}
    comma = has_comma(
        value for line in sheet.lines for value in line.values[place : place + 2]
    )
    exported = Exported()
    for at, student in matched.students.items():
        given = by_student[student]
        if given.score is None:
            continue
        points = in_digits(given.score * factor, comma)
        lines[at].write(place, points, sheet.delimiter)
        exported.take(given, float(points.replace(",", ".")))
    tell(exported, results, matched, lines)
    return exported


def tell(exported, results, matched, lines):
    """Say who was skipped, who is not whole, and which rows nobody is."""
    there = set(matched.students.values())
    for each in results:
        if each.score is None:
            exported.pass_over(each)
        elif each.student not in there:
            exported.skipped[each.student] = "not found in the template"
    for at, why in matched.strangers.items():
        exported.strangers[row_name(lines[at], at)] = why
    if matched.by_name:
        listed = ", ".join(sorted(matched.by_name))
        exported.remarks.append(f"Found by name only: {listed}. Have a look.")


def row_name(line, at):
    """Return what a row of a template is called in a list."""
    said = [value.strip() for value in line.values[:3] if value.strip()]
    return f"row {at + 1} ({', '.join(said)})"


def matched_in(sheet, places, columns, people):
    """Return the rows of students, by place, and who they are."""
    lines = {at: sheet.lines[at] for at in places if not sheet.lines[at].is_empty}
    return lines, match(lines, columns, people)
