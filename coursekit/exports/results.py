"""Which marks may leave the course: those that are whole, by student."""

from dataclasses import dataclass

from coursekit.autograde.course import open_course
from coursekit.autograde.second import SUFFIX
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
    found = standings(course, assignment)
    second = assignment + SUFFIX
    if open_course(course).has_rubric(second):
        again = {each.student: each for each in standings(course, second)}
        found = [later(each, again.get(each.student)) for each in found]
    return [result(each, book.max_points, partial) for each in found], book


def later(first, second):
    """Return the attempt that counts: the second, where one was handed in."""
    return first if second is None or second.stage == NOTHING else second


def result(standing, max_points, partial):
    """Return the result of one student."""
    is_part = partial and standing.stage == QUESTION
    if standing.is_marked or is_part:
        why = f"without {standing.why}" if is_part else ""
        score = standing.mark.score
        return Result(standing.student, score, max_points, why, standing)
    why = f"{standing.stage}: {standing.why}" if standing.why else standing.stage
    return Result(standing.student, None, max_points, why, standing)
