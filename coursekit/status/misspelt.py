"""Names in ``course.toml`` that mean nobody: an extension that would never count."""

import difflib

from coursekit.status.gradebook import read_students
from coursekit.status.steps import all_assignments


def misspelt(course):
    """Return a sentence for each assignment or student that the course does not have.

    Parameters
    ----------
    course : Course

    Returns
    -------
    list of str
        Students are looked for where the gradebook has a class, or somebody has
        handed in; before that nobody can be unknown.
    """
    assignments = all_assignments(course)
    students = {*read_students(course)}
    for name in assignments:
        students |= {*course.students(name)}
    found = []
    for name, granted in course.rules.extensions.items():
        found += said(f"extensions.{name}", name, assignments, "assignment")
        for student in granted:
            where = f"extensions.{name}.{student}"
            found += said(where, student, students, "student")
    for student in course.rules.time:
        found += said(f"time.{student}", student, students, "student")
    return found


def said(where, name, known, kind):
    """Return what to say about a name, in a list; nothing if it is known.

    Examples
    --------
    >>> said("time.s12", "s12", ["s123"], "student")
    ['course.toml: time.s12 is no student of this course. Did you mean s123?']
    """
    if name in known or not known:
        return []
    near = difflib.get_close_matches(name, sorted(known), 1)
    meant = f" Did you mean {near[0]}?" if near else ""
    return [f"course.toml: {where} is no {kind} of this course.{meant}"]
