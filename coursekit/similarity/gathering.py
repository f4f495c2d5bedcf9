"""What the students of a course wrote themselves, and what it may be from."""

import json
from pathlib import Path

from coursekit.autograde.reading import IntakeLimits, read_cells, read_regular
from coursekit.autograde.second import first_of
from coursekit.errors import SubmissionFailed
from coursekit.grading.assignment import find_assignment, list_assignments
from coursekit.similarity.comparing import CODE, PROSE, compare

KIND_OF_CELL = {"code": CODE.name, "markdown": PROSE.name}
SOLUTION = "the teacher's solution"


def alike(course, assignment, others=()):
    """Return the submissions of an assignment that are alike.

    Parameters
    ----------
    course : Course
    assignment : str
    others : sequence of Course
        Such as last term's: nobody's work of it is compared with another's of it.

    Returns
    -------
    list of Pair
        Most alike first. In `Pair.other` a submission of another course is called
        ``course/student``.
    """
    given = handed_out(course, assignment)
    references = written_by_us(course, assignment)
    for other in others:
        name = other.rules.name or other.folder.name
        came = submitted(other, assignment, given)
        references |= {f"{name}/{student}": text for student, text in came.items()}
    mine = submitted(course, assignment, given)
    return compare(mine, by_kind(given), references)


def submitted(course, assignment, given):
    """Return what each student wrote: student -> kind -> text."""
    return {
        student: written(course.submission(assignment, student), given)
        for student in course.students(assignment)
    }


def written(folder, given):
    """Return what one student wrote: kind -> text; nothing of what cannot be read."""
    limits, found = IntakeLimits(), []
    for path in sorted(Path(folder).glob("*.ipynb")):
        try:
            cells = read_cells(read_regular(path, limits.file_mb), limits)
        except SubmissionFailed:
            continue
        found += [(cell.cell_type, cell.source) for cell in cells]
    return by_kind(each for each in found if each not in given)


def handed_out(course, assignment):
    """Return the cells that everyone was given: set of (type, text)."""
    path = course.released(assignment)
    return {cell for each in path.glob("*.ipynb") for cell in cells_of(each)}


def cells_of(path):
    """Return the cells of a notebook of ours: list of (type, text)."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def written_by_us(course, assignment):
    """Return what a student may have copied from: the solution, and archetypes."""
    step = course.coursedir.source_directory
    source = Path(course.coursedir.format_path(step, ".", assignment))
    given = handed_out(course, assignment)
    cells = [cell for each in source.glob("*.ipynb") for cell in cells_of(each)]
    found = {SOLUTION: by_kind(cell for cell in cells if cell not in given)}
    shipped = first_of(assignment) or assignment
    if shipped in list_assignments():
        for name, answers in find_assignment(shipped).archetypes().items():
            code = "\n\n".join(answers.values())
            found[f"archetype {name}"] = {CODE.name: code}
    return found


def by_kind(cells):
    r"""Return cells as one text for each kind.

    Examples
    --------
    >>> by_kind([("code", "a = 1"), ("markdown", "Why"), ("code", "b = 2")])
    {'code': 'a = 1\n\nb = 2', 'text': 'Why'}
    """
    texts = {}
    for cell_type, text in cells:
        if cell_type in KIND_OF_CELL:
            texts.setdefault(KIND_OF_CELL[cell_type], []).append(text)
    return {kind: "\n\n".join(each) for kind, each in texts.items()}
