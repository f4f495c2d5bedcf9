"""What being late costs, through nbgrader's own late plug-in.

Two pieces stand in ``Autograde``'s configuration (`coursekit.autograde.config`):
`GrantExtensions` writes the extensions of ``course.toml`` into the gradebook, where
the formgrader shows them too, and `LateDays` is the plug-in that nbgrader asks for a
penalty. A penalty is in points of the assignment's maximum, so that it stays the same
whatever a person gives by hand later.
"""

import datetime
import json
from dataclasses import asdict

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.plugins import LateSubmissionPlugin
from nbgrader.preprocessors import NbGraderPreprocessor

from coursekit.rules.reading import Late


def terms(rules, assignment, student, due):
    """Return what a penalty for being late depends on, as text.

    It is kept in the graded notebook: where it has changed, the submission is recorded
    anew, and nothing runs again. It is empty where no rule can take or give anything.

    Examples
    --------
    >>> from coursekit.rules import Late, Rules
    >>> terms(Rules(), "readmission", "s1", None)
    ''
    >>> terms(Rules(late=Late(percent_a_day=10.0)), "readmission", "s1", None)
    '[0, 0, 10.0, null, null, null]'
    """
    extension = rules.extension(assignment, student)
    if rules.late == Late() and extension is None:
        return ""
    times = [time and time.isoformat() for time in (extension, due)]
    return json.dumps([*asdict(rules.late).values(), *times])


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
            What it has earned; nbgrader never takes more.
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
        used = days_before(asked.gradebook, notebook.assignment, late)
        percent = late.percent(days, max(0, late.free_days - used))
        return min(score, notebook.max_score * percent / 100) or None


def days_before(gradebook, submission, late):
    """Return how many days a student was late in what was due before.

    Parameters
    ----------
    gradebook : nbgrader.api.Gradebook
    submission : nbgrader.api.SubmittedAssignment
    late : Late
    """
    now = order_of(submission.assignment)
    earlier = [
        other
        for other in gradebook.student_submissions(submission.student_id)
        if order_of(other.assignment) < now
    ]
    return sum(late.days(other.total_seconds_late) for other in earlier)


def order_of(assignment):
    """Return where an assignment stands in the course: by due date, then by name."""
    return assignment.duedate or datetime.datetime.max, assignment.name
