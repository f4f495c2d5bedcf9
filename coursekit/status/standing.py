"""Where each student stands with one assignment: the stage, and why."""

from dataclasses import dataclass
from datetime import timedelta

from coursekit.autograde.course import open_course
from coursekit.autograde.door import has_files
from coursekit.autograde.recorded import recorded
from coursekit.autograde.scorebook import TRY_AGAIN, digest_of, read_score
from coursekit.grading.feedback import in_short
from coursekit.rules.late import later, terms
from coursekit.status.feedback import RELEASED, STALE, WRITTEN, Feedback
from coursekit.status.gradebook import Book, Mark, read_book
from coursekit.status.handed_in import (
    is_newer,
    last_steps,
    late_by,
    n_handed_in,
    received,
    refusal,
)

NOTHING = "nothing handed in"
HANDED_IN = "handed in"
RUN = "run"
SCORED = "scored"
PERSON = "needs a person"
QUESTION = "question open"
MARKED = "marked"
FEEDBACK = "feedback written"
OUT = "feedback released"
STAGES = (NOTHING, HANDED_IN, RUN, SCORED, PERSON, QUESTION, MARKED, FEEDBACK, OUT)


@dataclass(frozen=True)
class Standing:
    """Where one student stands with one assignment."""

    student: str
    stage: str  # one of STAGES
    why: str = ""
    late: timedelta | None = None  # None: nothing says when it came, or is due
    n_handed_in: int = 0
    mark: Mark | None = None
    by_exchange: bool = False  # feedback can be released through the exchange
    record: dict | None = None

    @property
    def is_marked(self):
        """True once all is marked, whatever became of the feedback."""
        return STAGES.index(self.stage) >= STAGES.index(MARKED)


def standings(course, assignment):
    """Return where each student stands with an assignment.

    Parameters
    ----------
    course : path or Course
    assignment : str

    Returns
    -------
    list of Standing
        Everyone in the gradebook and everyone who handed in, in order of the ids.
    """
    course = open_course(course)
    book = read_book(course, assignment)
    students = {*book.students, *book.marks, *course.students(assignment)}
    looking = Looking(course, assignment, book)
    return [looking.at(student) for student in sorted(students)]


class Looking:
    """What is the same for all students of an assignment."""

    def __init__(self, course, assignment, book=None):
        self.course, self.assignment = course, assignment
        self.book = book or Book()
        self.holdout = course.holdout_digest(assignment)
        self.feedback = Feedback(course, assignment)

    def at(self, student):
        """Return where one student stands."""
        mark = self.book.marks.get(student)
        record = read_score(self.course, self.assignment, student)
        stage, why = self.stage(student, mark, record)
        by_exchange = mark is not None and self.feedback.by_exchange(student)
        n_sent = n_handed_in(self.course, self.assignment, student)
        late = self.late(student, mark)
        return Standing(student, stage, why, late, n_sent, mark, by_exchange, record)

    def late(self, student, mark):
        """Return by how much what is there is late."""
        stamp = received(self.course, self.assignment, student)
        if stamp is None and mark is not None:
            stamp = mark.timestamp
        return late_by(stamp, self.book.due, self.extension(student, mark))

    def extension(self, student, mark):
        """Return how much later a student may hand in, by rule or by gradebook."""
        until = self.course.rules.extension(self.assignment, student)
        if until is None or self.book.due is None:
            return mark and mark.extension
        return later(self.book.due, until)

    def stage(self, student, mark, record):
        """Return the stage of one student, and why."""
        folder = self.course.submission(self.assignment, student)
        refused = refusal(self.course, self.assignment, student)
        if not refused and not has_files(folder) and mark is None and record is None:
            return NOTHING, ""
        return self.before_marks(student, mark, record, refused) or self.marked(
            mark, record
        )

    def before_marks(self, student, mark, record, refused):
        """Return the stage and why, where `coursekit autograde` has work; else None."""
        steps = last_steps(self.course, self.assignment, student)
        is_known = record is not None or mark is not None
        if is_known and is_newer(self.course, self.assignment, student, steps, mark):
            return HANDED_IN, "handed in again after it was graded"
        if record is None:
            return None if mark is not None else self.unscored(steps, refused)
        if record["status"] in TRY_AGAIN:
            return HANDED_IN, f"{record['status']}: {record['reason']}"
        if record["holdout"] != self.holdout:
            return RUN, "the rubric or the hidden patients have changed since"
        if mark is None:
            return SCORED, "the marks are not in the gradebook yet"
        return self.unrecorded(student, record)

    def unscored(self, steps, refused):
        """Return the stage of a submission without a score record."""
        if self.course.has_rubric(self.assignment) and "run" in steps:
            _, status, said = steps["run"]
            return RUN, "" if status == "ok" else f"{status}: {said}"
        return HANDED_IN, refused

    def unrecorded(self, student, record):
        """Return the stage where other marks, or on other terms, are recorded."""
        names = record.get("notebooks", (self.assignment,))
        found = {
            recorded(self.course, self.assignment, student, name) for name in names
        }
        if {digest for digest, _ in found} != {digest_of(record)}:
            return SCORED, "the marks are not in the gradebook yet"
        percent = self.book.lost.get(student, 0.0)
        now = terms(self.course.rules, self.assignment, student, percent)
        if {on_terms for _, on_terms in found} != {now}:
            return SCORED, "what being late costs, or an extension, has changed"
        return None

    def marked(self, mark, record):
        """Return the stage of a submission that is in the gradebook."""
        if mark.open_tests:
            return PERSON, why_a_person(
                [*mark.open_tests, *mark.open_questions], record
            )
        if mark.open_questions:
            return QUESTION, listed(mark.open_questions)
        state = self.feedback.state(mark)
        if state == STALE:
            return MARKED, "the feedback is older than the marks"
        return {WRITTEN: FEEDBACK, RELEASED: OUT}.get(state, MARKED), ""


def why_a_person(cells, record):
    """Return what a person has to mark, and why nothing else could."""
    said = ""
    if record is not None:
        said = in_short(record) if record["codes"] or record["reason"] else ""
    return "; ".join(part for part in (listed(cells), said) if part)


def listed(cells):
    """Return cells in words, with the points that are open.

    Examples
    --------
    >>> from coursekit.status.gradebook import Cell
    >>> listed([Cell("a1", "why", 10, None, None, 0.0, True, True)])
    'why (10 points)'
    """
    return ", ".join(f"{cell.name} ({in_words(cell.max_points)})" for cell in cells)


def in_words(points):
    """Return points in words.

    Examples
    --------
    >>> in_words(1.0), in_words(2.5)
    ('1 point', '2.5 points')
    """
    return f"{points:g} point{'' if points == 1 else 's'}"
