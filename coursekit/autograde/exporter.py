"""nbgrader's door to a submission: it reads the clean notebook, not the submitted one.

nbgrader makes its exporter after it has listed the submissions and before it opens
the first. Here every submission is tidied at that moment, and gets the list of the
notebooks that were released. A ``pre_convert_hook`` would come too late: an unusable
timestamp of a second submission ends it before the hook runs, a folder without a
notebook never reaches it, and nbgrader swallows what a hook raises.
"""

import glob
import io
import os
import re
from pathlib import Path

from nbconvert.exporters import NotebookExporter

from coursekit.autograde.course import course_of
from coursekit.autograde.inline import score_of
from coursekit.autograde.ordinary import taker_in
from coursekit.autograde.quarantine import tidy_submission
from coursekit.autograde.recorded import questions


class IntakeExporter(NotebookExporter):
    """Reads what intake makes of a submission; see ``c.Autograde.exporter_class``.

    Assignments without a rubric are read as nbgrader reads them, but where `coursekit
    autograde` records what ran in the sandbox.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.course = course_of(self.parent.coursedir)
        self.submission = None  # the one that nbgrader is at
        self.at = None  # its assignment and student
        self.score = None
        # Of each submission, what a person may have marked; known where the parent has
        # removed the graded notebook already.
        self.questions = dict(getattr(self.parent, "questions", {}))
        self.parent.assignments = self.listed(self.parent.assignments)

    def listed(self, found):
        """Tidy all submissions; return folder -> notebooks that are to be opened.

        Parameters
        ----------
        found : dict of str to list of str
            What nbgrader found.
        """
        listed = {}
        for folder in sorted({*found, *folders(self.course.coursedir)}):
            assignment, student = whose(self.course.coursedir, folder)
            try:
                tidy_submission(self.course, assignment, student)
            except OSError as error:
                self.log.error(
                    "%s cannot be tidied, so it is not graded: %s", folder, error
                )
                continue
            read = questions(self.course, assignment, student)
            self.questions.setdefault((assignment, student), read)
            notebooks = self.notebooks(assignment, folder, found.get(folder, []))
            if notebooks:
                listed[folder] = notebooks
        return listed

    def notebooks(self, assignment, folder, found):
        """Return the notebooks of one submission that are to be opened.

        The rubric's is always among them, handed in or not: else nbgrader would give
        it 0 and close the matter.
        """
        if self.replays(assignment):
            taken = self.take_in(assignment, whose(self.course.coursedir, folder)[1])
            return [os.path.join(folder, f"{name}.ipynb") for name in taken.handed_in]
        if not self.course.has_rubric(assignment):
            return found
        released = self.course.released(assignment)
        known = [path for path in found if (released / Path(path).name).is_file()]
        return sorted({*known, os.path.join(folder, f"{assignment}.ipynb")})

    def from_filename(self, filename, resources=None, **kwargs):
        """Convert a notebook; a submitted one of ours is replaced by intake's."""
        names = resources["nbgrader"]
        assignment, student = names["assignment"], names["student"]
        folder = self.course.submission(assignment, student)
        if Path(filename).parent != folder or not self.owns(names):
            return super().from_filename(filename, resources=resources, **kwargs)
        self.at = assignment, student
        self.submission = self.take_in(assignment, student)
        self.score = None
        if self.replays(assignment):
            notebook = self.submission.handed_in[names["notebook"]]
            return self.from_notebook_node(notebook, resources=resources, **kwargs)
        text = io.StringIO(self.submission.text)
        return self.from_file(text, resources=resources, **kwargs)

    def take_in(self, assignment, student):
        """Return a submission as step 1 takes it in."""
        return taker_in(self.course, assignment)(self.course, assignment, student)

    def owns(self, names):
        """Return True for the notebook that a rubric grades, or that is replayed."""
        assignment = names["assignment"]
        if self.replays(assignment):
            return True
        return names["notebook"] == assignment and self.course.has_rubric(assignment)

    def replays(self, assignment):
        """Return True for an ordinary assignment that ran in the sandbox before."""
        inline = getattr(self.parent, "runs_inline", True)
        return not inline and not self.course.has_rubric(assignment)

    @property
    def marked_before(self):
        """The answers of the submission at hand as they were graded before."""
        has_rubric = self.course.has_rubric(self.at[0])
        return self.questions.get(self.at, {}) if has_rubric else {}

    def score_record(self):
        """Return the score record of the submission at hand; make it if need be."""
        if self.score is None:
            run = getattr(self.parent, "runs_inline", True)
            self.score = score_of(self.course, self.submission, self.log, run)
        return self.score


def graded_by_us(preprocessor, resources):
    """Return True if a preprocessor is at a notebook that runs by our means."""
    exporter = preprocessor.parent
    return isinstance(exporter, IntakeExporter) and exporter.owns(resources["nbgrader"])


def folders(coursedir):
    """Return the folders of all submissions that nbgrader was asked for."""
    step = coursedir.submitted_directory
    wanted = coursedir.student_id, coursedir.assignment_id
    return glob.glob(coursedir.format_path(step, *wanted))


def whose(coursedir, folder):
    """Return (assignment, student) of a submission's folder."""
    names = "(?P<student>.*)", "(?P<assignment>.*)"
    step = coursedir.submitted_directory
    pattern = coursedir.format_path(step, *names, escape=True)
    return re.match(pattern, folder).group("assignment", "student")
