"""Which marks may leave the course: those that are whole, by student."""

from dataclasses import dataclass

from coursekit.autograde.course import open_course
from coursekit.autograde.second import SUFFIX, first_of
from coursekit.status import Standing, read_book, standings
from coursekit.status.standing import NOTHING, QUESTION


@dataclass(frozen=True)
class Result:
    """One student's mark, or why there is none."""

    student: str
    score: float | None  # less the late penalty
    max_points: float | None
    why: str  # why there is none, or what is missing in it
    standing: Standing
    assignment: str  # whose mark it is: the first attempt's, or the second's

    @property
    def is_partial(self):
        """True where a question for a person is still open."""
        return self.score is not None and bool(self.why)


def results(course, assignment, partial=False):
    """Return one result for each student of a course.

    Parameters
    ----------
    course : Course
    assignment : str
    partial : bool
        Also take the automatic points of those whose questions for a person are open.
        What should have been marked automatically and was not is never taken.
        Where a student handed in a second attempt, its mark is the result.

    Returns
    -------
    tuple of (list of Result, Book)
        In the order of the ids.
    """
    book = read_book(course, assignment)
    first = by_student(course, assignment)
    second = {}
    if open_course(course).has_rubric(assignment + SUFFIX):
        second = by_student(course, assignment + SUFFIX)
    found = [
        result(*which, book.max_points, partial) for which in counting(first, second)
    ]
    return found, book


def by_student(course, assignment):
    """Return where each student stands: id -> (assignment, Standing)."""
    return {each.student: (assignment, each) for each in standings(course, assignment)}


def counting(first, second):
    """Return the attempts that count: the second, where one was handed in.

    Parameters
    ----------
    first, second : dict of str to (str, Standing)
        By student, from `by_student`.

    Returns
    -------
    list of (str, Standing)
        In the order of the ids.
    """
    tried = {who: each for who, each in second.items() if each[1].stage != NOTHING}
    return [each for _, each in sorted({**second, **first, **tried}.items())]


def result(assignment, standing, max_points, partial):
    """Return the result of one student, by the attempt that counts."""
    is_part = partial and standing.stage == QUESTION
    if standing.is_marked or is_part:
        why = f"without {standing.why}" if is_part else ""
        score = standing.mark.score
    else:
        said = f": {standing.why}" if standing.why else ""
        why, score = f"{standing.stage}{said}", None
    if why and first_of(assignment) is not None:
        why = f"second attempt, {why}"
    return Result(standing.student, score, max_points, why, standing, assignment)
