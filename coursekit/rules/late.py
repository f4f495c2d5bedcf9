"""What being late costs, through nbgrader's own late plug-in.

Four pieces stand in nbgrader's configuration (`coursekit.autograde.config`):
`GrantExtensions` writes the extensions of ``course.toml`` into the gradebook, where
the formgrader shows them too; `LateDays` is the plug-in that nbgrader asks for a
penalty; `TakePenalties` writes it, and `GetPenalisedGrades` puts the mark less the
penalty on the feedback page, never below 0. A penalty is in points of the assignment's
maximum, so that it stays the same whatever a person gives by hand later.
"""

import datetime
import json

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    GetGrades,
    NbGraderPreprocessor,
)

from coursekit.rules.reading import Late


def terms(rules, assignment, student, percent=0.0):
    """Return what is taken from a student for being late, and granted, as text.

    It is kept in the graded notebook: where it has changed, the submission is recorded
    anew, and nothing runs again. It is empty where no rule takes or gives anything.

    Parameters
    ----------
    rules : Rules
    assignment, student : str
    percent : float, default=0
        Per cent of the points that are taken off, from `percents`.

    Returns
    -------
    str

    Examples
    --------
    >>> from coursekit.rules import Rules
    >>> terms(Rules(), "readmission", "s1")
    ''
    >>> terms(Rules(), "readmission", "s1", percent=20.0)
    '[20.0, null]'
    """
    extension = rules.extension(assignment, student)
    if not percent and extension is None:
        return ""
    return json.dumps([percent, extension and extension.isoformat()])


class GrantExtensions(NbGraderPreprocessor):
    """Writes an extension of ``course.toml`` into the gradebook."""

    def preprocess(self, nb, resources):
        """Write the extension of one submission, if it has one."""
        about = resources["nbgrader"]
        student, assignment = about["student"], about["assignment"]
        until = self.parent.course.rules.extension(assignment, student)
        if until is not None:
            with Gradebook(about["db_url"]) as gradebook:
                submission = gradebook.find_submission(assignment, student)
                extend(submission, until)
                gradebook.db.commit()
        return nb, resources


def extend(submission, until):
    """Let a submission be due at another time; never earlier than the class."""
    due = submission.assignment.duedate
    if due is not None:
        submission.extension = later(due, until)


def later(due, until):
    """Return how much later than the class a student may hand in.

    Examples
    --------
    >>> monday, tuesday = (datetime.datetime(2027, 2, day) for day in (1, 2))
    >>> later(monday, tuesday), later(tuesday, monday)
    (datetime.timedelta(days=1), datetime.timedelta(0))
    """
    return max(until - due, datetime.timedelta(0))


class LateDays(LateSubmissionPlugin):
    """nbgrader's plug-in: free days first, then points for each day begun.

    Where ``course.toml`` has no rule on lateness it is nbgrader's own plug-in, with
    what ``c.LateSubmissionPlugin`` says.
    """

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        """Return how many points a late submission loses.

        Parameters
        ----------
        student_id : str
        score : float
            What it has earned up to now; a person may add to it.
        total_seconds_late : float
            After the due date and the student's extension.

        Returns
        -------
        float or None
            None where nothing is taken.
        """
        asked = self.parent  # AssignLatePenalties, which has the gradebook open
        late = asked.parent.course.rules.late
        if late == Late():
            told = student_id, score, total_seconds_late
            return super().late_submission_penalty(*told)
        notebook = asked.gradebook.find_submission_notebook(
            asked.notebook_id, asked.assignment_id, student_id
        )
        used = days_used(asked.gradebook, asked.assignment_id, late, student_id)
        days = used.get(student_id, 0)
        percent = percent_of(late, total_seconds_late, days)
        return notebook.max_score * percent / 100 or None


class TakePenalties(AssignLatePenalties):
    """Writes a penalty into the gradebook: the whole of it.

    nbgrader cuts a penalty to the points that a submission has when it is autograded,
    so that nothing would be taken off what a person gives later.
    """

    def _check_late_penalty(self, notebook, penalty):
        is_ours = isinstance(self.plugin_inst, LateDays)
        if not is_ours or self.parent.course.rules.late == Late():
            return super()._check_late_penalty(notebook, penalty)
        return penalty


class GetPenalisedGrades(GetGrades):
    """Reads the marks for a feedback page; a penalty takes no more than there is."""

    def preprocess(self, nb, resources):
        """Read the marks of one notebook."""
        nb, resources = super().preprocess(nb, resources)
        about = resources["nbgrader"]
        about["score"] = max(0.0, about["score"])
        return nb, resources


def percents(gradebook, assignment, rules, student=None):
    """Return how many per cent each late student loses by the rules as they are now.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    assignment : str
    rules : Rules
    student : str, optional
        Only this one.

    Returns
    -------
    dict of str to float
        Only those who lose something.
    """
    late, found = rules.late, {}
    if late == Late():
        return found
    used = days_used(gradebook, assignment, late, student)
    for each in submissions(gradebook, assignment, student):
        who = each.student_id
        seconds = seconds_late(each, rules.extension(assignment, who))
        percent = percent_of(late, seconds, used.get(who, 0))
        if percent:
            found[who] = percent
    return found


def submissions(gradebook, assignment, student=None):
    """Return the submissions of an assignment that the gradebook has."""
    try:
        if student is None:
            return gradebook.assignment_submissions(assignment)
        return [gradebook.find_submission(assignment, student)]
    except MissingEntry:
        return []


def seconds_late(submission, until):
    """Return how late a submission is, with what the rules grant now."""
    due, stamp = submission.assignment.duedate, submission.timestamp
    if due is None or stamp is None:
        return 0.0
    granted = submission.extension if until is None else later(due, until)
    end = due + (granted or datetime.timedelta(0))
    return max(0.0, (stamp - end).total_seconds())


def percent_of(late, seconds, used):
    """Return how many per cent so many seconds cost who was late for days before."""
    return late.percent(late.days(seconds), max(0, late.free_days - used))


def days_used(gradebook, assignment, late, student=None):
    """Return how many days each student was late in what was due before.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    assignment : str
    late : Late
    student : str, optional
        Only this one.

    Returns
    -------
    dict of str to int
        Only those who were late; empty where no day is free.
    """
    used = {}
    for other in due_before(gradebook, assignment) if late.free_days else ():
        for each in submissions(gradebook, other, student):
            days = late.days(each.total_seconds_late)
            if days:
                used[each.student_id] = used.get(each.student_id, 0) + days
    return used


def due_before(gradebook, assignment):
    """Return the names of the assignments that were due before one."""
    order = {each.name: order_of(each) for each in gradebook.assignments}
    undated = {each.name for each in gradebook.assignments if each.duedate is None}
    if assignment not in order:
        return []
    return [
        name
        for name, place in order.items()
        if place < order[assignment] and name not in undated
    ]


def order_of(assignment):
    """Return where an assignment stands in the course: by due date, then by name."""
    return assignment.duedate or datetime.datetime.max, assignment.name
