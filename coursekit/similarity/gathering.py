"""What the students of a course wrote themselves, and what it may be from."""

import hashlib
import json
from pathlib import Path

from coursekit.autograde.reading import IntakeLimits, read_cells, read_regular
from coursekit.autograde.second import first_of
from coursekit.errors import SubmissionFailed
from coursekit.grading.assignment import find_assignment, list_assignments
from coursekit.similarity.comparing import CODE, KINDS, PROSE, compare
from coursekit.similarity.keeping import Compared, now
from coursekit.similarity.tokens import CELL, MOST_CHARACTERS

KIND_OF_CELL = {"code": CODE.name, "markdown": PROSE.name}
SOLUTION = "the teacher's solution"


def alike(course, assignment, others=()):
    """Compare the submissions of an assignment.

    Parameters
    ----------
    course : Course
    assignment : str
        Those of a second attempt are compared with the first ones of others too.
    others : sequence of Course
        Such as last term's: nobody's work of it is compared with another's of it.

    Returns
    -------
    Compared
        Pairs, most alike first. In `Pair.other` a submission of another course is
        called ``course/student``, a first attempt ``assignment/student``.
    """
    given = handed_out(course, assignment)
    mine, left_out = submitted(course, assignment, given)
    far = {}
    for other in others:
        came, _ = submitted(other, assignment, given)
        far |= under(unique(other.rules.name or other.folder.name, far), came)
    first = first_of(assignment)
    if first:
        far |= under(first, submitted(course, first, given)[0])
    pairs = compare(
        *(mine, by_kind(given), written_by_us(course, assignment, given), far),
        own=lambda student: f"{first}/{student}",
    )
    return Compared(now(), digests(course, assignment), tuple(pairs), left_out)


def unique(name, taken):
    """Return a name under which nothing stands yet.

    Examples
    --------
    >>> unique("ml4h", {"ml4h/ann": {}})
    'ml4h (2)'
    """
    known, number, free = {each.rpartition("/")[0] for each in taken}, 1, name
    while free in known:
        number += 1
        free = f"{name} ({number})"
    return free


def under(name, texts):
    """Return texts by student under the name of where they are from."""
    return {f"{name}/{student}": text for student, text in texts.items()}


def submitted(course, assignment, given):
    """Return what each student wrote, and of whom not all could be read.

    Returns
    -------
    tuple of (dict, dict)
        Student -> kind -> text, and student -> why.
    """
    texts, left_out = {}, {}
    for student in course.students(assignment):
        folder = course.submission(assignment, student)
        cells, why = written(folder, given)
        texts[student] = by_kind(cells)
        if any(kind.is_cut(texts[student]) for kind in KINDS):
            why = f"only the first {MOST_CHARACTERS:,} characters were compared"
        if why:
            left_out[student] = why
    return texts, left_out


def written(folder, given):
    """Return the cells that one student wrote, and why some could not be read."""
    limits, found, why = IntakeLimits(), [], ""
    for path in sorted(Path(folder).glob("*.ipynb")):
        try:
            cells = read_cells(read_regular(path, limits.file_mb), limits)
        except SubmissionFailed as failure:
            why = failure.reason
            continue
        found += [(cell.cell_type, cell.source) for cell in cells]
    return [each for each in found if each not in given], why


def digests(course, assignment):
    """Return the SHA-256 of what each student handed in: student -> digest."""
    return {
        student: digest(course.submission(assignment, student))
        for student in course.students(assignment)
    }


def digest(folder):
    """Return the SHA-256 of the notebooks in a folder, as far as they can be read."""
    total = hashlib.sha256()
    for path in sorted(Path(folder).glob("*.ipynb")):
        try:
            total.update(read_regular(path, IntakeLimits().file_mb))
        except SubmissionFailed as failure:
            total.update(failure.status.encode())
    return total.hexdigest()


def handed_out(course, assignment):
    """Return the cells that everyone was given, labs included: set of (type, text)."""
    paths = [*course.released(assignment).glob("*.ipynb")]
    paths += sorted((course.folder / "labs").rglob("*.ipynb"))
    return {cell for path in paths for cell in cells_of(path)}


def cells_of(path):
    """Return the cells of a notebook of ours: list of (type, text)."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [(cell["cell_type"], "".join(cell["source"])) for cell in cells]


def written_by_us(course, assignment, given):
    """Return what a student may have copied from: the solution, and archetypes."""
    step = course.coursedir.source_directory
    source = Path(course.coursedir.format_path(step, ".", assignment))
    cells = [cell for each in source.glob("*.ipynb") for cell in cells_of(each)]
    found = {SOLUTION: by_kind(cell for cell in cells if cell not in given)}
    shipped = first_of(assignment) or assignment
    if shipped in list_assignments():
        assignment = find_assignment(shipped)
        for name, answers in assignment.archetypes().items():
            found[f"archetype {name}"] = {CODE.name: CELL.join(answers.values())}
        for name, answers in assignment.samples().items():
            found[f"sample {name}"] = in_words(answers)
    return found


def in_words(answers):
    """Return the answers of a sample as texts of each kind; ``manual`` is in words."""
    code = [text for name, text in answers.items() if name != "manual"]
    return {CODE.name: CELL.join(code), PROSE.name: answers.get("manual", "")}


def by_kind(cells):
    r"""Return cells as one text for each kind.

    Examples
    --------
    >>> by_kind([("code", "a = 1"), ("markdown", "Why"), ("code", "b = 2")])
    {'code': 'a = 1\n\x0c\nb = 2', 'text': 'Why'}
    """
    texts = {}
    for cell_type, text in cells:
        if cell_type in KIND_OF_CELL:
            texts.setdefault(KIND_OF_CELL[cell_type], []).append(text)
    return {kind: CELL.join(each) for kind, each in texts.items()}
