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
from dataclasses import asdict

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import (
    AssignLatePenalties,
    GetGrades,
    NbGraderPreprocessor,
)

from coursekit.rules.reading import Late


def terms(rules, assignment, student, due, used=0):
    """Return what a penalty for being late depends on, as text.

    It is kept in the graded notebook: where it has changed, the submission is recorded
    anew, and nothing runs again. It is empty where no rule can take or give anything.

    Parameters
    ----------
    rules : Rules
    assignment, student : str
    due : datetime.datetime or None
        When the assignment is due, in UTC.
    used : int, default=0
        Days that the student was late before, from `days_used`.

    Returns
    -------
    str

    Examples
    --------
    >>> from coursekit.rules import Late, Rules
    >>> terms(Rules(), "readmission", "s1", None)
    ''
    >>> terms(Rules(late=Late(percent_a_day=10.0)), "readmission", "s1", None)
    '[0, 0, 10.0, null, null, null]'
    >>> late = Late(free_days=2, percent_a_day=10.0)
    >>> terms(Rules(late=late), "readmission", "s1", None, used=1)
    '[0, 2, 10.0, null, null, null, 1]'
    """
    extension = rules.extension(assignment, student)
    if rules.late == Late() and extension is None:
        return ""
    times = [time and time.isoformat() for time in (extension, due)]
    spent = [min(used, rules.late.free_days)] if rules.late.free_days and used else []
    return json.dumps([*asdict(rules.late).values(), *times, *spent])


def due_date(gradebook, assignment):
    """Return when an assignment is due in a gradebook, in UTC; None where it is not."""
    try:
        return gradebook.find_assignment(assignment).duedate
    except MissingEntry:
        return None


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
        submission.extension = max(until - due, datetime.timedelta(0))


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
        days = late.days(total_seconds_late)
        notebook = asked.gradebook.find_submission_notebook(
            asked.notebook_id, asked.assignment_id, student_id
        )
        used = days_used(asked.gradebook, asked.assignment_id, late).get(student_id, 0)
        percent = late.percent(days, max(0, late.free_days - used))
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


def days_used(gradebook, assignment, late):
    """Return how many days each student was late in what was due before.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    assignment : str
    late : Late

    Returns
    -------
    dict of str to int
        Only those who were late; empty where no day is free.
    """
    used = {}
    try:
        now = order_of(gradebook.find_assignment(assignment))
    except MissingEntry:
        return used
    for other in gradebook.assignments if late.free_days else ():
        if order_of(other) < now and other.duedate is not None:
            for each in other.submissions:
                days = late.days(each.total_seconds_late)
                if days:
                    used[each.student_id] = used.get(each.student_id, 0) + days
    return used


def order_of(assignment):
    """Return where an assignment stands in the course: by due date, then by name."""
    return assignment.duedate or datetime.datetime.max, assignment.name
