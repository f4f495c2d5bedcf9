"""The figures of a class: read once, plain data, no word of HTML.

They come from the score records, the gradebook and the runs; nothing is graded again
and nothing is changed.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from coursekit.autograde.course import open_course
from coursekit.autograde.scorebook import read_score
from coursekit.errors import BadCourse
from coursekit.grading.rubric import Rubric
from coursekit.report.counting import (
    CodeFigures,
    CriterionFigures,
    QuestionFigures,
    code_figures,
    criteria_figures,
    quartiles,
    question_figures,
    status_counts,
)
from coursekit.report.gradebook import Mark, read_marks
from coursekit.report.settings import SettingFigures, setting_figures
from coursekit.report.student import NOTHING, StudentFigures, of_student
from coursekit.similarity.gathering import digests
from coursekit.similarity.keeping import Compared, read_compared


@dataclass(frozen=True)
class ClassFigures:
    """All that the report of a class says.

    `rubric` is None for an assignment without one: there are points in the gradebook
    and nothing that was measured.
    """

    assignment: str
    title: str
    course: str
    rubric: Rubric | None
    kinds: dict  # kind -> most points
    students: tuple[StudentFigures, ...]
    statuses: dict  # status -> number of students
    criteria: tuple[CriterionFigures, ...] = ()
    codes: tuple[CodeFigures, ...] = ()
    questions: tuple[QuestionFigures, ...] = ()
    settings: tuple[SettingFigures, ...] = ()
    without_run: tuple[str, ...] = ()  # students whose run was removed
    due: datetime | None = None
    has_names: bool = False
    compared: Compared | None = None  # which submissions are alike, once compared
    changed: tuple[str, ...] = ()  # who handed in something else since

    @property
    def handed_in(self):
        """Those who handed in, with a score or without."""
        return [each for each in self.students if each.was_handed_in]

    @property
    def for_a_person(self):
        """Those whom a person has to look at, questions marked by hand aside."""
        return [each for each in self.students if each.why]

    @property
    def n_unrecorded(self):
        """How many have a score that has not reached the gradebook."""
        return sum(each.is_unrecorded for each in self.students)

    @property
    def late(self):
        """Those who handed in late, the latest first."""
        late = [each for each in self.students if each.mark.seconds_late > 0]
        return sorted(late, key=lambda each: (-each.mark.seconds_late, each.student))

    @property
    def rerun(self):
        """Those whose work ran again and came out otherwise."""
        return [each for each in self.students if each.reruns]

    @property
    def n_same_reruns(self):
        """How many reruns gave the same answers and points."""
        return sum(each.n_same_reruns for each in self.students)

    @property
    def n_waiting(self):
        """How many questions wait for a person's mark."""
        return sum(each.n_waiting for each in self.questions)

    @property
    def most_measured(self):
        """The most points that can be measured."""
        return sum(self.kinds.values())

    @property
    def most(self):
        """The most points that can be earned, with those given by hand."""
        return max((each.mark.max_points for each in self.students), default=0.0)

    @property
    def measured(self):
        """Lower quartile, median and upper quartile of the measured points, or None."""
        points = [each.measured for each in self.students]
        return quartiles([each for each in points if each is not None])

    @property
    def marked(self):
        """The same of the points in the gradebook, of those who were graded."""
        graded = [each for each in self.students if each.status == "scored"]
        return quartiles([each.mark.points for each in graded if each.mark.cells])


def read_figures(course, assignment, *, names=False):
    """Read the figures of a class.

    Parameters
    ----------
    course : path or Course
    assignment : str
        With a rubric or without.
    names : bool, default=False
        Also read the students' names; by default there are ids only.

    Returns
    -------
    ClassFigures
        Without students where nobody has handed in.

    Raises
    ------
    BadCourse
        If the course has no such assignment.

    Examples
    --------
    >>> read_figures("/nowhere", "readmission")
    Traceback (most recent call last):
        ...
    coursekit.errors.BadCourse: /nowhere has no course.toml, so it is not a course ...
    """
    course = open_course(course)
    handed_in = course.students(assignment)
    rubric = course.lock(assignment) if course.has_rubric(assignment) else None
    marks = read_marks(course, assignment)
    if rubric is None and not marks.is_known and not handed_in:
        refuse_unknown(course, assignment)
    students = read_students(course, assignment, handed_in, rubric, marks, names)
    runs = course.private("runs") / assignment
    compared = read_compared(course, assignment)
    changed = compared.changed(digests(course, assignment)) if compared else ()
    settings, without_run = setting_figures(runs, students)
    return ClassFigures(
        assignment=assignment,
        title=rubric.title if rubric else assignment,
        course=course.rules.name or course.folder.name,
        rubric=rubric,
        kinds=dict(rubric.kinds) if rubric else {},
        students=students,
        statuses=status_counts(students),
        criteria=criteria_figures(rubric.criteria, students) if rubric else (),
        codes=code_figures(students),
        questions=question_figures(students),
        settings=settings,
        without_run=without_run,
        due=marks.due,
        has_names=names,
        compared=compared,
        changed=tuple(changed),
    )


def read_students(course, assignment, handed_in, rubric, marks, names):
    """Return the figures of everyone: who handed in, then who did not."""
    kinds = rubric.kinds if rubric else {}
    known = marks.names if names else {}
    found = [
        of_student(
            student,
            read_score(course, assignment, student),
            marks.by_student.get(student, Mark()),
            name=known.get(student, ""),
            kinds=kinds,
        )
        for student in handed_in
    ]
    missing = sorted(marks.names.keys() - set(handed_in))
    found += [
        StudentFigures(student, NOTHING, known.get(student, "")) for student in missing
    ]
    return tuple(found)


def refuse_unknown(course, assignment):
    """Say that there is no such assignment, unless its source is there."""
    place = course.coursedir.format_path(
        course.coursedir.source_directory, ".", assignment
    )
    if Path(place).is_dir():
        return
    graded = ", ".join(course.graded()) or "none yet"
    raise BadCourse(
        f"There is no assignment {assignment!r} in this course. It has: {graded}."
    )
