"""What a lesson must keep to, each rule with an error that names the remedy.

`coursekit.authoring.cells` puts file and cell in front of these messages.
"""

import re
from itertools import combinations

from coursekit.authoring.regions import (
    HIDDEN_TESTS,
    SOLUTION,
    has_marker,
    split_regions,
)
from coursekit.errors import BadLesson

ROLES = ("answer", "check", "locked", "manual")
KNOWN_KEYS = {*ROLES, "points", "tags"}
LABEL = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,49}")
WAYS_TO_LABEL = (
    'Write answer="name", check="name" points=2, locked="name", '
    'manual="name" points=2 or tags=["solution-only"].'
)


def check_keys(written):
    """Refuse anything on a cell's opening line that is neither label nor tag.

    Parameters
    ----------
    written : dict
        What jupytext read from the line.

    Examples
    --------
    >>> check_keys({"answer": "gap"})
    >>> check_keys({"anwser": "gap"})
    Traceback (most recent call last):
    ...
    coursekit.errors.BadLesson: its opening line says 'anwser', which ...
    """
    misread = ("title", "incorrectly_encoded_metadata")
    unknown = [
        written[key] if key in misread else key
        for key in written
        if key not in KNOWN_KEYS
    ]
    if unknown:
        raise BadLesson(
            f"its opening line says {unknown[0]!r}, which is not known here. "
            + WAYS_TO_LABEL
        )


def role_and_label(written):
    """Return what a cell is for and the name of its question.

    Examples
    --------
    >>> role_and_label({"check": "gap", "points": 2})
    ('check', 'gap')
    >>> role_and_label({"tags": ["solution-only"]})
    ('solution-only', '')
    >>> role_and_label({})
    ('plain', '')
    """
    roles = [role for role in ROLES if role in written]
    if "solution-only" in written.get("tags", ()):
        roles.append("solution-only")
    if len(roles) > 1:
        raise BadLesson(f"it is {' and '.join(roles)} at once. Make it two cells.")
    role = roles[0] if roles else "plain"
    return role, (name(written[role]) if role in ROLES else "")


def name(label):
    """Return a label, if it can be one.

    Examples
    --------
    >>> name("worst_group")
    'worst_group'
    """
    if not isinstance(label, str) or not LABEL.fullmatch(label):
        raise BadLesson(
            f"{label!r} is not a name. Use a letter, then letters, digits or _, at "
            "most 50 in all."
        )
    return label


def check_points(cell):
    """Refuse points that are not a positive number, or that nobody would award."""
    if cell.points is None:
        return
    if cell.role not in ("check", "manual"):
        raise BadLesson(f"points on the role {cell.role!r}. Give them to a check.")
    if type(cell.points) not in (int, float) or not cell.points > 0:
        raise BadLesson(f"points={cell.points!r} is not a number above 0.")


def check_regions(cell):
    """Refuse open regions, solutions outside answers, hidden tests outside checks."""
    for region, roles in ((SOLUTION, ("answer", "manual")), (HIDDEN_TESTS, ("check",))):
        if has_marker(cell.source, region) and cell.role not in roles:
            raise BadLesson(
                f"it is {cell.role} and has a {region} marker, but students are shown "
                f"all of it. Move that part to a cell labelled {' or '.join(roles)}."
            )
        split_regions(cell.source, region)


def check_labels(cells):
    """Refuse a name given twice; an answer and its check may share one."""
    labelled = [cell for cell in cells if cell.label]
    for first, second in combinations(labelled, 2):
        question = {first.role, second.role} == {"answer", "check"}
        if first.label == second.label and not question:
            raise BadLesson(
                f"{second.where} has the name of {first.where}. Rename one of them."
            )


def check_questions(cells):
    """Refuse a check of an answer that the lesson does not ask for.

    A check may also ask the rubric, which needs no answer of that name: it then
    calls ``check("its own label")``.
    """
    answers = [cell.label for cell in cells if cell.role == "answer"]
    for cell in cells:
        asks_rubric = re.search(rf"""\bcheck\(["']{cell.label}["']\)""", cell.source)
        if cell.role == "check" and cell.label not in answers and not asks_rubric:
            raise BadLesson(
                f"{cell.where}: there is no answer of that name, only "
                f"{', '.join(answers) or 'none at all'}. Name one of them, or call "
                f'check("{cell.label}") in the cell to ask the rubric.'
            )


def check_gradeable(cells):
    """Refuse what nbgrader could not grade: checks without points, free text."""
    for cell in cells:
        if cell.role in ("check", "manual") and cell.points is None:
            raise BadLesson(f"{cell.where} has no points. Add points=2, say.")
        if cell.kind == "markdown" and cell.role in ("answer", "check"):
            raise BadLesson(
                f"{cell.where} is markdown, which only a person can mark. "
                f'Write manual="{cell.label}" points=2.'
            )


def check_archetype(cells, answers):
    """Refuse an archetype with code outside the answers that are asked for."""
    for cell in cells:
        known = cell.role in ("answer", "manual") and cell.label in answers
        if not known and cell.kind == "code":
            raise BadLesson(
                f"{cell.where} is not one of the questions {', '.join(answers)}. An "
                'archetype has code in cells labelled answer="..." only.'
            )
