"""What is to be done next: commands, in the order in which they make sense."""

from dataclasses import dataclass
from pathlib import Path

from coursekit.errors import BadCourse
from coursekit.status.gradebook import assignments_in_gradebook
from coursekit.status.standing import (
    FEEDBACK,
    HANDED_IN,
    MARKED,
    NOTHING,
    PERSON,
    QUESTION,
    RUN,
    SCORED,
)

BY_HAND = "jupyter lab   (then Nbgrader, Formgrader, Manual Grading)"


@dataclass(frozen=True)
class Step:
    """Something to be done, and for how many students."""

    command: str
    why: str


def next_steps(course, assignment, found):
    """Return what is to be done next with an assignment.

    Parameters
    ----------
    course : Course
    assignment : str
    found : list of Standing

    Returns
    -------
    list of Step
        The first is the next one.
    """
    if not is_released(course, assignment):
        command = f"nbgrader generate_assignment {assignment}"
        return [Step(command, "the students' version is not made yet")]
    came = [each for each in found if each.stage != NOTHING]
    if not came:
        return [Step(collecting(course, assignment), "nobody has handed in yet")]
    return [*grading(assignment, came), *giving(assignment, came)] or [
        Step(
            f"coursekit export {assignment} --to canvas --template FILE",
            "all is marked; other targets are moodle, gradescope, nbgrader, csv",
        )
    ]


def is_released(course, assignment):
    """Return True once the students' version of an assignment is made."""
    try:
        course.released(assignment)
    except BadCourse:
        step = course.coursedir.release_directory
        path = course.coursedir.format_path(step, ".", assignment)
        return any(course.folder.joinpath(path).glob("*.ipynb"))
    return True


def collecting(course, assignment):
    """Return how submissions are fetched, as far as the course says."""
    by_exchange = f"nbgrader collect {assignment}"
    by_download = f"coursekit collect ZIP --assignment {assignment}"
    return by_exchange if course.coursedir.course_id else by_download


def grading(assignment, came):
    """Return the steps up to marks."""
    to_grade = having(came, HANDED_IN, RUN, SCORED)
    by_hand = having(came, PERSON, QUESTION)
    steps = []
    if to_grade:
        why = f"{people(to_grade)} not graded up to now"
        steps.append(Step(f"coursekit autograde {assignment}", why))
    if by_hand:
        steps.append(Step(BY_HAND, f"{people(by_hand)} to be marked by hand"))
    return steps


def giving(assignment, came):
    """Return the steps from marks to feedback."""
    marked = having(came, MARKED)
    written = [each for each in having(came, FEEDBACK) if each.by_exchange]
    steps = []
    if marked:
        force = " --force" if any(each.why for each in marked) else ""
        command = f"nbgrader generate_feedback {assignment}{force}"
        steps.append(
            Step(
                command, f"{people(marked)} marked, and the feedback is missing or old"
            )
        )
    if written:
        command = f"nbgrader release_feedback {assignment}"
        steps.append(Step(command, f"feedback of {people(written)} not released"))
    return steps


def having(found, *stages):
    """Return the standings that have one of these stages."""
    return [each for each in found if each.stage in stages]


def people(found):
    """Return how many students, in words.

    Examples
    --------
    >>> people(["ann"]), people(["ann", "bob"])
    ('1 student', '2 students')
    """
    return f"{len(found)} student{'' if len(found) == 1 else 's'}"


def all_assignments(course):
    """Return the names of all assignments of a course, by source and gradebook."""
    step = course.coursedir.source_directory
    pattern = Path(course.coursedir.format_path(step, ".", "*"))
    found = pattern.parent.glob("*/*.ipynb") if pattern.name == "*" else ()
    there = {path.parent.name for path in found}
    return sorted({*there, *course.assignments(), *assignments_in_gradebook(course)})
